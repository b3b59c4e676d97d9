"""Tiles of 512 px at the levels of a pyramid: which ones a view needs."""

import math
from dataclasses import dataclass

from resunet_core.box import Box

TILE_PX = 512


@dataclass(frozen=True, order=True)
class TileKey:
    """A tile of a level; level k is halved k times."""

    level: int
    row: int
    col: int

    @property
    def box(self) -> Box:
        """The photo pixels it covers; may reach over the photo's edge."""
        side = TILE_PX << self.level
        top, left = self.row * side, self.col * side
        return Box(top, left, top + side, left + side)

    @property
    def parent(self) -> "TileKey":
        """The tile of the next coarser level that holds this one."""
        return TileKey(self.level + 1, self.row // 2, self.col // 2)


def level_for(scale: float, levels: int) -> int:
    """The coarsest level that still has a pixel for each pixel of the screen."""
    wanted = math.floor(math.log2(1 / scale) + 1e-6) if scale < 1 else 0
    return min(wanted, levels - 1)


def tiles_at(level: int, box: Box) -> list[TileKey]:
    """The tiles of a level that a box of photo pixels touches, its middle first."""
    if box.is_empty:
        return []
    side = TILE_PX << level
    rows = range(box.top // side, (box.bottom - 1) // side + 1)
    cols = range(box.left // side, (box.right - 1) // side + 1)
    middle = ((box.top + box.bottom) / 2 / side, (box.left + box.right) / 2 / side)

    def distance(key: TileKey) -> float:
        return math.hypot(key.row + 0.5 - middle[0], key.col + 0.5 - middle[1])

    return sorted((TileKey(level, r, c) for r in rows for c in cols), key=distance)
