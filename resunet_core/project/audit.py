"""The audit trail of a project: looked through, and written as a table."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from resunet_core.files import write_text
from resunet_core.project.access import OpenProject
from resunet_core.project.log import ENTRY, like, read_entry
from resunet_core.project.photos import all_photos
from resunet_core.project.records import Action, LogEntry

COLUMNS = (
    *("entry", "at_utc", "photo_id", "photo", "who_kind", "who", "model_sha256"),
    *("action", "what", "top", "left", "bottom", "right"),
)
"""Of the table; a box in photo pixels, half-open."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class LogQuery:
    """What is looked for in the log; what is left as it is leaves nothing out.

    Attributes:
        photo_ids: Entries of these photos.
        who_kind: Of persons or of models.
        who: Names of persons or models.
        actions: What the entries are about.
        since: Entries of this time or later; with its zone.
        until: Entries before this time; with its zone.
        text: Words that the description or the name contain, each of them somewhere.
    """

    photo_ids: frozenset[int] = frozenset()
    who_kind: str = ""
    who: frozenset[str] = frozenset()
    actions: frozenset[Action] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""


def find_entries(
    project: OpenProject,
    query: LogQuery | None = None,
    *,
    newest_first: bool = False,
    limit: int | None = None,
    offset: int = 0,
) -> list[LogEntry]:
    """The entries that answer a query, oldest first; some of them, to page through."""
    where, values = _conditions(query or LogQuery())
    order = "DESC" if newest_first else "ASC"
    many = -1 if limit is None else limit
    with project.reading() as database:
        rows = database.execute(
            f"{ENTRY} WHERE {where} ORDER BY id {order} LIMIT ? OFFSET ?",
            (*values, many, offset),
        )
        return [read_entry(row) for row in rows.fetchall()]


def count_entries(project: OpenProject, query: LogQuery | None = None) -> int:
    """How many entries answer a query."""
    where, values = _conditions(query or LogQuery())
    with project.reading() as database:
        rows = database.execute(
            f"SELECT COUNT(*) FROM log WHERE {where}",  # noqa: S608 - values are bound
            values,
        )
        return int(rows.fetchone()[0])


def everybody(project: OpenProject) -> list[str]:
    """The names of all persons and models in the log, to choose from."""
    with project.reading() as database:
        rows = database.execute(
            "SELECT DISTINCT who_name FROM log WHERE who_name != '' ORDER BY 1"
        )
        return [str(name) for (name,) in rows]


def write_csv(project: OpenProject, path: Path, query: LogQuery | None = None) -> int:
    """Write the entries that answer a query as a table that spreadsheets open.

    UTF-8 with its mark, times in UTC, whole or not at all; how many were written.

    Raises:
        CaihuaError: The file cannot be written.
    """
    found = find_entries(project, query)
    with project.reading() as database:
        photos = all_photos(database, project.reach())
    names = {photo.id: photo.outside or photo.path.name for photo in photos}
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    writer.writerows(_row(entry, names.get(entry.photo_id, "")) for entry in found)
    write_text(path, table.getvalue(), encoding="utf-8-sig")
    return len(found)


def _row(entry: LogEntry, photo: str) -> Iterator[object]:
    box = entry.box
    sides = ("",) * 4 if box is None else (box.top, box.left, box.bottom, box.right)
    at = entry.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    who = entry.who
    texts = (photo, who.kind, who.name, who.sha256, entry.action, entry.what)
    return iter((entry.id, at, entry.photo_id, *map(_harmless, texts), *sides))


def _harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _conditions(query: LogQuery) -> tuple[str, list[Any]]:
    """A condition on an entry and the values of its marks."""
    parts = ["1"]
    values: list[Any] = []
    for condition, wanted in (
        ("photo_id IN (SELECT value FROM json_each(?))", query.photo_ids),
        ("who_name IN (SELECT value FROM json_each(?))", query.who),
        ("action IN (SELECT value FROM json_each(?))", query.actions),
    ):
        if wanted:  # a list in JSON, as a statement takes only so many marks
            parts.append(condition)
            values.append(json.dumps(list(wanted)))
    if query.who_kind:
        parts.append("who_kind = ?")
        values.append(query.who_kind)
    for sign, at in ((">=", query.since), ("<", query.until)):
        if at is not None:
            parts.append(f"at {sign} ?")
            values.append(at.astimezone(UTC).isoformat(timespec="milliseconds"))
    for word in query.text.split():
        parts.append("what || char(10) || who_name LIKE ? ESCAPE '!'")
        values.append(like(word))
    return " AND ".join(parts), values
