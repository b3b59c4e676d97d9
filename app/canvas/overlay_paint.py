"""Class ids to colours, at full size or reduced: pure functions on arrays.

Reduced, a pixel takes on each class by the share of it that the class covers, with
thin things strengthened so that a crack of one pixel is still seen from afar.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.uint8]
Argb = NDArray[np.uint32]


@dataclass(frozen=True)
class ClassLook:
    """How a class is shown: colour sRGB 0 to 255, opacity 0 (hidden) to 1."""

    class_id: int
    colour: tuple[int, int, int]
    opacity: float


def full_size_table(looks: Sequence[ClassLook]) -> Argb:
    """Premultiplied ARGB for each of the 256 class ids; 0 where it is not shown."""
    table = np.zeros(256, np.uint32)
    for look in looks:
        alpha = round(255 * look.opacity)
        red, green, blue = (round(value * look.opacity) for value in look.colour)
        table[look.class_id] = alpha << 24 | red << 16 | green << 8 | blue
    return table


def coverage(ids: Ids, class_ids: Sequence[int], factor: int) -> NDArray[np.uint8]:
    """Share of each class in squares of `factor` px: uint8 [C, h', w'], 255 is all.

    The last row and column may stand for narrower squares.
    """
    height, width = ids.shape
    rows, cols = -(-height // factor), -(-width // factor)
    padded = np.zeros((rows * factor, cols * factor), np.uint8)
    padded[:height, :width] = ids
    planes = np.empty((len(class_ids), rows, cols), np.uint8)
    for plane, class_id in zip(planes, class_ids, strict=True):
        is_class = cv2.inRange(padded, (class_id,), (class_id,))
        plane[:] = cv2.resize(is_class, (cols, rows), interpolation=cv2.INTER_AREA)
    return planes


def halved(planes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Coverage at half the size; [C, h, w] to [C, ceil(h / 2), ceil(w / 2)]."""
    count, height, width = planes.shape
    rows, cols = -(-height // 2), -(-width // 2)
    out = np.empty((count, rows, cols), np.uint8)
    for target, plane in zip(out, planes, strict=True):
        even = cv2.copyMakeBorder(
            plane, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE
        )
        target[:] = cv2.resize(even, (cols, rows), interpolation=cv2.INTER_AREA)
    return out


def coloured(planes: NDArray[np.uint8], looks: Sequence[ClassLook]) -> Argb:
    """Coverage [C, h, w] as premultiplied ARGB [h, w]."""
    strength = np.sqrt(np.arange(256, dtype=np.float32) / 255)
    alphas = [
        (strength * look.opacity)[plane]
        for plane, look in zip(planes, looks, strict=True)
    ]
    total = np.maximum(1.0, np.sum(alphas, axis=0, dtype=np.float32))
    channels = np.zeros((4, *planes.shape[1:]), np.float32)
    for alpha, look in zip(alphas, looks, strict=True):
        share = alpha / total
        for number, value in enumerate((255, *look.colour)):
            channels[number] += share * value
    alpha8, red, green, blue = np.round(channels).astype(np.uint32)
    return np.asarray(alpha8 << 24 | red << 16 | green << 8 | blue, np.uint32)
