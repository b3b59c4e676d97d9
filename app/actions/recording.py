"""The log looked through, snapshots taken, compared with and gone back to."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.actions.context import Context
from app.jobs.record import LogPage, Then
from app.session.authors import ME
from app.session.change import Change
from app.session.comparison import Comparison
from resunet_core.box import Box
from resunet_core.project.audit import LogQuery
from resunet_core.project.snapshots import Snapshot, forget_snapshot, take_snapshot
from resunet_core.project.store import Project

_QUIET_MS = 300  # after the last change: the comparison is made anew


class Recorder(QObject):
    """Reads beside the window; of several questions only the last is answered."""

    log_read = Signal(object)  # LogPage
    snapshots_read = Signal(object)  # tuple of Snapshot, of the photo on the screen

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._questions = 0
        self._snapshots: tuple[Snapshot, ...] = ()
        self._compared: Snapshot | None = None
        self._is_comparing = self._is_stale = False
        self._timer = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._timer.timeout.connect(self._compare)
        session = context.session
        session.photo_shown.connect(self.read_snapshots)
        session.photo_left.connect(self._on_photo_left)
        session.mask_changed.connect(self._on_mask_changed)

    # The log

    def read_log(self, query: LogQuery, offset: int = 0) -> None:
        """Ask for a page of the log."""
        context, project = self._context, self._context.session.project
        if project is None:
            return
        self._questions += 1
        work = partial(context.tasks.log_page, project, query, offset)
        job = context.jobs.quick(self.tr("History"), work)
        job.succeeded.connect(partial(self._on_log, self._questions))
        job.failed.connect(partial(self._on_failed, project))
        context.jobs.launch(job)

    def write_log(self, path: Path, query: LogQuery) -> None:
        """Write the entries that answer a query as a table."""
        context, project = self._context, self._context.session.project
        if project is None:
            return
        context.session.flush()
        job = context.jobs.quick(
            self.tr("History"), partial(context.tasks.write_log, project, path, query)
        )
        job.succeeded.connect(partial(self._on_written, path))
        job.failed.connect(context.notices.report)
        context.jobs.launch(job)

    def _on_log(self, number: int, page: LogPage) -> None:
        if number == self._questions:
            self.log_read.emit(page)

    def _on_written(self, path: Path, count: int) -> None:
        self._context.notices.tell(
            self.tr("{0} entries were written to {1}.").format(count, path.name)
        )

    # Snapshots

    @property
    def snapshot(self) -> Snapshot | None:
        """The snapshot that is chosen, of the photo on the screen."""
        chosen = self._context.view.snapshot_id
        return next((s for s in self._snapshots if s.id == chosen), None)

    def read_snapshots(self) -> None:
        """Ask for the snapshots of the photo on the screen."""
        context, project = self._context, self._context.session.project
        opened = context.session.opened
        if project is None or opened is None:
            return
        photo_id = opened.record.id
        job = context.jobs.quick(
            self.tr("Snapshots"), partial(context.tasks.snapshots, project, photo_id)
        )
        job.succeeded.connect(partial(self._on_snapshots, photo_id))
        job.failed.connect(partial(self._on_failed, project))
        context.jobs.launch(job)

    def take(self, name: str, *, all_photos: bool) -> None:
        """Keep the state of the photo on the screen, or of all photos, under a name."""
        opened = self._context.session.opened
        ids = None if all_photos or opened is None else [opened.record.id]
        self._context.session.change_project(
            partial(take_snapshot, name=name, photo_ids=ids, who=ME), self._on_taken
        )

    def forget(self) -> None:
        """Take the chosen snapshot away."""
        snapshot = self.snapshot
        if snapshot is None:
            return
        if self._compared is not None and self._compared.id == snapshot.id:
            self.stop_comparing()
        self._context.session.change_project(
            partial(forget_snapshot, snapshot_id=snapshot.id, who=ME),
            lambda _: self.read_snapshots(),
        )

    def bring_back(self, region: Box | None) -> None:
        """Bring a region, or the whole photo, back to the chosen snapshot."""
        context, snapshot = self._context, self.snapshot
        project, opened = context.session.project, context.session.opened
        if project is None or opened is None or snapshot is None:
            return
        if not context.session.may_change():
            return
        photo_id = opened.record.id
        job = context.jobs.quick(
            self.tr("Snapshot"),
            partial(context.tasks.as_then, project, photo_id, snapshot),
        )
        job.succeeded.connect(partial(self._on_then, photo_id, region))
        job.failed.connect(context.notices.report)
        context.jobs.launch(job)

    def _on_snapshots(self, photo_id: int, found: tuple[Snapshot, ...]) -> None:
        opened = self._context.session.opened
        if opened is None or opened.record.id != photo_id:
            return
        self._snapshots = found
        if self.snapshot is None:
            self._context.view.choose_snapshot(found[0].id if found else None)
        self.snapshots_read.emit(found)

    def _on_taken(self, snapshot_id: int) -> None:
        self._context.view.choose_snapshot(snapshot_id)
        self.read_snapshots()
        self._context.notices.tell(self.tr("The snapshot was taken."))

    def _on_then(self, photo_id: int, region: Box | None, then: Then) -> None:
        session, notices = self._context.session, self._context.notices
        opened = session.opened
        if opened is None or opened.record.id != photo_id:
            return
        name = self.tr("Back to {0}").format(then.snapshot.name)
        whole = Box.of(opened.mask.height, opened.mask.width)
        detection = then.detection if region is None else None
        if session.bring_back(then.mask, name, region or whole, detection):
            hint = self.tr("Undo takes that back.")
            said = self.tr("The photo is as in {0} again.")
            if region is not None:
                said = self.tr("The area is as in {0} again.")
            notices.tell(said.format(then.snapshot.name), hint)
        else:
            notices.tell(
                self.tr("Nothing differs from {0}.").format(then.snapshot.name)
            )

    # Comparing

    @property
    def is_comparing(self) -> bool:
        """Whether the difference to a snapshot is shown, or about to be."""
        return self._compared is not None

    def compare(self) -> None:
        """Show what became of the photo since the chosen snapshot, from now on."""
        self._compared = self.snapshot
        self._compare()

    def stop_comparing(self) -> None:
        """Show the classes again."""
        self._compared = None
        self._timer.stop()
        self._context.view.show_comparison(None)

    def _compare(self) -> None:
        context, snapshot = self._context, self._compared
        project, opened = context.session.project, context.session.opened
        if project is None or opened is None or snapshot is None:
            return
        if self._is_comparing:
            self._is_stale = True
            return
        self._is_comparing, self._is_stale = True, False
        work = partial(
            context.tasks.compare,
            project,
            opened.record.id,
            snapshot,
            opened.mask.snapshot(),
        )
        job = context.jobs.steps(self.tr("Compare"), work)
        job.succeeded.connect(partial(self._on_compared, opened.record.id, snapshot))
        job.failed.connect(context.notices.report)
        job.ended.connect(self._on_compare_ended)
        context.jobs.launch(job)

    def _on_compared(
        self, photo_id: int, snapshot: Snapshot, comparison: Comparison
    ) -> None:
        opened = self._context.session.opened
        if self._compared is not snapshot or opened is None:
            return
        if opened.record.id == photo_id:
            self._context.view.show_comparison(comparison)

    def _on_compare_ended(self, _job: object) -> None:
        self._is_comparing = False
        if self._is_stale:
            self._compare()

    def _on_mask_changed(self, change: Change) -> None:
        if self._compared is not None and not change.live:
            self._timer.start()

    def _on_photo_left(self) -> None:
        self._snapshots = ()
        self.stop_comparing()
        self.snapshots_read.emit(())

    def _on_failed(self, project: Project, error: Exception) -> None:
        if project is self._context.session.project:  # else it was closed meanwhile
            self._context.notices.report(error)
