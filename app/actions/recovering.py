"""A damaged project: what is wrong is looked at, the person chooses what to do."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.actions.context import Context
from app.actions.opening import Opener, ProjectRefused
from app.dialogs.recovery import RecoveryChoice, ask_recovery
from app.jobs.recovery import Examined
from resunet_core.errors import DamagedProject
from resunet_core.project.salvage import Salvaged
from resunet_core.project.store import Project


class Recoverer(QObject):
    """Examines what the opener could not open, and does what was chosen."""

    found = Signal(object)  # Examined: a damaged project that something can be done for

    def __init__(
        self, context: Context, opener: Opener, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._opener = opener
        self._damaged: DamagedProject | None = None  # to be looked at when all stopped
        opener.project_refused.connect(self.examine)
        context.notices.damaged.connect(self._on_damaged)
        context.errands.ended.connect(self._look_soon)

    def examine(self, refused: ProjectRefused) -> None:
        """Look at a project that could not be opened; else say why it could not."""
        started = self._context.errands.run(
            self.tr("Checking {0}").format(refused.path.name),
            partial(self._context.tasks.look_at_damage, refused.path),
            partial(self._on_examined, refused),
            otherwise=partial(self._on_not_examined, refused),
        )
        if not started:
            self._context.notices.report(refused)

    def choose(self, choice: RecoveryChoice) -> None:
        """Do what the person chose."""
        if choice.kind == "look":
            self._context.errands.run(
                self.tr("Opening {0}").format(choice.path.name),
                partial(self._context.tasks.open_safely, choice.path),
                self._on_opened_safely,
            )
        elif choice.kind == "restore" and choice.other is not None:
            self._restore(choice.path, choice.other)
        elif choice.kind == "salvage" and choice.other is not None:
            self._context.errands.run(
                self.tr("Saving what can be read"),
                partial(self._context.tasks.salvage, choice.path, choice.other),
                partial(self._on_salvaged, choice.other),
            )

    def _on_damaged(self, error: DamagedProject) -> None:
        """Close the project before anything is written to it, then look at it."""
        if self._damaged is not None and self._damaged.path == error.path:
            return  # what was still under way found the same
        project = self._context.session.project
        if project is None or project.path != error.path:
            self._context.notices.warn(error.message, error.hint)
            return
        self._damaged = error
        self._opener.leave_project()
        self._look_soon()

    def _look_soon(self) -> None:
        """What ended, or found the damage, comes to its own end first."""
        if self._damaged is not None:
            QTimer.singleShot(0, self._look)

    def _look(self) -> None:
        errands, damaged = self._context.errands, self._damaged
        if damaged is None:
            return
        if errands.is_running:  # it works on what is closed; its end calls again
            errands.cancel()
            return
        self._damaged = None
        self.examine(ProjectRefused(damaged.path, damaged))

    def _on_examined(self, refused: ProjectRefused, examined: Examined) -> None:
        if examined.can_be_helped:
            self.found.emit(examined)
        else:
            self._context.notices.report(refused)

    def _on_not_examined(self, refused: ProjectRefused, _error: Exception) -> None:
        self._context.notices.report(refused)

    def _on_opened_safely(self, project: Project) -> None:
        self._opener.take_project(project)

    def _restore(self, path: Path, backup: Path) -> None:
        project = self._context.session.project
        if project is not None and project.path == path:
            self._opener.leave_project()
        job = self._context.jobs.quick(
            self.tr("Restoring"),
            partial(self._context.tasks.restore_backup, backup, path),
        )
        job.succeeded.connect(partial(self._on_restored, path))
        job.failed.connect(self._context.notices.report)
        self._context.jobs.launch(job)

    def _on_restored(self, path: Path, aside: Path | None) -> None:
        kept = self.tr("The damaged file was kept as {0}.")
        self._context.notices.tell(
            self.tr("The backup is in the place of {0}.").format(path.name),
            kept.format(aside.name) if aside is not None else "",
        )
        self._opener.open_paths([path])

    def _on_salvaged(self, target: Path, salvaged: Salvaged) -> None:
        self._context.notices.tell(
            self.tr("{0} photos were saved into {1}.").format(
                salvaged.photos, target.name
            ),
            " ".join(salvaged.sentences[:3]),
        )
        self._opener.open_paths([target])


def ask_and_recover(recoverer: Recoverer, window: QWidget, examined: Examined) -> None:
    """Show what is damaged and ask what to do."""
    choice = ask_recovery(window, examined)
    if choice is not None:
        recoverer.choose(choice)
