"""A painter's surface: flat colour, stepped colour bands, raised gold lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resunet_core.synthesis.noise import Pixels

Path2 = NDArray[np.float64]
Rgb = tuple[int, int, int]

_SUB = 4
_ONE = 1 << _SUB
_STRIP = 256  # rows worked at a time, to bound memory

GOLD: Rgb = (204, 158, 70)
INK: Rgb = (34, 31, 32)
WHITE: Rgb = (226, 220, 204)
CREAM: Rgb = (214, 200, 168)
RED: Rgb = (158, 46, 34)
DEEP_RED: Rgb = (112, 34, 28)
ROSE: Rgb = (206, 124, 100)
BLUE: Rgb = (38, 66, 128)
MID_BLUE: Rgb = (74, 110, 166)
PALE_BLUE: Rgb = (142, 170, 200)
DARK_BLUE: Rgb = (24, 38, 80)
GREEN: Rgb = (28, 98, 78)
MID_GREEN: Rgb = (66, 140, 108)
PALE_GREEN: Rgb = (150, 190, 154)
DARK_GREEN: Rgb = (16, 56, 48)

# From the line inwards: white, light, middle, deep.
BLUES: tuple[Rgb, ...] = (WHITE, PALE_BLUE, MID_BLUE, BLUE)
GREENS: tuple[Rgb, ...] = (WHITE, PALE_GREEN, MID_GREEN, GREEN)
REDS: tuple[Rgb, ...] = (WHITE, ROSE, RED, DEEP_RED)


@dataclass(frozen=True)
class Canvas:
    """Three aligned layers; drawing changes them in place, views share them.

    Attributes:
        pixels: uint8 [H, W, 3], RGB colour.
        relief: uint8 [H, W], height of raised lines.
        gold: uint8 [H, W], share of gold leaf.
    """

    pixels: Pixels
    relief: NDArray[np.uint8]
    gold: NDArray[np.uint8]

    @staticmethod
    def blank(height: int, width: int, colour: Rgb) -> Canvas:
        """Return a canvas of one colour."""
        pixels = np.empty((height, width, 3), np.uint8)
        pixels[:] = np.array(colour, np.uint8)
        flat = np.zeros((2, height, width), np.uint8)
        return Canvas(pixels, flat[0], flat[1])

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """Columns."""
        return int(self.pixels.shape[1])

    def view(self, left: float, top: float, right: float, bottom: float) -> Canvas:
        """Return a part, cut to the canvas, with its own origin and clipping."""
        x0 = int(np.clip(round(left), 0, self.width - 1))
        y0 = int(np.clip(round(top), 0, self.height - 1))
        x1 = int(np.clip(round(right), x0 + 1, self.width))
        y1 = int(np.clip(round(bottom), y0 + 1, self.height))
        part = (slice(y0, y1), slice(x0, x1))
        return Canvas(self.pixels[part], self.relief[part], self.gold[part])

    def fill(self, path: Path2, colour: Rgb) -> None:
        """Fill a closed path."""
        _poly(self.pixels, path, colour)
        _poly(self.gold, path, 0)
        _poly(self.relief, path, 0)

    def stroke(
        self, path: Path2, colour: Rgb, thick: float, *, closed: bool = False
    ) -> None:
        """Draw a line of even width."""
        _line(self.pixels, path, colour, thick, closed=closed)
        _line(self.gold, path, 0, thick, closed=closed)

    def brush(self, path: Path2, colour: Rgb, thick: float) -> None:
        """Draw a stroke that swells and tapers like one of a pointed brush."""
        self.fill(swelling(path, thick), colour)

    def raised(self, path: Path2, thick: float, *, closed: bool = False) -> None:
        """Draw a raised line with gold leaf on it."""
        _line(self.pixels, path, GOLD, thick, closed=closed)
        _line(self.gold, path, 255, thick, closed=closed)
        _line(self.relief, path, 255, thick, closed=closed)

    def leaf(self, path: Path2, *, height: int = 90) -> None:
        """Cover a closed path with gold leaf on a low cushion."""
        _poly(self.pixels, path, GOLD)
        _poly(self.gold, path, 255)
        _poly(self.relief, path, height)

    def stepped(
        self,
        path: Path2,
        colours: Sequence[Rgb],
        step: float,
        *,
        rim: float | None = None,
    ) -> None:
        """Fill a closed path with bands that follow its outline inwards.

        Args:
            path: The outline.
            colours: From the outline to the middle; the last fills the rest.
            step: Width of one band.
            rim: Width of the first band where it differs.
        """
        low = np.floor(path.min(axis=0)).astype(int) - 2
        high = np.ceil(path.max(axis=0)).astype(int) + 3
        x0, y0 = (int(max(value, 0)) for value in low)
        x1, y1 = min(int(high[0]), self.width), min(int(high[1]), self.height)
        if x1 <= x0 or y1 <= y0:
            return
        # The mask reaches past the cut so that the cut itself is no outline.
        pad = int(step * len(colours)) + 2
        cover = np.zeros((y1 - y0 + 2 * pad, x1 - x0 + 2 * pad), np.uint8)
        _poly(cover, path - (x0 - pad, y0 - pad), 255)
        inner = (slice(pad, pad + y1 - y0), slice(pad, pad + x1 - x0))
        away = cv2.distanceTransform(cover, cv2.DIST_L2, cv2.DIST_MASK_5)[inner]
        part = (slice(y0, y1), slice(x0, x1))
        first = step if rim is None else rim
        for top in range(0, y1 - y0, _STRIP):
            rows = slice(top, top + _STRIP)
            bands = _bands(away[rows], colours, first, step)
            soft = cover[inner][rows].astype(np.float32)[..., None] / np.float32(255)
            shown = self.pixels[part][rows].astype(np.float32)
            shown += (bands - shown) * soft
            self.pixels[part][rows] = np.clip(shown + 0.5, 0, 255).astype(np.uint8)
        whole = cover[inner] > 127
        self.gold[part][whole] = 0
        self.relief[part][whole] = 0


def _bands(
    away: NDArray[Any], colours: Sequence[Rgb], first: float, step: float
) -> NDArray[np.float32]:
    """Return colours by distance from an outline, float32 RGB."""
    bands = np.empty((*away.shape, 3), np.float32)
    bands[:] = np.array(colours[0], np.float32)
    edge = first
    for colour in colours[1:]:
        share = np.clip(away - np.float32(edge) + np.float32(0.5), 0, 1)[..., None]
        bands += (np.array(colour, np.float32) - bands) * share
        edge += step
    return bands


def swelling(path: Path2, thick: float) -> Path2:
    """Return the outline of a stroke, thickest at 40 % of its length."""
    along = np.linspace(0, 1, len(path))
    half = thick * 0.5 * np.clip(np.sin(np.pi * along**0.8), 0.04, 1)
    return ribbon(path, half)


def ribbon(path: Path2, half: NDArray[np.float64]) -> Path2:
    """Return the outline of a band about a path, `half` wide on each side."""
    ahead = np.gradient(path, axis=0)
    ahead /= np.maximum(np.hypot(ahead[:, 0], ahead[:, 1]), 1e-6)[:, None]
    normal = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1) * half[:, None]
    return np.concatenate([path + normal, (path - normal)[::-1]])


def beside(path: Path2, offset: float) -> Path2:
    """Return the path moved sideways, to its right where offset is above 0."""
    ahead = np.gradient(path, axis=0)
    ahead /= np.maximum(np.hypot(ahead[:, 0], ahead[:, 1]), 1e-6)[:, None]
    normal = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1)
    return np.asarray(path + normal * offset, dtype=np.float64)


def circle(x: float, y: float, radius: float, count: int = 64) -> Path2:
    """Return a circle as a closed path."""
    return arc(x, y, radius, 0.0, 2 * np.pi, count)


def arc(
    x: float, y: float, radius: float, start: float, stop: float, count: int = 40
) -> Path2:
    """Return an arc between two angles, clockwise on the picture."""
    angle = np.linspace(start, stop, count)
    return np.stack([x + radius * np.cos(angle), y + radius * np.sin(angle)], axis=1)


def spiral(
    x: float, y: float, radius: float, start: float, turns: float, count: int = 48
) -> Path2:
    """Return a spiral from its rim inwards; turns below 0 run the other way."""
    along = np.linspace(0, 1, count)
    angle = start + 2 * np.pi * turns * along
    reach = radius * (1 - along) ** 0.8
    return np.stack([x + reach * np.cos(angle), y + reach * np.sin(angle)], axis=1)


def smooth(points: Sequence[tuple[float, float]], count: int = 12) -> Path2:
    """Return a curve through the points (Catmull and Rom's)."""
    knots = np.asarray(points, np.float64)
    before, after = 2 * knots[:1] - knots[1:2], 2 * knots[-1:] - knots[-2:-1]
    knots = np.concatenate([before, knots, after])
    along = np.linspace(0, 1, count, endpoint=False)[:, None]
    parts = []
    for a, b, c, d in zip(knots, knots[1:], knots[2:], knots[3:], strict=False):
        cubic = 3 * b - a - 3 * c + d
        square = 2 * a - 5 * b + 4 * c - d
        parts.append(b + 0.5 * along * (c - a + along * (square + along * cubic)))
    parts.append(knots[-2:-1])
    return np.concatenate(parts)


def rectangle(left: float, top: float, right: float, bottom: float) -> Path2:
    """Return a rectangle as a closed path."""
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], float)


def _fixed(path: Path2) -> NDArray[np.int32]:
    """Return a path in the drawing calls' fixed point."""
    return np.round(np.clip(path, -1e6, 1e6) * _ONE).astype(np.int32)


def _ink(ink: Rgb | int) -> Sequence[float]:
    """Return a colour as the drawing calls take it."""
    return ink if isinstance(ink, tuple) else (ink,)


def _poly(layer: NDArray[np.uint8], path: Path2, ink: Rgb | int) -> None:
    """Fill a closed path, in place."""
    cv2.fillPoly(layer, [_fixed(path)], _ink(ink), cv2.LINE_AA, _SUB)


def _line(
    layer: NDArray[np.uint8], path: Path2, ink: Rgb | int, thick: float, *, closed: bool
) -> None:
    """Draw a path, in place."""
    width = max(1, round(thick))
    cv2.polylines(layer, [_fixed(path)], closed, _ink(ink), width, cv2.LINE_AA, _SUB)
