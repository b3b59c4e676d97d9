"""A photo: its file, size and hash, known before a pixel is decoded."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyvips
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.files import content_hash
from resunet_core.imaging import decode
from resunet_core.imaging.decode import SUPPORTED_SUFFIXES

__all__ = ["SUPPORTED_SUFFIXES", "Photo", "find_photos", "open_photo", "thumbnail"]


@dataclass(frozen=True)
class Photo:
    """One picture file. Width and height are upright, after the EXIF turn."""

    path: Path
    width: int
    height: int
    sha256: str
    notes: tuple[str, ...] = ()

    @property
    def box(self) -> Box:
        """All its pixels."""
        return Box.of(self.height, self.width)

    @property
    def megapixels(self) -> float:
        """Millions of pixels."""
        return self.width * self.height / 1e6


def open_photo(path: Path) -> Photo:
    """Read the header and hash of a photo; no pixel is decoded.

    Raises:
        UnreadablePhoto: Missing, unreadable, no picture, or too large.
    """
    header = decode.read_header(path)
    try:
        sha256 = content_hash(path)
    except OSError as error:
        raise decode.unreadable(path, error) from error
    return Photo(path, header.width, header.height, sha256, header.notes)


def thumbnail(path: Path, max_px: int) -> NDArray[np.uint8]:
    """A small upright picture, RGB uint8 [h, w, 3], longer side at most `max_px`.

    Raises:
        UnreadablePhoto: It cannot be decoded.
    """
    try:
        return np.asarray(decode.thumbnail(path, max_px).numpy(), np.uint8)
    except pyvips.Error as error:
        raise decode.unreadable(path, error) from error


# Of an export into the same folder.
_OWN_RESULTS = (".mask.png", ".overlay.jpg", ".proxy.jpg")


def find_photos(paths: Iterable[Path]) -> list[Path]:
    """The photos named, and those in the folders named and below, in natural order.

    A file that is named is taken whatever its suffix, and even when it is missing, so
    that opening it refuses it by name; in folders only supported suffixes count, and
    neither hidden files nor masks and overlays that were exported there.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = (p for p in path.rglob("*") if _is_photo(p, path))
            found.update(dict.fromkeys(sorted(inside, key=_natural)))
        else:
            found[path] = None
    return list(found)


def _is_photo(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    if hidden or path.name.endswith(_OWN_RESULTS):
        return False
    return path.suffix.lower() in SUPPORTED_SUFFIXES and path.is_file()


def _natural(path: Path) -> list[tuple[int, int | str]]:
    """Sort key in which beam2 comes before beam10."""
    parts = re.split(r"(\d+)", str(path).casefold())
    return [(0, int(p)) if p.isdecimal() else (1, p) for p in parts if p]
