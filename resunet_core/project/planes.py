"""Masks in the project's tables, tile by tile."""

import sqlite3
from contextlib import closing

from resunet_core.mask.edit import MaskEdit
from resunet_core.mask.tile import DamagedTile, Tile
from resunet_core.mask.tiled import DefectMask, PlaneName, TiledPlane

PLANES: tuple[PlaneName, ...] = ("model", "person", "scope")


def load_planes(database: sqlite3.Connection, photo_id: int, mask: DefectMask) -> None:
    """Fill an empty mask with the tiles of a photo.

    Raises:
        DamagedTile: A tile is damaged, or lies outside the photo.
    """
    rows = database.execute(
        "SELECT plane, row, col, pixels FROM tiles WHERE photo_id = ?"
        " ORDER BY plane, row, col",
        (photo_id,),
    )
    # A cursor in the middle of its rows would keep the file locked.
    with closing(rows):
        for plane, row, col, data in rows:
            if plane in PLANES:
                target = mask.plane(plane)
                target.put(row, col, read_blob(target, row, col, data))


def read_blob(plane: TiledPlane, row: object, col: object, data: object) -> Tile:
    """The tile of a blob.

    Raises:
        DamagedTile: The blob is damaged, or the tile lies outside the photo.
    """
    if not isinstance(row, int) or not isinstance(col, int):
        raise DamagedTile(f"there is no mask tile at row {row!a}, column {col!a}")
    box = plane.tile_box(row, col)
    if box.is_empty or not isinstance(data, bytes):
        raise DamagedTile(f"there is no mask tile at row {row}, column {col}")
    return Tile.from_packed(data, (box.height, box.width))


def stored_tile(
    database: sqlite3.Connection,
    photo_id: int,
    place: tuple[PlaneName, int, int],
    plane: TiledPlane,
) -> Tile | None:
    """One tile as the project holds it; None where it is all zero."""
    found = database.execute(
        "SELECT pixels FROM tiles"
        " WHERE photo_id = ? AND plane = ? AND row = ? AND col = ?",
        (photo_id, *place),
    ).fetchone()
    return None if found is None else read_blob(plane, place[1], place[2], found[0])


def write_tiles(database: sqlite3.Connection, photo_id: int, edit: MaskEdit) -> None:
    """Write the tiles of a photo as they are after an edit.

    What they were is kept for the photo's newest snapshot.
    """
    newest = database.execute(
        "SELECT MAX(snapshot_id) FROM snapshot_photos WHERE photo_id = ?", (photo_id,)
    ).fetchone()[0]
    for change in edit.changes:
        place = (photo_id, change.plane, change.row, change.col)
        if newest is not None:
            database.execute(
                "INSERT INTO snapshot_tiles"
                " (snapshot_id, photo_id, plane, row, col, pixels)"
                " VALUES (?1, ?2, ?3, ?4, ?5, (SELECT pixels FROM tiles WHERE"
                " photo_id = ?2 AND plane = ?3 AND row = ?4 AND col = ?5))"
                " ON CONFLICT DO NOTHING",
                (newest, *place),
            )
        if change.after is None:
            database.execute(
                "DELETE FROM tiles"
                " WHERE photo_id = ? AND plane = ? AND row = ? AND col = ?",
                place,
            )
        else:
            database.execute(
                "INSERT INTO tiles (photo_id, plane, row, col, pixels)"
                " VALUES (?, ?, ?, ?, ?) ON CONFLICT (photo_id, plane, row, col)"
                " DO UPDATE SET pixels = excluded.pixels",
                (*place, change.after.packed),
            )
