"""A photo as it lies on its surface: what measures and shows photos takes it as one."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.formats.mask_png import LevelReader
from resunet_core.mask.regions import MaskReader
from resunet_core.measure.geometry import FourPoints, Geometry
from resunet_core.measure.planes import FlatMask, Flattened, Floats, Rectification
from resunet_core.measure.surface import OUT_OF_SCOPE, Surface

REACH = 2.0
"""So many times its size a rectangle is trusted beyond its sides."""

_COARSEST_PX = 512


@dataclass(frozen=True)
class PlaneWindow:
    """The part of a rectified plane that a photo shows."""

    plane: Rectification
    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float

    def in_photo(self, right_mm: Floats, down_mm: Floats) -> tuple[Floats, Floats]:
        """Photo x and y of places in the window."""
        return self.plane.in_photo(right_mm + self.left_mm, down_mm + self.top_mm)


def flattened(geometry: Geometry, height: int, width: int) -> Flattened:
    """The surface of a photo of a size rolled out, as far as it can be trusted."""
    if not isinstance(geometry, FourPoints):
        return geometry
    plane = geometry.rectified()
    matrix = np.array(plane.matrix)
    corners = np.array(
        [(0, 0, 1), (width, 0, 1), (width, height, 1), (0, height, 1)], np.float64
    )
    seen = corners @ matrix.T
    inside = np.array([*np.mean(geometry.corners, axis=0), 1.0]) @ matrix.T
    sides = []
    for axis, size in ((0, plane.width_mm), (1, plane.height_mm)):
        low, high = -REACH * size, (1 + REACH) * size
        # A corner behind the horizon lies nowhere on the plane.
        if (seen[:, 2] * inside[2] > 0).all():
            at = seen[:, axis] / seen[:, 2]
            low, high = max(low, float(at.min())), min(high, float(at.max()))
        sides.append((low, high - low))
    (left, wide), (top, tall) = sides
    return PlaneWindow(plane, left, top, wide, tall)


@dataclass(frozen=True)
class FlatPhoto:
    """A mask and its scope on one grid of square pixels of one size."""

    surface: Surface
    flat: Flattened
    mm_per_px: float

    def levels(self, photo: LevelReader) -> "FlatLevels":
        """The photo on the same grid."""
        size = (self.surface.height, self.surface.width)
        return FlatLevels(photo, self.flat, self.mm_per_px, size)

    def plane(self, mask: MaskReader) -> FlatMask:
        """Another plane of the photo on the same grid; 0 where it does not reach."""
        return FlatMask(mask, self.flat, self.mm_per_px)


def flatten(geometry: Geometry, mm_per_px: float, surface: Surface) -> FlatPhoto:
    """A mask as it lies on its surface; what the photo does not show is out of scope.

    Raises:
        WrongUsage: It would be far too large.
    """
    flat = flattened(geometry, surface.height, surface.width)
    scope = surface.scope or _Everywhere(surface.height, surface.width)
    mask = FlatMask(surface.mask, flat, mm_per_px)
    return FlatPhoto(
        Surface(mask, FlatMask(scope, flat, mm_per_px, outside=OUT_OF_SCOPE)),
        flat,
        mm_per_px,
    )


class FlatLevels:
    """The pixels of a photo as they lie on its surface, in several sizes."""

    def __init__(
        self,
        photo: LevelReader,
        flat: Flattened,
        mm_per_px: float,
        size: tuple[int, int],
    ) -> None:
        self._photo, self._flat, self._mm = photo, flat, mm_per_px
        sizes = [size]
        while max(sizes[-1]) > _COARSEST_PX:
            height, width = sizes[-1]
            sizes.append((math.ceil(height / 2), math.ceil(width / 2)))
        self.levels = tuple(sizes)

    def read(self, level: int, box: Box) -> NDArray[np.uint8]:
        """RGB pixels [h, w, 3] of a box of a level; black where there is no photo."""
        step = self._mm * 2**level
        grid = np.meshgrid(
            (np.arange(box.left, box.right) + 0.5) * step,
            (np.arange(box.top, box.bottom) + 0.5) * step,
        )
        x, y = self._flat.in_photo(*grid)
        source = min(level, len(self._photo.levels) - 1)
        height, width = self._photo.levels[source]
        x = x * (width / self._photo.levels[0][1])
        y = y * (height / self._photo.levels[0][0])
        around = Box(
            max(0, math.floor(y.min()) - 1),
            max(0, math.floor(x.min()) - 1),
            min(height, math.ceil(y.max()) + 2),
            min(width, math.ceil(x.max()) + 2),
        )
        if around.is_empty:
            return np.zeros((box.height, box.width, 3), np.uint8)
        warped = cv2.remap(
            self._photo.read(source, around),
            (x - around.left - 0.5).astype(np.float32),
            (y - around.top - 0.5).astype(np.float32),
            cv2.INTER_LINEAR,
        )
        return np.asarray(warped, np.uint8)


class _Everywhere:
    """All of a photo is painted and seen."""

    def __init__(self, height: int, width: int) -> None:
        self.height, self.width = height, width

    def read(self, box: Box) -> NDArray[np.uint8]:
        return np.zeros((box.height, box.width), np.uint8)
