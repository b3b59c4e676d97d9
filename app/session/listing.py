"""What is open: the project, the photos of the list, the one on the screen."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from app.session.entry import EntryState, OpenedPhoto, PhotoEntry
from app.session.lock import Lock
from app.session.writer import ProjectWriter
from resunet_core.project.store import Detection, PhotoRecord, Project

T = TypeVar("T")


class Listing(QObject):
    """Holds the open project and its photos; all writing goes through its thread."""

    list_opened = Signal()
    entry_changed = Signal(int)
    photo_shown = Signal()
    photo_leaving = Signal()  # the last moment to change it
    photo_left = Signal()
    history_changed = Signal()
    details_changed = Signal()
    lock_changed = Signal()
    change_refused = Signal(object)  # Lock
    project_changed = Signal()  # places, states, notes, links: not of masks
    project_refused = Signal(object)  # why such a change was refused
    write_failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._writer = ProjectWriter(self)
        self._writer.failed.connect(self._on_write_failed)
        self._project: Project | None = None
        self._entries: list[PhotoEntry] = []
        self._index: int | None = None
        self._opened: OpenedPhoto | None = None
        self._is_held = False

    @property
    def project(self) -> Project | None:
        """The open project."""
        return self._project

    @property
    def entries(self) -> Sequence[PhotoEntry]:
        """The photos of the list, in order."""
        return self._entries

    @property
    def index(self) -> int | None:
        """The place in the list of the photo on the screen."""
        return self._index

    @property
    def opened(self) -> OpenedPhoto | None:
        """The photo on the screen, with its mask: to read, never to change."""
        return self._opened

    @property
    def lock(self) -> Lock | None:
        """Why nothing can be changed now; None when it can."""
        if self._project is not None and self._project.is_read_only:
            return Lock.READ_ONLY
        if self._is_held:
            return Lock.BUSY
        if self._opened is not None and self._opened.record.review == "approved":
            return Lock.APPROVED
        return None

    def may_change(self) -> bool:
        """Whether the photo may be changed; where not, `change_refused` is sent."""
        lock = self.lock
        if lock is not None:
            self.change_refused.emit(lock)
        return lock is None

    def hold(self, *, held: bool) -> None:
        """Let nothing be changed on the screen while the project is, or again."""
        if held:
            self._settle()
        self._is_held = held
        self.lock_changed.emit()

    def open_list(
        self, project: Project, paths: Sequence[Path], detected: Collection[Path] = ()
    ) -> None:
        """Take a project and the photos to show; leaves what was open before."""
        self.leave_photo()
        before, self._project = self._project, project
        if before is not None and before is not project:
            self._writer.submit(before.close)
        states = dict.fromkeys(detected, EntryState.DETECTED)
        self._entries = [
            PhotoEntry(path, states.get(path, EntryState.WAITING)) for path in paths
        ]
        self.list_opened.emit()

    def close_project(self) -> None:
        """Leave everything, and wait until the project is closed."""
        self.leave_photo()
        before, self._project = self._project, None
        self._entries = []
        if before is not None:
            self._writer.submit(before.close)
            self._writer.flush()
        self.list_opened.emit()

    def set_entry(self, index: int, state: EntryState, message: str = "") -> None:
        """Note how a photo of the list stands."""
        self._entries[index] = replace(
            self._entries[index], state=state, message=message
        )
        self.entry_changed.emit(index)

    def show_photo(self, index: int, opened: OpenedPhoto) -> None:
        """Put a photo on the screen, with its mask."""
        self.leave_photo()
        self._index, self._opened = index, opened
        found = opened.detection is not None
        self.set_entry(index, EntryState.DETECTED if found else EntryState.READY)
        self.photo_shown.emit()
        self.history_changed.emit()

    def leave_photo(self) -> None:
        """Take the photo off the screen; a stroke in the middle is kept."""
        opened = self._opened
        if opened is None:
            return
        self.photo_leaving.emit()
        self._settle()
        self._opened, self._index = None, None
        self._forget()
        self.photo_left.emit()
        self.history_changed.emit()
        opened.pyramid.close()

    def close(self) -> None:
        """Leave the photo, wait until everything is written, close the project."""
        self.leave_photo()
        if self._project is not None:
            self._writer.submit(self._project.close)
            self._project = None
        self._writer.stop()

    def flush(self) -> None:
        """Wait until everything so far is on the disk."""
        self._writer.flush()

    def change_project(
        self, work: Callable[[Project], T], then: Callable[[T], None] | None = None
    ) -> None:
        """Change more than the mask on the screen, after all that was done before.

        `then` is called on this thread. What the core refuses is told by a signal.
        """
        project, opened = self._project, self._opened
        if project is None:
            return
        photo_id = None if opened is None else opened.record.id
        self._writer.ask(
            partial(_with_record, project, photo_id, work),
            partial(self._on_project_changed, project, then),
            self.project_refused.emit,
        )

    def _on_project_changed(
        self,
        project: Project,
        then: Callable[[T], None] | None,
        answer: tuple[T, PhotoRecord | None],
    ) -> None:
        value, record = answer
        if project is not self._project:
            return
        opened = self._opened
        if record is not None and opened is not None and record.id == opened.record.id:
            self._opened = replace(opened, record=record)
            self.details_changed.emit()
            self.lock_changed.emit()
        if then is not None:
            then(value)
        self.project_changed.emit()

    def _mark(self, path: Path, detection: Detection | None) -> None:
        state = EntryState.READY if detection is None else EntryState.DETECTED
        for index, entry in enumerate(self._entries):
            if entry.path == path:
                self.set_entry(index, state)

    # What editing adds

    def _settle(self) -> None:
        """Finish what is in the middle."""

    def _forget(self) -> None:
        """Let go of what is known of the photo that was left."""

    def _on_write_failed(self, error: object) -> None:
        self.write_failed.emit(error)


def _with_record(
    project: Project, photo_id: int | None, work: Callable[[Project], T]
) -> tuple[T, PhotoRecord | None]:
    value = work(project)
    return value, None if photo_id is None else project.photo(photo_id)
