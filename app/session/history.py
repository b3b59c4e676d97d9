"""Undo and redo: strokes at once on the screen, all else as the project does it."""

from collections.abc import Callable
from dataclasses import dataclass

from resunet_core.mask.edit import MaskEdit
from resunet_core.mask.tiled import DefectMask, Key
from resunet_core.project.checked import checked_tiles
from resunet_core.project.store import Detection, Project

Move = Callable[[int, DefectMask], MaskEdit | None]
"""`Project.undo` or `Project.redo`: for a photo's id and its mask."""

TurnRecent = Callable[[DefectMask], MaskEdit | None]
"""`RecentStrokes.undo` or `RecentStrokes.redo`."""

_KEPT_STROKES = 50
_KEPT_BYTES = 64 * 2**20  # of their tiles; older ones come from the project
UNKNOWN = ""
"""In place of a step's name until the project has told it; there may be a step."""


@dataclass(frozen=True)
class Turned:
    """What an undo or redo led to; the edit is None where nothing was turned.

    Attributes:
        number: Of the change of the history, in the order they were asked for.
        is_shown: Whether the screen showed it before the project did it.
    """

    number: int
    is_shown: bool
    photo_id: int
    edit: MaskEdit | None
    undo_name: str | None
    redo_name: str | None
    detection: Detection | None
    checked: frozenset[Key]


class RecentStrokes:
    """The last strokes of the open photo, in step with the project's own history.

    They can be turned without waiting for the project, as nothing but strokes has
    happened since the oldest of them.
    """

    def __init__(self) -> None:
        self._done: list[MaskEdit] = []
        self._undone: list[MaskEdit] = []

    def clear(self) -> None:
        """Something else happened: the project alone knows the order now."""
        self._done.clear()
        self._undone.clear()

    def add(self, stroke: MaskEdit) -> None:
        """Note a new stroke; what was undone before is gone."""
        self._undone.clear()
        self._done = [*self._done, stroke][-_KEPT_STROKES:]
        room = _KEPT_BYTES
        for number in range(len(self._done) - 1, -1, -1):
            room -= self._done[number].nbytes
            if room < 0:
                del self._done[: number + 1]
                return

    def undo(self, mask: DefectMask) -> MaskEdit | None:
        """Take the last stroke back in `mask`; None where none is known."""
        if not self._done:
            return None
        stroke = self._done.pop()
        stroke.revert(mask)
        self._undone.append(stroke)
        return stroke

    def redo(self, mask: DefectMask) -> MaskEdit | None:
        """Bring the last undone stroke back in `mask`; None where none is known."""
        if not self._undone:
            return None
        stroke = self._undone.pop()
        stroke.apply(mask)
        self._done.append(stroke)
        return stroke

    @property
    def last_done(self) -> MaskEdit | None:
        """What undo would take back."""
        return self._done[-1] if self._done else None

    @property
    def last_undone(self) -> MaskEdit | None:
        """What redo would bring back."""
        return self._undone[-1] if self._undone else None


@dataclass(frozen=True)
class Turn:
    """An undo or redo to be done in the project."""

    number: int
    is_shown: bool
    photo_id: int
    mask: DefectMask
    move: Move


def turn(project: Project, asked: Turn, done: Callable[[Turned], None]) -> None:
    """Turn a step and tell `done` how things stand, even where that failed."""
    edit, photo_id = None, asked.photo_id
    try:
        edit = asked.move(photo_id, asked.mask)
    finally:
        done(
            Turned(
                asked.number,
                asked.is_shown,
                photo_id,
                edit,
                project.undo_name(photo_id),
                project.redo_name(photo_id),
                project.detection(photo_id),
                checked_tiles(project, photo_id),
            )
        )
