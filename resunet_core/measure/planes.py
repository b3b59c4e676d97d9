"""Surfaces as they are, not as the camera saw them: tilted planes and cylinders."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.errors import WrongUsage
from resunet_core.mask.regions import MaskReader
from resunet_core.measure.scale import POINTING_SE_PX, RULER_SE_MM, Scale

Floats = NDArray[np.float64]
Corners = Sequence[tuple[float, float]]

LARGEST_SIDE_PX = 100_000

STEEPEST_DEG = 70.0
"""Of a cylinder: beyond, a pixel looks along the surface and shows nothing."""


class Flattened(Protocol):
    """A surface rolled out: where its millimetres lie in the photo."""

    @property
    def width_mm(self) -> float:
        """Of what is rolled out."""

    @property
    def height_mm(self) -> float:
        """Of what is rolled out."""

    def in_photo(self, right_mm: Floats, down_mm: Floats) -> tuple[Floats, Floats]:
        """Photo x and y of places on the surface."""


@dataclass(frozen=True)
class Rectification:
    """A plane seen askew, known from four points.

    Attributes:
        matrix: Homography from photo pixels to millimetres, 3 rows of 3.
        width_mm: Of the rectangle between the four points.
        height_mm: Of the same.
        scale: Mean scale inside the rectangle, with its error.
        tilt_deg: How far askew the camera looked at its middle.
    """

    matrix: tuple[tuple[float, ...], ...]
    width_mm: float
    height_mm: float
    scale: Scale
    tilt_deg: float

    def in_photo(self, right_mm: Floats, down_mm: Floats) -> tuple[Floats, Floats]:
        """Photo x and y of places on the plane."""
        return _projected(np.linalg.inv(np.array(self.matrix)), right_mm, down_mm)

    def mm2_per_px(self, x: Floats, y: Floats) -> Floats:
        """Square millimetres that a pixel covers: the Jacobian of the homography."""
        return _jacobian(np.array(self.matrix), x, y)


def rectify_four_points(
    corners: Corners,
    width_mm: float,
    height_mm: float,
    *,
    mm_se: float = RULER_SE_MM,
    pointing_se_px: float = POINTING_SE_PX,
    operator: str = "",
) -> Rectification:
    """The plane of a rectangle, its corners (x, y) clockwise from the top left.

    Raises:
        WrongUsage: The points are not the corners of a convex figure, or a side is 0.
    """
    points = np.array(corners, np.float64)
    if points.shape != (4, 2) or not _is_clockwise(points):
        raise WrongUsage(
            "The four points are no corners of a rectangle seen askew.",
            "Set them clockwise, beginning at the top left.",
        )
    if not (width_mm > 0 and height_mm > 0):
        raise WrongUsage(
            f"A rectangle of {width_mm:g} x {height_mm:g} mm is not possible.",
            "Give its width and height in millimetres.",
        )
    matrix = _homography(points, width_mm, height_mm)
    middle = points.mean(axis=0)
    stretch = np.linalg.svd(_derivative(matrix, *middle), compute_uv=False)
    mm_per_px = math.sqrt(width_mm * height_mm / _quad_area(points))
    pointing = _pointing_error(points, pointing_se_px)
    ruler = math.hypot(mm_se / width_mm, mm_se / height_mm) / 2
    note = f"{width_mm:g} x {height_mm:g} mm, four points"
    error = math.hypot(pointing, ruler)
    return Rectification(
        matrix=tuple(tuple(float(v) for v in row) for row in matrix),
        width_mm=width_mm,
        height_mm=height_mm,
        scale=Scale(mm_per_px, error, "rectified", operator, note),
        tilt_deg=math.degrees(math.acos(min(1.0, stretch[1] / stretch[0]))),
    )


def rectified_area(
    mask: MaskReader, class_id: int, rectification: Rectification
) -> float:
    """Square millimetres of a class, each pixel with the area it really covers."""
    total = 0.0
    for top in range(0, mask.height, 1024):
        box = Box(top, 0, min(top + 1024, mask.height), mask.width)
        y, x = np.nonzero(mask.read(box) == class_id)
        total += float(
            rectification.mm2_per_px(
                x.astype(np.float64), (y + top).astype(np.float64)
            ).sum()
        )
    return total


@dataclass(frozen=True)
class Cylinder:
    """A column (upright) or purlin (level) of known diameter, seen from afar.

    Attributes:
        axis_px: Where its axis runs: x of a column, y of a purlin.
        radius_px: Half of its width in the photo.
        radius_mm: Half of its diameter.
        first_px: Where the part to look at begins along the axis.
        last_px: Where it ends.
        is_upright: Whether it is a column.
        relative_se: Of its scale.
        operator: Who measured it.
    """

    axis_px: float
    radius_px: float
    radius_mm: float
    first_px: float
    last_px: float
    is_upright: bool = True
    relative_se: float = 0.02
    operator: str = ""

    @property
    def scale(self) -> Scale:
        """Along the axis, and at the line nearest to the camera."""
        return Scale(
            self.radius_mm / self.radius_px,
            self.relative_se,
            "cylinder",
            self.operator,
            f"diameter {2 * self.radius_mm:g} mm",
        )

    @property
    def _around_mm(self) -> float:
        return 2 * self.radius_mm * math.radians(STEEPEST_DEG)

    @property
    def _along_mm(self) -> float:
        return self.scale.mm(self.last_px - self.first_px)

    @property
    def width_mm(self) -> float:
        """Of what can be seen, rolled out: 140 degrees of it."""
        return self._around_mm if self.is_upright else self._along_mm

    @property
    def height_mm(self) -> float:
        """Of the part along the axis, or around it where it lies level."""
        return self._along_mm if self.is_upright else self._around_mm

    def in_photo(self, right_mm: Floats, down_mm: Floats) -> tuple[Floats, Floats]:
        """Photo x and y of places on the cylinder."""
        around, along = (right_mm, down_mm) if self.is_upright else (down_mm, right_mm)
        angle = around / self.radius_mm - math.radians(STEEPEST_DEG)
        across = self.axis_px + self.radius_px * np.sin(angle)
        run = self.first_px + along / self.scale.mm_per_px
        return (across, run) if self.is_upright else (run, across)


class FlatMask:
    """A mask as it lies on the flattened surface, in square pixels of one size.

    Whatever measures masks measures this one; read part by part, never kept whole.
    """

    def __init__(
        self,
        mask: MaskReader,
        surface: Flattened,
        mm_per_px: float,
        *,
        outside: int = 0,
    ) -> None:
        self._mask = mask
        self._surface = surface
        self._mm = mm_per_px
        self._outside = outside
        self.height = math.ceil(surface.height_mm / mm_per_px)
        self.width = math.ceil(surface.width_mm / mm_per_px)
        if max(self.height, self.width) > LARGEST_SIDE_PX:
            raise WrongUsage(
                f"Rectified, the photo would have {self.width} x {self.height} px.",
                "Give more millimetres for a pixel.",
            )

    def read(self, box: Box) -> NDArray[np.uint8]:
        """Values uint8 [h, w] of a box; `outside` where the photo does not reach."""
        x, y = _sources(self._surface, self._mm, box)
        around = Box(
            math.floor(y.min()) - 1,
            math.floor(x.min()) - 1,
            math.ceil(y.max()) + 2,
            math.ceil(x.max()) + 2,
        ).clip(Box.of(self._mask.height, self._mask.width))
        found = np.full((box.height, box.width), self._outside, np.uint8)
        if around.is_empty:
            return found
        column = np.rint(x).astype(np.int64) - around.left
        row = np.rint(y).astype(np.int64) - around.top
        inside = (column >= 0) & (column < around.width)
        inside &= (row >= 0) & (row < around.height)
        found[inside] = self._mask.read(around)[row[inside], column[inside]]
        return found


def flat_picture(
    pixels: NDArray[np.uint8], surface: Flattened, mm_per_px: float
) -> NDArray[np.uint8]:
    """A photo [H, W, 3] as the flattened surface looks."""
    size = Box.of(
        math.ceil(surface.height_mm / mm_per_px),
        math.ceil(surface.width_mm / mm_per_px),
    )
    x, y = _sources(surface, mm_per_px, size)
    warped = cv2.remap(
        pixels, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR
    )
    return np.asarray(warped, np.uint8)


def _sources(surface: Flattened, mm_per_px: float, box: Box) -> tuple[Floats, Floats]:
    right = (np.arange(box.left, box.right) + 0.5) * mm_per_px
    down = (np.arange(box.top, box.bottom) + 0.5) * mm_per_px
    grid = np.meshgrid(right, down)
    return surface.in_photo(grid[0], grid[1])


def _homography(points: Floats, width_mm: float, height_mm: float) -> Floats:
    target = np.array([[0, 0], [width_mm, 0], [width_mm, height_mm], [0, height_mm]])
    found = cv2.getPerspectiveTransform(
        points.astype(np.float32), target.astype(np.float32)
    )
    return np.asarray(found, np.float64)


def _projected(matrix: Floats, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    rows = [row[0] * x + row[1] * y + row[2] for row in matrix]
    return rows[0] / rows[2], rows[1] / rows[2]


def _jacobian(matrix: Floats, x: Floats, y: Floats) -> Floats:
    depth = matrix[2, 0] * x + matrix[2, 1] * y + matrix[2, 2]
    return np.asarray(abs(np.linalg.det(matrix)) / np.abs(depth) ** 3)


def _derivative(matrix: Floats, x: float, y: float) -> Floats:
    """Millimetres right and down for each pixel right and down, at one place."""
    u, v, w = matrix @ (x, y, 1.0)
    return np.array(
        [
            [
                (m * w - u * p) / w**2
                for m, p in zip(matrix[0, :2], matrix[2, :2], strict=True)
            ],
            [
                (m * w - v * p) / w**2
                for m, p in zip(matrix[1, :2], matrix[2, :2], strict=True)
            ],
        ]
    )


def _quad_area(points: Floats) -> float:
    x, y = points.T
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2


def _pointing_error(points: Floats, se_px: float) -> float:
    """Relative error of the scale when each corner is off by `se_px` in x and y."""
    area = _quad_area(points)
    opposite = np.roll(points, -1, axis=0) - np.roll(points, 1, axis=0)
    # Moving a corner by 1 px changes the area by half the diagonal across it.
    return float(se_px * np.sqrt((opposite**2).sum()) / 2 / area / 2)


def _is_clockwise(points: Floats) -> bool:
    sides = np.roll(points, -1, axis=0) - points
    following = np.roll(sides, -1, axis=0)
    turns = sides[:, 0] * following[:, 1] - sides[:, 1] * following[:, 0]
    return bool((turns > 0).all())
