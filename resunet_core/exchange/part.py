"""One rectangle of a photo, exported by itself and labelled as such."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.errors import WrongUsage
from resunet_core.exchange.sources import PART_KEY, OriginReader, PhotoSource
from resunet_core.mask.regions import MaskReader

PART_ENDING = ".part"
"""Of the names of its files, so that they never pass for those of the whole photo."""


class PartMask:
    """A mask of which one rectangle is told, and the rest is said to be sound."""

    def __init__(self, mask: MaskReader, part: Box) -> None:
        self._mask = mask
        self._part = part
        self.height, self.width = mask.height, mask.width

    def read(self, box: Box) -> NDArray[np.uint8]:
        """Class ids uint8 [h, w] of a box inside the photo; 0 outside the part."""
        ids = np.zeros((box.height, box.width), np.uint8)
        told = self._part.clip(box)
        if not told.is_empty:
            ids[told.within(box).slices] = self._mask.read(told)
        return ids

    def read_origin(self, box: Box) -> NDArray[np.uint8]:
        """1 where a person set the pixel, uint8 [h, w]; 0 where nobody says."""
        if isinstance(self._mask, OriginReader):
            return self._mask.read_origin(box)
        return np.zeros((box.height, box.width), np.uint8)


def part_of(source: PhotoSource, part: Box) -> PhotoSource:
    """A photo of which only a rectangle is exported.

    Raises:
        WrongUsage: The rectangle does not meet the photo.
    """
    inside = part.clip(Box.of(source.height, source.width))
    if inside.is_empty:
        raise WrongUsage(
            f"The area lies outside of {source.path.name}, which is {source.width} by "
            f"{source.height} px.",
            "Choose an area on the photo.",
        )
    checked = source.checked
    if checked is not None:
        clipped = (box.clip(inside) for box in checked)
        checked = tuple(box for box in clipped if not box.is_empty)
    return replace(
        source,
        name=f"{source.name}{PART_ENDING}",
        load_mask=lambda: PartMask(source.load_mask(), inside),
        checked=checked,
        part=inside,
    )


def only_within(part: Box, ids: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Class ids uint8 [H, W] of a whole photo with 0 outside of a rectangle."""
    if part == Box.of(*ids.shape):
        return ids
    told = np.zeros_like(ids)
    told[part.slices] = ids[part.slices]
    return told


def told_part(metadata: Mapping[str, Any], height: int, width: int) -> Box:
    """The rectangle that a label file of ours is about; all of the photo by default."""
    whole = Box.of(height, width)
    sides = metadata.get(PART_KEY)
    if not isinstance(sides, list) or len(sides) != 4:
        return whole
    if not all(type(side) is int for side in sides):
        return whole
    return Box(*sides).clip(whole)
