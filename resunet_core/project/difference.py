"""What two states of a mask differ in, to be shown over the photo and counted."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.defects import SOUND_ID
from resunet_core.mask.tile import Pixels, Tile, same_pixels
from resunet_core.mask.tiled import DefectMask, Key, TiledPlane
from resunet_core.progress import Progress, Steps

SAME, GAINED, LOST, CHANGED = 0, 1, 2, 3
"""Of a pixel: as before; new damage; damage that is gone; damage of another class."""


@dataclass(frozen=True)
class Difference:
    """What became of a mask.

    Attributes:
        codes: `SAME`, `GAINED`, `LOST` or `CHANGED` for each pixel of the photo.
        pixels: How many went from one class id to another, by (before, after).
    """

    codes: TiledPlane
    pixels: Counter[tuple[int, int]]

    def where(self, code: int, box: Box) -> NDArray[np.bool]:
        """The pixels of a code in a box: bool of the box's shape."""
        chosen: NDArray[np.bool] = self.codes.read(box) == code
        return chosen

    def tile(self, code: int, key: Key) -> NDArray[np.bool]:
        """The pixels of a code in a tile: bool of the tile's shape."""
        return self.where(code, self.codes.tile_box(*key))

    def count(self, code: int) -> int:
        """How many pixels have a code that is not `SAME`."""
        return sum(n for pair, n in self.pixels.items() if _code(*pair) == code)

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not self.pixels


def compare(before: DefectMask, after: DefectMask) -> Steps[Difference]:
    """Compare two states of the mask of one photo, that nobody changes meanwhile.

    Raises:
        ValueError: They are of different size.
    """
    if (before.height, before.width) != (after.height, after.width):
        raise ValueError("masks of different size cannot be compared")
    codes = TiledPlane(before.height, before.width)
    pixels = Counter[tuple[int, int]]()
    keys = sorted({*before.tiles(), *after.tiles()})
    for done, key in enumerate(keys):
        yield Progress(done, len(keys))
        if all(
            same_pixels(_tile(before, name, key), _tile(after, name, key))
            for name in ("model", "person")
        ):
            continue
        box = codes.tile_box(*key)
        old, new = before.read(box), after.read(box)
        tile = _codes(old, new)
        codes.set_tile(*key, tile)
        changed = tile != SAME
        pairs = old[changed].astype(np.int64) * 256 + new[changed]
        for pair, count in zip(*np.unique(pairs, return_counts=True), strict=True):
            pixels[(int(pair) // 256, int(pair) % 256)] += int(count)
    return Difference(codes, pixels)


def _codes(old: Pixels, new: Pixels) -> Pixels:
    codes = np.full(old.shape, CHANGED, np.uint8)
    codes[old == SOUND_ID] = GAINED
    codes[new == SOUND_ID] = LOST
    codes[old == new] = SAME
    return codes


def _code(before: int, after: int) -> int:
    if before == after:
        return SAME
    if before == SOUND_ID:
        return GAINED
    return LOST if after == SOUND_ID else CHANGED


def _tile(mask: DefectMask, name: str, key: Key) -> Tile | None:
    return (mask.model if name == "model" else mask.person).get(*key)
