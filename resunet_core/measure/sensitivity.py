"""How much an area hangs on the threshold, and on a pixel more or less at the rim."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from resunet_core.box import Box
from resunet_core.mask.threshold import Probabilities
from resunet_core.measure.surface import Surface

THRESHOLDS = (0.3, 0.5, 0.7)


@dataclass(frozen=True)
class ThresholdArea:
    """Pixels of a class at a threshold, 0 to 1."""

    threshold: float
    area_px: int


@dataclass(frozen=True)
class RimBand:
    """Area of a class with its rim one pixel further in, as drawn, and further out."""

    inner_px: int
    area_px: int
    outer_px: int


def areas_at_thresholds(
    probabilities: Probabilities,
    key: str,
    surface: Surface,
    thresholds: Sequence[float] = THRESHOLDS,
) -> tuple[ThresholdArea, ...]:
    """Assessed pixels whose probability reaches each threshold, nothing dropped."""
    plane = probabilities.keys.index(key)
    found = np.zeros(256, np.int64)
    for band in surface.bands():
        values = probabilities.read(band)[plane][surface.assessed(band)]
        found += np.bincount(values, minlength=256)
    reached = np.cumsum(found[::-1])[::-1]
    return tuple(
        ThresholdArea(t, int(reached[max(1, int(np.ceil(t * 255)))]))
        for t in thresholds
    )


def rim_band(surface: Surface, class_id: int) -> RimBand:
    """What one pixel at the rim is worth: for cracks it is most of their area."""
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    sums = np.zeros(3, np.int64)
    for band in surface.bands():
        around = band.grow(1).clip(Box.of(surface.height, surface.width))
        drawn = surface.of_class(class_id, around).astype(np.uint8)
        core = band.within(around).slices
        inner = cv2.erode(drawn, cross, borderType=cv2.BORDER_REPLICATE)
        outer = np.asarray(cv2.dilate(drawn, cross))[core]
        sums += (
            np.count_nonzero(np.asarray(inner)[core]),
            np.count_nonzero(drawn[core]),
            np.count_nonzero(outer[surface.assessed(band)]),
        )
    return RimBand(*(int(v) for v in sums))
