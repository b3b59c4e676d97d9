"""How a project names its photos, so that the folder can move to another machine."""

import os
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
