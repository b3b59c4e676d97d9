"""The log and the snapshots, as they are seen and used."""

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit

from app.actions.record import take_snapshot, write_log
from app.dialogs.snapshot import SnapshotWish
from app.panels.history import HistoryPanel
from app.panels.log_model import LogModel
from app.panels.snapshots import SnapshotsPanel
from app.session.view_state import Page, ToolKind
from resunet_core.project.difference import GAINED, LOST
from tests.builders import a_photo
from tests.e2e.conftest import Desk


@pytest.fixture
def drawn(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A stroke, a snapshot of it, and another stroke since; the first is half gone."""
    desk.open(a_photo(tmp_path, height=300, width=400))
    desk.view.set_brush_radius(6)
    desk.view.set_tool(ToolKind.BRUSH)
    desk.drag((20, 50), (380, 50))
    monkeypatch.setattr(
        "app.actions.record.ask_snapshot", lambda *_: SnapshotWish("before")
    )
    take_snapshot(desk.bench, desk.window)
    desk.wait(lambda: desk.bench.recorder.snapshot is not None)
    desk.drag((20, 200), (380, 200))
    desk.view.set_tool(ToolKind.ERASER)
    desk.drag((20, 50), (200, 50))
    return desk


def test_the_difference_to_a_snapshot_is_counted_and_shown(drawn: Desk) -> None:
    drawn.key("compare")
    drawn.wait(lambda: drawn.view.comparison is not None)
    comparison = drawn.view.comparison
    assert comparison is not None
    gained = comparison.difference.count(GAINED)
    assert gained > 350 * 10
    assert comparison.difference.count(LOST) > 150 * 10

    def seen(x: int, y: int) -> tuple[int, int, int]:
        colour = drawn.canvas.grab().toImage().pixelColor(drawn.at(x, y))
        return colour.red(), colour.green(), colour.blue()

    drawn.wait(lambda: seen(200, 200)[0] > seen(200, 200)[2] + 80)  # orange: new
    drawn.wait(lambda: seen(100, 50)[2] > seen(100, 50)[0] + 80)  # blue: gone
    drawn.view.set_tool(ToolKind.BRUSH)
    drawn.drag((20, 120), (380, 120))  # it goes on while the photo is drawn on
    drawn.wait(
        lambda: (
            drawn.view.comparison is not None
            and drawn.view.comparison.difference.count(GAINED) > gained
        )
    )
    drawn.key("compare")
    assert drawn.view.comparison is None


def test_an_area_comes_back_from_a_snapshot_as_one_step(drawn: Desk) -> None:
    drawn.view.set_tool(ToolKind.AREA)
    drawn.drag((10, 30), (120, 80))
    assert drawn.view.area is not None
    drawn.key("bring_area_back")
    drawn.wait(lambda: drawn.class_at(100, 50) == 1)
    assert (drawn.class_at(150, 50), drawn.class_at(100, 200)) == (0, 1)
    assert drawn.session.undo_name == "Back to before"
    drawn.key("undo")
    drawn.wait(lambda: drawn.class_at(100, 50) == 0)


def test_the_whole_photo_comes_back_and_the_file_says_the_same(drawn: Desk) -> None:
    drawn.key("bring_photo_back")
    drawn.wait(lambda: drawn.class_at(100, 200) == 0)
    assert drawn.class_at(100, 50) == 1
    drawn.session.flush()
    opened, project = drawn.session.opened, drawn.session.project
    assert opened is not None
    assert project is not None
    kept, frame = project.load_mask(opened.record.id), opened.photo.box
    assert (kept.read(frame) == opened.mask.read(frame)).all()
    drawn.key("undo")
    drawn.wait(lambda: drawn.class_at(100, 200) == 1)


def test_snapshots_are_listed(drawn: Desk) -> None:
    drawn.view.show_page(Page.SNAPSHOTS)
    listed = drawn.child(SnapshotsPanel).list
    drawn.wait(lambda: listed.topLevelItemCount() == 1)
    line = listed.topLevelItem(0)
    assert line is not None
    assert line.text(0) == "before"


def test_the_log_is_filtered_and_written(
    drawn: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn.view.show_page(Page.HISTORY)
    panel = drawn.child(HistoryPanel)
    drawn.wait(lambda: panel.model.total >= 5)
    boxes = {box.accessibleName(): box for box in panel.findChildren(QComboBox)}
    boxes["Kind"].setCurrentIndex(boxes["Kind"].findData("edit"))
    drawn.wait(lambda: panel.model.total == 3)
    text = panel.findChild(QLineEdit)
    assert text is not None
    text.setText("eraser")
    drawn.wait(lambda: panel.model.total == 1)
    assert panel.model.entry(0).what == "Eraser stroke"
    drawn.session.undo()
    text.setText("")
    boxes["Kind"].setCurrentIndex(boxes["Kind"].findData("undo"))
    drawn.wait(lambda: panel.model.total == 1)
    target = tmp_path / "log.csv"
    monkeypatch.setattr(
        "app.actions.record.QFileDialog.getSaveFileName", lambda *_: (str(target), "")
    )
    write_log(drawn.bench, drawn.window, panel.query)
    drawn.wait(target.is_file)
    assert target.read_text("utf-8-sig").count("\n") == 2


def has_rows(model: LogModel, rows: int) -> bool:
    return model.rowCount() == rows


def test_a_long_log_is_read_page_by_page(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.jobs.record.PAGE", 20)
    desk.open(a_photo(tmp_path))
    for number in range(50):
        desk.session.set_building(f"Hall {number}")
    desk.session.flush()
    desk.view.show_page(Page.HISTORY)
    model = desk.child(HistoryPanel).model
    desk.wait(lambda: model.total == 51)
    for rows in (40, 51):
        model.fetchMore(model.index(-1, -1))
        desk.wait(partial(has_rows, model, rows))
    assert [model.entry(row).what for row in (0, 49)] == ["Hall 49", "Hall 0"]
