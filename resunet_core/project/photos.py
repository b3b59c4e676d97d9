"""The photos in the project's tables."""

import sqlite3
from pathlib import Path

from resunet_core.project.paths import from_stored
from resunet_core.project.records import PhotoRecord

_PHOTO = "SELECT id, path, sha256, width, height, building, mm_per_px FROM photos"


def all_photos(database: sqlite3.Connection, folder: Path) -> list[PhotoRecord]:
    """All photos of the project in `folder`, in the order they were added."""
    return _records(database.execute(f"{_PHOTO} ORDER BY id"), folder)


def photo_of_id(
    database: sqlite3.Connection, folder: Path, photo_id: int
) -> PhotoRecord:
    """One photo; KeyError where none has the id."""
    found = database.execute(f"{_PHOTO} WHERE id = ?", (photo_id,))
    for record in _records(found, folder):
        return record
    raise KeyError(photo_id)


def photo_of_file(
    database: sqlite3.Connection, folder: Path, stored: str, sha256: str
) -> PhotoRecord | None:
    """The photo of a stored path with the same content; None where there is none."""
    query = f"{_PHOTO} WHERE path = ? AND sha256 = ?"
    for record in _records(database.execute(query, (stored, sha256)), folder):
        return record
    return None


def _records(rows: sqlite3.Cursor, folder: Path) -> list[PhotoRecord]:
    return [
        PhotoRecord(photo_id, from_stored(path, folder), *rest)
        for photo_id, path, *rest in rows
    ]
