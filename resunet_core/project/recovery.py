"""A damaged project: what is wrong, what can be saved, and a look at it."""

import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from resunet_core.errors import BadProject, CaihuaError
from resunet_core.progress import Progress, Steps
from resunet_core.project.backups import Backup, backups_of
from resunet_core.project.opening import Opened, connect
from resunet_core.project.paths import absolute
from resunet_core.project.records import Notice
from resunet_core.project.salvage import Salvaged, salvage
from resunet_core.project.sentences import UNREADABLE, explained
from resunet_core.project.store import Project

_MOST_FINDINGS = 100


@dataclass(frozen=True)
class Damage:
    """What is wrong with a project file.

    Attributes:
        path: Of the project.
        findings: What SQLite's own full check says, in its words; none when sound.
        salvaged: What can be read and what is lost; None where nothing can be read.
        why: The sentence that says why nothing can be read, else empty.
        backups: Those that can be read, the newest first.
    """

    path: Path
    findings: tuple[str, ...]
    salvaged: Salvaged | None
    why: str
    backups: tuple[Backup, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        whole = self.salvaged is not None and self.salvaged.is_whole
        return whole and not self.findings


def examine(path: Path, read: Path | None = None) -> Steps[Damage]:
    """Check a project that is closed, to its last tile, without changing it.

    Args:
        path: Of the project.
        read: Where to write what can be read, for `open_read`; None for nowhere.

    Raises:
        BadProject: It is open in another window.
    """
    path = absolute(path)
    yield Progress(0, 0, f"Checking {path.name}")
    findings = _findings(path)
    salvaged, why = None, ""
    with tempfile.TemporaryDirectory(prefix="caihua-") as folder:
        copy = read or Path(folder) / "read.caihua"
        try:
            salvaged = yield from salvage(path, copy, counted=False)
        except CaihuaError as error:
            why = str(error)
    return Damage(path, findings, salvaged, why, backups_of(path))


def open_read(path: Path, read: Path) -> Project:
    """What `examine` read of a project, to look at its masks."""
    with explained(path):
        database = connect(read, "mode=rw")
    database.execute("PRAGMA query_only = ON")
    return Project(absolute(path), Opened(database, is_read_only=True))


def open_safely(path: Path) -> Steps[Project]:
    """Open what can be read of a project, to look at and to export, not to change.

    `notices` of the project say what is lost. It takes room for a copy.

    Raises:
        BadProject: Nothing can be read, or it is open in another window.
    """
    path = absolute(path)
    folder = tempfile.TemporaryDirectory(prefix="caihua-")
    try:
        copy = Path(folder.name) / "read.caihua"
        found = yield from salvage(path, copy)
        with explained(path):
            database = connect(copy, "mode=rw")
        database.execute("PRAGMA query_only = ON")
        said = (
            Notice(
                f"{path.name} is open in safe mode: nothing can be changed.",
                "Save what can be read as a new project, or go back to a backup.",
            ),
            *(Notice(sentence) for sentence in found.sentences),
        )
        opened = Opened(database, is_read_only=True, notices=said, copy=folder)
        return Project(path, opened)
    except BaseException:
        folder.cleanup()
        raise


def _findings(path: Path) -> tuple[str, ...]:
    """What a full check finds, as far as the check itself can be made."""
    try:
        with explained(path), closing(connect(path, "mode=ro&immutable=1")) as file:
            rows = file.execute(f"PRAGMA integrity_check({_MOST_FINDINGS})")
            found = tuple(str(text) for (text,) in rows)
    except (BadProject, *UNREADABLE) as error:
        return (str(error),)
    return () if found == ("ok",) else found
