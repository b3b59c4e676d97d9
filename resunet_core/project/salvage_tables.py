"""The tables of a damaged project, read one after the other into a new one."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from resunet_core.mask.tile import DamagedTile
from resunet_core.mask.tiled import TiledPlane
from resunet_core.project.damaged_rows import (
    columns_of,
    last_number,
    readable_rows,
)
from resunet_core.project.log import read_entry
from resunet_core.project.paths import Reach, file_name
from resunet_core.project.photos import photo_of_id
from resunet_core.project.planes import read_blob
from resunet_core.project.records import DamagedRow
from resunet_core.project.sentences import UNREADABLE
from resunet_core.project.shares import count_everything
from resunet_core.project.steps import WHOLE_TILE


@dataclass
class Work:
    """The two databases, and what is known of the damage so far."""

    old: sqlite3.Connection
    new: sqlite3.Connection
    folder: Path
    names: dict[int, str] = field(default_factory=dict)
    lost_tiles: dict[int, int | None] = field(default_factory=dict)
    no_history: set[int] = field(default_factory=set)
    lost_photos: int = 0
    lost_entries: int = 0


def _copy_rows(
    work: Work, table: str, is_sound: Callable[[dict[str, object]], bool]
) -> int:
    """Copy what can be read of a table and is sound; how many rows were copied."""
    known = columns_of(work.old, table)
    columns = [name for name in columns_of(work.new, table) if name in known]
    if not columns:
        return 0
    named = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join("?" * len(columns))
    insert = f'INSERT INTO "{table}" ({named}) VALUES ({marks})'  # noqa: S608 - ours
    copied = 0
    for row in readable_rows(work.old, table, columns):
        if is_sound(dict(zip(columns, row, strict=True))):
            copied += _insert(work.new, insert, row)
    return copied


def _insert(new: sqlite3.Connection, insert: str, row: tuple[object, ...]) -> bool:
    try:
        new.execute(insert, row)
    except (sqlite3.IntegrityError, sqlite3.DataError, OverflowError):
        return False  # what breaks a rule of the table was never written by us
    return True


def _anything(_row: dict[str, object]) -> bool:
    return True


def read_photos(work: Work) -> None:
    """Copy the photos, and what belongs to none of them."""
    work.new.execute("DELETE FROM project")
    _copy_rows(work, "project", _anything)
    work.new.execute(
        "INSERT OR IGNORE INTO project VALUES ('id', LOWER(HEX(RANDOMBLOB(16))))"
    )
    _copy_rows(work, "photos", _anything)
    reach = Reach(work.folder)
    rows = work.new.execute("SELECT id, path FROM photos ORDER BY id").fetchall()
    for photo_id, stored in rows:
        try:
            photo_of_id(work.new, reach, photo_id)
        except DamagedRow:
            work.new.execute("DELETE FROM photos WHERE id = ?", (photo_id,))
        else:
            work.names[photo_id] = file_name(str(stored))
    # No photo is ever taken out of a project, so that each number was one.
    ever = last_number(work.old, "photos") or 0
    work.lost_photos = max(0, min(ever, 10**6) - len(work.names))


def read_tiles(work: Work) -> None:
    """Copy the tiles that hold what was packed, and count those that do not."""
    sizes = _sizes(work)
    copied: dict[int, int] = {}

    def is_sound(row: dict[str, object]) -> bool:
        photo_id = row["photo_id"]
        if not isinstance(photo_id, int) or photo_id not in sizes:
            return False
        if not _is_tile(row, sizes[photo_id]):
            return False
        copied[photo_id] = copied.get(photo_id, 0) + 1
        return True

    _copy_rows(work, "tiles", is_sound)
    for photo_id in work.names:
        expected = _count_by_index(work.old, photo_id)
        lost = None if expected is None else expected - copied.get(photo_id, 0)
        if lost is None or lost > 0:
            work.lost_tiles[photo_id] = lost


def _sizes(work: Work) -> dict[int, TiledPlane]:
    """An empty plane of the size of each photo."""
    rows = work.new.execute("SELECT id, height, width FROM photos")
    return {photo_id: TiledPlane(height, width) for photo_id, height, width in rows}


def _is_tile(row: dict[str, object], plane: TiledPlane) -> bool:
    at = (row["row"], row["col"])
    try:
        read_blob(plane, *at, row["pixels"])
    except DamagedTile:
        return False
    return True


def _count_by_index(old: sqlite3.Connection, photo_id: int) -> int | None:
    """How many tiles a photo had; the index lies on other pages than the tiles."""
    try:
        rows = old.execute(
            "SELECT COUNT(*) FROM tiles INDEXED BY sqlite_autoindex_tiles_1"
            " WHERE photo_id = ?",
            (photo_id,),
        )
        return int(rows.fetchone()[0])
    except UNREADABLE:
        return None


def read_log(work: Work) -> None:
    """Copy the log: its numbers tell how many entries there ever were."""

    def is_sound(row: dict[str, object]) -> bool:
        if row["photo_id"] not in work.names:
            return False
        names = ("id", "photo_id", "at", "action", "what", "who_kind", "who_name")
        sides = ("top", "left", "bottom", "right")
        try:
            read_entry(tuple(row[n] for n in (*names, "who_sha256", *sides)))
        except DamagedRow:
            return False
        return True

    _copy_rows(work, "log", is_sound)
    (there,) = work.new.execute("SELECT COUNT(*) FROM log").fetchone()
    ever = last_number(work.old, "log") or 0
    work.lost_entries = max(0, min(ever, 10**9) - there)


def read_history(work: Work) -> None:
    """Undo leads from the tiles as they are: without all of them it leads nowhere."""
    whole = work.names.keys() - work.lost_tiles.keys()
    _copy_rows(work, "steps", lambda row: row["photo_id"] in whole)
    _copy_rows(work, "checked", lambda row: row["photo_id"] in work.names)
    steps = dict(work.new.execute("SELECT id, photo_id FROM steps"))
    sizes = _sizes(work)

    def is_delta(row: dict[str, object]) -> bool:
        photo_id = steps.get(row["step_id"])
        if photo_id is None:
            return False
        return row["pixels"] == WHOLE_TILE or _is_tile(row, sizes[photo_id])

    _copy_rows(work, "deltas", is_delta)
    _copy_rows(work, "step_checks", lambda row: row["step_id"] in steps)
    expected = _deltas_by_index(work.old)
    found = dict(work.new.execute(_DELTAS_OF_STEPS))
    broken = set(work.lost_tiles)
    for step_id, photo_id in steps.items():
        if expected is None or found.get(step_id, 0) != expected.get(step_id, 0):
            broken.add(photo_id)
    for photo_id in broken:
        _forget_history(work, photo_id)
    work.new.execute(
        "UPDATE steps SET bytes = (SELECT TOTAL(LENGTH(pixels)) FROM deltas"
        " WHERE step_id = steps.id)"
    )


_DELTAS_OF_STEPS = "SELECT step_id, COUNT(*) FROM deltas GROUP BY step_id"


def _deltas_by_index(old: sqlite3.Connection) -> dict[int, int] | None:
    """How many deltas each step had; None where that cannot be read."""
    by_index = "deltas INDEXED BY sqlite_autoindex_deltas_1"
    try:
        return dict(old.execute(_DELTAS_OF_STEPS.replace("deltas", by_index)))
    except UNREADABLE:
        return None


def _forget_history(work: Work, photo_id: int) -> None:
    work.no_history.add(photo_id)
    for table in ("deltas", "step_checks"):
        work.new.execute(
            f"DELETE FROM {table} WHERE step_id IN"  # noqa: S608 - our tables
            " (SELECT id FROM steps WHERE photo_id = ?)",
            (photo_id,),
        )
    work.new.execute("DELETE FROM steps WHERE photo_id = ?", (photo_id,))


def read_snapshots(work: Work) -> None:
    """A snapshot holds what became different: without the rest it shows nothing."""
    whole = work.names.keys() - work.lost_tiles.keys()
    _copy_rows(work, "snapshots", _anything)
    known = {row[0] for row in work.new.execute("SELECT id FROM snapshots")}

    def is_sound(row: dict[str, object]) -> bool:
        return row["photo_id"] in whole and row["snapshot_id"] in known

    for table in ("snapshot_photos", "snapshot_tiles"):
        _copy_rows(work, table, is_sound)


def read_point_checks(work: Work) -> None:
    """A check whose points cannot all be read is still one, of fewer points."""
    _copy_rows(work, "point_checks", lambda row: row["photo_id"] in work.names)
    known = {row[0] for row in work.new.execute("SELECT id FROM point_checks")}
    _copy_rows(work, "check_points", lambda row: row["check_id"] in known)


def read_shares(work: Work) -> None:
    """Count the masks anew."""
    count_everything(work.new)


PARTS = (
    read_photos,
    read_tiles,
    read_log,
    read_history,
    read_snapshots,
    read_point_checks,
    read_shares,
)
"""In the order in which they need each other."""
