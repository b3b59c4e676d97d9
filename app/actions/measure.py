"""Scale, figures, point checks, reports: what a person asks of measuring."""

from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog, QInputDialog, QWidget

from app.actions.campaigning import Pairs
from app.actions.file import has_photo, has_project
from app.actions.spec import ActionSpec, why_read_only
from app.actions.survey import chosen, has_chosen
from app.actions.workbench import Workbench
from app.dialogs.campaigns import CampaignsDialog
from app.dialogs.point_check import PointCheckDialog
from app.dialogs.point_check_start import CheckBefore, ask_point_check
from app.dialogs.report import ReportSubject, ask_report
from app.jobs.points import PointsAsked
from app.jobs.swipe import Swipe
from app.support.translate import QT_TRANSLATE_NOOP


def report(bench: Workbench, window: QWidget) -> None:
    """Ask what to report, then write it."""
    bench.reporter.prepare(partial(_ask_report, bench, window))


def _ask_report(bench: Workbench, window: QWidget, subject: ReportSubject) -> None:
    wish = ask_report(window, subject)
    if wish is not None:
        bench.reporter.write(wish)


def check_points(bench: Workbench, window: QWidget) -> None:
    """Ask how many points, then ask them."""
    bench.point_checker.look_back(partial(_ask_check, bench, window))


def _ask_check(bench: Workbench, window: QWidget, before: CheckBefore | None) -> None:
    wish = ask_point_check(window, before)
    if wish is not None:
        bench.point_checker.begin(wish, partial(_ask_points, bench, window))


def _ask_points(bench: Workbench, window: QWidget, asked: PointsAsked) -> None:
    checker = bench.point_checker
    dialog = PointCheckDialog(asked, bench.context.view.classes, window)
    dialog.answered.connect(partial(checker.keep, asked.check.id))
    wants_more = dialog.exec() == QDialog.DialogCode.Accepted
    check, more = dialog.check, dialog.more
    dialog.deleteLater()
    checker.finish()
    if wants_more:
        checker.ask_more(check, more, partial(_ask_points, bench, window))


def compare_campaigns(bench: Workbench, window: QWidget) -> None:
    """Show two photos of one component, and what became of its damage."""
    bench.campaigner.find_pair(partial(_compare, bench, window))


def _compare(bench: Workbench, window: QWidget, pairs: Pairs) -> None:
    opened = bench.context.session.opened
    shown = None if opened is None else opened.record.id
    pair = next((p for p in pairs if shown in p), pairs[0] if pairs else None)
    dialog = CampaignsDialog(bench.campaigner.photos(), pair, window)
    errands = bench.context.errands
    is_there = [True]

    def ask(before_id: int, after_id: int) -> None:
        bench.campaigner.compare((before_id, after_id), show, fail)

    def show(swipe: Swipe) -> None:
        if is_there:
            dialog.show_swipe(swipe)

    def fail(error: Exception) -> None:
        if is_there:
            dialog.show_trouble(error)

    dialog.asked.connect(ask)
    errands.progressed.connect(dialog.show_progress)
    dialog.exec()
    is_there.clear()
    errands.progressed.disconnect(dialog.show_progress)
    dialog.deleteLater()


def set_campaign(bench: Workbench, window: QWidget) -> None:
    """Ask to which campaign the chosen photos belong, and keep it."""
    known = bench.context.survey.photos
    records = [known[path].record for path in chosen(bench) if path in known]
    if not records:
        return
    said = QCoreApplication.translate
    name, is_meant = QInputDialog.getText(
        window,
        said("Measure", "Campaign"),
        said("Measure", "Which survey the chosen photos belong to, as 2026:"),
        text=records[0].campaign,
    )
    if is_meant:
        bench.campaigner.set_campaign([record.id for record in records], name.strip())


def turn_primary(bench: Workbench, _window: QWidget) -> None:
    """Let the photo stand for its component, or no longer."""
    opened = bench.context.session.opened
    if opened is not None:
        wanted = not opened.record.is_primary
        bench.campaigner.set_primary(opened.record.id, is_primary=wanted)


def is_primary(bench: Workbench) -> bool:
    """Whether the photo on the screen stands for its component."""
    opened = bench.context.session.opened
    return opened is not None and opened.record.is_primary


SPECS = (
    ActionSpec(
        "compare_campaigns",
        QT_TRANSLATE_NOOP("Actions", "Compare ca&mpaigns…"),
        compare_campaigns,
        "columns",
        "Ctrl+Shift+C",
        QT_TRANSLATE_NOOP("Actions", "New, grown, stable and lost damage since."),
        lambda bench: len(bench.context.survey.photos) > 1,
    ),
    ActionSpec(
        "set_campaign",
        QT_TRANSLATE_NOOP("Actions", "Ca&mpaign…"),
        set_campaign,
        "calendar-blank",
        "",
        QT_TRANSLATE_NOOP("Actions", "Which survey the chosen photos belong to."),
        has_chosen,
        why_not=why_read_only,
    ),
    ActionSpec(
        "turn_primary",
        QT_TRANSLATE_NOOP("Actions", "P&rimary view of its component"),
        turn_primary,
        "star",
        "",
        QT_TRANSLATE_NOOP(
            "Actions", "Of several photos of a component only primary views count."
        ),
        has_photo,
        is_primary,
        why_not=why_read_only,
    ),
    ActionSpec(
        "check_points",
        QT_TRANSLATE_NOOP("Actions", "&Point check…"),
        check_points,
        "crosshair",
        "Ctrl+Shift+P",
        QT_TRANSLATE_NOOP("Actions", "Areas with their error, from points you check."),
        has_photo,
        why_not=why_read_only,
    ),
    ActionSpec(
        "report",
        QT_TRANSLATE_NOOP("Actions", "Condition &report…"),
        report,
        "file-text",
        "Ctrl+R",
        QT_TRANSLATE_NOOP("Actions", "Figures, pictures and method, to sign."),
        has_project,
    ),
)
