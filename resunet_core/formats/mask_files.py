"""Masks as pictures of class ids: PNG and TIFF in, tiled BigTIFF out."""

import io
from pathlib import Path

import numpy as np
import pyvips
from numpy.typing import NDArray
from PIL.PngImagePlugin import PngImageFile

from resunet_core.box import Box
from resunet_core.errors import BadAnnotation
from resunet_core.files import replacing
from resunet_core.formats.json_file import read_limited
from resunet_core.mask.regions import MaskReader

MASK_SUFFIXES = (".png", ".tif", ".tiff", ".btf")
TIFF_SIGNATURES = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
BAND_ROWS = 256
TILE_PX = 256


def read_mask(path: Path, size: tuple[int, int]) -> NDArray[np.uint8]:
    """The class ids of an indexed or grey PNG, or of a grey TIFF, uint8 [H, W].

    The size is compared before a pixel is unpacked, so that no file can claim more
    memory than its photo has pixels.

    Args:
        path: Of the picture.
        size: Height and width that it must have.

    Raises:
        BadAnnotation: It cannot be read, has another size, or more than one channel.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(4)
    except OSError as error:
        raise BadAnnotation(
            f"{path} cannot be read: {error.strerror or error}.",
            "Check the name and your rights to it.",
        ) from error
    if start in TIFF_SIGNATURES:
        return _read_tiff(path, size)
    if start == b"\x89PNG":
        return _read_png(path, size)
    raise BadAnnotation(
        f"{path} is neither a PNG nor a TIFF.", "Save the mask as one of these."
    )


def _read_png(path: Path, size: tuple[int, int]) -> NDArray[np.uint8]:
    data = read_limited(path)
    try:
        # The class itself: `Image.open` takes masks of large photos for an attack.
        with PngImageFile(io.BytesIO(data)) as picture:
            _refuse_size(path, (picture.height, picture.width), size)
            kind = picture.mode
            if kind in {"P", "L", "1"}:
                return np.array(picture, np.uint8)
    except (OSError, SyntaxError, ValueError) as error:
        raise BadAnnotation(
            f"{path} is damaged or is not a PNG.", "Save the mask again."
        ) from error
    raise _not_ids(path, f"a PNG of the kind {kind}")


def _read_tiff(path: Path, size: tuple[int, int]) -> NDArray[np.uint8]:
    try:
        image = pyvips.Image.new_from_file(
            str(path), access="sequential", fail_on="truncated"
        )
        _refuse_size(path, (image.height, image.width), size)
        if image.bands == 1 and image.format == "uchar":
            return np.asarray(image.numpy(), np.uint8)
    except pyvips.Error as error:
        raise BadAnnotation(
            f"{path} is damaged or is not a TIFF.", "Save the mask again."
        ) from error
    raise _not_ids(path, f"a TIFF of {image.bands} x {image.format}")


def _refuse_size(path: Path, found: tuple[int, int], size: tuple[int, int]) -> None:
    if found != size:
        raise BadAnnotation(
            f"{path} is {found[1]} x {found[0]} px, its photo is "
            f"{size[1]} x {size[0]} px.",
            "Make both the same size.",
        )


def _not_ids(path: Path, what: str) -> BadAnnotation:
    return BadAnnotation(
        f"{path} is {what}, not an 8-bit mask with one channel.",
        "Save it as an indexed or a grey picture that holds class ids.",
    )


def write_mask_tiff(path: Path, mask: MaskReader) -> None:
    """Write class ids as a grey BigTIFF in tiles, in the memory of some rows.

    Raises:
        CaihuaError: The folder cannot be written to or the disk is full.
    """
    with replacing(path) as beside:
        raw = beside.with_suffix(".raw")
        try:
            with raw.open("wb") as stream:
                for top in range(0, mask.height, BAND_ROWS):
                    bottom = min(top + BAND_ROWS, mask.height)
                    band = mask.read(Box(top, 0, bottom, mask.width))
                    stream.write(np.ascontiguousarray(band).data)
            _raw_to_tiff(raw, beside, mask)
        finally:
            raw.unlink(missing_ok=True)


def _raw_to_tiff(raw: Path, path: Path, mask: MaskReader) -> None:
    try:
        image = pyvips.Image.rawload(str(raw), mask.width, mask.height, 1)
        image.tiffsave(
            str(path),
            tile=True,
            tile_width=TILE_PX,
            tile_height=TILE_PX,
            compression="deflate",
            bigtiff=True,
        )
    except pyvips.Error as error:
        raise OSError(str(error)) from error
