"""The tour goes on when something was really done, and can be left at any time."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.panels.model import ModelPanel
from app.panels.tour import Tour
from app.panels.tour_steps import BRUSH, DETECT, OPEN, REPORT, SCALE, STEPS
from app.panels.welcome import WelcomePanel
from app.session.view_state import ToolKind
from app.support.paths import fallback_projects_dir
from tests.builders import a_photo
from tests.e2e.conftest import Desk


def _tour(desk: Desk) -> Tour:
    found = desk.window.findChild(Tour)
    assert isinstance(found, Tour)
    return found


def _press(desk: Desk, name: str) -> None:
    button = desk.child(QPushButton, name)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_stranger_takes_the_tour(desk: Desk) -> None:
    tour = _tour(desk)
    _press(desk, "tour_button")
    assert tour.step == OPEN
    assert "sample building" in tour.callout.text
    _press(desk, "sample_button")
    desk.wait(lambda: tour.step == DETECT)
    copies = sorted((fallback_projects_dir() / "Sample building").glob("*.jpg"))
    assert len(copies) == 3
    button = desk.child(ModelPanel).detect_button
    target = tour.callout.target
    assert target is not None
    assert target.size() == button.size()
    desk.detect()
    assert tour.step == BRUSH
    desk.key("tool_brush")
    desk.drag((20, 20), (60, 60))
    assert tour.step == SCALE
    desk.session.set_scale(0.3)
    assert tour.step == REPORT
    desk.bench.reporter.written.emit()
    assert tour.step == len(STEPS)
    QTest.keyClick(desk.canvas, Qt.Key.Key_Escape)
    assert _tour(desk).step is None
    assert not tour.callout.isVisible()


def test_it_skips_follows_the_window_and_blocks_nothing(
    desk: Desk, tmp_path: Path
) -> None:
    desk.open(a_photo(tmp_path))
    tour = _tour(desk)
    desk.key("tour")
    assert tour.step == DETECT
    before = tour.callout.target
    desk.window.resize(1100, 760)
    desk.wait(lambda: tour.callout.target != before)
    assert desk.window.rect().contains(tour.callout.geometry())
    tour.callout.skipped.emit()
    assert tour.step == BRUSH
    desk.view.set_tool(ToolKind.BRUSH)
    desk.drag((20, 20), (60, 60))
    assert desk.pixels(1) > 0


def test_the_welcome_page_goes_on_with_what_was_opened(
    desk: Desk, tmp_path: Path
) -> None:
    welcome = desk.child(WelcomePanel)
    assert welcome.recent == []
    desk.open(a_photo(tmp_path / "East & west"))
    desk.bench.opener.leave_project()
    desk.wait(lambda: not desk.session.entries)
    assert len(welcome.recent) == 1
    assert "photo.png" in welcome.recent[0]


def test_the_sample_is_a_copy_that_keeps_what_was_done(desk: Desk) -> None:
    folder = fallback_projects_dir() / "Sample building"
    folder.mkdir(parents=True)
    mine = folder / "01-xuanzi-beam.jpg"
    mine.write_bytes(a_photo(folder, "mine.jpg").read_bytes())
    changed = mine.read_bytes()
    with_samples = desk.bench.guide
    with_samples.open_sample()
    desk.wait(lambda: desk.session.opened is not None)
    assert mine.read_bytes() == changed
