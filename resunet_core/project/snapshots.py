"""Named states of photos to compare with and to go back to.

A snapshot costs nothing when it is made: a tile is kept for it when it first becomes
another one.
"""

import sqlite3
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.errors import WrongUsage
from resunet_core.mask.edit import Draft, MaskEdit
from resunet_core.mask.tile import Pixels
from resunet_core.mask.tiled import DefectMask, Key, PlaneName, tiles_meeting
from resunet_core.project.access import OpenProject
from resunet_core.project.checked import checked_tiles
from resunet_core.project.log import Happening, add_entry, now
from resunet_core.project.photos import read_detection, read_time, size_of
from resunet_core.project.planes import PLANES, load_planes, read_blob
from resunet_core.project.records import SOMEBODY, Detection, Who

_LONGEST_NAME = 200


@dataclass(frozen=True)
class Snapshot:
    """A named state of some photos."""

    id: int
    name: str
    at: datetime
    who: str
    photo_ids: frozenset[int]


def take_snapshot(
    project: OpenProject,
    name: str,
    photo_ids: Collection[int] | None = None,
    *,
    who: Who = SOMEBODY,
) -> int:
    """Keep the state of some photos, or of all, under a name; the snapshot's id.

    Raises:
        WrongUsage: The name is empty or far too long.
    """
    name = name.strip()
    if not 0 < len(name) <= _LONGEST_NAME:
        raise WrongUsage(f"“{name[:40]}” cannot be a name.", "Give a short name.")
    with project.changing() as database:
        if photo_ids is None:
            rows = database.execute("SELECT id FROM photos ORDER BY id")
            photo_ids = [photo_id for (photo_id,) in rows.fetchall()]
        snapshot_id = int(
            database.execute(
                "INSERT INTO snapshots (name, at, who_name) VALUES (?, ?, ?)"
                " RETURNING id",
                (name, now(), who.name),
            ).fetchone()[0]
        )
        for photo_id in photo_ids:
            database.execute(
                "INSERT INTO snapshot_photos (snapshot_id, photo_id, detection)"
                " SELECT ?, id, detection FROM photos WHERE id = ?",
                (snapshot_id, photo_id),
            )
            add_entry(database, photo_id, Happening(who, "snapshot", name))
    return snapshot_id


def snapshots_of(project: OpenProject, photo_id: int | None = None) -> list[Snapshot]:
    """The snapshots of a photo, or all, oldest first."""
    with project.reading() as database:
        members: dict[int, set[int]] = {}
        rows = database.execute("SELECT snapshot_id, photo_id FROM snapshot_photos")
        for snapshot_id, member in rows:
            members.setdefault(snapshot_id, set()).add(member)
        rows = database.execute(
            "SELECT id, name, at, who_name FROM snapshots ORDER BY id"
        )
        found = [
            Snapshot(number, str(name), read_time(at), str(who), _of(members, number))
            for number, name, at, who in rows.fetchall()
        ]
    return [s for s in found if photo_id is None or photo_id in s.photo_ids]


def forget_snapshot(
    project: OpenProject, snapshot_id: int, *, who: Who = SOMEBODY
) -> None:
    """Take a snapshot away; the log goes on to say that there was one."""
    with project.changing() as database:
        name = _name(database, snapshot_id)
        rows = database.execute(
            "SELECT photo_id FROM snapshot_photos WHERE snapshot_id = ?",
            (snapshot_id,),
        )
        for (photo_id,) in rows.fetchall():
            # The snapshot before may need what was kept for this one.
            database.execute(
                "UPDATE OR IGNORE snapshot_tiles SET snapshot_id ="
                " (SELECT MAX(snapshot_id) FROM snapshot_photos"
                " WHERE photo_id = ?1 AND snapshot_id < ?2)"
                " WHERE photo_id = ?1 AND snapshot_id = ?2 AND EXISTS"
                " (SELECT 1 FROM snapshot_photos"
                " WHERE photo_id = ?1 AND snapshot_id < ?2)",
                (photo_id, snapshot_id),
            )
            event = Happening(who, "snapshot", f"{name}: taken away")
            add_entry(database, photo_id, event)
        database.execute("DELETE FROM snapshots WHERE id = ?", (snapshot_id,))


def snapshot_mask(project: OpenProject, photo_id: int, snapshot_id: int) -> DefectMask:
    """The mask of a photo as it was; KeyError where the snapshot has no such photo.

    Raises:
        BadProject: A part of it is damaged.
    """
    with project.reading() as database:
        _demand(database, photo_id, snapshot_id)
        mask = DefectMask(*size_of(database, photo_id))
        load_planes(database, photo_id, mask)
        # Of each tile that changed since, the first that was kept then or later.
        rows = database.execute(
            "SELECT plane, row, col, pixels, MIN(snapshot_id) FROM snapshot_tiles"
            " WHERE photo_id = ? AND snapshot_id >= ? GROUP BY plane, row, col",
            (photo_id, snapshot_id),
        )
        with closing(rows):
            for name, row, col, data, _ in rows:
                if name in PLANES:
                    plane = mask.plane(name)
                    tile = None if data is None else read_blob(plane, row, col, data)
                    plane.put(row, col, tile)
    return mask


def snapshot_detection(
    project: OpenProject, photo_id: int, snapshot_id: int
) -> Detection | None:
    """What the model's plane of a photo was made with then."""
    with project.reading() as database:
        text = _demand(database, photo_id, snapshot_id)
        return None if text is None else read_detection(text)


def restoring_edit(
    mask: DefectMask,
    then: DefectMask,
    name: str,
    region: Box,
    where: NDArray[np.bool] | None = None,
) -> MaskEdit | None:
    """Bring a region of a mask back to what it was; None when nothing is different.

    What persons drew and what models found, both: the edit is a person's, to be
    committed as one step.

    Args:
        mask: Changed at once.
        then: The mask as it was; of the same size.
        name: Of the edit, as the history shows it.
        region: Which pixels of the photo.
        where: Bool of the region's shape; pixels elsewhere in it stay. None: all.
    """
    edits = [_put_back(mask, then, plane, region, where) for plane in PLANES]
    changes = tuple(c for edit in edits if edit is not None for c in edit.changes)
    painted = region.clip(Box.of(mask.height, mask.width))
    return MaskEdit(name, painted, changes) if changes else None


def model_as_then(
    project: OpenProject, photo_id: int, then: DefectMask
) -> list[tuple[int, int, Pixels | None]]:
    """The model's tiles of a snapshot to roll back to, for `replace_model_plane`.

    What persons drew stays, and so does every tile that is checked.
    """
    checked = checked_tiles(project, photo_id)
    return [
        (row, col, then.model.tile(row, col))
        for row, col in tiles_meeting(Box.of(then.height, then.width))
        if (row, col) not in checked
    ]


def _put_back(
    mask: DefectMask,
    then: DefectMask,
    name: PlaneName,
    region: Box,
    where: NDArray[np.bool] | None,
) -> MaskEdit | None:
    draft = Draft(mask, name)
    inside = region.clip(Box.of(mask.height, mask.width))
    for key in tiles_meeting(inside):
        part = draft.tile_box(key).clip(inside)
        old, new = mask.plane(name).read(part), then.plane(name).read(part)
        chosen = old != new
        if where is not None:
            chosen &= where[part.within(region).slices]
        if chosen.any():
            _draw(draft, key, part, new, chosen)
    return draft.finish("", inside)


def _draw(
    draft: Draft, key: Key, part: Box, values: Pixels, chosen: NDArray[np.bool]
) -> None:
    frame = draft.tile_box(key)

    def paint(pixels: Pixels) -> None:
        np.copyto(pixels[part.within(frame).slices], values, where=chosen)

    draft.draw(key, paint)


def _demand(
    database: sqlite3.Connection, photo_id: int, snapshot_id: int
) -> str | None:
    rows = database.execute(
        "SELECT detection FROM snapshot_photos WHERE snapshot_id = ? AND photo_id = ?",
        (snapshot_id, photo_id),
    )
    for (text,) in rows.fetchall():
        return None if text is None else str(text)
    raise KeyError(snapshot_id)


def _name(database: sqlite3.Connection, snapshot_id: int) -> str:
    rows = database.execute("SELECT name FROM snapshots WHERE id = ?", (snapshot_id,))
    for (name,) in rows.fetchall():
        return str(name)
    raise KeyError(snapshot_id)


def _of(members: dict[int, set[int]], snapshot_id: int) -> frozenset[int]:
    return frozenset(members.get(snapshot_id, ()))
