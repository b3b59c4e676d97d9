"""Export: ask where to, then write."""

from functools import partial

from PySide6.QtCore import QObject

from app.actions.context import Context
from app.jobs.export import ExportRequest, ExportResult
from app.jobs.labels import FormatRequest


class Exporter(QObject):
    """Writes photos of the project in the background."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        context.session.photo_shown.connect(self._prepare)

    def export(self, request: ExportRequest) -> None:
        """Write what is asked for, as the project has it now."""
        project = self._context.session.project
        if project is None:
            return
        self._context.session.flush()  # the project is read, not the screen
        self._context.errands.run(
            self.tr("Exporting"),
            partial(self._context.tasks.export, project, request),
            self._on_succeeded,
        )

    def export_as(self, request: FormatRequest) -> None:
        """Write photos in a format, as the project has them now."""
        project = self._context.session.project
        if project is None:
            return
        self._context.session.flush()
        self._context.errands.run(
            self.tr("Exporting"),
            partial(self._context.tasks.export_as, project, request),
            self._on_succeeded,
        )

    def _prepare(self) -> None:
        """Load the formats beside the work, so that the dialog opens at once."""
        self._context.session.photo_shown.disconnect(self._prepare)
        jobs = self._context.jobs
        jobs.launch(jobs.quick(self.tr("Formats"), self._context.tasks.formats))

    def _on_succeeded(self, result: ExportResult) -> None:
        if result.failed:
            self._context.notices.warn(
                self.tr("{0} photos could not be exported.").format(len(result.failed)),
                " ".join(result.failed[:3]),
            )
            if result.damage is not None:
                self._context.notices.report(result.damage)
        else:
            hints = [self.tr("They are in {0}.").format(result.folder)]
            if result.slow_in_labelme:
                hints.append(
                    self.tr("LabelMe is slow on photos of more than 4 megapixels.")
                )
            hints += result.notes[:2]
            count = len(result.written)
            said = self.tr("{0} photos exported.").format(count)
            self._context.notices.tell(
                self.tr("1 photo exported.") if count == 1 else said, " ".join(hints)
            )
