"""Masks as indexed PNG, and overlays to look at."""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.defects import DEFAULT_CLASSES, DefectClasses
from resunet_core.files import replacing
from resunet_core.mask.regions import MaskReader

BAND_ROWS = 512
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
EIGHT_BIT_INDEXED = (8, 3, 0, 0, 0)


class LevelReader(Protocol):
    """The halved levels of a photo; see `imaging.pyramid.Pyramid`."""

    levels: tuple[tuple[int, int], ...]

    def read(self, level: int, box: Box) -> NDArray[np.uint8]:
        """RGB uint8 [h, w, 3] of a box in that level's pixels."""


def write_mask_png(
    path: Path, mask: MaskReader, classes: DefectClasses = DEFAULT_CLASSES
) -> None:
    """Write class ids as an 8-bit PNG whose palette holds the class colours.

    Written band by band, which no imaging library at hand does for indexed PNG: the
    mask of a 150 megapixel photo needs no more memory than a small one's.
    """
    with replacing(path) as beside, beside.open("wb") as stream:
        stream.write(PNG_SIGNATURE)
        header = struct.pack(">II5B", mask.width, mask.height, *EIGHT_BIT_INDEXED)
        _chunk(stream, b"IHDR", header)
        _chunk(stream, b"PLTE", _palette(classes))
        packer = zlib.compressobj(6)
        for band in _bands(mask.height, mask.width):
            # Each row starts with its filter type; 0 is none.
            rows = np.pad(mask.read(band), ((0, 0), (1, 0)))
            if packed := packer.compress(rows.tobytes()):
                _chunk(stream, b"IDAT", packed)
        _chunk(stream, b"IDAT", packer.flush())
        _chunk(stream, b"IEND", b"")


def write_overlay(
    path: Path,
    photo: LevelReader,
    mask: MaskReader,
    *,
    classes: DefectClasses = DEFAULT_CLASSES,
    max_px: int = 4096,
    opacity: float = 0.55,
) -> None:
    """Write a JPEG of the photo with its defects coloured, reduced to `max_px`."""
    with replacing(path) as beside:
        pixels = overlay(photo, mask, classes=classes, max_px=max_px, opacity=opacity)
        done, data = cv2.imencode(
            ".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90]
        )
        if not done:
            raise RuntimeError("OpenCV cannot write JPEG")
        # Through memory: OpenCV opens no path with Chinese characters on Windows.
        beside.write_bytes(data.tobytes())


def overlay(
    photo: LevelReader,
    mask: MaskReader,
    *,
    classes: DefectClasses = DEFAULT_CLASSES,
    max_px: int,
    opacity: float = 0.55,
) -> NDArray[np.uint8]:
    """The photo with its defects coloured, RGB uint8, longer side at most `max_px`."""
    level = next(
        (k for k, size in enumerate(photo.levels) if max(size) <= max_px),
        len(photo.levels) - 1,
    )
    height, width = photo.levels[level]
    picture = photo.read(level, Box.of(height, width)).copy()
    reduced = reduce_mask(mask, height, width)
    for defect in classes:
        colour = np.array(defect.colour, np.float32) * opacity
        where = reduced == defect.id
        picture[where] = picture[where] * (1 - opacity) + colour
    largest = max(height, width)
    if largest > max_px:  # the coarsest level can still be larger than asked
        size = (max(1, width * max_px // largest), max(1, height * max_px // largest))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
    return picture


def reduce_mask(mask: MaskReader, height: int, width: int) -> NDArray[np.uint8]:
    """The mask at a smaller size; a defect that touches a pixel is shown in it.

    For pictures only: counted, it would make thin classes many times too large.
    """
    if (height, width) == (mask.height, mask.width):
        return mask.read(Box.of(height, width))
    reduced = np.zeros((height, width), np.uint8)
    columns = np.minimum(np.arange(mask.width) * width // mask.width, width - 1)
    for band in _bands(mask.height, mask.width):
        part = mask.read(band)
        ys, xs = np.nonzero(part)
        rows = np.minimum((ys + band.top) * height // mask.height, height - 1)
        np.maximum.at(reduced, (rows, columns[xs]), part[ys, xs])
    return reduced


def _bands(height: int, width: int) -> Iterator[Box]:
    for top in range(0, height, BAND_ROWS):
        yield Box(top, 0, min(top + BAND_ROWS, height), width)


def _palette(classes: DefectClasses) -> bytes:
    colours = np.zeros((256, 3), np.uint8)
    for defect in classes:
        colours[defect.id] = defect.colour
    return colours.tobytes()


def _chunk(stream: BinaryIO, kind: bytes, data: bytes) -> None:
    stream.write(struct.pack(">I", len(data)) + kind + data)
    stream.write(struct.pack(">I", zlib.crc32(data, zlib.crc32(kind))))
