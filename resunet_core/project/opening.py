"""The way to a project's database: every other file is refused and left as it is."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from resunet_core.errors import BadProject, CaihuaError
from resunet_core.files import replacing
from resunet_core.mask.tile import DamagedTile
from resunet_core.project import schema

CHECKED_WHOLE_BYTES = 256 * 2**20
"""Larger files are checked page by page as they are read, not when they open."""

_LOCK_WAIT_S = 0.5
_COPY_HINT = "Open a backup copy of it; this file was left as it is."


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite says about the file into a sentence for a person.

    Raises:
        BadProject: In place of what is raised for files, locks, disks and damage.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
        if code not in _SENTENCES:
            raise
        message, hint = _SENTENCES[code]
        raise BadProject(f"{path} {message}.", hint) from error
    except OSError as error:
        message, hint = _SENTENCES[sqlite3.SQLITE_CANTOPEN]
        reason = error.strerror or str(error)
        raise BadProject(f"{path} {message}: {reason}.", hint) from error
    except DamagedTile as error:
        raise BadProject(f"{path} is damaged: {error}.", _COPY_HINT) from error


_SENTENCES = {
    sqlite3.SQLITE_BUSY: (
        "is open in another window",
        "Go on there, or close it there first.",
    ),
    sqlite3.SQLITE_NOTADB: (
        "is not a Caihua project",
        "Choose a .caihua file; this one was left as it is.",
    ),
    sqlite3.SQLITE_CORRUPT: ("is damaged", _COPY_HINT),
    sqlite3.SQLITE_FULL: (
        "could not be written because the disk is full",
        "Make room on the disk and repeat the last step.",
    ),
    sqlite3.SQLITE_READONLY: (
        "is read-only",
        "Copy it to a folder that you may write to, and open the copy.",
    ),
    sqlite3.SQLITE_IOERR: (
        "could not be read or written",
        "See that its drive is connected, and open the project again.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "could not be opened",
        "See that its folder is there and that you may write to it.",
    ),
}


def wal_of(path: Path) -> Path:
    """Where SQLite keeps the journal while a project is open."""
    return path.with_name(path.name + "-wal")


def _index_of(path: Path) -> Path:
    return path.with_name(path.name + "-shm")


def has_journal(path: Path) -> bool:
    """Whether a session ended without closing, so that its journal is still there."""
    wal = wal_of(path)
    return wal.exists() and wal.stat().st_size > 0


def connect(path: Path) -> sqlite3.Connection:
    """Open the project at an absolute path for writing, made new where nothing is.

    Raises:
        BadProject: The file is no project, damaged, newer, in use or read-only. Not a
            byte of it was changed.
    """
    with explained(path):
        if path.exists():
            _check(path)
        else:
            _create(path)
        return _connect_for_writing(path)


def _create(path: Path) -> None:
    # Made beside and moved: at no moment is there a project file without its tables.
    if not path.parent.is_dir():
        raise BadProject(f"The folder {path.parent} does not exist.", "Make it first.")
    if has_journal(path):
        raise BadProject(
            f"{path} is gone, but the journal of its last session is still there.",
            f"Put the project back beside {wal_of(path).name}, or remove that file.",
        )
    try:
        with replacing(path) as beside:
            schema.create(beside)
    except CaihuaError as error:
        raise BadProject(error.message, error.hint) from error


def _check(path: Path) -> None:
    """Refuse what is no sound project, by connections that cannot write."""
    if not path.is_file():
        raise BadProject(f"{path} is a folder.", "Choose a .caihua file.")
    if path.stat().st_size == 0:
        raise BadProject(
            f"{path} is empty, as a copy is that was broken off.",
            "Open a backup copy, or remove the empty file to start a new project.",
        )
    with closing(_connect(path, "mode=ro&immutable=1")) as header:
        _check_marks(path, header)
    if not (_may_write(path) and _may_write(path.parent)):
        raise BadProject(
            f"{path} is read-only, or its folder is.",
            "Copy it to a folder that you may write to, and open the copy.",
        )
    had_index = _index_of(path).exists()
    try:
        with closing(_connect(path, "mode=ro")) as database:
            _check_content(path, database)
    finally:
        # A connection that cannot write leaves the index of a journal behind.
        if not had_index:
            _index_of(path).unlink(missing_ok=True)


def _check_marks(path: Path, header: sqlite3.Connection) -> None:
    (mark,) = header.execute("PRAGMA application_id").fetchone()
    if mark != schema.APPLICATION_ID:
        raise BadProject(
            f"{path} is a database of another program, not a Caihua project.",
            "Choose a .caihua file; this one was left as it is.",
        )
    (version,) = header.execute("PRAGMA user_version").fetchone()
    if version > schema.VERSION:
        raise BadProject(
            f"{path} was written by a newer Caihua (format {version}; this one reads "
            f"up to {schema.VERSION}).",
            "Update Caihua to open it.",
        )
    if version < 1:
        raise BadProject(f"{path} has format {version}, which never was.", _COPY_HINT)


def _check_content(path: Path, database: sqlite3.Connection) -> None:
    sound = schema.is_complete(database)
    if sound and path.stat().st_size <= CHECKED_WHOLE_BYTES:
        sound = database.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    if not sound:
        raise BadProject(f"{path} is damaged.", _COPY_HINT)


def _connect_for_writing(path: Path) -> sqlite3.Connection:
    database = _connect(path, "mode=rw")
    try:
        database.execute("PRAGMA trusted_schema = OFF")
        database.execute("PRAGMA foreign_keys = ON")
        # Exclusive: the lock is held until close, so a second window is told at once,
        # and a journal on a network share needs no memory shared between machines.
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("BEGIN EXCLUSIVE")
        database.execute("COMMIT")
        _index_of(path).unlink(missing_ok=True)  # of a check that was killed
    except BaseException:
        database.close()
        raise
    return database


def _connect(path: Path, options: str) -> sqlite3.Connection:
    address = quote(os.fsencode(path.as_posix()), safe="/:")
    # The lock of `Project` sees to it that one thread at a time uses a connection.
    return sqlite3.connect(
        f"file://{'' if address.startswith('/') else '/'}{address}?{options}",
        uri=True,
        timeout=_LOCK_WAIT_S,
        isolation_level=None,
        check_same_thread=False,
    )


def _may_write(path: Path) -> bool:
    # An administrator may write to what is marked read-only, and yet should not.
    return bool(path.stat().st_mode & 0o222) and os.access(path, os.W_OK)
