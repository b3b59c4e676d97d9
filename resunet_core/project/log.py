"""The audit trail in the project's tables: entries are added, and that is all."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

from resunet_core.box import Box
from resunet_core.project.records import Action, LogEntry, Who

_ENTRY = (
    "SELECT id, photo_id, at, action, what, who_kind, who_name, who_sha256,"
    ' top, "left", bottom, "right" FROM log'
)


@dataclass(frozen=True)
class Happening:
    """What an entry will say, besides its photo and the time."""

    who: Who
    action: Action
    what: str
    box: Box | None = None


def add_entry(database: sqlite3.Connection, photo_id: int, event: Happening) -> int:
    """Add an entry with the time of now; its id."""
    box, who = event.box, event.who
    sides = None if box is None else (box.top, box.left, box.bottom, box.right)
    entry_id = database.execute(
        "INSERT INTO log (photo_id, at, who_kind, who_name, who_sha256, action, what,"
        ' top, "left", bottom, "right") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        (
            *(photo_id, datetime.now(UTC).isoformat(timespec="milliseconds")),
            *(who.kind, who.name, who.sha256, event.action, event.what),
            *(sides or (None, None, None, None)),
        ),
    ).lastrowid
    return entry_id or 0


def entries(database: sqlite3.Connection, photo_id: int | None) -> list[LogEntry]:
    """The entries of a photo, or of all photos, oldest first."""
    if photo_id is None:
        rows = database.execute(f"{_ENTRY} ORDER BY id")
    else:
        rows = database.execute(f"{_ENTRY} WHERE photo_id = ? ORDER BY id", (photo_id,))
    found = []
    for entry_id, photo, at, action, what, kind, name, sha256, *sides in rows:
        found.append(
            LogEntry(
                id=entry_id,
                photo_id=photo,
                at=datetime.fromisoformat(at),
                who=Who(kind, name, sha256),
                action=action,
                what=what,
                box=None if sides[0] is None else Box(*sides),
            )
        )
    return found
