"""Export: ask where to, then write."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.actions.context import Context
from app.jobs.export import ExportRequest, ExportResult
from resunet_core.progress import Progress

if TYPE_CHECKING:
    from app.jobs.job import Job


class Exporter(QObject):
    """Writes photos of the project in the background."""

    started = Signal()
    progressed = Signal(object)  # Progress
    ended = Signal()

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._job: Job | None = None

    @property
    def is_running(self) -> bool:
        """Whether an export is under way."""
        return self._job is not None

    def export(self, request: ExportRequest) -> None:
        """Write what is asked for, as the project has it now."""
        project = self._context.session.project
        if project is None or self.is_running:
            return
        self._context.session.flush()  # the project is read, not the screen
        job = self._context.jobs.steps(
            self.tr("Export"), partial(self._context.tasks.export, project, request)
        )
        job.progressed.connect(self._on_progressed)
        job.succeeded.connect(self._on_succeeded)
        job.failed.connect(self._context.notices.report)
        job.ended.connect(self._on_ended)
        self._job = job
        self._context.jobs.launch(job)
        self.started.emit()

    def cancel(self) -> None:
        """Stop after the photo that is being written."""
        if self._job is not None:
            self._job.cancel()

    def _on_progressed(self, progress: Progress) -> None:
        self.progressed.emit(progress)

    def _on_succeeded(self, result: ExportResult) -> None:
        if result.failed:
            self._context.notices.warn(
                self.tr("{0} photos could not be exported.").format(len(result.failed)),
                " ".join(result.failed[:3]),
            )
        else:
            hints = [self.tr("They are in {0}.").format(result.folder)]
            if result.slow_in_labelme:
                hints.append(
                    self.tr("LabelMe is slow on photos of more than 4 megapixels.")
                )
            count = len(result.written)
            said = self.tr("{0} photos exported.").format(count)
            self._context.notices.tell(
                self.tr("1 photo exported.") if count == 1 else said, " ".join(hints)
            )

    def _on_ended(self, _job: object) -> None:
        self._job = None
        self.ended.emit()
