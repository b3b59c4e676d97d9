"""Tiles that a person has checked: no model changes them any more."""

import sqlite3
from collections.abc import Iterable, Iterator

from resunet_core.box import Box
from resunet_core.errors import WrongUsage
from resunet_core.mask.edit import MaskEdit
from resunet_core.mask.tile import Pixels
from resunet_core.mask.tiled import Key, TiledPlane, tiles_meeting
from resunet_core.project.access import OpenProject
from resunet_core.project.log import Happening, add_entry
from resunet_core.project.photos import size_of
from resunet_core.project.records import Who
from resunet_core.project.steps import NewStep, record_step, turn_checks

ModelTile = tuple[int, int, Pixels | None]
"""Row, column and class ids of a tile of the model's plane; None for all sound."""


def checked_tiles(project: OpenProject, photo_id: int) -> frozenset[Key]:
    """Rows and columns of the tiles of a photo that are checked."""
    with project.reading() as database:
        return _checked(database, photo_id)


def set_checked(
    project: OpenProject,
    photo_id: int,
    box: Box,
    *,
    who: Who,
    is_checked: bool = True,
) -> frozenset[Key]:
    """Mark each tile that meets a box as checked, or no longer so; one step to undo.

    Returns:
        The tiles whose mark changed.
    """
    with project.changing(photo_id) as database:
        plane = TiledPlane(*size_of(database, photo_id))
        meant = frozenset(tiles_meeting(box.clip(Box.of(plane.height, plane.width))))
        known = _checked(database, photo_id)
        changed = meant - known if is_checked else meant & known
        if not changed:
            return changed
        around = Box(0, 0, 0, 0)
        for key in changed:
            around = around.union(plane.tile_box(*key))
        name = "Check" if is_checked else "Take the check back"
        turn_checks(database, photo_id, changed)
        edit = MaskEdit(name, around, ())
        record_step(database, photo_id, NewStep(edit, checks=changed))
        event = Happening(who, "check", f"{name}: {len(changed)} tiles", around)
        add_entry(database, photo_id, event)
    return changed


def sparing_checked(
    tiles: Iterable[ModelTile], checked: frozenset[Key]
) -> Iterator[ModelTile]:
    """What a model found, without the tiles that a person has checked."""
    return (tile for tile in tiles if tile[:2] not in checked)


def refuse_checked(database: sqlite3.Connection, photo_id: int, edit: MaskEdit) -> None:
    """Let no model change a tile that a person has checked.

    Raises:
        WrongUsage: The edit would.
    """
    places = {(c.row, c.col) for c in edit.changes if c.plane == "model"}
    if places and not places.isdisjoint(_checked(database, photo_id)):
        raise WrongUsage(
            f"“{edit.name}” would change tiles that a person has checked.",
            "Take their check back first.",
        )


def _checked(database: sqlite3.Connection, photo_id: int) -> frozenset[Key]:
    rows = database.execute(
        "SELECT row, col FROM checked WHERE photo_id = ?", (photo_id,)
    )
    return frozenset(rows.fetchall())
