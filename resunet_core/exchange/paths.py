"""How files of an export name the photos that they are about."""

import os
from pathlib import Path, PurePath


def from_folder(photo: Path, folder: Path) -> str:
    """A photo's path from a folder, with slashes; absolute on another drive."""
    try:
        return PurePath(os.path.relpath(photo.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive on Windows: there is no relative path
        return photo.resolve().as_posix()
