"""The swept disc against its definition, in whole numbers."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from resunet_core.mask.capsule import swept_disc

SIDE = 40
quarters = st.integers(-30, SIDE * 4 + 30)
points = st.tuples(quarters, quarters)


def by_definition(
    a: tuple[int, int], b: tuple[int, int], radius: int
) -> NDArray[np.bool]:
    """Pixels within `radius` of the segment; all in quarters of a pixel."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] * 4 + 2
    dx, dy = b[0] - a[0], b[1] - a[1]
    along = (x - a[0]) * dx + (y - a[1]) * dy
    across = (x - a[0]) * dy - (y - a[1]) * dx
    length2 = dx * dx + dy * dy
    to_a = (x - a[0]) ** 2 + (y - a[1]) ** 2
    to_b = (x - b[0]) ** 2 + (y - b[1]) ** 2
    beside = (along > 0) & (along < length2) & (across**2 <= radius**2 * length2)
    within: NDArray[np.bool] = (np.minimum(to_a, to_b) <= radius**2) | beside
    return within


def covered(
    a: tuple[float, float], b: tuple[float, float], radius: float
) -> NDArray[np.bool]:
    spans = swept_disc(a, b, radius, SIDE)
    pixels = np.zeros((SIDE, SIDE), bool)
    for row, (left, right) in enumerate(zip(spans.left, spans.right, strict=True)):
        pixels[spans.top + row, max(0, left) : max(0, right)] = True
    return pixels


@given(points, points, st.integers(1, 60))
@example((2, 2), (2, 2), 2)  # a centre
@example((4, 4), (4, 4), 2)  # a corner, out of reach
@example((0, 8), (80, 8), 2)  # along an edge: two rows at exactly the radius
@example((0, 0), (80, 80), 2)  # a diagonal
@example((8, 0), (8, 90), 6)  # upright
@example((0, 10), (160, 11), 7)  # nearly level
@settings(derandomize=True, deadline=None)
def test_pixels_are_those_within_the_radius(
    a: tuple[int, int], b: tuple[int, int], radius: int
) -> None:
    found = covered((a[0] / 4, a[1] / 4), (b[0] / 4, b[1] / 4), radius / 4)
    np.testing.assert_array_equal(found, by_definition(a, b, radius))


@pytest.mark.parametrize("end", [(1e7, 20.5), (20.0, -1e7), (-3e6, 1e6)])
def test_a_segment_that_leaves_the_photo_far_behind_costs_its_rows_only(
    end: tuple[float, float],
) -> None:
    spans = swept_disc((20.0, 20.0), end, 3.0, SIDE)
    assert len(spans.left) <= SIDE
    assert covered((20.0, 20.0), end, 3.0)[20, 19:21].all()
