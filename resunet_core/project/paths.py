"""How a project names its photos, so that the folder can move to another machine.

A project may come from anyone. What it names inside its own folder is followed; what
leads out of it (`..`, another drive or machine, a link) only where this person allowed
that on this machine, as by opening the photo there.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath

from resunet_core.errors import BadProject


def to_stored(photo: Path, folder: Path) -> str:
    """A photo's path from the project's folder, with slashes on every system.

    Absolute where the two share no folder but the root, or not even the drive.

    Raises:
        BadProject: The name of the file is no text on this system.
    """
    photo = absolute(photo)
    try:
        shared = Path(os.path.commonpath([photo, absolute(folder)]))
        near = shared != Path(shared.anchor)
    except ValueError:  # two drives of Windows
        near = False
    stored = Path(os.path.relpath(photo, folder)) if near else photo
    try:
        stored.as_posix().encode()
    except UnicodeEncodeError as error:
        raise BadProject(
            f"The name of {str(photo)!a} cannot be kept: it is not valid text.",
            "Rename the file or its folder.",
        ) from error
    return stored.as_posix()


def from_stored(text: str, folder: Path) -> Path:
    """The absolute path of a stored name; nothing says that a file is there."""
    foreign = PureWindowsPath(text).is_absolute() or PurePosixPath(text).is_absolute()
    return Path(text) if foreign else absolute(folder / text)


def absolute(path: Path) -> Path:
    """`path` from the root and without `..`; links stay as they are."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links


def file_name(stored: str) -> str:
    """The last part of a stored path, by whichever system wrote it."""
    name = PureWindowsPath(stored.replace("\0", "")).name
    return name if name not in {"", ".", ".."} else "photo"


def folder_of(stored: str) -> str:
    """The folder of a stored path, as it is allowed or not."""
    return PurePosixPath(stored).parent.as_posix()


_SUSPICIOUS = re.compile(r"\.\.|^/|[\\:\0]")
"""In nearly no path: the others need no closer look."""


def leads_out(stored: str) -> bool:
    """Whether a stored path, read on any system, names something elsewhere."""
    if not _SUSPICIOUS.search(stored):
        return False
    windows = PureWindowsPath(stored)
    return bool(
        windows.drive
        or windows.root
        or ".." in windows.parts
        or "\0" in stored
        or (os.name == "nt" and ":" in stored)  # a stream of another file
    )


@dataclass(frozen=True)
class Reach:
    """Which stored paths of a project are followed, and where they lead.

    For one pass over the photos: what it saw of the disk, it takes as it was.

    Attributes:
        folder: The project's.
        allowed: Folders of stored paths that this person allowed.
        is_link: Whether a path is a symbolic link.
    """

    folder: Path
    allowed: frozenset[str] = frozenset()
    is_link: Callable[[Path], bool] = Path.is_symlink
    _homely: dict[str, bool] = field(default_factory=dict)

    def is_open(self, stored: str) -> bool:
        """Whether a stored path is followed."""
        return self.look(stored)[1]

    def look(self, stored: str) -> tuple[Path, bool]:
        """Where the file is, and whether that is followed.

        A place in the project's folder in place of one that is not followed.
        """
        if not leads_out(stored):
            path = self.folder / stored
            if self._stays(stored, path):
                return path, True
        if folder_of(stored) in self.allowed and "\0" not in stored:
            return from_stored(stored, self.folder), True
        return self.folder / file_name(stored), False

    def _stays(self, stored: str, path: Path) -> bool:
        """Whether no link on the way leads out of the project's folder."""
        parent = stored.rpartition("/")[0]
        if parent not in self._homely:
            self._homely[parent] = self._is_within(path.parent)
        return self._homely[parent] and (
            not self.is_link(path) or self._is_within(path)
        )

    def _is_within(self, path: Path) -> bool:
        real, home = os.path.realpath(path), os.path.realpath(self.folder)
        return Path(real).is_relative_to(home)


class LinksOfFolders:
    """Whether paths are symbolic links, by one look at each folder."""

    def __init__(self) -> None:
        self._links: dict[str, frozenset[str]] = {}

    def __call__(self, path: Path) -> bool:
        """Whether the path is a symbolic link."""
        folder, name = os.path.split(path)
        if folder not in self._links:
            self._links[folder] = _links_in(folder)
        return name in self._links[folder]


def _links_in(folder: str) -> frozenset[str]:
    try:
        with os.scandir(folder) as entries:
            return frozenset(entry.name for entry in entries if entry.is_symlink())
    except OSError:  # not there, as on a drive that is not connected
        return frozenset()
