"""Tiles cover every pixel, and their weights add up to one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resunet_core.inference.grid import STRIDE_PX, TileGrid

sides = st.integers(1, 900)


@given(
    height=sides,
    width=sides,
    context=st.sampled_from([0, 16, 32, 64]),
    ramp=st.sampled_from([32, 96]),
)
def test_weights_add_up_to_one_everywhere(
    height: int, width: int, context: int, ramp: int
) -> None:
    grid = TileGrid(height, width, 2 * (2 * context + ramp), context, ramp)
    total = np.zeros((height, width))
    for row, column in grid:
        kept, seen = grid.kept(row, column), grid.seen(row, column)
        total[kept.slices] += grid.weights(row, column)
        assert kept.clip(seen) == kept
        assert seen.top % STRIDE_PX == seen.left % STRIDE_PX == 0
        assert seen.height % STRIDE_PX == seen.width % STRIDE_PX == 0
        assert max(seen.height, seen.width) <= grid.tile_px
    np.testing.assert_allclose(total, 1, atol=1e-6)


def test_inner_edges_keep_their_context() -> None:
    grid = TileGrid(2000, 3000, 512, 64, 32)
    for row, column in grid:
        kept, seen = grid.kept(row, column), grid.seen(row, column)
        assert kept.top == 0 or kept.top - seen.top == 64
        assert kept.left == 0 or kept.left - seen.left == 64
        assert kept.bottom == 2000 or seen.bottom - kept.bottom == 64
        assert kept.right == 3000 or seen.right - kept.right == 64


def test_a_tile_without_room_for_its_context_is_refused() -> None:
    with pytest.raises(ValueError, match="leaves a step"):
        TileGrid(100, 100, 128, 64, 32)
