"""A consistent copy of an open project, made by SQLite's own backup interface."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from resunet_core.files import replacing

PAGES_AT_ONCE = 1024
"""Pages (4 MiB) between two chances for somebody else to write."""

Pause = Callable[[int, int, int], object]
"""Called between parts with SQLite's status, the pages left and all pages."""


def copy_database(
    database: sqlite3.Connection, target: Path, pause: Pause | None = None
) -> None:
    """Write all that is committed to a new file, which is whole or not there.

    What is committed during a `pause` is in the copy as well.

    Raises:
        CaihuaError: The folder cannot be written to.
        sqlite3.DatabaseError: The disk is full, or the project is damaged.
    """
    with (
        replacing(target) as beside,
        closing(sqlite3.connect(beside, isolation_level=None)) as copy,
    ):
        database.backup(copy, pages=PAGES_AT_ONCE, progress=pause)
        # It is a file of its own: nothing beside it is needed to read it.
        copy.execute("PRAGMA journal_mode = DELETE")


def free_path(wanted: Path) -> Path:
    """The path, or the first of -2, -3 ... of its name where nothing is."""
    path, number = wanted, 1
    while path.exists():
        number += 1
        path = wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}")
    return path
