"""The mask of the photo on the screen: strokes, steps, undo and redo."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.session.authors import ME
from app.session.change import Change
from app.session.entry import OpenedPhoto
from app.session.history import (
    UNKNOWN,
    Move,
    RecentStrokes,
    Turn,
    Turned,
    TurnRecent,
    turn,
)
from app.session.listing import Listing
from app.session.merge import merge_edits
from resunet_core.box import Box
from resunet_core.mask.edit import MaskEdit
from resunet_core.mask.stroke import Stroke
from resunet_core.mask.tiled import DefectMask, PlaneName
from resunet_core.project.store import Detection, Who
from resunet_core.project.timeline import TimelineStep, steps_of

Prepare = Callable[[DefectMask], MaskEdit | None]
"""Changes a mask and returns the edit that did so; None where nothing changed."""

_Prepared = tuple[Prepare, Future[MaskEdit | None]]


class Editing(Listing):
    """Changes the mask on the screen at once, and on the disk in order."""

    mask_changed = Signal(object)  # Change
    detection_changed = Signal()
    checks_changed = Signal()
    _turned = Signal(object)
    _prepared = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stroke: Stroke | None = None
        self._recent = RecentStrokes()
        self._changes = 0  # of the history, counted
        self._turns = 0  # asked of the project and not yet on the screen
        self._turned.connect(self._on_turned)
        self._preview: list[MaskEdit] = []
        self._stroke_box = Box(0, 0, 0, 0)
        self._hands = ThreadPoolExecutor(1, thread_name_prefix="edits")
        self._preparing: deque[_Prepared] = deque()
        self._prepared.connect(self._take_ready)

    # A brush stroke

    @property
    def is_drawing(self) -> bool:
        """Whether a stroke is in the middle."""
        return self._stroke is not None

    def start_stroke(
        self,
        x: float,
        y: float,
        *,
        class_id: int,
        radius_px: float,
        name: str,
        plane: PlaneName = "person",
    ) -> None:
        """Begin to draw at a point of the photo; class 0 says that paint is sound."""
        if self._opened is not None and self._stroke is None and self.may_change():
            self._take_all()
            if self._turns:
                self._writer.flush()  # the stroke begins on what undo leaves
            mask = self._opened.mask
            self._stroke = Stroke(mask, class_id, radius_px, name, plane=plane)
            self._stroke_box = Box(0, 0, 0, 0)
            self.extend_stroke(x, y)

    def extend_stroke(self, x: float, y: float, radius_px: float | None = None) -> None:
        """Draw on to another point, with another radius from here on where given."""
        if self._stroke is not None:
            dirty = self._stroke.extend(x, y, radius_px)
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

    # Any other edit

    def change(self, prepare: Prepare) -> None:
        """Make an edit one step of the history, however large it is.

        It is worked out on a copy of the mask, beside this thread, and shown a moment
        later. Whoever changes the mask next waits for it.
        """
        opened = self._opened
        if opened is None or not self.may_change():
            return
        self.finish_stroke()
        if self._turns:
            self._writer.flush()
        self._take_all()
        future = self._hands.submit(prepare, opened.mask.snapshot())
        self._preparing.append((prepare, future))
        future.add_done_callback(lambda _: self._prepared.emit())

    def _take_ready(self) -> None:
        while self._preparing and self._preparing[0][1].done():
            self._take_prepared(*self._preparing.popleft())

    def _take_all(self) -> None:
        """Wait for the edits that are being worked out."""
        while self._preparing:
            self._take_prepared(*self._preparing.popleft())

    def _take_prepared(self, prepare: Prepare, future: Future[MaskEdit | None]) -> None:
        opened, edit = self._opened, future.result()
        if opened is None or edit is None:
            return
        if edit.fits(opened.mask):
            edit.apply(opened.mask)
        else:  # a model's preview came in between
            edit = prepare(opened.mask)
        if edit is not None:
            self._commit(edit, ME)

    # What is previewed

    def drop_preview(self) -> None:
        """Take back what was previewed and not kept."""
        opened = self._opened
        edit = merge_edits("", self._preview)
        self._preview.clear()
        if opened is not None and edit is not None:
            edit.revert(opened.mask)
            self.mask_changed.emit(Change(edit.box))

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

    def ask_steps(self, then: Callable[[list[TimelineStep]], None]) -> None:
        """Tell `then` the steps of the photo, once all that was done is kept."""
        opened, project = self._opened, self._project
        if opened is None or project is None:
            then([])
            return
        work = partial(steps_of, project, opened.record.id)
        self._writer.ask(work, then, self.write_failed.emit)

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
        if not self.may_change():
            return
        self._take_all()
        opened = self._opened or opened
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
        self._opened = replace(
            before, detection=turned.detection, checked=turned.checked
        )
        if turned.edit is not None:
            self.mask_changed.emit(Change(turned.edit.box))
        if turned.detection != before.detection:
            self.drop_preview()
            self._mark(before.record.path, turned.detection)
            self.detection_changed.emit()
        if turned.checked != before.checked:
            self.checks_changed.emit()

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

    def close(self) -> None:
        """Leave the photo, wait until everything is written, close the project."""
        super().close()
        self._hands.shutdown(wait=True)

    def _settle(self) -> None:
        self.finish_stroke()
        self._take_all()
        if self._preview:
            self.drop_preview()
            self.detection_changed.emit()

    def _forget(self) -> None:
        self._recent.clear()
