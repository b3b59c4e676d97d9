"""An open project file: who may read it, who may change it, and what that promises."""

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from threading import Event, Lock, RLock
from types import TracebackType
from typing import Self

from resunet_core.errors import BadProject, CaihuaError, WrongUsage
from resunet_core.project import medium
from resunet_core.project.allowed import allow_folders, allowed_folders
from resunet_core.project.copying import copy_database
from resunet_core.project.opening import Opened
from resunet_core.project.paths import LinksOfFolders, Reach, folder_of
from resunet_core.project.records import Notice
from resunet_core.project.sentences import explained


class _Closing(Exception):  # noqa: N818 - no error: the project is being closed
    pass


class OpenProject:
    """An open project file. What a change returned from is on the disk.

    Any thread may call; a lock lets one at a time in. One window at a time has a
    project open.

    Attributes:
        path: The project file, absolute.
        recovered: Whether the last session did not close the project, so that its
            journal was applied now.
        is_read_only: Whether nothing can be changed.
        notices: What a person should know about the opening.
    """

    def __init__(self, path: Path, opened: Opened) -> None:
        self.path = path
        self.recovered = opened.recovered
        self.is_read_only = opened.is_read_only
        self.notices = opened.notices
        self._database = opened.database
        self._copy = opened.copy
        self._lock = RLock()
        self._copying = Lock()
        self._closing = Event()
        # Servers may number files anew, so a share cannot tell one from another.
        self._is_told_apart = not (
            opened.is_read_only or medium.is_network_share(path.parent)
        )
        self._file = self._seen_file()
        try:
            with explained(path):
                self.id = self._prepare()
                self.notices += self._about_paths()
        except BaseException:
            self.close()
            raise

    def _prepare(self) -> str:
        """Let the tables watch over each other; the project's own id."""
        self._database.execute("PRAGMA foreign_keys = ON")
        rows = self._database.execute("SELECT value FROM project WHERE key = 'id'")
        return str((rows.fetchone() or ("",))[0])

    def _about_paths(self) -> tuple[Notice, ...]:
        rows = self._database.execute("SELECT path FROM photos").fetchall()
        reach = self.reach()
        outside = [text for (text,) in rows if not reach.is_open(str(text))]
        if not outside:
            return ()
        said = f"{len(outside)} photos lie" if len(outside) > 1 else "1 photo lies"
        return (
            Notice(
                f"{said} outside the project's folder, as {outside[0]!s:.200}; such"
                " photos are not opened unasked.",
                "Allow it if the project is from somebody you trust, or say where"
                " the photos are.",
            ),
        )

    def close(self) -> None:
        """Move the journal into the project, so that one file remains."""
        self._closing.set()
        with self._copying, self._lock:
            # Should the drive be gone, the journal keeps everything until next time.
            if not self.is_read_only:
                with suppress(sqlite3.DatabaseError):
                    self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                    self._database.execute("PRAGMA journal_mode = DELETE")
            self._database.close()
            if self._copy is not None:
                self._copy.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The tables, for the modules of this package."""
        with self._lock, explained(self.path):
            self._refuse_if_closed()
            yield self._database

    def changing(
        self, photo_id: int | None = None
    ) -> AbstractContextManager[sqlite3.Connection]:
        """One transaction: all of it is kept, or, should anything fail, none.

        Raises:
            BadProject: The project is read-only, or its file is gone.
            WrongUsage: The photo that is named is approved.
        """
        return self.changing_all(() if photo_id is None else (photo_id,))

    @contextmanager
    def changing_all(self, photo_ids: Collection[int]) -> Iterator[sqlite3.Connection]:
        """One transaction of several photos, of which none may be approved."""
        with self._lock, explained(self.path):
            self._refuse_if_closed()
            self._refuse_if_lost()
            self._database.execute("BEGIN IMMEDIATE")
            try:
                for photo_id in photo_ids:
                    _refuse_if_approved(self._database, photo_id)
                yield self._database
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:
                    with suppress(sqlite3.DatabaseError):  # the first error is told
                        self._database.execute("ROLLBACK")
                raise

    def copy_to(self, target: Path) -> bool:
        """Write a consistent copy to a file of its own; False when closed meanwhile.

        Changes from other threads come in between, and are in the copy.

        Raises:
            CaihuaError: There is no room for it, or the project is damaged.
        """
        with self._copying, explained(target):
            if self._closing.is_set():
                return False
            with self._lock:
                try:
                    copy_database(self._database, target, self._let_others_in)
                except _Closing:
                    return False
                except sqlite3.DatabaseError as error:
                    if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CORRUPT:
                        raise
                    with explained(self.path):  # not the copy
                        raise
        return True

    def reach(self) -> Reach:
        """Which stored paths are followed now, for one pass over many photos."""
        return Reach(self.path.parent, allowed_folders(self.id), LinksOfFolders())

    def allow(self, stored: frozenset[str]) -> None:
        """Follow the folders of stored paths from now on, by this person's wish."""
        # On a full disk it is asked again the next time.
        with suppress(OSError, CaihuaError):
            allow_folders(self.id, frozenset(folder_of(text) for text in stored))

    def _let_others_in(self, _status: int, _left: int, _pages: int) -> None:
        self._lock.release()
        self._closing.wait(0.001)  # as long as others need to take the lock
        self._lock.acquire()
        if self._closing.is_set():
            raise _Closing

    def require_writable(self) -> None:
        """Tell at once, before long work, that nothing could be kept.

        Raises:
            BadProject: The project is read-only.
        """
        if self.is_read_only:
            raise BadProject(
                f"{self.path} is read-only.",
                "Copy it to a folder that you may write to, and open the copy.",
            )

    def _refuse_if_closed(self) -> None:
        if self._closing.is_set():
            raise BadProject(f"{self.path} was closed meanwhile.", "Open it again.")

    def _refuse_if_lost(self) -> None:
        self.require_writable()
        if self._file != self._seen_file():
            # SQLite would go on writing to a file that nobody finds any more.
            raise BadProject(
                f"{self.path} was moved, deleted or replaced while it was open.",
                "Put it back where it was, or close the project and open it again.",
            )

    def _seen_file(self) -> tuple[int, int] | None:
        """What tells the file from another of its name; None where nothing does."""
        if not self._is_told_apart:
            return None
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return (0, 0)
        return (found.st_dev, found.st_ino)


def _refuse_if_approved(database: sqlite3.Connection, photo_id: int) -> None:
    rows = database.execute("SELECT path, review FROM photos WHERE id = ?", (photo_id,))
    for stored, review in rows.fetchall():
        if review == "approved":
            raise WrongUsage(
                f"{stored} is approved, so nothing of it can be changed.",
                "Take the approval back first.",
            )
