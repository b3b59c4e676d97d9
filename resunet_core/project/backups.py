"""Rolling backups of a project, in a folder beside it."""

import time
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from resunet_core.errors import BadProject, CaihuaError, DamagedProject
from resunet_core.files import replacing
from resunet_core.project import schema
from resunet_core.project.access import OpenProject
from resunet_core.project.copying import free_path
from resunet_core.project.journals import rollback_journal_of, wal_of
from resunet_core.project.log import ENTRY, read_entry
from resunet_core.project.opening import connect, refuse_if_locked
from resunet_core.project.records import DamagedRow, LogEntry, Notice
from resunet_core.project.sentences import UNREADABLE, explained

KEPT = 5
"""Backups of a project; the oldest goes when a new one is made."""

EVERY = timedelta(minutes=30)
"""Of work; a project at rest needs no other backup."""

_NAME = "%Y-%m-%d %H%M%S"
_COPIED_BYTES = 2**20


@dataclass(frozen=True)
class Backup:
    """A backup that can be read.

    Attributes:
        path: Where it is.
        at: When it was made.
        photos: How many the project had then.
        last_change: The newest entry of its log; None for a project without any.
    """

    path: Path
    at: datetime
    photos: int
    last_change: LogEntry | None


def backup_folder(path: Path) -> Path:
    """Where the backups of a project are."""
    return path.with_name(f"{path.stem}.backups")


def keep_up(
    project: OpenProject, *, every: timedelta = EVERY, kept: int = KEPT
) -> tuple[Notice, ...]:
    """Make a backup if one is due, and let the oldest go; to be called on a worker.

    One is due when the last is older than `every` and something has changed since.
    Work goes on meanwhile. What goes wrong is told and stops nothing.

    Raises:
        DamagedProject: It is, which is more than a backup that failed.
    """
    if project.is_read_only:
        return ()
    try:
        if _is_due(project, every):
            make_backup(project, kept=kept)
    except DamagedProject:
        raise
    except CaihuaError as error:
        return (Notice(f"No backup could be made: {error.message}", error.hint),)
    return ()


def make_backup(project: OpenProject, *, kept: int = KEPT) -> Path | None:
    """Make a backup now; None when the project was closed meanwhile.

    Raises:
        CaihuaError: There is no room, or the project is damaged; older ones stay.
    """
    folder = backup_folder(project.path)
    name = datetime.now(UTC).strftime(_NAME)
    target = free_path(folder / f"{name}{project.path.suffix}")
    if not project.copy_to(target):
        return None
    # A copy of damaged pages must not push out those that are sound. A connection that
    # cannot write would not look at the rules of the tables.
    with explained(project.path), closing(connect(target, "mode=rw")) as copy:
        sound = copy.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    if not sound:
        with suppress(OSError):
            target.unlink()
        raise DamagedProject(
            project.path,
            f"{project.path} is damaged.",
            "Older backups of it were kept.",
        )
    for path in _files(project.path)[kept:]:
        with suppress(OSError):  # open in another program: it goes the next time
            path.unlink()
    return target


def backups_of(path: Path) -> tuple[Backup, ...]:
    """The backups of a project that can be read, the newest first."""
    found = (read_backup(file) for file in _files(path))
    return tuple(backup for backup in found if backup is not None)


def read_backup(path: Path) -> Backup | None:
    """What a backup holds; None where it is no project, or damaged."""
    try:
        with closing(connect(path, "mode=ro&immutable=1")) as database:
            (mark,) = database.execute("PRAGMA application_id").fetchone()
            if mark != schema.APPLICATION_ID:
                return None
            (photos,) = database.execute("SELECT COUNT(*) FROM photos").fetchone()
            last = database.execute(f"{ENTRY} ORDER BY id DESC LIMIT 1").fetchone()
        entry = None if last is None else read_entry(last)
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (*UNREADABLE, OSError, DamagedRow):
        return None
    return Backup(path, at, photos, entry)


def restore_backup(backup: Path, path: Path) -> Path | None:
    """Put a backup in the place of a project that is closed.

    What was there is kept beside under another name, which is returned.

    Raises:
        BadProject: The backup is not sound, or the folder cannot be written to.
    """
    with explained(backup), closing(connect(backup, "mode=ro&immutable=1")) as found:
        if found.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise BadProject(f"{backup} is damaged.", "Choose another backup.")
    try:
        with explained(path), replacing(path) as beside:
            if path.exists():
                refuse_if_locked(path)
            _copy(backup, beside)
            aside = _keep_aside(path)
    except BadProject:
        raise
    except CaihuaError as error:
        raise BadProject(error.message, error.hint) from error
    return aside


def _keep_aside(path: Path) -> Path | None:
    """Give a project and its journals another name as well, so that they still fit."""
    if not path.exists():
        return None
    aside = free_path(path.with_name(f"{path.stem}.damaged{path.suffix}"))
    try:
        aside.hardlink_to(path)  # at no moment is there no project of the name
    except OSError:  # a medium without links
        _copy(path, aside)
    for journal in (wal_of, rollback_journal_of):
        if journal(path).exists():
            journal(path).rename(journal(aside))
    return aside


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as reader, target.open("wb") as writer:
        while part := reader.read(_COPIED_BYTES):
            writer.write(part)


def _is_due(project: OpenProject, every: timedelta) -> bool:
    newest = next(iter(_files(project.path)), None)
    if newest is None:
        return True
    with explained(newest):
        age = time.time() - newest.stat().st_mtime
    if 0 <= age < every.total_seconds():
        return False
    backup = read_backup(newest)
    if backup is None:
        return True
    with project.reading() as database:
        (last,) = database.execute("SELECT MAX(id) FROM log").fetchone()
    return bool(last != (backup.last_change and backup.last_change.id))


def _files(path: Path) -> list[Path]:
    """The files of a project's backups, the newest first."""
    try:
        found = list(backup_folder(path).iterdir())
    except OSError:
        return []
    backups = [file for file in found if file.suffix == path.suffix]
    backups = [file for file in backups if not file.name.startswith(".")]
    return sorted(backups, key=lambda file: file.stem, reverse=True)
