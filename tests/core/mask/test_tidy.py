"""Tidying changes what it should, alike in one block and in many."""

import numpy as np
import pytest

from resunet_core.box import Box
from resunet_core.mask.fill import fill
from resunet_core.mask.replace import replace_model_plane
from resunet_core.mask.tidy import (
    Tidying,
    smoothed,
    tidy,
    with_gaps_joined,
    without_specks,
)
from resunet_core.mask.tiled import DefectMask, tiles_meeting

FRAME = Box.of(2300, 2500)


@pytest.fixture
def mask() -> DefectMask:
    """Blots, specks and lines over the borders of tiles and blocks."""
    rng = np.random.default_rng(4)
    ids = np.zeros((2300, 2500), np.uint8)
    for row, column in rng.integers(0, 2280, (150, 2)):
        side = int(rng.integers(1, 40))
        ids[row : row + side, column : column + side] = rng.integers(1, 3)
    ids[1000:1003, 100:2400] = 1
    ids[1000:1003, 2046:2050] = 0  # a gap, at the border of a block
    mask = DefectMask(2300, 2500)
    plane = mask.model
    tiles = (
        (row, col, ids[plane.tile_box(row, col).slices].copy())
        for row, col in tiles_meeting(FRAME)
    )
    replace_model_plane(mask, tiles, "Detect")
    return mask


@pytest.mark.parametrize(
    "tidying", [without_specks(30), with_gaps_joined(6), smoothed(1.5)]
)
def test_blocks_leave_no_trace_and_only_changes_are_the_persons(
    mask: DefectMask, tidying: Tidying
) -> None:
    before = mask.read(FRAME)
    expected = tidying.change(before.copy())
    edit = tidy(mask, FRAME, tidying, "Tidy")
    assert edit is not None
    np.testing.assert_array_equal(mask.read(FRAME), expected)
    np.testing.assert_array_equal(mask.read_origin(FRAME), before != expected)
    edit.revert(mask)
    np.testing.assert_array_equal(mask.read(FRAME), before)


def test_only_the_area_is_tidied(mask: DefectMask) -> None:
    before, area = mask.read(FRAME), Box(300, 400, 900, 2100)
    tidy(mask, area, without_specks(200), "Delete specks")
    changed = before != mask.read(FRAME)
    assert changed[area.slices].any()
    changed[area.slices] = False
    assert not changed.any()


def test_a_gap_is_joined_and_a_thin_line_survives_smoothing() -> None:
    mask = DefectMask(100, 200)
    line = np.zeros((100, 200), np.bool_)
    line[50:52, 10:90] = line[50:52, 94:190] = True
    fill(mask, Box.of(100, 200), 1, line, "Crack")
    whole = Box.of(100, 200)
    assert tidy(mask, whole, smoothed(1.5), "Smooth") is None
    tidy(mask, whole, with_gaps_joined(6), "Join")
    assert (mask.read(whole)[50:52, 10:190] == 1).all()
    assert mask.counts()[1] == 2 * 180
