"""Labelled pictures as another camera would have taken them, to judge steadiness by."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.defects import DEFAULT_CLASSES, IGNORE_ID, SOUND_ID
from resunet_core.training.examples import LabelledPicture

Labelled = tuple[NDArray[np.uint8], NDArray[np.uint8]]

JPEG_QUALITY = 75
# A class that covers so much of a smaller pixel gives the pixel its name: less than
# half, or lines of one pixel would break.
COVERED = 0.35


def _half(pixels: NDArray[np.uint8], classes: NDArray[np.uint8]) -> Labelled:
    height, width = (max(1, side // 2) for side in classes.shape)
    small = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
    truth = np.full((height, width), SOUND_ID, np.uint8)
    for value in (*(defect.id for defect in DEFAULT_CLASSES), IGNORE_ID):
        share = (classes == value).astype(np.float32)
        share = cv2.resize(share, (width, height), interpolation=cv2.INTER_AREA)
        truth[share > COVERED] = value
    return np.asarray(small, np.uint8), truth


def _double(pixels: NDArray[np.uint8], classes: NDArray[np.uint8]) -> Labelled:
    size = (classes.shape[1] * 2, classes.shape[0] * 2)
    large = cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC)
    truth = cv2.resize(classes, size, interpolation=cv2.INTER_NEAREST)
    return np.asarray(large, np.uint8), np.asarray(truth, np.uint8)


def _turned(pixels: NDArray[np.uint8], classes: NDArray[np.uint8]) -> Labelled:
    turned = (np.ascontiguousarray(np.rot90(layer)) for layer in (pixels, classes))
    first, second = turned
    return first, second


def _jpeg(pixels: NDArray[np.uint8], classes: NDArray[np.uint8]) -> Labelled:
    quality = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    done, coded = cv2.imencode(".jpg", pixels[..., ::-1], quality)
    if not done:
        raise RuntimeError("OpenCV cannot write JPEG")
    decoded = cv2.imdecode(coded, cv2.IMREAD_COLOR)
    return np.ascontiguousarray(np.asarray(decoded, np.uint8)[..., ::-1]), classes


def _darker(pixels: NDArray[np.uint8], classes: NDArray[np.uint8]) -> Labelled:
    """Half the light, so in linear values, not in those of sRGB (IEC 61966-2-1)."""
    levels = np.arange(256) / 255
    low = levels <= 0.04045
    linear = np.where(low, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4) / 2
    dark = linear <= 0.0031308
    coded = np.where(dark, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return (coded * 255).round().astype(np.uint8)[pixels], classes


CHANGES: dict[str, Callable[[NDArray[np.uint8], NDArray[np.uint8]], Labelled]] = {
    "half scale": _half,
    "double scale": _double,
    "turned by 90 degrees": _turned,
    f"JPEG of quality {JPEG_QUALITY}": _jpeg,
    "one stop darker": _darker,
}
"""Of pixels RGB uint8 [H, W, 3] and class ids uint8 [H, W], by what is done."""


@dataclass(frozen=True)
class Changed:
    """A labelled picture under one of `CHANGES`."""

    picture: LabelledPicture
    change: str

    @property
    def stem(self) -> str:
        """What the picture is called."""
        return self.picture.stem

    @property
    def truth(self) -> str:
        """What a complaint about its truth names."""
        return self.picture.truth

    def load(self) -> Labelled:
        """RGB uint8 [H', W', 3] and class ids uint8 [H', W']."""
        return CHANGES[self.change](*self.picture.load())
