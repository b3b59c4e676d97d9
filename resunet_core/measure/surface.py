"""What of a photo is assessed: the denominator of every share and density."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.mask.regions import MaskReader
from resunet_core.mask.tiled import ASSESSED, NOT_ASSESSABLE, OUT_OF_SCOPE

BAND_ROWS = 1024


@dataclass(frozen=True)
class SurfaceCounts:
    """Pixels of a photo by what they are to an assessment."""

    assessed_px: int
    out_of_scope_px: int
    not_assessable_px: int

    @property
    def painted_px(self) -> int:
        """Painted surface in the photo, whether it can be assessed or not."""
        return self.assessed_px + self.not_assessable_px

    @property
    def coverage(self) -> float:
        """Share of the painted surface that was assessed, 0 to 1."""
        return self.assessed_px / self.painted_px if self.painted_px else 0.0


@dataclass(frozen=True)
class Surface:
    """A mask, and the scope plane that says where it counts; None: everywhere."""

    mask: MaskReader
    scope: MaskReader | None = None

    @property
    def height(self) -> int:
        """Rows of the photo."""
        return self.mask.height

    @property
    def width(self) -> int:
        """Columns of the photo."""
        return self.mask.width

    def bands(self) -> list[Box]:
        """Boxes of at most 1024 rows that together are the photo."""
        return [
            Box(top, 0, min(top + BAND_ROWS, self.height), self.width)
            for top in range(0, self.height, BAND_ROWS)
        ]

    def of_class(self, class_id: int, box: Box) -> NDArray[np.bool_]:
        """Where a class was found on the assessed surface, bool [h, w]."""
        found = self.mask.read(box) == class_id
        return np.asarray(found & self.assessed(box))

    def assessed(self, box: Box) -> NDArray[np.bool_]:
        """Where the surface is painted and assessable, bool [h, w]."""
        if self.scope is None:
            return np.ones((box.height, box.width), np.bool_)
        return np.asarray(self.scope.read(box) == ASSESSED)


class AssessedMask:
    """The mask of a surface with sound paint wherever it is not assessed."""

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self.height, self.width = surface.height, surface.width

    def read(self, box: Box) -> NDArray[np.uint8]:
        """Class ids uint8 [h, w] of a box inside the photo."""
        found = self._surface.mask.read(box)
        return found * self._surface.assessed(box).astype(np.uint8)


def count_surface(surface: Surface) -> SurfaceCounts:
    """How many pixels are assessed, out of scope and not assessable."""
    if surface.scope is None:
        return SurfaceCounts(surface.height * surface.width, 0, 0)
    found = np.zeros(256, np.int64)
    for band in surface.bands():
        found += np.bincount(surface.scope.read(band).ravel(), minlength=256)
    assessed, outside = int(found[ASSESSED]), int(found[OUT_OF_SCOPE])
    rest = surface.height * surface.width - assessed - outside
    return SurfaceCounts(assessed, outside, rest)


__all__ = [
    "ASSESSED",
    "NOT_ASSESSABLE",
    "OUT_OF_SCOPE",
    "AssessedMask",
    "Surface",
    "SurfaceCounts",
    "count_surface",
]
