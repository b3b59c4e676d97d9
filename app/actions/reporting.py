"""Condition reports: what can be asked for is read, the report written beside."""

from collections import Counter
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from app.actions.context import Context
from app.dialogs.report import ReportSubject, parse_sizes
from app.jobs.report import ReportResult, ReportWish
from app.session.authors import ME
from app.session.notices import Notice, Offer
from resunet_core.project.report_settings import (
    ReportSettings,
    report_settings,
    set_report_settings,
)
from resunet_core.project.store import Project


class Reporter(QObject):
    """Writes reports of the project in the background."""

    written = Signal()

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def prepare(self, then: Callable[[ReportSubject], None]) -> None:
        """Read what was set for reports last, then go on on the window's thread."""
        project = self._context.session.project
        if project is None:
            return
        jobs = self._context.jobs
        job = jobs.quick(self.tr("Report"), partial(report_settings, project))
        job.succeeded.connect(partial(self._on_read, then))
        job.failed.connect(self._context.notices.report)
        jobs.launch(job)

    def _on_read(
        self, then: Callable[[ReportSubject], None], settings: ReportSettings
    ) -> None:
        project = self._context.session.project
        if project is None:
            return
        records = [found.record for found in self._context.survey.photos.values()]
        counts = Counter(record.building for record in records)
        stem = project.path.stem
        then(
            ReportSubject(
                tuple(sorted(counts.items())),
                sum(record.scale is None for record in records),
                settings.operator or ME.name,
                settings.reviewer,
                ", ".join(f"{edge:g}" for edge in settings.size_bins_mm2),
                project.path.parent / self.tr("{0} report").format(stem),
            )
        )

    def write(self, wish: ReportWish) -> None:
        """Write a report, and keep who signs it for the next one."""
        session, context = self._context.session, self._context
        project = session.project
        if project is None:
            return
        if not project.is_read_only:
            usual = ReportSettings()
            sizes = parse_sizes(wish.sizes) or usual.size_bins_mm2
            kept = ReportSettings(sizes, wish.operator, wish.reviewer)
            session.change_project(
                partial(_keep_settings, settings=kept), lambda _: None
            )
        session.flush()  # the project is read, not the screen
        context.errands.run(
            self.tr("Writing the report"),
            partial(context.tasks.measuring.report, project, wish),
            self._on_written,
        )

    def _on_written(self, result: ReportResult) -> None:
        count = len(result.failed)
        hint = self.tr("It is in {0}.").format(result.folder)
        if count:
            said = self.tr("{0} photos are not in it: {1}")
            hint = said.format(count, " ".join(result.failed[:2]))
        text = self.tr("The report of {0} photos is written.").format(result.photos)
        where = QUrl.fromLocalFile(str(result.folder))
        offer = Offer(self.tr("Open folder"), partial(_open, where))
        notice = Notice("warning" if count else "info", text, hint, offer)
        self._context.notices.post(notice)
        self.written.emit()


def _open(folder: QUrl) -> None:
    QDesktopServices.openUrl(folder)


def _keep_settings(project: Project, settings: ReportSettings) -> None:
    if report_settings(project) != settings:  # each change is in the log of each photo
        set_report_settings(project, settings, who=ME)
