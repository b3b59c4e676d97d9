"""Rolling backups of the open project, made beside the work."""

from functools import partial

from PySide6.QtCore import QObject, QTimer

from app.actions.context import Context
from resunet_core.project.records import Notice as ProjectNotice
from resunet_core.project.store import Project

_LOOK_MS = 5 * 60 * 1000  # whether one is due; the core decides
_FIRST_MS = 3000  # after opening: the first picture comes before


class Keeper(QObject):
    """Asks for a backup a moment after opening and again and again after that."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._project: Project | None = None
        self._is_working = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.keep_up)
        context.session.list_opened.connect(self._on_list_opened)

    def _on_list_opened(self) -> None:
        project = self._context.session.project
        if project is None or project.is_read_only:
            self._timer.stop()
        elif project is not self._project:
            self._timer.start(_FIRST_MS)
        self._project = project

    def keep_up(self) -> None:
        """Make a backup if one is due."""
        project = self._context.session.project
        self._timer.start(_LOOK_MS)
        if project is None or project.is_read_only or self._is_working:
            return
        self._is_working = True
        jobs = self._context.jobs
        job = jobs.quick(
            self.tr("Backup"), partial(self._context.tasks.keep_up, project)
        )
        job.succeeded.connect(self._on_kept)
        job.failed.connect(partial(self._on_failed, project))
        job.ended.connect(self._on_ended)
        jobs.launch(job)

    def _on_kept(self, notices: tuple[ProjectNotice, ...]) -> None:
        for notice in notices:
            self._context.notices.warn(notice.message, notice.hint)

    def _on_failed(self, project: Project, error: Exception) -> None:
        if project is self._context.session.project:  # else it was closed meanwhile
            self._context.notices.report(error)

    def _on_ended(self, _job: object) -> None:
        self._is_working = False
