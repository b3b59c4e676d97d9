"""The files that SQLite keeps beside a project while it is open."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def wal_of(path: Path) -> Path:
    """Where SQLite keeps the journal while a project is open."""
    return path.with_name(path.name + "-wal")


def rollback_journal_of(path: Path) -> Path:
    """Where SQLite keeps the journal of a project on a network share."""
    return path.with_name(path.name + "-journal")


def index_of(path: Path) -> Path:
    """Where SQLite keeps the index of a journal; made anew whenever it is missing."""
    return path.with_name(path.name + "-shm")


def has_journal(path: Path) -> bool:
    """Whether a session ended without closing, so that its journal is still there."""
    journals = (wal_of(path), rollback_journal_of(path))
    return any(found.exists() and found.stat().st_size > 0 for found in journals)


@contextmanager
def leaving_no_index(path: Path) -> Iterator[None]:
    """Take away the index that reading a project leaves, unless there was one."""
    had_index = index_of(path).exists()
    try:
        yield
    finally:
        # A connection that cannot write leaves the index of a journal behind.
        if not had_index:
            index_of(path).unlink(missing_ok=True)
