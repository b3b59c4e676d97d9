"""Everything that can be read of a damaged project, written to a new one."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from resunet_core.errors import BadProject
from resunet_core.files import replacing
from resunet_core.progress import Progress, Steps
from resunet_core.project import schema
from resunet_core.project.damaged_rows import columns_of
from resunet_core.project.journals import has_journal, rollback_journal_of, wal_of
from resunet_core.project.log import Happening, add_entry
from resunet_core.project.opening import connect, refuse_if_locked
from resunet_core.project.records import SOMEBODY
from resunet_core.project.salvage_tables import PARTS, Work, read_shares
from resunet_core.project.sentences import explained


@dataclass(frozen=True)
class PhotoDamage:
    """What is lost of a photo that is still there; sizes of tiles are 512 px.

    Attributes:
        photo_id: Of the photo.
        name: Of its file.
        lost_tiles: How many tiles of its mask; None where that cannot be told.
        lost_history: Whether nothing of it can be undone any more.
    """

    photo_id: int
    name: str
    lost_tiles: int | None
    lost_history: bool


@dataclass(frozen=True)
class Salvaged:
    """What was read of a project, and what was not.

    Attributes:
        photos: How many photos are there.
        damaged: Those of them that lost something.
        lost_photos: How many photos are gone with all that belongs to them.
        lost_entries: How many entries of the log are gone.
    """

    photos: int
    damaged: tuple[PhotoDamage, ...]
    lost_photos: int
    lost_entries: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing was lost."""
        return not (self.damaged or self.lost_photos or self.lost_entries)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was lost, for a person."""
        said = []
        if self.lost_photos:
            said.append(f"{self.lost_photos} photos are lost with their masks.")
        for photo in self.damaged:
            if photo.lost_tiles == 1:
                said.append(f"{photo.name}: 1 square of the mask is lost.")
            elif photo.lost_tiles:
                said.append(
                    f"{photo.name}: {photo.lost_tiles} squares of the mask are lost."
                )
            elif photo.lost_tiles is None:
                said.append(f"{photo.name}: parts of the mask may be lost.")
            elif photo.lost_history:
                said.append(f"{photo.name}: nothing of it can be undone any more.")
        if self.lost_entries:
            said.append(f"{self.lost_entries} entries of the log are lost.")
        return tuple(said)


def salvage(path: Path, target: Path, *, counted: bool = True) -> Steps[Salvaged]:
    """Write everything that can be read of a project to a new one, `path` unchanged.

    Args:
        path: Of the damaged project.
        target: Of the new one.
        counted: Whether the classes are counted, by which photos are searched; to
            look at masks alone it takes thrice the time for nothing.

    Raises:
        BadProject: Nothing can be read, or there is no room.
    """
    with (
        explained(path),
        _as_it_is(path) as old,
        replacing(target) as beside,
    ):
        schema.create(beside)
        with closing(connect(beside, "mode=rw")) as new:
            new.execute("PRAGMA journal_mode = MEMORY")
            new.execute("BEGIN")
            work = Work(old, new, path.parent)
            parts = PARTS if counted else [p for p in PARTS if p is not read_shares]
            for done, part in enumerate(parts):
                yield Progress(done, len(parts), f"Reading {path.name}")
                part(work)
            found = _summary(work)
            _note_losses(new, found)
            new.execute("COMMIT")
    return found


@contextmanager
def _as_it_is(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that reads a damaged project, with its journal where that fits."""
    refuse_if_locked(path)
    with tempfile.TemporaryDirectory(prefix="caihua-") as folder:
        read, options = path, "mode=ro&immutable=1"
        if has_journal(path):
            read, options = Path(folder) / "copy.caihua", "mode=rw"
            shutil.copyfile(path, read)
            for journal in (wal_of, rollback_journal_of):
                if journal(path).exists():
                    shutil.copyfile(journal(path), journal(read))
        with closing(connect(read, options)) as database:
            database.text_factory = _text
            (mark,) = database.execute("PRAGMA application_id").fetchone()
            if mark != schema.APPLICATION_ID:
                raise BadProject(
                    f"{path} is a database of another program, not a Caihua project.",
                    "Choose a .caihua file; this one was left as it is.",
                )
            if schema.version_of(database) > schema.VERSION:
                raise BadProject(
                    f"{path} was written by a newer Caihua.", "Update Caihua."
                )
            if not columns_of(database, "photos"):
                raise BadProject(
                    f"Nothing of {path} can be read.", "Open a backup copy of it."
                )
            yield database


def _text(data: bytes) -> str:
    return data.decode(errors="replace")


def _summary(work: Work) -> Salvaged:
    hurt = sorted(work.lost_tiles.keys() | work.no_history)
    return Salvaged(
        len(work.names),
        tuple(
            PhotoDamage(
                photo_id,
                work.names[photo_id],
                work.lost_tiles.get(photo_id, 0),
                photo_id in work.no_history,
            )
            for photo_id in hurt
        ),
        work.lost_photos,
        work.lost_entries,
    )


def _note_losses(new: sqlite3.Connection, found: Salvaged) -> None:
    for photo in found.damaged:
        tiles = "some" if photo.lost_tiles is None else str(photo.lost_tiles)
        what = f"Read from a damaged project: {tiles} squares of the mask lost"
        add_entry(new, photo.photo_id, Happening(SOMEBODY, "salvage", what))
