"""The photos in the project's tables."""

import math
import sqlite3
from datetime import datetime
from typing import Any

from resunet_core.project.paths import Reach
from resunet_core.project.records import (
    REVIEW_STATES,
    DamagedRow,
    Detection,
    PhotoRecord,
)
from resunet_core.project.scale_story import read_scale

PHOTO = (
    "SELECT photos.id, path, sha256, width, height, building, mm_per_px, site,"
    " elevation, bay, component, review, reviewed_by, reviewed_at, note, size_bytes,"
    " scale, campaign, is_primary FROM photos"
)
_MOST_PX = 2**31 - 1


def all_photos(database: sqlite3.Connection, reach: Reach) -> list[PhotoRecord]:
    """All photos of the project, in the order they were added."""
    return records(database.execute(f"{PHOTO} ORDER BY id").fetchall(), reach)


def photo_of_id(
    database: sqlite3.Connection, reach: Reach, photo_id: int
) -> PhotoRecord:
    """One photo; KeyError where none has the id."""
    rows = database.execute(f"{PHOTO} WHERE id = ?", (photo_id,))
    for record in records(rows.fetchall(), reach):
        return record
    raise KeyError(photo_id)


def photo_of_file(
    database: sqlite3.Connection, reach: Reach, stored: str, sha256: str
) -> PhotoRecord | None:
    """The photo of a stored path with the same content; None where there is none."""
    rows = database.execute(f"{PHOTO} WHERE path = ? AND sha256 = ?", (stored, sha256))
    for record in records(rows.fetchall(), reach):
        return record
    return None


def size_of(database: sqlite3.Connection, photo_id: int) -> tuple[int, int]:
    """Height and width of a photo in px; KeyError where none has the id."""
    rows = database.execute(
        "SELECT height, width FROM photos WHERE id = ?", (photo_id,)
    )
    for height, width in rows.fetchall():
        _demand(photo_id, is_sound=_is_side(height) and _is_side(width))
        return height, width
    raise KeyError(photo_id)


def records(rows: list[tuple[Any, ...]], reach: Reach) -> list[PhotoRecord]:
    """The records of rows of `PHOTO`.

    Raises:
        DamagedRow: A row holds what was never written there.
    """
    return [_record(row, reach) for row in rows]


def _record(row: tuple[Any, ...], reach: Reach) -> PhotoRecord:
    photo_id, stored, sha256, width, height, building, scale, *more = row
    site, elevation, bay, component, review, by, at, note, *newest = more
    size_bytes, story, campaign, is_primary = newest
    texts = (stored, sha256, building, site, elevation, bay, component, by, note)
    _demand(
        photo_id,
        is_sound=all(isinstance(text, str) for text in (*texts, campaign))
        and _is_side(width)
        and _is_side(height)
        and (scale is None or (isinstance(scale, float) and 0 < scale < math.inf))
        and (size_bytes is None or isinstance(size_bytes, int))
        and review in REVIEW_STATES
        and is_primary in (0, 1),
    )
    kept = read_scale(scale, story)
    path, is_open = reach.look(stored)
    return PhotoRecord(
        id=photo_id,
        path=path,
        sha256=sha256,
        width=width,
        height=height,
        building=building,
        mm_per_px=scale,
        site=site,
        elevation=elevation,
        bay=bay,
        component=component,
        review=review,
        reviewed_by=by,
        reviewed_at=None if at is None else read_time(at),
        note=note,
        size_bytes=size_bytes,
        outside="" if is_open else stored,
        scale=None if kept is None else kept.scale,
        campaign=campaign,
        is_primary=bool(is_primary),
    )


def read_time(text: object) -> datetime:
    """A time with its zone.

    Raises:
        DamagedRow: The text is no time.
    """
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise DamagedRow(f"{str(text)[:40]!a} is no time") from error
    if at.tzinfo is None:
        raise DamagedRow(f"{str(text)[:40]!a} is a time without its zone")
    return at


def read_detection(text: str) -> Detection:
    """A detection.

    Raises:
        DamagedRow: The text is none.
    """
    try:
        return Detection.from_json(text)
    except ValueError as error:
        raise DamagedRow(str(error)) from error


def _is_side(value: object) -> bool:
    return isinstance(value, int) and 0 < value <= _MOST_PX


def _demand(photo_id: object, *, is_sound: bool) -> None:
    if not is_sound:
        raise DamagedRow(f"what it says of photo {photo_id!a} makes no sense")
