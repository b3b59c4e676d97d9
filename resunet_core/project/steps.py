"""Undo and redo in the project's tables: steps, each with its deltas.

A delta is a tile before XOR the same tile after: mostly zeros, so a stroke costs some
hundred bytes, and it leads from either state to the other. Deltas of two steps that
follow each other join by XOR as well. Where a tile was all zero on the other side of
the step, as before nearly every detection, the delta would be the tile once more: it
is left out as long as the tile is there.
"""

import sqlite3
from dataclasses import dataclass, replace

import numpy as np

from resunet_core.box import Box
from resunet_core.mask.edit import MaskEdit, TileChange
from resunet_core.mask.tile import DamagedTile, Pixels, Tile, pack, tile_of, unpack
from resunet_core.mask.tiled import DefectMask, Key, TiledPlane
from resunet_core.project.planes import PLANES, read_blob, stored_tile
from resunet_core.project.records import DamagedRow

UNDO_STEPS = 500
"""So many steps of a photo can be undone, whatever room they take."""

UNDO_STEPS_MOST = 5000
UNDO_BYTES = 32 * 2**20
"""Older steps are dropped beyond either; they stay in the log only."""

WHOLE_TILE = b""
"""In place of a delta that would be the same as the tile that is stored now."""

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
    """An edit to be recorded.

    Attributes:
        edit: What changed.
        coalesce: Whether it may join the step before, or the next may join it.
        detection: In JSON before and after, if it changes.
        checks: Tiles whose check is set or taken back.
    """

    edit: MaskEdit
    coalesce: bool = False
    detection: tuple[str | None, str | None] | None = None
    checks: frozenset[Key] = frozenset()


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
        _insert_delta(database, step_id, change)
    database.executemany(
        "INSERT INTO step_checks (step_id, row, col) VALUES (?, ?, ?)",
        [(step_id, *key) for key in sorted(new.checks)],
    )
    _weigh(database, step_id)
    _drop_oldest(database, photo_id)


def _weigh(database: sqlite3.Connection, step_id: int | None) -> None:
    database.execute(
        "UPDATE steps SET bytes = (SELECT TOTAL(LENGTH(pixels)) FROM deltas"
        " WHERE step_id = steps.id) WHERE id = ?",
        (step_id,),
    )


def _drop_oldest(database: sqlite3.Connection, photo_id: int) -> None:
    database.execute(
        "DELETE FROM steps WHERE id IN (SELECT id FROM (SELECT id,"
        " ROW_NUMBER() OVER newest AS steps, SUM(bytes) OVER newest AS bytes"
        " FROM steps WHERE photo_id = ? WINDOW newest AS (ORDER BY id DESC))"
        " WHERE steps > ? AND (steps > ? OR bytes > ?))",
        (photo_id, UNDO_STEPS, UNDO_STEPS_MOST, UNDO_BYTES),
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
        if name not in PLANES:
            raise DamagedTile(f"there is no mask plane {name!a}")
        plane = mask.plane(name)
        before = stored_tile(database, photo_id, (name, row, col), plane)
        after = _turned(before, plane, (row, col), data)
        change = TileChange(name, row, col, before, after)
        if (before is None) != (after is None):
            _write_delta(database, step.id, change)
        changes.append(change)
    database.execute("UPDATE steps SET undone = 1 - undone WHERE id = ?", (step.id,))
    rows = database.execute(
        "SELECT row, col FROM step_checks WHERE step_id = ?", (step.id,)
    )
    turn_checks(database, photo_id, frozenset(rows.fetchall()))
    return MaskEdit(step.name, step.box, tuple(changes))


def _turned(
    before: Tile | None, plane: TiledPlane, key: Key, data: object
) -> Tile | None:
    """What a delta makes of a tile."""
    if data == WHOLE_TILE and before is not None:
        return None
    delta = read_blob(plane, *key, data).pixels
    after = tile_of(delta if before is None else before.pixels ^ delta)
    if after is not None:
        after.release()
    return after


def turn_checks(
    database: sqlite3.Connection, photo_id: int, keys: frozenset[Key]
) -> None:
    """Set the check of tiles that have none, and take it back from the others."""
    for key in keys:
        gone = database.execute(
            "DELETE FROM checked WHERE photo_id = ? AND row = ? AND col = ?",
            (photo_id, *key),
        )
        if gone.rowcount == 0:
            database.execute(
                "INSERT INTO checked (photo_id, row, col) VALUES (?, ?, ?)",
                (photo_id, *key),
            )


def _read_step(found: sqlite3.Cursor) -> Step | None:
    rows = found.fetchall()
    if not rows:
        return None
    step_id, name, *sides, coalesce, detects, before, after = rows[0]
    if not all(isinstance(side, int) for side in sides) or not isinstance(name, str):
        raise DamagedRow(f"step {step_id} of its history makes no sense")
    box = Box(*sides)
    return Step(step_id, name, box, bool(coalesce), bool(detects), before, after)


def _joins(last: Step, new: NewStep) -> bool:
    if not (last.coalesce and new.coalesce and last.name == new.edit.name):
        return False
    return last.detects == (new.detection is not None)


def _join(database: sqlite3.Connection, last: Step, new: NewStep) -> None:
    """Let an edit become part of the last step, which is gone if that undoes it."""
    for change in new.edit.changes:
        if not _difference(change).any():
            continue
        place = (last.id, change.plane, change.row, change.col)
        earlier = database.execute(
            "DELETE FROM deltas WHERE step_id = ? AND plane = ? AND row = ?"
            " AND col = ? RETURNING pixels",
            place,
        ).fetchall()
        both = change
        for (data,) in earlier:
            both = replace(change, before=_before_both(change, data))
        _insert_delta(database, last.id, both)
    _weigh(database, last.id)
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


def _before_both(change: TileChange, earlier: bytes) -> Tile | None:
    """What a tile was before the step that an edit joins, by that step's delta."""
    present = change.before or change.after
    if earlier == WHOLE_TILE or present is None:
        return None
    delta = unpack(earlier, present.shape)
    return tile_of(delta if change.before is None else change.before.pixels ^ delta)


def _insert_delta(
    database: sqlite3.Connection, step_id: int | None, change: TileChange
) -> None:
    delta = _difference(change)
    if delta.any():
        data = WHOLE_TILE if change.before is None else pack(delta)
        database.execute(
            "INSERT INTO deltas (step_id, plane, row, col, pixels)"
            " VALUES (?, ?, ?, ?, ?)",
            (step_id, change.plane, change.row, change.col, data),
        )


def _write_delta(
    database: sqlite3.Connection, step_id: int, change: TileChange
) -> None:
    """Let a delta lead back to a tile that is gone, or from one that is there again."""
    data = WHOLE_TILE if change.before is None else change.before.packed
    database.execute(
        "UPDATE deltas SET pixels = ?"
        " WHERE step_id = ? AND plane = ? AND row = ? AND col = ?",
        (data, step_id, change.plane, change.row, change.col),
    )


def _difference(change: TileChange) -> Pixels:
    """The tile before XOR after; of no size where both are zeros."""
    if change.before is not None and change.after is not None:
        return change.before.pixels ^ change.after.pixels
    present = change.before or change.after
    return np.zeros((0, 0), np.uint8) if present is None else present.pixels
