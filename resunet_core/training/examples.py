"""Data folders: pictures with masks, checked before anything is learned from them."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL.PngImagePlugin import PngImageFile

from resunet_core.defects import IGNORE_ID
from resunet_core.errors import BadData
from resunet_core.formats.labelme_reader import read_labelme

PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".tif", ".tiff")


class LabelledPicture(Protocol):
    """A picture with its truth: an example, or a part of one."""

    @property
    def stem(self) -> str:
        """What it is called."""

    @property
    def truth(self) -> str:
        """What a complaint about its truth names."""

    def load(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """RGB uint8 [H, W, 3] and class ids uint8 [H, W] with 255 = ignore."""


@dataclass(frozen=True)
class Example:
    """One picture and its mask, on disk: a PNG of class ids, or LabelMe JSON."""

    picture: Path
    mask: Path
    ignore: Path | None = None

    @property
    def stem(self) -> str:
        """The name both files share."""
        return self.picture.stem

    @property
    def truth(self) -> str:
        """The file of the mask."""
        return str(self.mask)

    @property
    def name(self) -> str:
        """The picture's name with that of the data folder it lies in."""
        folder = self.picture.parent
        if folder.name == "images":
            folder = folder.parent
        return f"{folder.name}/{self.picture.name}"

    def load(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """RGB uint8 [H, W, 3] and class ids uint8 [H, W] with 255 = ignore.

        Raises:
            BadData: A file cannot be read, or the two differ in size.
            BadAnnotation: A label file is wrong or about a photo of another size.
        """
        pixels = read_picture(self.picture)
        if self.mask.suffix.lower() == ".json":
            classes = read_labelme(self.mask).painted(*pixels.shape[:2])
        else:
            classes = read_mask(self.mask)
        _refuse_other_size(self.mask, classes.shape, pixels.shape[:2])
        if self.ignore is not None:
            left_out = read_mask(self.ignore)
            _refuse_other_size(self.ignore, left_out.shape, pixels.shape[:2])
            classes[left_out > 0] = IGNORE_ID
        return pixels, classes


def read_picture(path: Path) -> NDArray[np.uint8]:
    """A small picture as RGB uint8 [H, W, 3].

    Read through memory: OpenCV opens no path with Chinese characters on Windows.

    Raises:
        BadData: It cannot be read or decoded.
    """
    data = np.frombuffer(_read_bytes(path), np.uint8)
    try:
        picture = cv2.imdecode(data, cv2.IMREAD_COLOR_RGB) if data.size else None
    except cv2.error:  # more pixels than OpenCV decodes
        picture = None
    if picture is None:
        raise BadData(f"{path} is not a picture.", "Mend or remove the file.")
    return np.asarray(picture, np.uint8)


def read_mask(path: Path) -> NDArray[np.uint8]:
    """The class ids of a PNG, uint8 [H, W]: its grey values or, indexed, its indices.

    Read by Pillow, since OpenCV turns the indices into their colours.

    Raises:
        BadData: It cannot be read, or is no PNG of 8 bits and one channel.
    """
    data = _read_bytes(path)
    try:
        # The class itself: `Image.open` takes masks of large photos for an attack.
        with PngImageFile(io.BytesIO(data)) as mask:
            if mask.mode in {"P", "L"}:
                return np.array(mask, np.uint8)
            what = f"is a PNG of the kind {mask.mode}"
    except (OSError, SyntaxError, ValueError) as error:
        raise BadData(
            f"{path} is damaged or is not a PNG.", "Mend or remove the file."
        ) from error
    raise BadData(
        f"{path} {what}, not an 8-bit mask with one channel.",
        "Save it as an indexed or a grey PNG that holds class ids.",
    )


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadData(
            f"{path} cannot be read: {error.strerror or error}.",
            "Check the data folder.",
        ) from error


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

    A folder that holds LabelMe JSON instead is one, too; its files name their photos.

    Raises:
        BadAnnotation: A JSON file in it is not LabelMe's.
        BadData: A folder or a mask is missing, two pictures have one name, or there is
            nothing in it.
    """
    pictures, masks = folder / "images", folder / "masks"
    labels = sorted(folder.glob("*.json"))
    if labels and not pictures.exists():
        return _labelled_photos(labels)
    for needed in (pictures, masks):
        if not needed.is_dir():
            raise BadData(
                f"{folder} has no folder {needed.name}/.",
                "A data folder holds images/ and masks/STEM.png.",
            )
    examples: list[Example] = []
    for picture in sorted(pictures.iterdir(), key=lambda path: (path.stem, path.name)):
        if picture.suffix.lower() not in PICTURE_SUFFIXES:
            continue
        if examples and examples[-1].stem == picture.stem:
            raise BadData(
                f"{examples[-1].picture} and {picture.name} would share one mask.",
                "Rename one of the two and give it its own mask.",
            )
        examples.append(_with_mask(folder, picture))
    if not examples:
        raise BadData(f"{pictures} holds no picture.", "Put photos and masks there.")
    return examples


def _labelled_photos(labels: list[Path]) -> list[Example]:
    of_photo: dict[Path, Path] = {}
    for path in labels:
        photo = read_labelme(path).photo
        if not photo.is_file():
            raise BadData(
                f"{path} is about {photo.name}, which is not there.",
                "Put the photo beside the file, or mend its imagePath.",
            )
        other = of_photo.setdefault(photo.resolve(), path)
        if other != path:
            raise BadData(
                f"{other} and {path.name} both label {photo.name}.",
                "Join them into one file, or move one of them away.",
            )
    return [Example(photo, path) for photo, path in of_photo.items()]


def read_data_folders(folders: Sequence[Path]) -> list[Example]:
    """The examples of several data folders, in the order given.

    Raises:
        BadAnnotation: As `read_data_folder`.
        BadData: As `read_data_folder`, or a photo is in two of them.
    """
    examples = [e for folder in folders for e in read_data_folder(folder)]
    seen: dict[Path, Example] = {}
    for example in examples:
        other = seen.setdefault(example.picture.resolve(), example)
        if other is not example:
            raise BadData(
                f"{example.picture} is named by two data folders.",
                "Name each folder once.",
            )
    return examples


def _with_mask(folder: Path, picture: Path) -> Example:
    mask, ignore = (folder / k / f"{picture.stem}.png" for k in ("masks", "ignore"))
    if not mask.is_file():
        raise BadData(f"{picture} has no mask {mask}.", "Add it, or move it away.")
    return Example(picture, mask, ignore if ignore.is_file() else None)
