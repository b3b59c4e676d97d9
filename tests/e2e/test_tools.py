"""Each tool by mouse and keyboard: what it changes, and that undo takes it back."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget

from app.panels.steps import StepsPanel
from app.session.view_state import OverlayStyle, Page, ToolKind
from resunet_core.mask.tiled import NOT_ASSESSABLE, OUT_OF_SCOPE
from tests.builders import a_photo, painted_pixels, write_photo
from tests.e2e.conftest import Desk

ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def click(
    desk: Desk,
    *points: tuple[float, float],
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    for point in points:
        left = Qt.MouseButton.LeftButton
        QTest.mouseMove(desk.canvas, desk.at(*point))
        QTest.mouseClick(desk.canvas, left, modifier, desk.at(*point))


def press_key(desk: Desk, key: Qt.Key) -> None:
    QTest.keyClick(desk.canvas, key)


def scope_at(desk: Desk, x: int, y: int) -> int:
    opened = desk.session.opened
    assert opened is not None
    return int(opened.mask.scope.read(opened.photo.box)[y, x])


@pytest.fixture
def cracked(tmp_path: Path) -> Path:
    """A wall with a dark crack in waves, and a pale loss."""
    pixels = painted_pixels(160, 240).astype(np.int16)
    y, x = np.mgrid[0:160, 0:240]
    crack = np.abs(y - (50 + 25 * np.sin(x / 20))) < 1.5
    pixels[crack] -= 60
    loss = (x - 170) ** 2 + (y - 125) ** 2 < 20**2
    pixels[loss] = (210, 200, 180)
    return write_photo(tmp_path / "wall.png", np.clip(pixels, 0, 255).astype(np.uint8))


def test_the_crack_pen_draws_along_the_crack_when_enter_is_pressed(
    desk: Desk, cracked: Path
) -> None:
    desk.open(cracked)
    desk.key("tool_pen")
    ends = [(20, 50 + 25 * np.sin(1)), (150, 50 + 25 * np.sin(7.5))]
    click(desk, *ends)
    assert desk.session.undo_name is None  # nothing is drawn yet
    click(desk, (220, 20))
    press_key(desk, Qt.Key.Key_Backspace)
    press_key(desk, Qt.Key.Key_Return)
    desk.wait(lambda: desk.session.undo_name == "Crack pen")
    opened = desk.session.opened
    assert opened is not None
    rows, columns = np.nonzero(opened.mask.read(opened.photo.box) == 1)
    assert {*range(21, 149)} <= {*columns.tolist()}
    assert columns.max() < 160
    off = np.abs(rows - (50 + 25 * np.sin(columns / 20)))
    assert np.quantile(off, 0.95) < 6  # a straight line would be 40 px off
    click(desk, *ends)
    press_key(desk, Qt.Key.Key_Escape)
    press_key(desk, Qt.Key.Key_Return)
    desk.session.undo()
    assert desk.pixels(1) == 0


def test_a_line_of_the_pen_that_is_not_finished_is_kept(
    new_desk: Callable[[], Desk], cracked: Path
) -> None:
    desk = new_desk()
    desk.open(cracked)
    desk.key("tool_pen")
    desk.view.step_brush(3)
    click(desk, (20, 100), (60, 100), modifier=SHIFT)
    desk.view.set_style(OverlayStyle.HATCH)
    desk.window.close()
    again = new_desk()
    again.open(cracked.with_name(f"{cracked.parent.name}.caihua"))
    assert again.class_at(40, 100) == 1
    assert again.view.pen_width_px > 3
    assert again.view.style is OverlayStyle.HATCH


def test_a_click_takes_the_loss_that_is_outlined(desk: Desk, cracked: Path) -> None:
    desk.open(cracked)
    desk.key("tool_loss")
    click(desk, (165, 120))
    desk.wait(lambda: desk.session.undo_name == "Select a loss")
    assert desk.pixels(2) == pytest.approx(np.pi * 20**2, rel=0.06)
    before = desk.view.tolerance
    position = QPointF(desk.at(165, 120))
    event = QWheelEvent(
        *(position, desk.canvas.mapToGlobal(position), QPoint(), QPoint(120, 0)),
        *(Qt.MouseButton.NoButton, ALT, Qt.ScrollPhase.NoScrollPhase, False),
    )
    scale = desk.canvas.scale
    QApplication.sendEvent(desk.canvas, event)
    assert desk.view.tolerance > before
    assert desk.canvas.scale == scale
    click(desk, (165, 120), modifier=ALT)
    desk.wait(lambda: desk.pixels(2) < 60)


def test_polygon_and_lasso_add_and_subtract(desk: Desk, tmp_path: Path) -> None:
    desk.open(a_photo(tmp_path))
    desk.view.set_class(2)
    desk.key("tool_polygon")
    click(desk, (10, 10), (90, 10), (90, 70), (10, 70))
    assert desk.pixels(2) == 0
    press_key(desk, Qt.Key.Key_Return)
    desk.wait(lambda: desk.pixels(2) == pytest.approx(80 * 60, abs=300))
    desk.key("tool_lasso")
    desk.drag((30, 30), (60, 30), (60, 50), (30, 50), modifier=ALT)
    desk.wait(lambda: desk.session.undo_name == "Subtract lasso")
    assert [desk.class_at(*place) for place in ((20, 20), (45, 40))] == [2, 0]
    desk.key("tool_fill")
    desk.view.set_class(1)
    click(desk, (45, 40))
    desk.wait(lambda: desk.class_at(45, 40) == 1)
    click(desk, (110, 80))  # nothing encloses it
    assert desk.bench.context.notices.said[-1].text == "Nothing encloses this place."
    assert desk.class_at(110, 80) == 0


def test_a_region_is_accepted_rejected_and_given_another_class(
    desk: Desk, tmp_path: Path
) -> None:
    desk.open(a_photo(tmp_path))
    desk.detect()
    opened = desk.session.opened
    assert opened is not None
    found = desk.pixels(1)
    desk.key("tool_region")
    click(desk, (20, 20))
    desk.key("accept_region")
    desk.wait(lambda: desk.session.undo_name == "Accept a region")
    assert desk.pixels(1) == found
    assert opened.mask.read_origin(opened.photo.box).sum() == found
    click(desk, (20, 20))
    desk.key("region_is_2")
    desk.wait(lambda: desk.pixels(1) == 0)
    click(desk, (100, 90))
    desk.key("reject_region")
    desk.wait(lambda: desk.pixels(2) == 0)
    desk.session.undo()
    desk.key("tool_remove")
    click(desk, (100, 90))
    desk.wait(lambda: desk.session.undo_name == "Not a crack")
    assert (desk.pixels(1), desk.pixels(2)) == (0, 0)


def test_scope_is_drawn_shown_kept_and_undone_like_damage(
    new_desk: Callable[[], Desk], tmp_path: Path
) -> None:
    desk = new_desk()
    desk.open(a_photo(tmp_path / "hall"))
    desk.key("out_of_scope")
    desk.view.set_brush_radius(6)
    assert desk.view.tool is ToolKind.BRUSH
    desk.drag((20, 20), (60, 20))
    assert (scope_at(desk, 40, 20), desk.pixels(1)) == (OUT_OF_SCOPE, 0)
    desk.drag((40, 20), (41, 20), modifier=ALT)
    assert scope_at(desk, 40, 20) == 0
    desk.key("not_assessable")
    desk.key("tool_polygon")
    click(desk, (80, 40), (110, 40), (110, 80), (80, 40))
    desk.wait(lambda: scope_at(desk, 105, 50) == NOT_ASSESSABLE)
    desk.window.close()
    again = new_desk()
    again.open(tmp_path / "hall" / "hall.caihua")
    assert scope_at(again, 25, 20) == OUT_OF_SCOPE
    assert scope_at(again, 105, 50) == NOT_ASSESSABLE
    for _ in range(3):
        again.session.undo()
    again.wait(lambda: scope_at(again, 25, 20) == 0)
    assert scope_at(again, 105, 50) == 0


def test_shift_draws_straight_and_joins_strokes(desk: Desk, tmp_path: Path) -> None:
    desk.open(a_photo(tmp_path))
    desk.key("tool_brush")
    desk.view.set_brush_radius(2)
    desk.drag((10, 10), (60, 70), (110, 10), modifier=SHIFT)
    assert (desk.class_at(60, 10), desk.class_at(60, 70)) == (1, 0)
    click(desk, (110, 80), modifier=SHIFT)
    assert desk.class_at(110, 45) == 1


def test_a_click_on_a_step_goes_back_and_forward_to_it(
    desk: Desk, tmp_path: Path
) -> None:
    desk.open(a_photo(tmp_path))
    desk.view.set_tool(ToolKind.BRUSH)
    for row in (20, 50, 80):
        desk.drag((20, row), (60, row))
    desk.view.show_page(Page.STEPS)
    panel = desk.child(StepsPanel)
    desk.wait(lambda: panel.names[1:] == ["Brush stroke"] * 3)
    steps = panel.findChild(QListWidget)
    assert steps is not None
    steps.itemClicked.emit(steps.item(1))
    desk.wait(lambda: [desk.class_at(40, row) for row in (20, 50, 80)] == [1, 0, 0])
    desk.pause(200)
    desk.wait(lambda: len(panel.names) == 4)
    steps.itemClicked.emit(steps.item(3))
    desk.wait(lambda: [desk.class_at(40, row) for row in (20, 50, 80)] == [1, 1, 1])
