"""What can still be read of damaged tables."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from resunet_core.project.sentences import UNREADABLE

Row = tuple[Any, ...]

MOST_FAILURES = 4_000
"""Failed reads of a table after which the rest of it is given up."""

_AT_ONCE = 64
_LAST_ROWID = 2**63 - 1


def readable_rows(
    database: sqlite3.Connection, table: str, columns: Sequence[str]
) -> Iterator[Row]:
    """The rows of a table that can be read; some may come twice.

    Damaged pages are found by halving: only what lies on them is left out. A table
    without row ids is read from both ends.
    """
    named = ", ".join(f'"{column}"' for column in columns)
    if _has_row_ids(database, table):
        yield from _by_halving(database, table, named)
    else:
        for order in ("ASC", "DESC"):
            yield from _until_failure(database, table, named, order)


def _has_row_ids(database: sqlite3.Connection, table: str) -> bool:
    rows = database.execute("SELECT wr FROM pragma_table_list(?)", (table,))
    return (0,) in rows.fetchall()


def _until_failure(
    database: sqlite3.Connection, table: str, named: str, order: str
) -> Iterator[Row]:
    keys = "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk"
    by = ", ".join(f'"{key}" {order}' for (key,) in database.execute(keys, (table,)))
    query = f'SELECT {named} FROM "{table}" ORDER BY {by}'  # noqa: S608 - our tables
    try:
        yield from database.execute(query)
    except UNREADABLE:
        return  # the other end is read next


def _by_halving(database: sqlite3.Connection, table: str, named: str) -> Iterator[Row]:
    query = (
        f'SELECT rowid, {named} FROM "{table}" NOT INDEXED'  # noqa: S608 - our tables
        f" WHERE rowid BETWEEN ? AND ? ORDER BY rowid LIMIT {_AT_ONCE}"
    )
    # Ids that the table itself gives out end at the last one that it gave.
    ranges = [(1, last_number(database, table) or _LAST_ROWID)]
    failures = 0
    while ranges and failures < MOST_FAILURES:
        low, high = ranges.pop()
        try:
            rows = database.execute(query, (low, high)).fetchall()
        except UNREADABLE:
            failures += 1
            if low < high:
                middle = (low + high) // 2
                ranges += [(middle + 1, high), (low, middle)]
            continue
        for row in rows:
            yield row[1:]
        if len(rows) == _AT_ONCE and rows[-1][0] < high:
            ranges.append((rows[-1][0] + 1, high))


def columns_of(database: sqlite3.Connection, table: str) -> list[str]:
    """The names of a table's columns; none where that cannot be read."""
    try:
        rows = database.execute("SELECT name FROM pragma_table_info(?)", (table,))
        return [str(name) for (name,) in rows]
    except UNREADABLE:
        return []


def last_number(database: sqlite3.Connection, table: str) -> int | None:
    """The highest id that a table ever gave; None where that cannot be read."""
    try:
        rows = database.execute(
            "SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)
        )
        found = rows.fetchone()
    except UNREADABLE:
        return None
    return found[0] if found is not None and isinstance(found[0], int) else None
