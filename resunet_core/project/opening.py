"""The way to a project's database: every other file is refused and left as it is."""

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from resunet_core.errors import BadProject, CaihuaError, DamagedProject
from resunet_core.files import replacing
from resunet_core.project import medium, schema
from resunet_core.project.journals import (
    has_journal,
    index_of,
    leaving_no_index,
    rollback_journal_of,
    wal_of,
)
from resunet_core.project.migrations import bring_forward, keep_as_it_was
from resunet_core.project.records import Notice
from resunet_core.project.sentences import COPY_HINT, explained

CHECKED_WHOLE_BYTES = 64 * 2**20
"""Larger files are checked page by page as they are read, not when they open."""

LARGEST_VALUE_BYTES = 4 * 2**20
"""No text or blob in a project comes near this; a larger one is not even read."""

_LOCK_WAIT_S = 0.5

RECOVERED = Notice(
    "The project was not closed properly last time.",
    "Everything up to the last finished step is here.",
)


@dataclass(frozen=True)
class Opened:
    """A connection to a project, and what there is to say about it.

    Attributes:
        database: The connection.
        recovered: Whether a journal was left behind and applied.
        is_read_only: Whether nothing can be changed.
        notices: What a person should know.
        copy: The folder of the copy that was opened in place of the file, if any.
    """

    database: sqlite3.Connection
    recovered: bool = False
    is_read_only: bool = False
    notices: tuple[Notice, ...] = ()
    copy: tempfile.TemporaryDirectory[str] | None = None


def open_database(path: Path) -> Opened:
    """Open the project at an absolute path, made new where nothing is.

    Raises:
        BadProject: The file is no project, damaged, newer or in use. Not a byte of it
            was changed.
    """
    with explained(path):
        if not path.exists():
            _create(path)
            return Opened(_connect_for_writing(path))
        recovered = has_journal(path)
        _check_file(path)
        with closing(connect(path, "mode=ro&immutable=1")) as header:
            _check_marks(path, header)
        if not (medium.may_write(path) and medium.may_write(path.parent)):
            return open_reading(path)
        if rollback_journal_of(path).exists():
            # To look at the project is to take back what was not finished: at a copy.
            _discard(open_copy(path))
        else:
            _check_content(path, path)
        database = _connect_for_writing(path)
        try:
            notices = _made_new(path, database)
        except BaseException:
            database.close()
            raise
        said = (RECOVERED, *notices) if recovered else notices
        return Opened(database, recovered, notices=said)


def open_reading(path: Path) -> Opened:
    """Open a sound project without changing its folder: for what is read-only."""
    recovered = has_journal(path)
    said = Notice(
        f"{path.name} is read-only, or its folder is: nothing can be changed.",
        "To work on it, copy it to a folder that you may write to.",
    )
    with explained(path):
        refuse_if_locked(path)
        with closing(connect(path, "mode=ro&immutable=1")) as header:
            is_old = schema.version_of(header) != schema.VERSION
        if recovered or is_old:
            # Neither can a journal be applied here nor tables be added.
            opened = open_copy(path)
            notices = (RECOVERED, said) if recovered else (said,)
            return Opened(
                opened.database,
                recovered=recovered,
                is_read_only=True,
                notices=notices,
                copy=opened.copy,
            )
        database = connect(path, "mode=ro&immutable=1")
        try:
            _check_tables(path, database)
            _guard(database)
            database.execute("PRAGMA query_only = ON")
        except BaseException:
            database.close()
            raise
        return Opened(database, is_read_only=True, notices=(said,))


def open_copy(path: Path) -> Opened:
    """Copy a project with its journal to a folder of its own and open that to read."""
    folder = tempfile.TemporaryDirectory(prefix="caihua-")
    try:
        copy = Path(folder.name) / "copy.caihua"
        shutil.copyfile(path, copy)
        for journal in (wal_of, rollback_journal_of):
            if journal(path).exists():
                shutil.copyfile(journal(path), journal(copy))
        if not rollback_journal_of(copy).exists():
            _check_content(copy, path)
        database = _connect_for_writing(copy)
        try:
            _check_marks(path, database)
            _check_tables(path, database)
            bring_forward(database)
            database.execute("PRAGMA query_only = ON")
        except BaseException:
            database.close()
            raise
    except BaseException:
        folder.cleanup()
        raise
    return Opened(database, is_read_only=True, copy=folder)


def _discard(opened: Opened) -> None:
    opened.database.close()
    if opened.copy is not None:
        opened.copy.cleanup()


def connect(path: Path, options: str) -> sqlite3.Connection:
    """A connection by the options of an SQLite address, in no transaction."""
    address = quote(os.fsencode(path.as_posix()), safe="/:")
    # The lock of `Project` sees to it that one thread at a time uses a connection.
    database = sqlite3.connect(
        f"file://{'' if address.startswith('/') else '/'}{address}?{options}",
        uri=True,
        timeout=_LOCK_WAIT_S,
        isolation_level=None,
        check_same_thread=False,
    )
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_VALUE_BYTES)
    return database


def refuse_if_locked(path: Path) -> None:
    """Tell that another window has it open, where a lock can be seen at all.

    Raises:
        sqlite3.OperationalError: That it is busy.
    """
    try:
        with leaving_no_index(path), closing(connect(path, "mode=ro")) as database:
            schema.version_of(database)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            raise


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


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise BadProject(f"{path} is a folder.", "Choose a .caihua file.")
    if path.stat().st_size == 0:
        raise BadProject(
            f"{path} is empty, as a copy is that was broken off.",
            "Open a backup copy, or remove the empty file to start a new project.",
        )


def _check_marks(path: Path, header: sqlite3.Connection) -> None:
    (mark,) = header.execute("PRAGMA application_id").fetchone()
    if mark != schema.APPLICATION_ID:
        raise BadProject(
            f"{path} is a database of another program, not a Caihua project.",
            "Choose a .caihua file; this one was left as it is.",
        )
    version = schema.version_of(header)
    if version > schema.VERSION:
        raise BadProject(
            f"{path} was written by a newer Caihua (format {version}; this one reads "
            f"up to {schema.VERSION}).",
            "Update Caihua to open it.",
        )
    if version < 1:
        raise BadProject(f"{path} has format {version}, which never was.", COPY_HINT)


def _check_content(path: Path, named: Path) -> None:
    """Refuse what is no sound project, by a connection that cannot write."""
    with leaving_no_index(path), closing(connect(path, "mode=ro")) as database:
        _check_marks(named, database)  # the journal may say otherwise than the file
        _check_tables(named, database)


def _check_tables(path: Path, database: sqlite3.Connection) -> None:
    sound = schema.is_complete(database, schema.version_of(database))
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    (page_bytes,) = database.execute("PRAGMA page_size").fetchone()
    if sound and pages * page_bytes <= CHECKED_WHOLE_BYTES:
        sound = database.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    if not sound:
        raise DamagedProject(path, f"{path} is damaged.", COPY_HINT)


def _connect_for_writing(path: Path) -> sqlite3.Connection:
    database = connect(path, "mode=rw")
    try:
        # Exclusive: the lock is held until close, so a second window is told at once,
        # and a journal on a network share needs no memory shared between machines.
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        _choose_journal(path, database)
        database.execute("BEGIN EXCLUSIVE")
        database.execute("COMMIT")
        index_of(path).unlink(missing_ok=True)  # of a check that was killed
        _guard(database)
    except BaseException:
        database.close()
        raise
    return database


def _choose_journal(path: Path, database: sqlite3.Connection) -> None:
    """Write ahead; with a rollback journal where a network may reorder writes."""
    wanted = "DELETE" if medium.is_network_share(path.parent) else "WAL"
    (journal,) = database.execute(f"PRAGMA journal_mode = {wanted}").fetchone()
    # A rollback journal is over when it is gone: its folder must be synced, too.
    full = "FULL" if journal == "wal" else "EXTRA"
    database.execute(f"PRAGMA synchronous = {full}")


def _guard(database: sqlite3.Connection) -> None:
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA cell_size_check = ON")


def _made_new(path: Path, database: sqlite3.Connection) -> tuple[Notice, ...]:
    """Bring an older version forward, with a copy of it kept."""
    if schema.version_of(database) == schema.VERSION:
        return ()
    try:
        said = keep_as_it_was(database, path)
    except CaihuaError as error:
        raise BadProject(error.message, error.hint) from error
    bring_forward(database)
    return (said,)
