"""The facade: what is open, and the only writer of it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.session.authors import model_of, this_person
from app.session.change import Change
from app.session.entry import Detected, EntryState, ModelTile, OpenedPhoto, PhotoEntry
from app.session.history import (
    UNKNOWN,
    Move,
    RecentStrokes,
    Turn,
    Turned,
    TurnRecent,
    turn,
)
from app.session.merge import merge_edits
from app.session.unseen import replace_unseen
from app.session.writer import ProjectWriter
from resunet_core.box import Box
from resunet_core.mask.edit import MaskEdit
from resunet_core.mask.replace import replace_model_plane
from resunet_core.mask.stroke import Stroke
from resunet_core.mask.tiled import DefectMask
from resunet_core.project.store import Detection, PhotoRecord, Project, Who

ME = this_person()


class Session(QObject):
    """Holds the open project, its photos and the mask of the one on the screen.

    All methods belong to the window's thread. Each change of the mask is put on the
    disk by the writer thread, in order; `close` waits for it.
    """

    list_opened = Signal()
    entry_changed = Signal(int)
    photo_shown = Signal()
    photo_left = Signal()
    mask_changed = Signal(object)  # Change
    history_changed = Signal()
    detection_changed = Signal()
    details_changed = Signal()
    write_failed = Signal(object)
    _turned = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._writer = ProjectWriter(self)
        self._writer.failed.connect(self._on_write_failed)
        self._project: Project | None = None
        self._entries: list[PhotoEntry] = []
        self._index: int | None = None
        self._opened: OpenedPhoto | None = None
        self._stroke: Stroke | None = None
        self._recent = RecentStrokes()
        self._changes = 0  # of the history, counted
        self._turns = 0  # asked of the project and not yet on the screen
        self._turned.connect(self._on_turned)
        self._preview: list[MaskEdit] = []
        self._stroke_box = Box(0, 0, 0, 0)

    # What is open

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
        self.finish_stroke()
        self.drop_preview()
        self._opened, self._index = None, None
        self._recent.clear()
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

    # A brush stroke

    @property
    def is_drawing(self) -> bool:
        """Whether a stroke is in the middle."""
        return self._stroke is not None

    def start_stroke(
        self, x: float, y: float, *, class_id: int, radius_px: float, name: str
    ) -> None:
        """Begin to draw at a point of the photo; class 0 says that paint is sound."""
        if self._opened is not None and self._stroke is None:
            if self._turns:
                self._writer.flush()  # the stroke begins on what undo leaves
            self._stroke = Stroke(self._opened.mask, class_id, radius_px, name)
            self._stroke_box = Box(0, 0, 0, 0)
            self.extend_stroke(x, y)

    def extend_stroke(self, x: float, y: float) -> None:
        """Draw on to another point."""
        if self._stroke is not None:
            dirty = self._stroke.extend(x, y)
            self._stroke_box = self._stroke_box.union(dirty)
            self.mask_changed.emit(Change(dirty, live=True))

    def finish_stroke(self) -> None:
        """End the stroke: it becomes one step of the history and goes to the disk."""
        stroke, self._stroke = self._stroke, None
        if stroke is not None and (edit := stroke.finish()) is not None:
            self._commit(edit, ME)

    def abort_stroke(self) -> None:
        """Take the stroke back as if it had never begun."""
        stroke, self._stroke = self._stroke, None
        if stroke is not None:
            stroke.abort()
            self.mask_changed.emit(Change(self._stroke_box))

    # What the model found

    def preview_model(self, tiles: Iterable[ModelTile]) -> None:
        """Show another result of the model; not a step of the history until kept."""
        if self._opened is None:
            return
        if self._turns:
            self._writer.flush()  # it lies on what undo leaves
        edit = replace_model_plane(self._opened.mask, tiles, "")
        if edit is not None:
            self._preview.append(edit)
            self.mask_changed.emit(Change(edit.box, live=True))

    def keep_preview(self, detection: Detection, name: str) -> None:
        """Make what was previewed one step of the history and put it on the disk."""
        opened, project = self._opened, self._project
        if opened is None or project is None:
            return
        edit = merge_edits(name, self._preview)
        self._preview.clear()
        self._opened = opened = replace(opened, detection=detection)
        if edit is not None:
            self._commit(edit, model_of(detection), detection)
        else:
            self._writer.submit(
                partial(project.set_detection, opened.record.id, detection, who=ME)
            )
        self.detection_changed.emit()

    def drop_preview(self) -> None:
        """Take back what was previewed and not kept."""
        opened = self._opened
        edit = merge_edits("", self._preview)
        self._preview.clear()
        if opened is not None and edit is not None:
            edit.revert(opened.mask)
            self.mask_changed.emit(Change(edit.box))

    def take_detection(self, record: PhotoRecord, found: Detected, name: str) -> None:
        """Put what a detection found under what persons drew, and on the disk.

        The photo need not be the one on the screen.
        """
        self._mark(record.path, found.detection)
        opened, project = self._opened, self._project
        if project is None:
            return
        if opened is None or opened.record.id != record.id:
            self._writer.submit(
                partial(replace_unseen, project, record.id, found, name)
            )
            return
        self.finish_stroke()
        self.drop_preview()
        edit = replace_model_plane(opened.mask, found.tiles, name)
        if edit is not None:
            self._preview.append(edit)
        self._opened = replace(opened, probabilities=found.probabilities)
        self.keep_preview(found.detection, name)

    # History

    @property
    def undo_name(self) -> str | None:
        """What undo would take back; None when nothing."""
        return self._opened.undo_name if self._opened is not None else None

    @property
    def redo_name(self) -> str | None:
        """What redo would bring back; None when nothing."""
        return self._opened.redo_name if self._opened is not None else None

    def undo(self) -> None:
        """Take the last step back: a stroke at once, others in a moment."""
        if self._project is not None:
            self._turn(partial(self._project.undo, who=ME), self._recent.undo)

    def redo(self) -> None:
        """Bring the last undone step back: a stroke at once, others in a moment."""
        if self._project is not None:
            self._turn(partial(self._project.redo, who=ME), self._recent.redo)

    # Of the photo

    def set_building(self, name: str) -> None:
        """Say which building the photo belongs to."""
        opened, project = self._opened, self._project
        if opened is None or project is None or name == opened.record.building:
            return
        self._opened = replace(opened, record=replace(opened.record, building=name))
        self._writer.submit(
            partial(project.set_building, opened.record.id, name, who=ME)
        )
        self.details_changed.emit()

    def set_scale(self, mm_per_px: float | None) -> None:
        """Say how many millimetres a pixel is; None where it is not known."""
        opened, project = self._opened, self._project
        if opened is None or project is None or mm_per_px == opened.record.mm_per_px:
            return
        self._opened = replace(
            opened, record=replace(opened.record, mm_per_px=mm_per_px)
        )
        self._writer.submit(
            partial(project.set_scale, opened.record.id, mm_per_px, who=ME)
        )
        self.details_changed.emit()

    def flush(self) -> None:
        """Wait until everything so far is on the disk."""
        self._writer.flush()

    # Inside

    def _commit(
        self, edit: MaskEdit, who: Who, detection: Detection | None = None
    ) -> None:
        opened, project = self._opened, self._project
        if opened is None or project is None:
            return
        self._changes += 1
        if detection is None:
            self._recent.add(edit)
        else:
            self._recent.clear()
        self._opened = replace(opened, undo_name=edit.name, redo_name=None)
        commit = partial(
            project.commit, opened.record.id, edit, who=who, detection=detection
        )
        self._writer.submit(commit)
        self.mask_changed.emit(Change(edit.box))
        self.history_changed.emit()

    def _turn(self, move: Move, turn_recent: TurnRecent) -> None:
        """Undo or redo: on the screen at once if it can be, on the disk in order."""
        opened, project = self._opened, self._project
        if opened is None or project is None or self._stroke is not None:
            return
        if self._preview:  # what is not kept yet is the last thing that was done
            self.drop_preview()
            self.detection_changed.emit()
            return
        self._changes += 1
        photo_id, mask = opened.record.id, opened.mask
        edit = None if self._turns else turn_recent(mask)
        if edit is not None:
            mask = DefectMask(mask.height, mask.width)  # the screen's may be ahead
            self._show_turn(opened, edit)
        else:
            self._turns += 1
            self._recent.clear()
        asked = Turn(self._changes, edit is not None, photo_id, mask, move)
        self._writer.submit(partial(turn, project, asked, self._turned.emit))

    def _on_turned(self, turned: Turned) -> None:
        self._turns -= not turned.is_shown
        opened = self._opened
        if opened is None or opened.record.id != turned.photo_id:
            return
        if turned.number == self._changes:  # else more has happened since
            opened = replace(
                opened, undo_name=turned.undo_name, redo_name=turned.redo_name
            )
            self._opened = opened
        if not turned.is_shown:
            self._take_turn(opened, turned)
        self.history_changed.emit()

    def _take_turn(self, before: OpenedPhoto, turned: Turned) -> None:
        """Show what the project turned by itself."""
        self._opened = replace(before, detection=turned.detection)
        if turned.edit is not None:
            self.mask_changed.emit(Change(turned.edit.box))
        if turned.detection != before.detection:
            self.drop_preview()
            self._mark(before.record.path, turned.detection)
            self.detection_changed.emit()

    def _show_turn(self, opened: OpenedPhoto, edit: MaskEdit) -> None:
        """Show an undo or redo that the project is about to do."""
        done, undone = self._recent.last_done, self._recent.last_undone
        self._opened = replace(
            opened,
            undo_name=UNKNOWN if done is None else done.name,
            redo_name=None if undone is None else undone.name,
        )
        self.mask_changed.emit(Change(edit.box))
        self.history_changed.emit()

    def _on_write_failed(self, error: object) -> None:
        self._recent.clear()  # the project may lack what the screen shows
        self.write_failed.emit(error)

    def _mark(self, path: Path, detection: Detection | None) -> None:
        state = EntryState.READY if detection is None else EntryState.DETECTED
        for index, entry in enumerate(self._entries):
            if entry.path == path:
                self.set_entry(index, state)
