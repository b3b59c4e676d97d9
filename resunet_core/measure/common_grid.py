"""Two photos of one place on one grid of pixels."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.mask.regions import MaskReader
from resunet_core.measure.registration import Registration
from resunet_core.measure.scale import Scale
from resunet_core.measure.surface import ASSESSED, OUT_OF_SCOPE

_ROWS = 1024

_Place = Callable[[Box], tuple[NDArray[np.float64], NDArray[np.float64]]]


@dataclass(frozen=True)
class CampaignView:
    """One of the two photos: its mask, where that counts, and its scale."""

    mask: MaskReader
    scope: MaskReader | None = None
    scale: Scale | None = None


class Grid:
    """Square pixels over the later photo, as coarse as the coarser photo's."""

    def __init__(self, registration: Registration, pixel: float) -> None:
        self.pixel = pixel
        self._registration = registration
        height, width = registration.after_size
        self.coarseness = registration.coarseness
        self.height, self.width = int(height / pixel), int(width / pixel)

    def from_after(
        self, view: CampaignView
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Class ids and scope of the later photo."""
        return self._read(view, self._at)

    def from_before(
        self, view: CampaignView
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Class ids and scope of the earlier photo."""

        def place(band: Box) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
            return self._registration.in_before(*self._at(band))

        return self._read(view, place)

    def in_after(self, box: Box) -> Box:
        """A box of the grid in the later photo."""
        sides = (box.top, box.left, box.bottom, box.right)
        found = Box(*(round(side * self.pixel) for side in sides))
        return found.clip(Box.of(*self._registration.after_size))

    def _at(self, band: Box) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        x = (np.arange(band.left, band.right) + 0.5) * self.pixel
        y = (np.arange(band.top, band.bottom) + 0.5) * self.pixel
        grid = np.meshgrid(x, y)
        return grid[0], grid[1]

    def _read(
        self, view: CampaignView, place: _Place
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Class ids and scope at the grid's pixels; out of scope beyond the photo."""
        frame = Box.of(view.mask.height, view.mask.width)
        ids = np.zeros((self.height, self.width), np.uint8)
        scope = np.full((self.height, self.width), OUT_OF_SCOPE, np.uint8)
        for top in range(0, self.height, _ROWS):
            band = Box(top, 0, min(top + _ROWS, self.height), self.width)
            x, y = (np.floor(v).astype(np.int64) for v in place(band))
            inside = (x >= 0) & (x < frame.right) & (y >= 0) & (y < frame.bottom)
            if not inside.any():
                continue
            x, y = x[inside], y[inside]
            around = Box(int(y.min()), int(x.min()), int(y.max()) + 1, int(x.max()) + 1)
            at = (y - around.top, x - around.left)
            ids[band.slices][inside] = view.mask.read(around)[at]
            scope[band.slices][inside] = (
                ASSESSED if view.scope is None else view.scope.read(around)[at]
            )
        return ids, scope
