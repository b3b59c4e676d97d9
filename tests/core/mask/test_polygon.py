"""Outlines hold exactly the pixels whose centres they go around."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resunet_core.box import Box
from resunet_core.mask.polygon import Outline, fill_outline
from resunet_core.mask.tiled import DefectMask

quarters = st.tuples(st.integers(-40, 200), st.integers(-40, 160))


def naive_inside(corners: list[tuple[int, int]], column: int, row: int) -> bool:
    """Winding number around a pixel's centre; all in quarters of a pixel."""
    x, y = column * 4 + 2, row * 4 + 2
    turns = 0
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        across = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        if ay <= y < by and across <= 0:  # the side is left of the centre, or on it
            turns += 1
        elif by <= y < ay and across >= 0:
            turns -= 1
    return turns != 0


@given(st.lists(quarters, min_size=3, max_size=7))
def test_a_pixel_is_inside_where_the_line_winds_around_its_centre(
    corners: list[tuple[int, int]],
) -> None:
    outline = Outline([(x / 4, y / 4) for x, y in corners])
    box = Box(-12, -12, 42, 52)
    expected = [
        [naive_inside(corners, column, row) for column in range(-12, 52)]
        for row in range(-12, 42)
    ]
    np.testing.assert_array_equal(outline.inside(box), expected)
    part = Box(3, 5, 20, 31)
    whole = np.array(expected)
    np.testing.assert_array_equal(outline.inside(part), whole[part.within(box).slices])
    rest = np.ones_like(whole)
    rest[outline.box.clip(box).within(box).slices] = False
    assert not (whole & rest).any()


def test_a_large_outline_fills_whole_tiles_and_is_taken_back_exactly() -> None:
    mask = DefectMask(1500, 1700)
    outline = Outline([(-10, -10), (1710, 100), (1600, 1510), (100, 1400)])
    edit = fill_outline(mask, outline, 2, "Polygon")
    assert edit is not None
    frame = Box.of(1500, 1700)
    np.testing.assert_array_equal(mask.read(frame) == 2, outline.inside(frame))
    assert fill_outline(mask, outline, 2, "Again") is None
    scope = fill_outline(mask, outline, 1, "Scope", plane="scope")
    assert scope is not None
    assert mask.counts()[1] == 0
    np.testing.assert_array_equal(mask.scope.read(frame), outline.inside(frame))
    scope.revert(mask)
    edit.revert(mask)
    assert not mask.read(frame).any()
    assert not mask.scope.read(frame).any()


def test_a_line_of_two_points_is_no_outline() -> None:
    with pytest.raises(ValueError, match="three"):
        Outline([(0, 0), (5, 5)])
