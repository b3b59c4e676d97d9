"""The paper's own six augmentations, each single and in combination.

By them its 600 tiles became 21,000: flip, inversion, translation, sharpening, HSV and
noise. It gives no amounts; those below are usual ones. What it calls inversion could be
of the picture or of its colours; since it stands between flip and translation, it is
taken as turned upside down.
"""

from collections.abc import Callable
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.defects import IGNORE_ID

Picture = NDArray[np.uint8]
Classes = NDArray[np.uint8]
Labelled = tuple[Picture, Classes]
Operation = Callable[[Picture, Classes, np.random.Generator], Labelled]

FARTHEST_SHARE = 0.25
HUE_SHARE, SATURATION_SHARE, VALUE_SHARE = 0.1, 0.7, 0.3


def paper_augment(
    pixels: Picture, classes: Classes, rng: np.random.Generator
) -> Labelled:
    """One or several of the six, drawn; the arguments are left as they are.

    One in half of the cases, two in a quarter, three in an eighth and so on, so that
    each is seen alone as well as with others; which ones is drawn evenly.

    Args:
        pixels: RGB uint8 [H, W, 3].
        classes: Class ids uint8 [H, W].
        rng: Source of chance.
    """
    most = len(PAPER_OPERATIONS)
    count = min(int(rng.geometric(0.5)), most)
    chosen = rng.choice(most, count, replace=False)
    for number, operation in enumerate(PAPER_OPERATIONS.values()):
        if number in chosen:
            pixels, classes = operation(pixels, classes, rng)
    return pixels, classes


def flip(pixels: Picture, classes: Classes, _rng: np.random.Generator) -> Labelled:
    """Left and right exchanged."""
    return _as_bytes(cv2.flip(pixels, 1)), _as_bytes(cv2.flip(classes, 1))


def invert(pixels: Picture, classes: Classes, _rng: np.random.Generator) -> Labelled:
    """Turned upside down: by half a turn."""
    return _as_bytes(cv2.flip(pixels, -1)), _as_bytes(cv2.flip(classes, -1))


def translate(pixels: Picture, classes: Classes, rng: np.random.Generator) -> Labelled:
    """Moved by up to a quarter of its size; what comes in is mirrored and ignored.

    A mirrored rim has the colours of paint, so that no edge of grey is learned, but it
    repeats damage that is not there: 255. Counting it as sound paint, as a letterbox
    does, would teach that any damage on it is none.
    """
    height, width = classes.shape
    share = rng.uniform(-FARTHEST_SHARE, FARTHEST_SHARE, 2)
    down, right = round(share[0] * height), round(share[1] * width)
    pad = (max(down, 0), max(-down, 0), max(right, 0), max(-right, 0))
    window = np.s_[max(-down, 0) :, max(-right, 0) :]
    moved = cv2.copyMakeBorder(pixels, *pad, cv2.BORDER_REFLECT)[window]
    labels = cv2.copyMakeBorder(classes, *pad, cv2.BORDER_CONSTANT, value=IGNORE_ID)
    return (
        _as_bytes(moved[:height, :width]),
        _as_bytes(labels[window][:height, :width]),
    )


def sharpen(pixels: Picture, classes: Classes, rng: np.random.Generator) -> Labelled:
    """Fine detail made stronger by a half to one and a half."""
    amount = rng.uniform(0.5, 1.5)
    soft = cv2.GaussianBlur(pixels, (0, 0), 1.0)
    return _as_bytes(cv2.addWeighted(pixels, 1 + amount, soft, -amount, 0)), classes


def shift_hsv(pixels: Picture, classes: Classes, rng: np.random.Generator) -> Labelled:
    """Hue turned by up to a tenth, saturation and value weighed by up to 70, 30 %."""
    hue, saturation, value = rng.uniform(-1, 1, 3)
    levels = np.arange(256)
    tables = np.stack(
        [
            (levels + round(180 * HUE_SHARE * hue)) % 180,
            np.clip(levels * (1 + SATURATION_SHARE * saturation), 0, 255),
            np.clip(levels * (1 + VALUE_SHARE * value), 0, 255),
        ],
        axis=-1,
    ).astype(np.uint8)
    hsv = cv2.LUT(cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV), tables[None])
    return _as_bytes(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)), classes


def add_noise(pixels: Picture, classes: Classes, rng: np.random.Generator) -> Labelled:
    """Gaussian noise with a deviation of 2 to 12 levels."""
    deviation = np.float32(rng.uniform(2, 12))
    noise = rng.standard_normal(pixels.shape, np.float32) * deviation
    return np.clip(np.rint(pixels + noise), 0, 255).astype(np.uint8), classes


PAPER_OPERATIONS: MappingProxyType[str, Operation] = MappingProxyType(
    {
        "flip": flip,
        "inversion": invert,
        "translation": translate,
        "sharpening": sharpen,
        "hsv": shift_hsv,
        "noise": add_noise,
    }
)
"""Each by the paper's name for it, in the order in which combined ones are applied."""


def _as_bytes(values: object) -> NDArray[np.uint8]:
    """As OpenCV returns them, whose types say any number."""
    return np.ascontiguousarray(values, np.uint8)
