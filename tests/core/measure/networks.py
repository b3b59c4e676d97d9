"""Crack networks of known truth: straight pieces drawn exactly, at any width."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]


@dataclass(frozen=True)
class Truth:
    """Straight pieces between points (x, y), and what follows from them."""

    pieces: tuple[tuple[Point, Point], ...]

    @property
    def length(self) -> float:
        return sum(float(np.hypot(b[0] - a[0], b[1] - a[1])) for a, b in self.pieces)

    def kinds(self) -> dict[str, int]:
        """How many ends, Y, T and X there are."""
        found = {"end": 0, "Y": 0, "T": 0, "X": 0}
        for angles in self._arms().values():
            if len(angles) == 1:
                found["end"] += 1
            elif len(angles) > 3:
                found["X"] += 1
            elif len(angles) == 3:
                ring = sorted(angles)
                gaps = np.diff([*ring, ring[0] + 2 * np.pi])
                found["T" if max(gaps) > 2.6 else "Y"] += 1
        return found

    def islands(self) -> int:
        """Euler: faces of a plane graph of one piece, without the outer one."""
        return len(self.pieces) - len(self._arms()) + 1

    def _arms(self) -> dict[tuple[int, int], list[float]]:
        arms: dict[tuple[int, int], list[float]] = defaultdict(list)
        for a, b in self.pieces:
            for here, there in ((a, b), (b, a)):
                angle = np.arctan2(there[1] - here[1], there[0] - here[0])
                arms[round(here[0] * 8), round(here[1] * 8)].append(float(angle))
        return arms

    def drawn(self, height: int, width: int, thick: float) -> NDArray[np.uint8]:
        """A mask whose cracks are `thick` px wide with round ends."""
        mask = np.zeros((height, width), np.uint8)
        reach = thick / 2 + 1
        for (ax, ay), (bx, by) in self.pieces:
            left, top = (
                max(int(min(ax, bx) - reach), 0),
                max(int(min(ay, by) - reach), 0),
            )
            right, bottom = int(max(ax, bx) + reach) + 2, int(max(ay, by) + reach) + 2
            part = mask[top:bottom, left:right]
            y, x = np.mgrid[top : top + part.shape[0], left : left + part.shape[1]]
            dx, dy = bx - ax, by - ay
            along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)
            along = np.clip(along, 0, 1)
            away = np.hypot(x - ax - along * dx, y - ay - along * dy)
            part[away <= thick / 2] = 1
        return mask


def turned(truth: Truth, angle: float, middle: float) -> Truth:
    """The network turned about (middle, middle)."""
    c, s = np.cos(angle), np.sin(angle)

    def turn(p: Point) -> Point:
        x, y = p[0] - middle, p[1] - middle
        return middle + c * x - s * y, middle + s * x + c * y

    return Truth(tuple((turn(a), turn(b)) for a, b in truth.pieces))


def honeycomb(rows: int, side: float, at: float) -> Truth:
    """Hexagons: all junctions are Y."""
    pieces = set()
    for i in range(rows):
        for j in range(rows):
            cx = at + 1.5 * side * i
            cy = at + 3**0.5 * side * (j + 0.5 * (i % 2))
            corners = [
                (
                    round(cx + side * np.cos(k * np.pi / 3), 4),
                    round(cy + side * np.sin(k * np.pi / 3), 4),
                )
                for k in range(6)
            ]
            for k in range(6):
                pieces.add(tuple(sorted((corners[k], corners[(k + 1) % 6]))))
    return Truth(tuple(_merged_corners(pieces)))


def _merged_corners(pieces: set[tuple[Point, ...]]) -> list[tuple[Point, Point]]:
    """Corners that rounding tore apart become one."""
    seen = {}
    for a, b in sorted(pieces):
        ra, rb = (round(a[0]), round(a[1])), (round(b[0]), round(b[1]))
        seen[min(ra, rb), max(ra, rb)] = (a, b)
    return list(seen.values())


def grid(rows: int, side: float, at: float) -> Truth:
    """Squares whose lines go on past the rim: inner crossings are X, ends are free."""
    pieces = []
    for i in range(rows):
        for j in range(-1, rows):
            a, b = at + side * j, at + side * (j + 1)
            line = at + side * i
            pieces += [((a, line), (b, line)), ((line, a), (line, b))]
    return Truth(tuple(pieces))


def bricks(rows: int, long: float, at: float) -> Truth:
    """Courses of bricks: inner junctions are T."""
    pieces: list[tuple[Point, Point]] = []
    half, tall = long / 2, long / 2
    for i in range(rows + 1):
        y = at + i * tall
        pieces += [
            ((at + j * half, y), (at + (j + 1) * half, y)) for j in range(2 * rows)
        ]
        if i < rows:
            first = i % 2
            pieces += [
                ((at + j * half, y), (at + j * half, y + tall))
                for j in range(first, 2 * rows + 1, 2)
            ]
    return Truth(tuple(pieces))


def curves(count: int, size: int, rng: np.random.Generator) -> Truth:
    """Smooth lines that do not meet: each in a cell of its own."""
    cells = int(np.ceil(count**0.5))
    cell = size / cells
    pieces = []
    for k in range(count):
        t = np.linspace(-1, 1, 25)
        turn = rng.uniform(0, np.pi)
        x = t * cell * 0.38
        y = rng.uniform(-0.15, 0.15) * cell * (t**2 + rng.uniform(-1, 1) * t**3)
        px = (k % cells + 0.5) * cell + x * np.cos(turn) - y * np.sin(turn)
        py = (k // cells + 0.5) * cell + x * np.sin(turn) + y * np.cos(turn)
        points = [(float(u), float(v)) for u, v in zip(px, py, strict=True)]
        pieces += list(pairwise(points))
    return Truth(tuple(pieces))
