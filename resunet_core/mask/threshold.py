"""From probabilities to the model's plane of a mask: thresholds and minimum sizes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.defects import DEFAULT_CLASSES, DefectClasses
from resunet_core.mask.tile import TILE_PX

BLOCK_TILES = 4
"""Tiles are decided in blocks of 4 x 4: less of the halo is computed twice."""

MAX_MIN_AREA_PX = 1000
"""A larger minimum would need a wider halo around each block than is worth it."""


@dataclass(frozen=True)
class DetectionSettings:
    """When a probability becomes a class; keys are class keys.

    Attributes:
        thresholds: Least probability, 0 to 1.
        min_area_px: Regions with fewer pixels are dropped; at most 1000.
    """

    thresholds: Mapping[str, float]
    min_area_px: Mapping[str, int]

    @property
    def halo_px(self) -> int:
        """Pixels around a block that decide what is small in it, exactly.

        A region that leaves the block and reaches this far is large enough to stay.
        """
        return min(MAX_MIN_AREA_PX, max([0, *self.min_area_px.values()]))


class Probabilities(Protocol):
    """What classes are decided from; see `inference.probability.ProbabilityMap`."""

    keys: tuple[str, ...]
    height: int
    width: int

    def read(self, box: Box) -> NDArray[np.uint8]:
        """Probability times 255 inside `box`: uint8 [C, h, w]."""


def classify(
    probabilities: NDArray[np.uint8],
    keys: tuple[str, ...],
    thresholds: Mapping[str, float],
    classes: DefectClasses = DEFAULT_CLASSES,
) -> NDArray[np.uint8]:
    """Class ids uint8 [h, w] of probabilities uint8 [C, h, w] (times 255).

    Where several classes reach their threshold the later one wins: paint loss swallows
    the cracks in it, since a pixel has one class and lost paint has no craquelure.
    """
    result = np.zeros(probabilities.shape[1:], np.uint8)
    for key, plane in zip(keys, probabilities, strict=True):
        least = max(1, int(np.ceil(thresholds[key] * 255)))
        result[plane >= least] = classes.by_key(key).id
    return result


def drop_small(
    mask: NDArray[np.uint8],
    min_area_px: Mapping[str, int],
    classes: DefectClasses = DEFAULT_CLASSES,
) -> NDArray[np.uint8]:
    """The mask without regions (8-connected) of fewer pixels than the minimum."""
    kept = mask.copy()
    for defect in classes:
        least = min(MAX_MIN_AREA_PX, min_area_px.get(defect.key, 0))
        if least <= 1:
            continue
        is_class = mask == defect.id
        # Counting the pixels of the class alone takes a quarter of the time of
        # OpenCV's statistics, which look at every pixel.
        _, labels = cv2.connectedComponents(is_class.view(np.uint8), connectivity=8)
        regions = labels[is_class]
        large = np.bincount(regions) >= least
        kept[is_class] = np.where(large[regions], np.uint8(defect.id), np.uint8(0))
    return kept


def model_tiles(
    probabilities: Probabilities,
    settings: DetectionSettings,
    *,
    first: Box | None = None,
) -> Iterator[tuple[int, int, NDArray[np.uint8] | None]]:
    """The model's plane, tile by tile: (row, column, class ids or None where empty).

    Args:
        probabilities: Of the whole photo.
        settings: Thresholds and minimum sizes.
        first: Tiles that meet this box come first: what the person looks at.
    """
    size = Box.of(probabilities.height, probabilities.width)
    blocks = list(_parts(size, BLOCK_TILES * TILE_PX))
    if first is not None:
        blocks.sort(key=lambda block: block.clip(first).is_empty)
    for block in blocks:
        around = block.grow(settings.halo_px).clip(size)
        mask = classify(
            probabilities.read(around), probabilities.keys, settings.thresholds
        )
        mask = drop_small(mask, settings.min_area_px)
        for tile in _parts(block, TILE_PX):
            part = mask[tile.within(around).slices]
            found = part.copy() if part.any() else None
            yield tile.top // TILE_PX, tile.left // TILE_PX, found


def _parts(box: Box, side_px: int) -> Iterator[Box]:
    for top in range(box.top, box.bottom, side_px):
        for left in range(box.left, box.right, side_px):
            yield Box(top, left, top + side_px, left + side_px).clip(box)
