"""Opening photos, folders and projects; the list and its small pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QFileSystemWatcher, QObject, Signal

from app.actions.context import Context
from app.jobs.tasks import Preview, Tasks
from app.session.entry import EntryState, OpenedPhoto
from app.support.paths import PROJECT_SUFFIX, project_path_for
from resunet_core.errors import CaihuaError, WrongUsage
from resunet_core.progress import Progress
from resunet_core.project.paths import absolute
from resunet_core.project.store import Project

THUMBNAIL_PX = 192


if TYPE_CHECKING:
    from app.jobs.job import Job


@dataclass(frozen=True)
class _List:
    project: Project
    photos: list[Path]
    detected: frozenset[Path]
    asked_for: Path
    is_elsewhere: bool


class Opener(QObject):
    """Opens what a person names; late answers about what was left are dropped."""

    thumbnail_made = Signal(int, object)  # index, RGB uint8 [h, w, 3]
    preview_made = Signal(object)  # Preview
    opening = Signal(int)  # index
    unpacking = Signal(object)  # Progress, while a large photo is opened
    settled = Signal()  # the photo was opened, or could not be
    refused = Signal(str)  # why it could not be

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._list_generation = 0
        self._photo_generation = 0
        self._pictured_list = 0
        self._job: Job | None = None
        self._is_opening = False
        self._next_paths: tuple[Path, ...] = ()
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._on_file_changed)

    # A list of photos

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open photos, folders, or one project."""
        if not paths:
            return
        self._list_generation += 1
        if self._is_opening:  # two at once could both want the same project
            self._next_paths = tuple(paths)
            return
        self._is_opening = True
        current = self._context.session.project
        work = partial(_make_list, self._context.tasks, current, tuple(paths))
        job = self._context.jobs.quick(self.tr("Opening"), work)
        generation = self._list_generation
        job.succeeded.connect(partial(self._on_list_made, generation))
        job.failed.connect(self._context.notices.report)
        job.ended.connect(self._on_list_ended)
        self._context.jobs.launch(job)

    def _on_list_ended(self, _job: object) -> None:
        self._is_opening = False
        waiting, self._next_paths = self._next_paths, ()
        self.open_paths(waiting)

    def _on_list_made(self, generation: int, found: _List) -> None:
        session = self._context.session
        if generation != self._list_generation:
            if found.project is not session.project:
                found.project.close()
            return
        self._photo_generation += 1
        session.open_list(found.project, found.photos, found.detected)
        self._context.preferences.add_recent(found.asked_for)
        if found.is_elsewhere:
            self._context.notices.tell(
                self.tr("This folder cannot be written to."),
                self.tr("Your work is kept in {0}.").format(found.project.path),
            )
        if found.project.recovered:
            self._context.notices.tell(
                self.tr("The program was not closed properly last time."),
                self.tr("Everything up to the last finished step is here."),
            )
        if not found.photos:
            self._context.notices.warn(
                self.tr("There is no photo in {0}.").format(found.asked_for.name),
                self.tr("Choose a folder with JPEG, PNG, TIFF, HEIC or raw photos."),
            )
            return
        self.open_index(0)

    def _next_thumbnail(self, generation: int, index: int) -> None:
        """One after the other, so that a photo to be opened never waits for all."""
        entries = self._context.session.entries
        if generation != self._list_generation or index >= len(entries):
            return
        work = partial(self._context.tasks.thumbnail, entries[index].path, THUMBNAIL_PX)
        job = self._context.jobs.quick(self.tr("Small picture"), work)
        job.succeeded.connect(partial(self._on_thumbnail, generation, index))
        job.failed.connect(partial(self._on_broken, generation, index))
        job.ended.connect(partial(self._on_thumbnail_ended, generation, index))
        self._context.jobs.launch(job)

    def _on_thumbnail(
        self, generation: int, index: int, pixels: NDArray[np.uint8]
    ) -> None:
        if generation != self._list_generation:
            return
        if self._context.session.entries[index].state is EntryState.WAITING:
            self._context.session.set_entry(index, EntryState.READY)
        self.thumbnail_made.emit(index, pixels)

    def _on_broken(self, generation: int, index: int, error: Exception) -> None:
        if generation != self._list_generation:
            return
        text = str(error) if isinstance(error, CaihuaError) else repr(error)
        self._context.session.set_entry(index, EntryState.BROKEN, text)

    def _on_thumbnail_ended(self, generation: int, index: int, _job: object) -> None:
        self._next_thumbnail(generation, index + 1)

    # One photo of the list

    def open_index(self, index: int) -> None:
        """Put a photo of the list on the screen."""
        context, project = self._context, self._context.session.project
        if project is None or not 0 <= index < len(context.session.entries):
            return
        self._photo_generation += 1
        generation = self._photo_generation
        path = context.session.entries[index].path
        self.opening.emit(index)
        preview = context.jobs.quick(path.name, partial(context.tasks.preview, path))
        preview.succeeded.connect(partial(self._on_preview, generation))
        preview.ended.connect(partial(self._on_preview_ended, generation, index))
        if self._job is not None:
            self._job.cancel()
        self._job = preview
        context.jobs.launch(preview)

    def _on_preview_ended(self, generation: int, index: int, _job: object) -> None:
        """Open the photo itself only now: first picture first, also on a slow disk."""
        context, project = self._context, self._context.session.project
        if generation != self._photo_generation or project is None:
            return
        path = context.session.entries[index].path
        job = context.jobs.steps(
            path.name, partial(context.tasks.open_photo, project, path)
        )
        job.progressed.connect(partial(self._on_unpacking, generation))
        job.succeeded.connect(partial(self._on_opened, generation, index))
        job.failed.connect(partial(self._on_not_opened, generation, index))
        self._job = job
        context.jobs.launch(job)
        if self._pictured_list != self._list_generation:
            self._pictured_list = self._list_generation
            self._next_thumbnail(self._list_generation, 0)

    def step(self, places: int) -> None:
        """Go on (positive) or back in the list."""
        index = self._context.session.index
        self.open_index(0 if index is None else index + places)

    def _on_preview(self, generation: int, preview: Preview) -> None:
        if generation == self._photo_generation:
            self._context.session.leave_photo()
            self.preview_made.emit(preview)

    def _on_unpacking(self, generation: int, progress: Progress) -> None:
        if generation == self._photo_generation:
            self.unpacking.emit(progress)

    def _on_opened(self, generation: int, index: int, opened: OpenedPhoto) -> None:
        if generation != self._photo_generation:
            opened.pyramid.close()
            return
        self._context.session.show_photo(index, opened)
        self.settled.emit()
        for watched in self._watcher.files():
            self._watcher.removePath(watched)
        self._watcher.addPath(str(opened.photo.path))

    def _on_not_opened(self, generation: int, index: int, error: Exception) -> None:
        if generation != self._photo_generation:
            return
        self.settled.emit()
        if isinstance(error, CaihuaError):
            self._context.session.leave_photo()
            self._context.session.set_entry(index, EntryState.BROKEN, str(error))
            self.refused.emit(str(error))
        else:
            self._context.notices.report(error)

    def _on_file_changed(self, name: str) -> None:
        path = Path(name)
        if not path.exists():
            self._context.notices.warn(
                self.tr("{0} is no longer in its folder.").format(path.name),
                self.tr(
                    "Your corrections are safe in the project; put the photo back "
                    "to open it again."
                ),
            )


def missing(path: Path) -> WrongUsage:
    """The error for something that was named and is not there."""
    return WrongUsage(
        f"There is no photo, folder or project {path}.",
        "Check the name, and that its drive is connected.",
    )


def _make_list(tasks: Tasks, current: Project | None, paths: Sequence[Path]) -> _List:
    """On a worker: the photos that were named and the project that keeps the work."""
    if not any(path.exists() for path in paths):  # no project is made for a typo
        raise missing(paths[0])
    first = absolute(paths[0])
    if first.suffix == PROJECT_SUFFIX:
        path, photos, elsewhere = first, None, False
    else:
        photos = tasks.find_photos([absolute(path) for path in paths])
        folder = first if first.is_dir() else first.parent
        path = project_path_for(folder)
        elsewhere = path.parent != folder
        path.parent.mkdir(parents=True, exist_ok=True)
    project = _opened_or_same(tasks, current, path)
    records = project.photos()
    if photos is None:
        photos = [record.path for record in records]
    done = {r.path for r in records if project.detection(r.id) is not None}
    return _List(project, photos, frozenset(done), first, elsewhere)


def _opened_or_same(tasks: Tasks, current: Project | None, path: Path) -> Project:
    """A project is open once: asked for again, it is the same one."""
    if current is not None and current.path == absolute(path):
        return current
    return tasks.open_project(path)
