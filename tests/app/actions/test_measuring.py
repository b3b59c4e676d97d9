"""A point check by keys, and a report written from the window."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.dialogs.point_check import PointCheckDialog
from app.dialogs.point_check_start import CheckWish
from app.dialogs.report import ReportDialog
from app.jobs.points import PointsAsked
from app.jobs.report import ReportWish
from resunet_core.project.point_checks import PointCheck, point_check_of
from tests.builders import a_photo
from tests.e2e.conftest import Desk

KEYS = {1: Qt.Key.Key_1, 2: Qt.Key.Key_2, 0: Qt.Key.Key_3}


def kept(desk: Desk) -> PointCheck:
    """What the file says of the last check."""
    desk.session.flush()
    opened, project = desk.session.opened, desk.session.project
    assert opened is not None
    assert project is not None
    found = point_check_of(project, opened.record.id)
    assert found is not None
    return found


def begin(desk: Desk, wish: CheckWish) -> PointsAsked:
    asked: list[PointsAsked] = []
    desk.bench.point_checker.begin(wish, asked.append)
    desk.wait(lambda: bool(asked))
    return asked[0]


def test_points_are_answered_by_keys_and_each_answer_is_kept(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    desk.open(a_photo(tmp_path, height=200, width=300))
    desk.detect()
    asked = begin(desk, CheckWish("new", 90))
    dialog = PointCheckDialog(asked)
    qtbot.addWidget(dialog)
    checker = desk.bench.point_checker
    dialog.answered.connect(
        lambda number, seen: checker.keep(asked.check.id, number, seen)
    )
    points = [one.point for one in asked.check.points]
    for point in points[:20]:
        QTest.keyClick(dialog, KEYS[point.mapped])
    assert kept(desk).answered == 20
    assert "%" in dialog.said[2]
    QTest.keyClick(dialog, Qt.Key.Key_Backspace)
    assert kept(desk).answered == 19
    resumed = PointCheckDialog(begin(desk, CheckWish("go on")))
    qtbot.addWidget(resumed)
    resumed.answered.connect(
        lambda number, seen: checker.keep(asked.check.id, number, seen)
    )
    for point in points[19:]:
        QTest.keyClick(resumed, KEYS[point.mapped])
    check = kept(desk)
    assert check.answered == len(points)
    assert all(one.seen == one.point.mapped for one in check.points)
    found = check.estimate(2)
    assert found.low_px < found.area_px == found.mapped_px < found.high_px
    assert sum(resumed.more.values()) > 0


def test_a_report_is_written_and_its_folder_offered(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    desk.open(a_photo(tmp_path, height=200, width=300))
    desk.detect()
    desk.session.set_building("鼓楼")
    subjects: list[ReportDialog] = []
    desk.wait(lambda: bool(desk.bench.context.survey.photos))
    desk.bench.reporter.prepare(lambda s: subjects.append(ReportDialog(s)))
    desk.wait(lambda: bool(subjects))
    dialog = subjects[0]
    qtbot.addWidget(dialog)
    dialog._sizes.setText("100, 50")
    assert not dialog._do.isEnabled()
    dialog._sizes.setText("50, 100")
    assert dialog._do.isEnabled()
    folder = tmp_path / "报告"
    wish = ReportWish(folder, ("xlsx", "csv"), sizes="50, 100", operator="Li W.")
    desk.bench.reporter.write(wish)
    desk.wait(lambda: not desk.bench.context.errands.is_running)
    notice = desk.bench.context.notices.said[-1]
    assert notice.offer is not None, notice.sentence
    names = {path.name for path in folder.iterdir()}
    assert names == {"report.xlsx", "buildings.csv", "photos.csv", "losses.csv"}
