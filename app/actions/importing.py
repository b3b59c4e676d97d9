"""Import: look at the labels, ask what the unknown ones mean, then take them."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.actions.context import Context
from app.actions.opening import Opener
from app.dialogs.import_labels import ask_import
from app.jobs.labels import ImportRequest, ImportResult, LabelsFound
from app.session.authors import ME


class Importer(QObject):
    """Brings labels into the project; nothing is drawn on the screen meanwhile."""

    looked = Signal(object)  # LabelsFound: the person is to be asked

    def __init__(
        self, context: Context, opener: Opener, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._opener = opener

    def look(self, paths: Sequence[Path]) -> None:
        """Read what was named, to ask what is not clear."""
        if self._context.session.project is not None and paths:
            self._context.errands.run(
                self.tr("Reading labels"),
                partial(self._context.tasks.look_at_labels, paths),
                self.looked.emit,
            )

    def bring_in(self, request: ImportRequest) -> None:
        """Take the labels; each photo gets one step to undo."""
        context, project = self._context, self._context.session.project
        if project is None:
            return
        if context.errands.is_running:
            context.errands.refused.emit(self.tr("Import"))
            return
        context.session.hold(held=True)
        context.session.flush()
        context.errands.run(
            self.tr("Importing"),
            partial(context.tasks.bring_in, project, request, ME),
            self._on_done,
            at_end=self._let_go,
        )

    def _let_go(self) -> None:
        """The masks on the screen are old: read them anew before anything is drawn."""
        session = self._context.session
        if session.project is None:  # it was closed meanwhile, as damaged
            session.hold(held=False)
            return
        path = None if session.opened is None else session.opened.record.path
        session.leave_photo()
        session.hold(held=False)
        self._opener.reopen(path)

    def _on_done(self, result: ImportResult) -> None:
        said = self.tr("Labels of {0} photos were imported.").format(result.photos)
        if result.photos == 1:
            said = self.tr("Labels of 1 photo were imported.")
        notices = self._context.notices
        if result.failed:
            notices.warn(
                self.tr("{0} Refused: {1}.").format(said, len(result.failed)),
                " ".join(result.failed[:2]),
            )
        else:
            hint = self.tr("Undo takes them back, photo by photo.")
            notices.tell(said, " ".join((hint, *result.notes[:2])))


def ask_and_import(importer: Importer, window: QWidget, found: LabelsFound) -> None:
    """Ask what labels mean that nobody knows, and bring all of them in."""
    request = ask_import(window, found)
    if request is not None:
        importer.bring_in(request)
