"""Opening photos, folders and projects; the list and its small pictures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from resunet_core.errors import BadProject, CaihuaError, DamagedProject, WrongUsage
from resunet_core.progress import Progress
from resunet_core.project.paths import absolute
from resunet_core.project.query import FoundPhoto, find_photos
from resunet_core.project.store import Project

THUMBNAIL_PX = 192
_MOST_UNASKED = 200  # small pictures that are made before they are seen


if TYPE_CHECKING:
    from app.jobs.job import Job


@dataclass(frozen=True)
class _List:
    project: Project
    photos: list[Path]
    known: tuple[FoundPhoto, ...]
    asked_for: Path
    is_elsewhere: bool
    is_same: bool = False  # the project was open already


class ProjectRefused(CaihuaError):  # noqa: N818 - named after what the person sees
    """A project file that is there and could not be opened.

    Args:
        path: Of the project.
        error: Why.
    """

    def __init__(self, path: Path, error: CaihuaError) -> None:
        super().__init__(error.message, error.hint)
        self.path = path


class Opener(QObject):
    """Opens what a person names; late answers about what was left are dropped."""

    thumbnail_made = Signal(int, object)  # index, RGB uint8 [h, w, 3]
    preview_made = Signal(object)  # Preview
    opening = Signal(int)  # index
    unpacking = Signal(object)  # Progress, while a large photo is opened
    settled = Signal()  # the photo was opened, or could not be
    refused = Signal(str)  # why it could not be
    project_refused = Signal(object)  # ProjectRefused

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._list_generation = 0
        self._photo_generation = 0
        self._pictured_list = 0
        self._asked: tuple[Path, ...] = ()
        self._wanted: list[int] = []  # pictures of what is seen
        self._unasked = 0  # the next one that nobody asked for
        self._is_picturing = False
        self._return_to: Path | None = None
        self._pictured: set[int] = set()
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
        self._asked = tuple(paths)
        current = self._context.session.project
        work = partial(_make_list, self._context.tasks, current, tuple(paths))
        job = self._context.jobs.quick(self.tr("Opening"), work)
        generation = self._list_generation
        job.succeeded.connect(partial(self._on_list_made, generation))
        job.failed.connect(self._on_list_failed)
        job.ended.connect(self._on_list_ended)
        self._context.jobs.launch(job)

    def reopen(self, path: Path | None = None) -> None:
        """Read the list anew; `path` or the photo on the screen is opened again."""
        self._photo_generation += 1  # what is being opened is old already
        self._return_to = path
        self.open_paths(self._asked)

    def take_project(self, project: Project) -> None:
        """Show the photos of a project that is open already, as in safe mode."""
        self._list_generation += 1
        job = self._context.jobs.quick(
            self.tr("Opening"), partial(_list_of, project, project.path)
        )
        job.succeeded.connect(partial(self._on_list_made, self._list_generation))
        job.failed.connect(self._context.notices.report)
        self._context.jobs.launch(job)

    def leave_project(self) -> None:
        """Close the project; what was being opened of it is dropped."""
        self._list_generation += 1
        self._photo_generation += 1
        if self._job is not None:
            self._job.cancel()
        self._context.session.close_project()

    def _on_list_failed(self, error: Exception) -> None:
        if isinstance(error, ProjectRefused):
            self.project_refused.emit(error)
        else:
            self._context.notices.report(error)

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
        index = session.index if found.is_same else None
        before = self._return_to if index is None else session.entries[index].path
        self._return_to = None
        self._context.survey.take(found.known)
        done = {photo.record.path for photo in found.known if photo.is_detected}
        session.open_list(found.project, found.photos, done)
        self._context.preferences.add_recent(found.asked_for)
        if found.is_elsewhere:
            self._context.notices.tell(
                self.tr("This folder cannot be written to."),
                self.tr("Your work is kept in {0}.").format(found.project.path),
            )
        if not found.is_same:
            for notice in found.project.notices:
                self._context.notices.tell(notice.message, notice.hint)
        if not found.photos:
            self._context.notices.warn(
                self.tr("There is no photo in {0}.").format(found.asked_for.name),
                self.tr("Choose a folder with JPEG, PNG, TIFF, HEIC or raw photos."),
            )
            return
        self.open_index(found.photos.index(before) if before in found.photos else 0)

    def want_pictures(self, indices: Sequence[int]) -> None:
        """Make the small pictures of what is seen now before all others."""
        self._wanted = list(indices)
        if self._pictured_list == self._list_generation:
            self._next_thumbnail()

    def _next_thumbnail(self) -> None:
        """One after the other, so that a photo to be opened never waits for all."""
        index = self._next_picture()
        if self._is_picturing or index is None:
            return
        self._is_picturing = True
        generation = self._list_generation
        path = self._context.session.entries[index].path
        work = partial(self._context.tasks.thumbnail, path, THUMBNAIL_PX)
        job = self._context.jobs.quick(self.tr("Small picture"), work)
        job.succeeded.connect(partial(self._on_thumbnail, generation, index))
        job.failed.connect(partial(self._on_broken, generation, index))
        job.ended.connect(self._on_thumbnail_ended)
        self._context.jobs.launch(job)

    def _next_picture(self) -> int | None:
        """What is seen, then the first photos of the list; further ones when seen."""
        entries = self._context.session.entries
        while self._wanted:
            index = self._wanted.pop(0)
            if index < len(entries):
                return index
        while self._unasked < min(len(entries), _MOST_UNASKED):
            self._unasked += 1
            if self._unasked - 1 not in self._pictured:
                return self._unasked - 1
        return None

    def _on_thumbnail(
        self, generation: int, index: int, pixels: NDArray[np.uint8]
    ) -> None:
        if generation != self._list_generation:
            return
        if self._context.session.entries[index].state is EntryState.WAITING:
            self._context.session.set_entry(index, EntryState.READY)
        self._pictured.add(index)
        self.thumbnail_made.emit(index, pixels)

    def _on_broken(self, generation: int, index: int, error: Exception) -> None:
        if generation != self._list_generation:
            return
        text = str(error) if isinstance(error, CaihuaError) else repr(error)
        self._context.session.set_entry(index, EntryState.BROKEN, text)

    def _on_thumbnail_ended(self, _job: object) -> None:
        self._is_picturing = False
        if self._pictured_list == self._list_generation:
            self._next_thumbnail()

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
            self._unasked, self._pictured = 0, set()
            self._next_thumbnail()

    def step(self, places: int) -> None:
        """Go on (positive) or back in the list."""
        index, order = self._context.session.index, self._context.survey.order
        if not order:
            return
        if index not in order:
            self.open_index(order[0])
            return
        wanted = order.index(index) + places
        if 0 <= wanted < len(order):
            self.open_index(order[wanted])

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
        if isinstance(error, DamagedProject):
            self._context.notices.report(error)
        elif isinstance(error, CaihuaError):
            said = self._why_not(self._context.session.entries[index].path, error)
            self._context.session.leave_photo()
            self._context.session.set_entry(index, EntryState.BROKEN, said)
            self.refused.emit(said)
        else:
            self._context.notices.report(error)

    def _why_not(self, path: Path, error: CaihuaError) -> str:
        """Why a photo cannot be opened, and what to do; one that is known is safe."""
        found = self._context.survey.photos.get(path)
        if found is None or path.exists():
            return str(error)
        if found.record.outside:
            said = self.tr(
                "{0} lies outside the project's folder and is not opened unasked. "
                "Choose Allow… beside the list if the project is from somebody you "
                "trust."
            )
        else:
            said = self.tr(
                "{0} is not where the project looks for it. What was found and drawn "
                "on it is safe; choose Find… beside the list to say where it is now."
            )
        return said.format(path.name)

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
        project = _opened_or_same(tasks, current, first)
        return replace(_list_of(project, first), is_same=project is current)
    photos = tasks.find_photos([absolute(path) for path in paths])
    folder = first if first.is_dir() else first.parent
    path = project_path_for(folder)
    elsewhere = path.parent != folder
    path.parent.mkdir(parents=True, exist_ok=True)
    project = _opened_or_same(tasks, current, path)
    known = tuple(find_photos(project))
    if first.is_dir() and len(paths) == 1:  # what is missing there is listed as well
        seen = set(photos)
        lost = (photo.record.path for photo in known)
        photos += [path for path in dict.fromkeys(lost) if path not in seen]
    return _List(project, photos, known, first, elsewhere, project is current)


def _list_of(project: Project, asked_for: Path) -> _List:
    """All photos of a project."""
    known = tuple(find_photos(project))
    paths = list(dict.fromkeys(photo.record.path for photo in known))
    return _List(project, paths, known, asked_for, is_elsewhere=False)


def _opened_or_same(tasks: Tasks, current: Project | None, path: Path) -> Project:
    """A project is open once: asked for again, it is the same one."""
    if current is not None and current.path == absolute(path):
        return current
    was_there = path.is_file()
    try:
        return tasks.open_project(path)
    except BadProject as error:
        if was_there:
            raise ProjectRefused(path, error) from error
        raise
