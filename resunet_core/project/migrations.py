"""Projects of older versions are brought forward, and kept as they were beside."""

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

from resunet_core.project import schema
from resunet_core.project.copying import copy_database, free_path
from resunet_core.project.records import Notice
from resunet_core.project.scale_story import tell_stories
from resunet_core.project.shares import count_everything

_COMPUTED: Mapping[int, Callable[[sqlite3.Connection], None]] = {
    2: count_everything,
    3: tell_stories,
}
"""What statements alone cannot fill in, by the version that has it first."""


def keep_as_it_was(database: sqlite3.Connection, path: Path) -> Notice:
    """Copy a project of an older version beside itself, and say so.

    Raises:
        CaihuaError: The folder cannot be written to.
    """
    version = schema.version_of(database)
    kept = free_path(path.with_name(f"{path.stem}.v{version}{path.suffix}"))
    copy_database(database, kept)
    return Notice(
        f"{path.name} was brought from format {version} to {schema.VERSION}.",
        f"As it was, it is kept as {kept.name}.",
    )


def bring_forward(database: sqlite3.Connection) -> None:
    """Lead an older version to the newest; each step wholly or not at all."""
    for version in range(schema.version_of(database) + 1, schema.VERSION + 1):
        try:
            # A script ends a transaction that is open: it must begin its own.
            database.executescript(
                f"BEGIN EXCLUSIVE; {schema.VERSIONS[version - 1]}"
                f" PRAGMA user_version = {version};"
            )
            if version in _COMPUTED:
                _COMPUTED[version](database)
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise
