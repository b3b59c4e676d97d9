"""Undo and redo in the project's tables: steps, each with its deltas.

A delta is a tile before XOR the same tile after: mostly zeros, so a stroke costs some
hundred bytes, and it leads from either state to the other. Deltas of two steps that
follow each other join by XOR as well.
"""

import sqlite3
from dataclasses import dataclass

import numpy as np

from resunet_core.box import Box
from resunet_core.mask.edit import MaskEdit, TileChange
from resunet_core.mask.tile import Pixels, pack, tile_of, unpack
from resunet_core.mask.tiled import DefectMask
from resunet_core.project.planes import read_blob, stored_tile

UNDO_STEPS = 500
"""Steps of a photo that can be undone; what is older stays in the log only."""

_STEP = (
    'SELECT id, name, top, "left", bottom, "right", coalesce, detects,'
    " detection_before, detection_after FROM steps"
)


@dataclass(frozen=True)
class Step:
    """A step that can be undone or redone."""

    id: int
    name: str
    box: Box
    coalesce: bool
    detects: bool
    detection_before: str | None
    detection_after: str | None


@dataclass(frozen=True)
class NewStep:
    """An edit to be recorded; `detection` is (before, after) in JSON, if it changes."""

    edit: MaskEdit
    coalesce: bool = False
    detection: tuple[str | None, str | None] | None = None


def last_done(database: sqlite3.Connection, photo_id: int) -> Step | None:
    """The step that undo would take back."""
    query = f"{_STEP} WHERE photo_id = ? AND undone = 0 ORDER BY id DESC LIMIT 1"
    return _read_step(database.execute(query, (photo_id,)))


def first_undone(database: sqlite3.Connection, photo_id: int) -> Step | None:
    """The step that redo would bring back."""
    query = f"{_STEP} WHERE photo_id = ? AND undone = 1 ORDER BY id LIMIT 1"
    return _read_step(database.execute(query, (photo_id,)))


def record_step(database: sqlite3.Connection, photo_id: int, new: NewStep) -> None:
    """Make an edit the last step; what was undone is gone, and the oldest steps too.

    An edit that may coalesce joins the last step if that may too and has its name.
    """
    dropped = database.execute(
        "DELETE FROM steps WHERE photo_id = ? AND undone = 1", (photo_id,)
    ).rowcount
    last = last_done(database, photo_id)
    if not dropped and last is not None and _joins(last, new):
        _join(database, last, new)
        return
    box = new.edit.box
    before, after = new.detection or (None, None)
    step_id = database.execute(
        'INSERT INTO steps (photo_id, name, top, "left", bottom, "right", coalesce,'
        " detects, detection_before, detection_after)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(photo_id, new.edit.name, box.top, box.left, box.bottom, box.right),
            *(new.coalesce, new.detection is not None, before, after),
        ),
    ).lastrowid
    for change in new.edit.changes:
        _insert_delta(database, step_id, change, _difference(change))
    database.execute(
        "DELETE FROM steps WHERE photo_id = ? AND id <= (SELECT id FROM steps"
        " WHERE photo_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?)",
        (photo_id, photo_id, UNDO_STEPS),
    )


def turn_step(
    database: sqlite3.Connection, photo_id: int, step: Step, mask: DefectMask
) -> MaskEdit:
    """The edit that undoes a done step or redoes an undone one, and the step marked.

    The tiles come from the project's tables; of `mask` only the size is used.

    Raises:
        DamagedTile: A tile is damaged.
    """
    changes = []
    rows = database.execute(
        "SELECT plane, row, col, pixels FROM deltas WHERE step_id = ?"
        " ORDER BY plane, row, col",
        (step.id,),
    )
    for name, row, col, data in rows.fetchall():
        plane = mask.plane(name)
        before = stored_tile(database, photo_id, (name, row, col), plane)
        delta = read_blob(plane, row, col, data).pixels
        after = tile_of(delta if before is None else before.pixels ^ delta)
        if after is not None:
            after.release()
        changes.append(TileChange(name, row, col, before, after))
    database.execute("UPDATE steps SET undone = 1 - undone WHERE id = ?", (step.id,))
    return MaskEdit(step.name, step.box, tuple(changes))


def _read_step(found: sqlite3.Cursor) -> Step | None:
    row = found.fetchone()
    if row is None:
        return None
    step_id, name, top, left, bottom, right, coalesce, detects, *detections = row
    box = Box(top, left, bottom, right)
    return Step(step_id, name, box, bool(coalesce), bool(detects), *detections)


def _joins(last: Step, new: NewStep) -> bool:
    if not (last.coalesce and new.coalesce and last.name == new.edit.name):
        return False
    return last.detects == (new.detection is not None)


def _join(database: sqlite3.Connection, last: Step, new: NewStep) -> None:
    """Let an edit become part of the last step, which is gone if that undoes it."""
    for change in new.edit.changes:
        pixels = _difference(change)
        if not pixels.any():
            continue
        place = (last.id, change.plane, change.row, change.col)
        earlier = database.execute(
            "DELETE FROM deltas WHERE step_id = ? AND plane = ? AND row = ?"
            " AND col = ? RETURNING pixels",
            place,
        ).fetchall()
        for (data,) in earlier:
            pixels = pixels ^ unpack(data, pixels.shape)
        _insert_delta(database, last.id, change, pixels)
    box = last.box.union(new.edit.box)
    after = new.detection[1] if new.detection else None
    database.execute(
        'UPDATE steps SET top = ?, "left" = ?, bottom = ?, "right" = ?,'
        " detection_after = ? WHERE id = ?",
        (box.top, box.left, box.bottom, box.right, after, last.id),
    )
    database.execute(
        "DELETE FROM steps WHERE id = ? AND detection_before IS detection_after"
        " AND NOT EXISTS (SELECT 1 FROM deltas WHERE step_id = steps.id)",
        (last.id,),
    )


def _insert_delta(
    database: sqlite3.Connection, step_id: int | None, change: TileChange, delta: Pixels
) -> None:
    if delta.any():
        database.execute(
            "INSERT INTO deltas (step_id, plane, row, col, pixels)"
            " VALUES (?, ?, ?, ?, ?)",
            (step_id, change.plane, change.row, change.col, pack(delta)),
        )


def _difference(change: TileChange) -> Pixels:
    """The tile before XOR after; of no size where both are zeros."""
    if change.before is not None and change.after is not None:
        return change.before.pixels ^ change.after.pixels
    present = change.before or change.after
    return np.zeros((0, 0), np.uint8) if present is None else present.pixels
