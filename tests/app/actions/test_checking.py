"""Checked tiles: by click, drag and key; no model changes them; undo takes back."""

from pathlib import Path

from PySide6.QtWidgets import QLabel

from app.panels.model import ModelPanel
from app.session.view_state import ToolKind
from resunet_core.project.checked import checked_tiles
from tests.builders import a_photo
from tests.e2e.conftest import Desk


def kept(desk: Desk) -> frozenset[tuple[int, int]]:
    """What the file says is checked."""
    desk.session.flush()
    opened, project = desk.session.opened, desk.session.project
    assert opened is not None
    assert project is not None
    assert opened.checked == checked_tiles(project, opened.record.id)
    return opened.checked


def test_a_click_a_drag_and_a_key_check_tiles(desk: Desk, tmp_path: Path) -> None:
    desk.open(a_photo(tmp_path, height=600, width=1300))
    desk.view.set_tool(ToolKind.CHECK)
    desk.drag((100, 100), (100, 100))
    assert kept(desk) == {(0, 0)}
    desk.drag((600, 100), (1200, 580))
    assert kept(desk) == {(0, 0), (0, 1), (0, 2), (1, 1), (1, 2)}
    desk.drag((100, 100), (100, 100))
    assert kept(desk) == {(0, 1), (0, 2), (1, 1), (1, 2)}
    share = (512 + 276) / 1300
    assert desk.child(QLabel, "checked").text() == f"{100 * share:.0f} % checked"
    desk.view.pointed.emit((20.0, 590.0))
    desk.key("check_tile")
    assert (1, 0) in kept(desk)
    desk.key("undo")
    desk.wait(lambda: (1, 0) not in kept(desk))
    desk.key("check_seen")
    assert len(kept(desk)) == 6


def test_neither_detection_nor_threshold_changes_a_checked_tile(
    desk: Desk, tmp_path: Path
) -> None:
    desk.open(a_photo(tmp_path, height=300, width=2400))
    desk.view.pointed.emit((20.0, 20.0))
    desk.key("check_tile")
    desk.detect()
    assert (desk.class_at(20, 20), desk.class_at(530, 20)) == (0, 1)
    desk.view.pointed.emit((530.0, 20.0))
    desk.key("check_tile")
    sliders = desk.child(ModelPanel).sliders
    sliders["craquelure"].setValue(95)
    desk.wait(lambda: desk.session.undo_name == "Thresholds")
    assert (desk.class_at(530, 20), desk.class_at(1100, 20)) == (1, 0)
    desk.session.flush()
    assert "not saved" not in desk.window.statusBar().findChildren(QLabel)[0].text()
    kept(desk)


def test_a_tile_checked_while_a_threshold_is_tried_keeps_what_was_there(
    desk: Desk, tmp_path: Path
) -> None:
    desk.open(a_photo(tmp_path))
    desk.detect()
    before = desk.pixels(1)
    slider = desk.child(ModelPanel).sliders["craquelure"]
    slider.setSliderDown(True)
    slider.setValue(95)
    desk.wait(lambda: desk.pixels(1) == 0)
    desk.view.pointed.emit((20.0, 20.0))
    desk.key("check_tile")
    assert desk.pixels(1) == before
    slider.setSliderDown(False)
    desk.pause(700)
    assert desk.pixels(1) == before
    assert desk.session.undo_name == "Check"
