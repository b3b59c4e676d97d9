"""Data folders: pictures with masks, checked before anything is learned from them."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.defects import IGNORE_ID
from resunet_core.errors import BadData

PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".tif", ".tiff")


@dataclass(frozen=True)
class Example:
    """One picture and its mask, on disk."""

    picture: Path
    mask: Path
    ignore: Path | None = None

    @property
    def stem(self) -> str:
        """The name both files share."""
        return self.picture.stem

    def load(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """RGB uint8 [H, W, 3] and class ids uint8 [H, W] with 255 = ignore.

        Raises:
            BadData: A file cannot be read, or the two differ in size.
        """
        pixels = read_picture(self.picture)
        classes = _read_grey(self.mask)
        _refuse_other_size(self.mask, classes.shape, pixels.shape[:2])
        if self.ignore is not None:
            left_out = _read_grey(self.ignore)
            _refuse_other_size(self.ignore, left_out.shape, pixels.shape[:2])
            classes[left_out > 0] = IGNORE_ID
        return pixels, classes


def read_picture(path: Path) -> NDArray[np.uint8]:
    """A small picture as RGB uint8 [H, W, 3].

    Read through memory: OpenCV opens no path with Chinese characters on Windows.

    Raises:
        BadData: It cannot be read or decoded.
    """
    return _decode(path, cv2.IMREAD_COLOR_RGB)


def _read_grey(path: Path) -> NDArray[np.uint8]:
    return _decode(path, cv2.IMREAD_UNCHANGED if path.suffix == ".png" else 0)


def _decode(path: Path, flags: int) -> NDArray[np.uint8]:
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        raise BadData(
            f"{path} cannot be read: {error.strerror or error}.",
            "Check the data folder.",
        ) from error
    picture = cv2.imdecode(data, flags) if data.size else None
    wants_grey = flags != cv2.IMREAD_COLOR_RGB
    if (
        picture is None
        or picture.dtype != np.uint8
        or (wants_grey and picture.ndim != 2)
    ):
        kind = "an 8-bit mask with one channel" if wants_grey else "a picture"
        raise BadData(f"{path} is not {kind}.", "Mend or remove the file.")
    return np.asarray(picture, np.uint8)


def _refuse_other_size(
    path: Path, size: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    if size != expected:
        raise BadData(
            f"{path} is {size[1]} x {size[0]} px, its picture is "
            f"{expected[1]} x {expected[0]} px.",
            "Make both the same size.",
        )


def read_data_folder(folder: Path) -> list[Example]:
    """The examples of a folder with `images/`, `masks/` and perhaps `ignore/`.

    Raises:
        BadData: A folder or a mask is missing, or there is nothing in it.
    """
    pictures, masks = folder / "images", folder / "masks"
    for needed in (pictures, masks):
        if not needed.is_dir():
            raise BadData(
                f"{folder} has no folder {needed.name}/.",
                "A data folder holds images/ and masks/STEM.png.",
            )
    examples = []
    for picture in sorted(pictures.iterdir()):
        if picture.suffix.lower() not in PICTURE_SUFFIXES:
            continue
        mask = masks / f"{picture.stem}.png"
        if not mask.is_file():
            raise BadData(f"{picture} has no mask {mask}.", "Add it, or move it away.")
        ignore = folder / "ignore" / f"{picture.stem}.png"
        examples.append(Example(picture, mask, ignore if ignore.is_file() else None))
    if not examples:
        raise BadData(f"{pictures} holds no picture.", "Put photos and masks there.")
    return examples
