"""The crack pen: lines that follow what is darker, or lighter, than its surroundings.

All ways from the last point are found once, when it is set; the way to wherever the
mouse is then costs no more than reading it off.
"""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Costs = NDArray[np.float64]
Pixel = tuple[int, int]
"""Column and row."""

Tone = Literal["dark", "light"]
"""What a crack is beside the paint around it."""

_SIGMAS = (1.0, 2.0)  # of lines 2 to 6 px wide
_STRONG = 0.99  # this share of the pixels is less of a line than a sure line
_LEAST_COST = 0.02  # of a step along the surest line; across plain paint it is 1
_DIAGONAL = float(np.sqrt(2))
_FAR = 1e12  # not infinity: it is added to and taken from
_ROUNDS = 40  # a way that turns back more often is no crack's

_STEPS = ((0, -1), (-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1))
"""Rows and columns to each neighbour."""

_START = len(_STEPS)


def line_strength(pixels: NDArray[np.uint8], tone: Tone = "dark") -> Floats:
    """How much each pixel of RGB uint8 [h, w, 3] lies on a line: float32, 0 to 1.

    The larger eigenvalue of the Hessian at the scale that answers most (Lindeberg
    1998, Edge detection and ridge detection with automatic scale selection).
    """
    grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY)
    level = np.asarray(grey, np.float32) * (1 if tone == "dark" else -1)
    best = np.zeros(level.shape, np.float32)
    for sigma in _SIGMAS:
        smooth = cv2.GaussianBlur(level, (0, 0), sigma)
        xx = cv2.Sobel(smooth, cv2.CV_32F, 2, 0, scale=0.25)
        yy = cv2.Sobel(smooth, cv2.CV_32F, 0, 2, scale=0.25)
        xy = cv2.Sobel(smooth, cv2.CV_32F, 1, 1, scale=0.25)
        bend = (xx + yy) / 2 + np.sqrt(((xx - yy) / 2) ** 2 + xy**2)
        np.maximum(best, bend * sigma**1.5, out=best)
    strong = float(np.quantile(best[::2, ::2], _STRONG)) if best.size else 0.0
    return np.asarray(np.minimum(best / max(strong, 1e-3), 1), np.float32)


def step_cost(strength: Floats) -> Floats:
    """What a step onto each pixel costs, by `line_strength`."""
    return np.asarray(_LEAST_COST + (1 - _LEAST_COST) * (1 - strength) ** 2, np.float32)


@dataclass(frozen=True)
class Ways:
    """The cheapest way from one pixel to each other; `came` is a step back, [h, w]."""

    start: Pixel
    came: NDArray[np.uint8]

    def to(self, end: Pixel) -> list[Pixel]:
        """The pixels from the start to `end`, both with them."""
        height, width = self.came.shape
        column = min(max(end[0], 0), width - 1)
        row = min(max(end[1], 0), height - 1)
        way = [(column, row)]
        for _ in range(self.came.size):
            step = int(self.came[row, column])
            if step == _START:
                break
            row, column = row + _STEPS[step][0], column + _STEPS[step][1]
            way.append((column, row))
        return way[::-1]


def find_ways(cost: Floats, start: Pixel) -> Ways:
    """The cheapest ways from `start` over pixels that cost float32 [h, w], all above 0.

    Rows tell the next one what they cost, down and up the picture, until none becomes
    cheaper; along a row the news spreads by a running minimum.
    """
    height, width = cost.shape
    start = (min(max(start[0], 0), width - 1), min(max(start[1], 0), height - 1))
    total = np.full((height, width + 2), _FAR, np.float64)  # walls left and right
    costs = cost.astype(np.float64)
    along = np.cumsum(costs, axis=1)
    behind = along - costs  # going left, a pixel is paid for when it is reached, too
    total[start[1], start[0] + 1] = 0
    _relax_along(total[start[1], 1:-1], along[start[1]], behind[start[1]])
    news = {1: {start[1]}, -1: {start[1]}}  # rows that have news for the next one
    for number in range(_ROUNDS):
        step = 1 if number % 2 == 0 else -1
        if not news[step] and not news[-step]:
            break
        for row in range(height)[::step][:-1]:
            if row not in news[step]:
                continue
            news[step].discard(row)
            near = row + step
            if _relax_from(total[near, 1:-1], total[row], costs[near]):
                _relax_along(total[near, 1:-1], along[near], behind[near])
                news[1].add(near)
                news[-1].add(near)
        news[step].clear()  # the last row has no next one
    return Ways(start, _came_from(total, costs, start))


def _relax_from(total: Costs, beside: Costs, cost: Costs) -> bool:
    """Let each pixel of a row be reached from the next row; whether any is cheaper."""
    slanting = np.minimum(beside[:-2], beside[2:]) + _DIAGONAL * cost
    cheaper = np.minimum(beside[1:-1] + cost, slanting)
    is_cheaper = bool((cheaper < total).any())
    if is_cheaper:
        np.minimum(total, cheaper, out=total)
    return is_cheaper


def _relax_along(total: Costs, along: Costs, behind: Costs) -> None:
    """Let each pixel of a row be reached from those left and right of it."""
    from_left = np.minimum.accumulate(total - along)
    from_left += along
    from_right = np.minimum.accumulate((total + behind)[::-1])[::-1]
    np.minimum(total, from_left, out=total)
    np.minimum(total, from_right - behind, out=total)


def _came_from(total: Costs, cost: Costs, start: Pixel) -> NDArray[np.uint8]:
    """For each pixel, the step to the neighbour that it is cheapest reached from."""
    height, width = cost.shape
    walled = np.pad(total, ((1, 1), (0, 0)), constant_values=_FAR)
    came = np.zeros((height, width), np.uint8)
    best = np.full((height, width), np.inf)
    for number, (down, right) in enumerate(_STEPS):
        near = walled[1 + down : 1 + down + height, 1 + right : 1 + right + width]
        reached = near + (cost if 0 in (down, right) else _DIAGONAL * cost)
        better = reached < best
        came[better] = number
        best[better] = reached[better]
    came[start[1], start[0]] = _START
    return came


def thinned(way: list[Pixel], tolerance_px: float = 0.8) -> list[tuple[float, float]]:
    """A way as few straight pieces, through the middles of pixels: x and y."""
    line = np.array(way, np.int32).reshape(-1, 1, 2)
    kept = cv2.approxPolyDP(line, tolerance_px, closed=False) if len(way) > 2 else line
    return [(float(x) + 0.5, float(y) + 0.5) for x, y in kept.reshape(-1, 2)]
