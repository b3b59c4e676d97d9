"""Where a model is least sure and the area matters most: what to look at first."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.defects import DEFAULT_CLASSES, DefectClasses
from resunet_core.mask.regions import RegionMap, RegionPiece
from resunet_core.mask.threshold import Probabilities
from resunet_core.mask.tile import TILE_PX
from resunet_core.mask.tiled import ASSESSED, DefectMask, Key, tiles_meeting
from resunet_core.progress import Progress, Steps

LEAST_DOUBT = 0.1
"""Less is the noise of any model; over a whole photo it would drown all else."""

LEAST_PX = 4.0
MOST_PLACES = 500
_NO_MODEL = 0.5  # in doubt, where the probabilities have been cleared away


@dataclass(frozen=True)
class Doubt:
    """A place to look at: a region the model found, or what else is in a tile.

    Attributes:
        box: Of the region, or the tile, in photo pixels.
        at_stake_px: Pixels of it that are probably wrong: the sum, over its pixels, of
            the probability that the mask is wrong there.
        class_id: Of the region; None for a tile.
        pixel: One of the region, x before y; None for a tile.
    """

    box: Box
    at_stake_px: float
    class_id: int | None = None
    pixel: tuple[int, int] | None = None


def doubts(
    mask: DefectMask,
    probabilities: Probabilities | None,
    checked: Collection[Key] = (),
    classes: DefectClasses = DEFAULT_CLASSES,
) -> Steps[tuple[Doubt, ...]]:
    """What to look at, most at stake first; at most 500 places.

    What a person drew, what is not assessed and what is checked is in no doubt. A
    region larger than a tile is looked at tile by tile. Nothing may change the mask
    meanwhile.
    """
    frame = Box.of(mask.height, mask.width)
    reader = _Reader(mask, probabilities, checked, classes)
    found: list[Doubt] = []
    of_regions: Counter[Key] = Counter()  # at stake in them, in each tile, 1/255 px
    for piece in RegionMap(mask, classes).pieces():
        box = piece.region.box
        if max(box.height, box.width) <= TILE_PX:
            yield Progress(0, 0)
            found += _of_region(piece, reader, of_regions)
    keys = [key for key in tiles_meeting(frame) if key not in reader.checked]
    for number, key in enumerate(keys):
        yield Progress(number, len(keys))
        tile = mask.model.tile_box(*key)
        at_stake = (int(reader.read(tile).sum()) - of_regions[key]) / 255
        if at_stake >= LEAST_PX:
            found.append(Doubt(tile, at_stake))
    found.sort(key=lambda doubt: (-doubt.at_stake_px, doubt.box.top, doubt.box.left))
    return tuple(found[:MOST_PLACES])


def _of_region(
    piece: RegionPiece, reader: "_Reader", of_regions: Counter[Key]
) -> Iterator[Doubt]:
    wrong = reader.read(piece.box) * piece.pixels
    for key in tiles_meeting(piece.box):
        part = reader.tile_box(key).clip(piece.box)
        of_regions[key] += int(wrong[part.within(piece.box).slices].sum())
    at_stake = int(wrong.sum()) / 255
    if at_stake >= LEAST_PX:
        row, column = np.unravel_index(int(wrong.argmax()), wrong.shape)
        pixel = (piece.box.left + int(column), piece.box.top + int(row))
        yield Doubt(piece.box, at_stake, piece.region.class_id, pixel)


class _Reader:
    """How probably the mask is wrong."""

    def __init__(
        self,
        mask: DefectMask,
        probabilities: Probabilities | None,
        checked: Collection[Key],
        classes: DefectClasses,
    ) -> None:
        self.checked = frozenset(checked)
        self._model = mask.model
        self._mask = mask
        self._probabilities = probabilities
        self._ids = (
            []
            if probabilities is None
            else [classes.by_key(key).id for key in probabilities.keys]
        )

    def tile_box(self, key: Key) -> Box:
        """The pixels of a tile."""
        return self._model.tile_box(*key)

    def read(self, box: Box) -> NDArray[np.uint16]:
        """Probability times 255 that a pixel of the mask is wrong: [h, w]."""
        mask = self._mask
        ids = mask.model.read(box)
        wrong = self._unsure(box, ids)
        wrong[wrong < LEAST_DOUBT * 255] = 0
        wrong[mask.person.read(box) > 0] = 0
        wrong[mask.scope.read(box) != ASSESSED] = 0
        for key in self.checked.intersection(tiles_meeting(box)):
            wrong[self.tile_box(key).clip(box).within(box).slices] = 0
        return wrong

    def _unsure(self, box: Box, ids: NDArray[np.uint8]) -> NDArray[np.uint16]:
        if self._probabilities is None:
            unsure = np.where(ids > 0, 255 * _NO_MODEL, 0)
            return np.asarray(unsure, np.uint16)
        planes = self._probabilities.read(box)
        wrong = np.asarray(planes.max(axis=0), np.uint16)
        for plane, class_id in zip(planes, self._ids, strict=True):
            is_class = ids == class_id
            wrong[is_class] = 255 - plane[is_class]
        return wrong
