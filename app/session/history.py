"""Undo and redo as the project does them, beside the window's thread."""

from collections.abc import Callable
from dataclasses import dataclass

from resunet_core.mask.edit import MaskEdit
from resunet_core.mask.tiled import DefectMask
from resunet_core.project.store import Detection, Project

Move = Callable[[int, DefectMask], MaskEdit | None]
"""`Project.undo` or `Project.redo`: for a photo's id and its mask."""


@dataclass(frozen=True)
class Turned:
    """What an undo or redo led to; the edit is None where nothing was turned."""

    photo_id: int
    edit: MaskEdit | None
    undo_name: str | None
    redo_name: str | None
    detection: Detection | None


def turn(
    project: Project,
    photo_id: int,
    mask: DefectMask,
    move: Move,
    done: Callable[[Turned], None],
) -> None:
    """Turn a step and tell `done` how things stand, even where that failed."""
    edit = None
    try:
        edit = move(photo_id, mask)
    finally:
        done(
            Turned(
                photo_id,
                edit,
                project.undo_name(photo_id),
                project.redo_name(photo_id),
                project.detection(photo_id),
            )
        )
