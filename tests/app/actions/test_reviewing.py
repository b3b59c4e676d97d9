"""The review queue: from one place in doubt to the next, one key for each answer."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.panels.review_bar import ReviewBar
from app.session.view_state import ToolKind
from tests.builders import a_photo
from tests.e2e.conftest import Desk


def press(desk: Desk, key: Qt.Key) -> None:
    QTest.keyClick(desk.window, key)


def test_accept_mend_and_skip_lead_through_what_is_in_doubt(
    desk: Desk, tmp_path: Path
) -> None:
    desk.open(a_photo(tmp_path, height=600, width=1300))
    desk.detect()
    reviewer = desk.bench.reviewer
    bar = desk.child(ReviewBar)
    assert not bar.isVisibleTo(desk.window)
    press(desk, Qt.Key.Key_Q)
    desk.wait(lambda: reviewer.place is not None)
    assert desk.child(ReviewBar).isVisibleTo(desk.window)
    count, first = reviewer.count, reviewer.place
    assert first is not None
    assert count > 2
    spot = desk.view.spot
    assert spot == first.box
    assert f"1 of {count}" in desk.child(QLabel, "review_place").text()
    press(desk, Qt.Key.Key_M)
    assert desk.view.tool is ToolKind.BRUSH
    assert reviewer.place == first
    press(desk, Qt.Key.Key_D)
    assert reviewer.number == 2
    press(desk, Qt.Key.Key_Period)
    press(desk, Qt.Key.Key_Comma)
    assert reviewer.number == 2
    for _ in range(count - 1):
        press(desk, Qt.Key.Key_D)
    assert not bar.isVisibleTo(desk.window)
    assert desk.view.spot is None
    desk.bench.reviewer.start()
    desk.pause(300)
    assert reviewer.count == 0  # nothing is in doubt any more
    desk.session.undo()
    desk.session.flush()
    desk.pause(100)
    press(desk, Qt.Key.Key_Q)
    desk.wait(lambda: reviewer.place is not None)


def test_before_a_detection_there_is_nothing_to_review(
    desk: Desk, tmp_path: Path
) -> None:
    desk.open(a_photo(tmp_path))
    desk.bench.reviewer.start()
    desk.wait(lambda: "nothing to review" in desk.window.notices.text)
    assert desk.bench.reviewer.place is None
