"""A gilded dragon and the flaming pearl that it chases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resunet_core.synthesis.canvas import (
    DARK_GREEN,
    DEEP_RED,
    GOLD,
    GREENS,
    INK,
    RED,
    REDS,
    ROSE,
    WHITE,
    Canvas,
    Path2,
    Rgb,
    circle,
    ribbon,
    smooth,
    spiral,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SHADE: Rgb = (128, 84, 34)

# The head in units of its length, nose to the left, origin at the nape.
_UPPER_JAW = (
    (0.0, -0.3), (-0.25, -0.42), (-0.45, -0.36), (-0.62, -0.24), (-0.8, -0.26),
    (-0.95, -0.34), (-1.06, -0.24), (-1.04, -0.1), (-0.9, -0.02), (-0.66, 0.02),
    (-0.42, 0.06), (-0.25, 0.14), (0.0, 0.12),
)  # fmt: skip
_LOWER_JAW = (
    (-0.05, 0.02), (-0.3, 0.16), (-0.52, 0.26), (-0.74, 0.32), (-0.86, 0.26),
    (-0.88, 0.36), (-0.74, 0.46), (-0.46, 0.44), (-0.2, 0.36), (0.02, 0.24),
)  # fmt: skip
_HORN = ((-0.22, -0.36), (-0.05, -0.58), (0.2, -0.66), (0.46, -0.86))
_HORN_TINE = ((0.14, -0.65), (0.3, -0.58), (0.44, -0.6))
_LID = ((-0.24, -0.2), (-0.36, -0.3), (-0.52, -0.24), (-0.56, -0.14), (-0.38, -0.11))
_TONGUE = ((-0.25, 0.12), (-0.5, 0.14), (-0.72, 0.18), (-0.84, 0.1))
_WHISKER = ((-0.92, -0.16), (-1.2, -0.3), (-1.35, -0.1), (-1.6, -0.22))


def dragon(
    canvas: Canvas,
    spine: list[tuple[float, float]],
    thick: float,
    *,
    rng: np.random.Generator,
) -> None:
    """Draw a gilded dragon along a spine that starts at the head.

    Args:
        canvas: Where to draw.
        spine: Knots of the body's curve, in canvas pixels.
        thick: Greatest width of the body.
        rng: Source of chance.
    """
    path = smooth(spine, 40)
    along = np.linspace(0, 1, len(path))
    half = thick * 0.5 * np.clip(0.72 + 1.2 * along * (1 - along), 0, 1)
    half *= np.clip((1 - along) * 3.2, 0.03, 1)
    line = max(thick * 0.05, 1.2)
    facing = 1.0 if path[0, 0] < path[30, 0] else -1.0  # 1: nose to the left
    for share, hand in ((0.2, 1.0), (0.33, -1.0), (0.6, 1.0), (0.72, -1.0)):
        index = int(share * len(path))
        _leg(canvas, path, index, thick, hand, facing)
    _fins(canvas, path, half, thick)
    canvas.leaf(ribbon(path, half), height=110)
    _scales(canvas, path, half, thick)
    canvas.raised(ribbon(path, half), line, closed=True)
    _tail(canvas, path, thick)
    head = _Head(canvas, path[4], thick * 1.75, facing)
    _mane(head, rng)
    _skull(head)
    _face(head)


def _frame(path: Path2, index: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (direction, its normal) at a point of a path."""
    ahead = path[min(index + 3, len(path) - 1)] - path[max(index - 3, 0)]
    ahead = ahead / max(float(np.hypot(*ahead)), 1e-6)
    return ahead, np.array([-ahead[1], ahead[0]])


def _fins(canvas: Canvas, path: Path2, half: NDArray[np.float64], thick: float) -> None:
    """Draw the row of fins along the back."""
    gap = float(np.hypot(*(path[1:] - path[:-1]).T).mean())
    every = max(1, round(thick * 0.24 / gap))
    for index in range(20, len(path) - 12, every):
        ahead, normal = _frame(path, index)
        root = path[index] - normal * half[index] * 0.9
        size = thick * 0.28 * min(1.0, half[index] / (thick * 0.3))
        fin = np.array(
            [
                root - ahead * size * 0.5,
                root - normal * size + ahead * size * 0.5,
                root + ahead * size * 0.6,
            ]
        )
        canvas.fill(fin, GREENS[2])
        canvas.raised(fin, max(thick * 0.03, 1.0), closed=True)


def _scales(
    canvas: Canvas, path: Path2, half: NDArray[np.float64], thick: float
) -> None:
    """Draw scales on the back and plates on the belly."""
    gap = float(np.hypot(*(path[1:] - path[:-1]).T).mean())
    size = thick * 0.17
    every = max(1, round(size * 0.8 / gap))
    thin = max(thick * 0.022, 1.0)
    for row, index in enumerate(range(12, len(path) - 8, every)):
        ahead, normal = _frame(path, index)
        heading = float(np.arctan2(ahead[1], ahead[0]))
        for lane in np.arange(-0.72, 0.5, 0.3) + (0.15 if row % 2 else 0.0):
            reach = size * 0.62 * min(1.0, half[index] / (thick * 0.3))
            centre = path[index] + normal * half[index] * lane
            angle = np.linspace(heading - 1.5, heading + 1.5, 9)
            scale = centre + reach * np.stack([np.cos(angle), np.sin(angle)], axis=1)
            canvas.stroke(scale, _SHADE, thin * 1.3)
        low = path[index] + normal * half[index] * 0.62
        canvas.stroke(
            np.stack([low, path[index] + normal * half[index]]), DEEP_RED, thin
        )
    belly = path + _normals(path) * (half * 0.62)[:, None]
    canvas.stroke(belly, _SHADE, thin * 1.4)


def _normals(path: Path2) -> Path2:
    """Return the unit normal at each point."""
    ahead = np.gradient(path, axis=0)
    ahead /= np.maximum(np.hypot(ahead[:, 0], ahead[:, 1]), 1e-6)[:, None]
    return np.stack([-ahead[:, 1], ahead[:, 0]], axis=1)


def _leg(
    canvas: Canvas,
    path: Path2,
    index: int,
    thick: float,
    hand: float,
    facing: float,
) -> None:
    """Draw one leg with elbow tufts and four spread claws."""
    ahead, normal = _frame(path, index)
    hip = path[index] + normal * hand * thick * 0.2
    knee = hip + normal * hand * thick * 0.85 + ahead * thick * 0.45
    foot = knee + normal * hand * thick * 0.5 - ahead * thick * 0.75
    limb = smooth([tuple(hip), tuple(knee), tuple(foot)], 14)
    half = np.linspace(thick * 0.27, thick * 0.12, len(limb))
    for reach in (0.9, 0.62, 0.36):
        tuft = smooth(
            [
                tuple(knee),
                tuple(knee + ahead * thick * reach * 0.6 + normal * hand * thick * 0.1),
                tuple(
                    knee + ahead * thick * reach - normal * hand * thick * 0.3 * reach
                ),
            ]
        )
        canvas.brush(tuft, REDS[2], thick * 0.22)
        canvas.raised(tuft, max(thick * 0.03, 1.0))
    canvas.leaf(ribbon(limb, half), height=100)
    canvas.raised(ribbon(limb, half), max(thick * 0.035, 1.0), closed=True)
    base = float(np.arctan2(*(foot - knee)[::-1]))
    for spread in (-1.3, -0.45, 0.4, 1.25, 2.4):
        angle = base + spread * hand
        tip = foot + thick * 0.5 * np.array([np.cos(angle), np.sin(angle)])
        bent = angle + 0.9 * hand * facing
        nail = tip + thick * 0.22 * np.array([np.cos(bent), np.sin(bent)])
        toe = smooth([tuple(foot), tuple(tip), tuple(nail)], 8)
        canvas.leaf(ribbon(toe, np.linspace(thick * 0.1, thick * 0.015, len(toe))))
        canvas.stroke(np.stack([tip, nail]), WHITE, max(thick * 0.03, 1.0))


def _tail(canvas: Canvas, path: Path2, thick: float) -> None:
    """Draw the flame-like end of the tail."""
    ahead, normal = _frame(path, len(path) - 2)
    root = path[-6]
    for side in (-1.0, -0.45, 0.1, 0.6, 1.1):
        tip = (
            root
            + ahead * thick * (1.5 - abs(side) * 0.5)
            + normal * side * thick * 0.75
        )
        middle = root + ahead * thick * 0.7 + normal * side * thick * 0.15
        lock = smooth([tuple(root), tuple(middle), tuple(tip)])
        canvas.brush(lock, GREENS[2], thick * 0.2)
        canvas.raised(lock, max(thick * 0.035, 1.0))


@dataclass(frozen=True)
class _Head:
    """Where the head is: unit coordinates, nose at -1, become canvas pixels."""

    canvas: Canvas
    nape: NDArray[np.float64]
    size: float
    facing: float

    @property
    def line(self) -> float:
        """Width of the head's lines."""
        return max(self.size * 0.028, 1.2)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return a point in pixels."""
        across = self.nape[0] + self.facing * x * self.size
        return float(across), float(self.nape[1] + y * self.size)

    def curve(self, *points: tuple[float, float]) -> Path2:
        """Return a smooth curve through unit points."""
        return smooth([self.at(x, y) for x, y in points], 8)

    def hair(self, path: Path2, colour: Rgb, thick: float) -> None:
        """Draw a lock of hair with a dark edge."""
        self.canvas.brush(path, DARK_GREEN, self.size * thick)
        self.canvas.brush(path, colour, self.size * thick * 0.64)


def _mane(head: _Head, rng: np.random.Generator) -> None:
    """Draw the locks that stream from the nape."""
    for _ in range(34):
        start = rng.uniform(-0.3, 0.2, 2)
        away, lift = rng.uniform(0.5, 1.05), rng.uniform(-0.75, 0.6)
        lock = head.curve(
            (head.facing * float(start[0]), float(start[1])),
            (away * 0.5, lift * 0.75),
            (away, lift - 0.12),
        )
        head.hair(lock, GREENS[int(rng.integers(1, 4))], 0.15)
        head.canvas.raised(lock[:-3], head.line * 0.45)


def _skull(head: _Head) -> None:
    """Draw horns, tongue, jaws and teeth."""
    canvas, line = head.canvas, head.line
    for horn, thick in ((_HORN, 0.13), (_HORN_TINE, 0.08)):
        path = head.curve(*horn)
        half = np.linspace(thick * 0.5, 0.015, len(path)) * head.size
        canvas.leaf(ribbon(path, half), height=140)
        canvas.raised(ribbon(path, half), line * 0.7, closed=True)
    canvas.brush(head.curve(*_TONGUE), RED, head.size * 0.16)
    for shape in (_LOWER_JAW, _UPPER_JAW):
        canvas.leaf(head.curve(*shape), height=130)
        canvas.raised(head.curve(*shape), line, closed=True)
    for x in np.linspace(-0.92, -0.45, 6):
        root, tip = head.at(x - 0.028, 0.0), head.at(x, 0.2 if x < -0.9 else 0.11)
        canvas.fill(np.array([root, head.at(x + 0.028, 0.0), tip]), WHITE)


def _face(head: _Head) -> None:
    """Draw eye, brows, beard, nostril and whisker."""
    canvas, line = head.canvas, head.line
    lid = head.curve(*_LID)
    canvas.fill(lid, WHITE)
    canvas.fill(circle(*head.at(-0.43, -0.2), head.size * 0.068), RED)
    canvas.fill(circle(*head.at(-0.435, -0.2), head.size * 0.045), INK)
    canvas.raised(np.concatenate([lid, lid[:1]]), line * 0.8)
    for lift in (0.0, 0.07, 0.14):
        brow = head.curve(
            (-0.6, -0.24), (-0.42, -0.34 - lift), (-0.2, -0.34 - 1.6 * lift)
        )
        head.hair(brow, GREENS[2], 0.1)
    for drop in np.linspace(0.0, 1.0, 7):
        x = -0.72 + 0.62 * drop
        beard = head.curve((x, 0.4), (x + 0.02, 0.56), (x + 0.12, 0.66 + 0.12 * drop))
        head.hair(beard, GREENS[1], 0.1)
    nostril = spiral(*head.at(-0.95, -0.22), head.size * 0.09, 0.0, head.facing * 1.2)
    canvas.raised(nostril, line)
    canvas.stroke(head.curve((-0.12, 0.06), (-0.3, 0.0), (-0.46, 0.0)), _SHADE, line)
    for lift in np.linspace(-0.34, 0.3, 8):
        # Cheek hair hides where head and neck meet.
        tuft = head.curve(
            (-0.1, lift * 0.8), (0.08, lift * 1.1 - 0.03), (0.3, lift * 1.5 - 0.12)
        )
        head.hair(tuft, GREENS[2], 0.15)
        canvas.raised(tuft[:-2], line * 0.5)
    canvas.raised(head.curve(*_WHISKER), line * 1.2)


def flaming_pearl(canvas: Canvas, x: float, y: float, size: float) -> None:
    """Draw the pearl that dragons play with, in flames."""
    for angle in np.linspace(-2.6, -0.5, 6):
        tip = np.array([np.cos(angle), np.sin(angle)]) * size * 2.3
        middle = np.array([np.cos(angle - 0.35), np.sin(angle - 0.35)]) * size * 1.4
        flame = smooth(
            [(x, y), (x + middle[0], y + middle[1]), (x + tip[0], y + tip[1])]
        )
        canvas.brush(flame, RED, size * 0.6)
        canvas.raised(flame[6:], max(size * 0.07, 1.0))
    canvas.stepped(circle(x, y, size), (GOLD, WHITE, ROSE, RED), size * 0.2)
    canvas.raised(circle(x, y, size), max(size * 0.12, 1.0), closed=True)
    canvas.raised(spiral(x, y, size * 0.6, 0, 1.5), max(size * 0.08, 1.0))
