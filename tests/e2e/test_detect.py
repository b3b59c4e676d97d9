"""Detect, adjust, cancel: the model's part of the mask, and only that."""

from pathlib import Path

from PySide6.QtWidgets import QLabel, QWidget

from app.panels.areas import AreasPanel
from app.panels.model import ModelPanel
from app.panels.regions import RegionsPanel
from app.session.entry import EntryState
from app.session.view_state import ToolKind
from resunet_core.project.store import Project
from tests.builders import a_photo
from tests.e2e.conftest import Desk, InventedModel


def test_detecting_again_leaves_what_a_person_drew(desk: Desk, tmp_path: Path) -> None:
    desk.open(a_photo(tmp_path))
    desk.detect()
    assert (desk.class_at(10, 10), desk.class_at(10, 80)) == (1, 2)
    desk.view.set_tool(ToolKind.ERASER)
    desk.drag((10, 10), (30, 10))
    desk.view.set_tool(ToolKind.BRUSH)
    desk.drag((100, 20), (110, 20))
    desk.detect()
    assert (desk.class_at(20, 10), desk.class_at(105, 20)) == (0, 1)
    assert desk.class_at(10, 40) == 1
    assert "an invented processor" in desk.child(QLabel, "device").text()


def test_the_threshold_acts_at_once_and_is_one_step(desk: Desk, tmp_path: Path) -> None:
    desk.open(a_photo(tmp_path))
    desk.detect()
    before = desk.pixels(1)
    panel = desk.child(ModelPanel)
    bar = panel.sliders["craquelure"]
    bar.setSliderDown(True)
    for value in (60, 70, 90):
        bar.setValue(value)
    desk.wait(lambda: desk.pixels(1) == 0)
    assert desk.session.undo_name == "Detection"  # not kept while it is being moved
    bar.setSliderDown(False)
    desk.wait(lambda: desk.session.undo_name == "Thresholds")
    desk.key("undo")
    desk.wait(lambda: desk.pixels(1) == before)
    desk.wait(lambda: bar.value() == 50)


def test_regions_and_areas_follow(desk: Desk, tmp_path: Path) -> None:
    desk.open(a_photo(tmp_path))
    desk.detect()
    panel = desk.child(RegionsPanel)
    desk.wait(lambda: panel.count == 2)
    desk.view.set_tool(ToolKind.BRUSH)
    desk.view.set_brush_radius(3)
    desk.drag((100, 20), (110, 20))
    desk.wait(lambda: panel.count == 3)


def test_cancel_stops_and_changes_nothing(
    desk: Desk, model: InventedModel, tmp_path: Path
) -> None:
    model.held = True
    desk.open(a_photo(tmp_path))
    desk.bench.detector.detect_current()
    desk.wait(model.started.is_set)
    desk.key("cancel_detection")
    desk.wait(lambda: not desk.bench.detector.is_running)
    assert model.closed.is_set()
    assert desk.pixels(1) == 0
    model.held = False
    desk.detect()
    assert desk.pixels(1) > 0


def test_all_photos_are_done_but_the_broken_one(desk: Desk, tmp_path: Path) -> None:
    for number in range(3):
        a_photo(tmp_path, f"{number}.png", seed=number)
    (tmp_path / "1.png").write_bytes(b"")
    desk.open(tmp_path)
    entries = desk.session.entries
    desk.wait(lambda: all(e.state is not EntryState.WAITING for e in entries))
    desk.bench.detector.detect_all()
    desk.wait(lambda: not desk.bench.detector.is_running)
    assert [entry.state for entry in desk.session.entries] == [
        EntryState.DETECTED,
        EntryState.BROKEN,
        EntryState.DETECTED,
    ]
    desk.bench.opener.open_index(2)
    desk.wait(lambda: desk.session.index == 2)
    assert desk.pixels(1) > 0


def test_quitting_while_detecting_waits_and_keeps_the_last_stroke(
    desk: Desk, model: InventedModel, tmp_path: Path
) -> None:
    model.held = True
    path = a_photo(tmp_path / "gate")
    desk.open(path)
    desk.view.set_tool(ToolKind.BRUSH)
    desk.bench.detector.detect_current()
    desk.wait(model.started.is_set)
    desk.drag((20, 20), (60, 20))
    desk.window.close()
    assert model.closed.is_set()
    with Project.open(tmp_path / "gate" / "gate.caihua") as project:
        (record,) = project.photos()
        assert project.load_mask(record.id).counts()[1] > 0


def test_a_photo_whose_detection_is_undone_is_not_analysed_any_more(
    desk: Desk, tmp_path: Path
) -> None:
    desk.open(a_photo(tmp_path))
    areas = desk.child(AreasPanel)
    desk.wait(lambda: "0.00 %" not in _texts(areas))  # 0 % would be a finding
    desk.detect()
    desk.wait(lambda: any(text.endswith("%") for text in _texts(areas)))
    desk.key("undo")
    desk.wait(lambda: desk.session.entries[0].state is EntryState.READY)
    desk.wait(lambda: not any(text.endswith("%") for text in _texts(areas)))


def test_a_stroke_begun_while_the_threshold_moves_keeps_both(
    desk: Desk, tmp_path: Path
) -> None:
    desk.open(a_photo(tmp_path))
    desk.detect()
    bar = desk.child(ModelPanel).sliders["craquelure"]
    desk.view.set_tool(ToolKind.BRUSH)
    desk.view.set_class(2)
    bar.setValue(90)
    desk.session.start_stroke(20, 20, class_id=2, radius_px=4, name="Brush stroke")
    desk.wait(lambda: desk.pixels(1) == 0)
    desk.session.finish_stroke()
    desk.wait(lambda: desk.session.undo_name == "Thresholds")
    desk.session.flush()
    opened, project = desk.session.opened, desk.session.project
    assert opened is not None
    assert project is not None
    kept = project.load_mask(opened.record.id).read(opened.photo.box)
    assert (kept == opened.mask.read(opened.photo.box)).all()
    assert (kept[20, 20], kept[10, 10]) == (2, 0)


def _texts(panel: QWidget) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel)]
