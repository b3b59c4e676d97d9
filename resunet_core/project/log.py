"""The audit trail in the project's tables: entries are added, and that is all."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from resunet_core.box import Box
from resunet_core.project.photos import read_time
from resunet_core.project.records import Action, DamagedRow, LogEntry, Who

WHO_KINDS = ("person", "model")

ENTRY = (
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
            *(photo_id, now()),
            *(who.kind, who.name, who.sha256, event.action, event.what),
            *(sides or (None, None, None, None)),
        ),
    ).lastrowid
    return entry_id or 0


def entries(database: sqlite3.Connection, photo_id: int | None) -> list[LogEntry]:
    """The entries of a photo, or of all photos, oldest first.

    Raises:
        DamagedRow: An entry holds what was never written there.
    """
    if photo_id is None:
        rows = database.execute(f"{ENTRY} ORDER BY id")
    else:
        rows = database.execute(f"{ENTRY} WHERE photo_id = ? ORDER BY id", (photo_id,))
    return [read_entry(row) for row in rows.fetchall()]


def read_entry(row: tuple[Any, ...]) -> LogEntry:
    """The entry of a row of `ENTRY`.

    Raises:
        DamagedRow: It holds what was never written there.
    """
    entry_id, photo_id, at, action, what, kind, name, sha256, *sides = row
    texts = (action, what, name, sha256)
    if not all(isinstance(text, str) for text in texts) or kind not in WHO_KINDS:
        raise DamagedRow(f"entry {entry_id} of its log makes no sense")
    if any(not isinstance(side, int | None) for side in sides):
        raise DamagedRow(f"entry {entry_id} of its log names no box")
    return LogEntry(
        id=entry_id,
        photo_id=photo_id,
        at=read_time(at),
        who=Who(kind, name, sha256),
        action=action,
        what=what,
        box=None if None in sides else Box(*sides),
    )


def now() -> str:
    """The time as the project's tables hold it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def like(word: str) -> str:
    """What LIKE ... ESCAPE '!' finds a word by, whose signs mean themselves."""
    for sign in "!%_":
        word = word.replace(sign, f"!{sign}")
    return f"%{word}%"
