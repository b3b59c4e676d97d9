"""Brush, eraser, undo: what a person draws is there, and still there tomorrow."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.session.view_state import ToolKind
from tests.builders import a_photo
from tests.e2e.conftest import Desk


def test_a_stroke_is_in_the_project_when_it_is_opened_again(
    new_desk: Callable[[], Desk], tmp_path: Path
) -> None:
    desk = new_desk()
    desk.open(a_photo(tmp_path / "hall"))
    desk.view.set_tool(ToolKind.BRUSH)
    desk.view.set_class(2)
    desk.view.set_brush_radius(5)
    desk.drag((20, 30), (90, 30))
    drawn = desk.pixels(2)
    assert drawn > 70 * 8
    desk.session.set_building("太和殿")
    desk.session.set_scale(0.25)
    desk.window.close()

    again = new_desk()
    again.open(tmp_path / "hall" / "hall.caihua")
    opened = again.session.opened
    assert opened is not None
    assert again.pixels(2) == drawn
    assert again.class_at(50, 30) == 2
    assert (opened.record.building, opened.record.mm_per_px) == ("太和殿", 0.25)
    again.key("undo")
    again.wait(lambda: again.pixels(2) == 0)


def test_undo_and_redo_step_through_strokes_by_name(desk: Desk, tmp_path: Path) -> None:
    desk.open(a_photo(tmp_path))
    desk.key("tool_brush")
    desk.drag((20, 20), (60, 20))
    desk.key("tool_eraser")
    desk.drag((40, 10), (40, 40))
    assert (desk.class_at(25, 20), desk.class_at(40, 20)) == (1, 0)
    assert desk.session.undo_name == "Eraser stroke"
    desk.key("undo")
    desk.wait(lambda: desk.session.undo_name == "Brush stroke")
    assert desk.class_at(40, 20) == 1
    desk.key("undo")
    desk.wait(lambda: desk.pixels(1) == 0)
    desk.key("redo")
    desk.wait(lambda: desk.class_at(25, 20) == 1)


def test_escape_takes_a_stroke_back_and_alt_erases(desk: Desk, tmp_path: Path) -> None:
    desk.open(a_photo(tmp_path))
    desk.key("tool_brush")
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(desk.canvas, left, pos=desk.at(20, 20))
    QTest.mouseMove(desk.canvas, desk.at(60, 20))
    assert desk.pixels(1) > 0
    QTest.keyClick(desk.canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(desk.canvas, left, pos=desk.at(60, 20))
    assert desk.pixels(1) == 0
    assert desk.session.undo_name is None
    desk.drag((20, 20), (60, 20))
    desk.drag((40, 20), (41, 20), modifier=Qt.KeyboardModifier.AltModifier)
    assert (desk.class_at(20, 20), desk.class_at(40, 20)) == (1, 0)


def test_space_pans_with_the_brush_in_the_hand(desk: Desk, tmp_path: Path) -> None:
    desk.open(a_photo(tmp_path))
    desk.key("tool_brush")
    before = desk.canvas.viewport
    QTest.keyPress(desk.canvas, Qt.Key.Key_Space)
    start = desk.at(20, 20)
    desk.drag((20, 20), (60, 20))
    QTest.keyRelease(desk.canvas, Qt.Key.Key_Space)
    assert desk.pixels(1) == 0
    assert desk.canvas.viewport.x > before.x
    assert desk.at(20, 20) != start


def test_the_overlay_follows_the_stroke_and_peeking_lifts_it(
    desk: Desk, tmp_path: Path
) -> None:
    desk.open(a_photo(tmp_path))
    desk.key("zoom_full")
    desk.wait(
        lambda: desk.canvas.grab().toImage().pixelColor(desk.at(40, 40)).blue() > 90
    )
    desk.key("tool_brush")
    desk.view.set_brush_radius(10)
    desk.drag((30, 40), (50, 40))
    desk.key("tool_move")
    place = desk.at(40, 40)

    def seen() -> tuple[int, int]:
        colour = desk.canvas.grab().toImage().pixelColor(place)
        return colour.red(), colour.green()

    drawn = seen()
    assert drawn[0] > drawn[1] + 60  # magenta over blue-green
    QTest.keyPress(desk.canvas, Qt.Key.Key_P)
    bare = seen()
    assert bare[1] > bare[0]
    QTest.keyRelease(desk.canvas, Qt.Key.Key_P)
    assert seen() == drawn
    desk.view.set_visible(1, visible=False)
    desk.wait(lambda: seen() == bare)


def test_painting_with_a_hidden_class_shows_it(desk: Desk, tmp_path: Path) -> None:
    desk.open(a_photo(tmp_path))
    desk.view.set_visible(2, visible=False)
    desk.view.set_class(2)
    desk.view.set_tool(ToolKind.BRUSH)
    desk.drag((20, 20), (60, 20))
    assert desk.view.is_visible(2)


def test_undo_is_seen_at_once_and_the_file_follows_in_order(
    desk: Desk, tmp_path: Path
) -> None:
    desk.open(a_photo(tmp_path))
    desk.view.set_tool(ToolKind.BRUSH)
    for row in (20, 50, 80):
        desk.drag((20, row), (60, row))
    desk.session.undo()
    desk.session.undo()
    assert [desk.class_at(40, row) for row in (20, 50, 80)] == [1, 0, 0]
    desk.session.redo()
    assert [desk.class_at(40, row) for row in (20, 50, 80)] == [1, 1, 0]
    desk.view.set_class(2)
    desk.drag((20, 50), (60, 50))  # before the project has done what was undone
    desk.pause(200)
    assert (desk.session.undo_name, desk.session.redo_name) == ("Brush stroke", None)
    assert _kept_rows(desk) == [1, 2, 0]
    desk.session.undo()
    desk.session.undo()
    desk.session.undo()
    desk.wait(lambda: desk.session.undo_name is None)
    assert _kept_rows(desk) == [0, 0, 0]


def _kept_rows(desk: Desk) -> list[int]:
    """What the project says at column 40 of the rows drawn on."""
    desk.session.flush()
    opened, project = desk.session.opened, desk.session.project
    assert opened is not None
    assert project is not None
    kept = project.load_mask(opened.record.id).read(opened.photo.box)
    assert (kept == opened.mask.read(opened.photo.box)).all()
    return [int(kept[row, 40]) for row in (20, 50, 80)]
