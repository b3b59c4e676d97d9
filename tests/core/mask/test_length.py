"""Lengths of centre lines against hand counts, circles and lines of known length."""

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from resunet_core.mask.length import count_steps, line_length
from resunet_core.mask.skeleton import skeletonise

Binary = NDArray[np.bool_]


def _drawn(*rows: str) -> Binary:
    return np.array([[cell == "#" for cell in row] for row in rows])


@pytest.mark.parametrize(
    ("rows", "steps"),
    [
        (("....",), (0, 0)),
        ((".#..",), (0, 0)),
        (("####",), (3, 0)),
        (("#", "#", "#"), (2, 0)),
        (("#..", ".#.", "..#"), (0, 2)),
        (("..#", ".#.", "#.."), (0, 2)),
        (("##.", ".##"), (3, 0)),  # no diagonal cuts the corners
        (("#..", "#..", "###"), (4, 0)),
        (("#.#", ".#.", ".#."), (1, 2)),  # three arms of a junction
        (("###", ".#.", ".#."), (4, 0)),
        (("##.", "##.", "..#"), (4, 1)),  # a square is its four sides
        (("#.#", "...", "#.#"), (0, 0)),
    ],
)
def test_steps_by_hand(rows: tuple[str, ...], steps: tuple[int, int]) -> None:
    line = _drawn(*rows)
    assert count_steps(line) == steps
    assert line_length(line) == pytest.approx(0.948 * steps[0] + 1.340 * steps[1])


def test_each_pair_counts_once_by_brute_force() -> None:
    line = np.random.default_rng(2).random((13, 17)) < 0.4
    pixels = {(int(y), int(x)) for y, x in np.argwhere(line)}
    orthogonal = diagonal = 0
    for (y, x), (v, u) in itertools.combinations(sorted(pixels), 2):
        if abs(y - v) + abs(x - u) == 1:
            orthogonal += 1
        elif abs(y - v) == abs(x - u) == 1:
            diagonal += (y, u) not in pixels and (v, x) not in pixels
    assert count_steps(line) == (orthogonal, diagonal)


@pytest.mark.parametrize("width", [1.5, 3, 6])
@pytest.mark.parametrize("radius", [12, 40, 90])
def test_circles_have_their_circumference(radius: int, width: float) -> None:
    away = np.hypot(*(np.mgrid[:200, :200] - np.array([99.3, 100.6])[:, None, None]))
    ring = np.abs(away - radius) <= width / 2
    length = line_length(skeletonise(ring))
    assert length == pytest.approx(2 * np.pi * radius, rel=0.01)


@pytest.mark.parametrize("width", [1.5, 3, 6])
def test_lines_of_all_directions_have_their_length_on_average(width: float) -> None:
    """One direction may be 5 % off; a craze of all directions is within 1 %."""
    rows, columns = np.mgrid[:150, :150] - 74.6
    errors = []
    for angle in np.linspace(0, np.pi, 36, endpoint=False):
        along = columns * np.cos(angle) + rows * np.sin(angle)
        across = rows * np.cos(angle) - columns * np.sin(angle)
        beyond = np.clip(np.abs(along) - 60, 0, None)
        line = np.hypot(across, beyond) <= width / 2
        errors.append(line_length(skeletonise(line)) / 120 - 1)
    assert abs(np.mean(errors)) < 0.01
    assert np.abs(errors).max() < 0.065
