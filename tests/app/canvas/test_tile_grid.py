"""Which tiles a view needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.canvas.tile_grid import level_for, tiles_at
from resunet_core.box import Box


@pytest.mark.parametrize(
    ("scale", "level"),
    [(4, 0), (1, 0), (0.51, 0), (0.5, 1), (0.26, 1), (0.25, 2), (0.001, 4)],
)
def test_the_level_has_a_pixel_for_each_of_the_screen(scale: float, level: int) -> None:
    assert level_for(scale, levels=5) == level


@given(
    st.integers(0, 4),
    st.integers(0, 9000),
    st.integers(0, 9000),
    st.integers(1, 5000),
    st.integers(1, 5000),
)
def test_the_tiles_cover_what_is_seen_and_nothing_beyond(
    level: int, top: int, left: int, height: int, width: int
) -> None:
    box = Box(top, left, top + height, left + width)
    keys = tiles_at(level, box)
    assert len(set(keys)) == len(keys)
    assert sum(key.box.clip(box).area for key in keys) == box.area
    assert all(not key.box.clip(box).is_empty for key in keys)


def test_the_middle_comes_first() -> None:
    keys = tiles_at(0, Box(0, 0, 5 * 512, 5 * 512))
    assert (keys[0].row, keys[0].col) == (2, 2)
