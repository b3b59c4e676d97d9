"""Which pixels a disc covers that is swept along a straight line."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Point = tuple[float, float]
"""x and y in photo pixels; the pixel of row i, column j has its centre at
(j + 0.5, i + 0.5)."""


@dataclass(frozen=True)
class RowSpans:
    """Columns `left[k] <= column < right[k]` of row `top + k`; int64 [rows]."""

    top: int
    left: NDArray[np.int64]
    right: NDArray[np.int64]


def swept_disc(start: Point, end: Point, radius: float, rows: int) -> RowSpans:
    """The pixels of rows 0 to `rows` whose centre is within `radius` of the segment.

    A swept disc is convex, so each row is one run. Its ends are computed, and then
    decided by the distance itself, pixel centre by pixel centre.
    """
    (ax, ay), (bx, by) = (start, end) if start[1] <= end[1] else (end, start)
    first = max(0, math.ceil(ay - radius - 0.5))
    last = min(rows - 1, math.floor(by + radius - 0.5))
    index = np.arange(first, max(first, last + 1))
    y: Floats = index.astype(np.float64) + 0.5

    x_left = np.minimum(_disc(ax, ay, y, -radius), _disc(bx, by, y, -radius))
    x_right = np.maximum(_disc(ax, ay, y, radius), _disc(bx, by, y, radius))
    if by > ay:
        left_side, right_side = _sides((ax, ay), (bx, by), radius, y)
        x_left = np.minimum(x_left, left_side)
        x_right = np.maximum(x_right, right_side)

    reach = min(ax, bx) - radius, max(ax, bx) + radius
    left = np.ceil(np.clip(x_left, *reach) - 0.5) - 1
    right = np.floor(np.clip(x_right, *reach) - 0.5) + 1
    for _ in range(3):
        left += ~_within((ax, ay), (bx, by), radius, left + 0.5, y)
        right -= ~_within((ax, ay), (bx, by), radius, right + 0.5, y)
    ends = np.maximum(left, right + 1)
    return RowSpans(first, left.astype(np.int64), ends.astype(np.int64))


def _disc(cx: float, cy: float, y: Floats, radius: float) -> Floats:
    """The x of a disc's side at each y: left for a negative radius, else right."""
    below = radius * radius - (y - cy) ** 2
    reach = cx + math.copysign(1, radius) * np.sqrt(np.maximum(below, 0))
    return np.where(below >= 0, reach, -math.copysign(math.inf, radius))


def _sides(a: Point, b: Point, radius: float, y: Floats) -> tuple[Floats, Floats]:
    """The x of the straight sides, left and right, at each y; infinite beyond them."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = math.hypot(dx, dy)
    nx, ny = dy / length * radius, dx / length * radius
    low, high = min(a[0], b[0]), max(a[0], b[0])

    def side(sign: int) -> Floats:
        down = y - a[1] + sign * ny  # along y from where this side begins
        along = np.clip(a[0] + down * (dx / dy), low, high)
        return np.where((down >= 0) & (down <= dy), along + sign * nx, -sign * math.inf)

    return side(-1), side(1)


def _within(
    a: Point, b: Point, radius: float, x: Floats, y: Floats
) -> NDArray[np.bool]:
    """Whether points lie within `radius` of the segment; no division, no root."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    ux, uy, vx, vy = x - a[0], y - a[1], x - b[0], y - b[1]
    squared, length2 = radius * radius, dx * dx + dy * dy
    along, across = ux * dx + uy * dy, ux * dy - uy * dx
    beside = (along >= 0) & (along <= length2) & (across**2 <= squared * length2)
    near_a = ux * ux + uy * uy <= squared
    near_b = vx * vx + vy * vy <= squared
    inside: NDArray[np.bool] = near_a | near_b | (beside & (length2 > 0))
    return inside
