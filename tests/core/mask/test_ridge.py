"""The crack pen finds the cheapest way, and that way is the crack."""

import heapq
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from resunet_core.mask.ridge import (
    Tone,
    find_ways,
    line_strength,
    step_cost,
    thinned,
)


def cheapest(cost: NDArray[np.float32], start: tuple[int, int]) -> NDArray[np.float64]:
    """Dijkstra's algorithm, word for word."""
    total = np.full(cost.shape, np.inf)
    total[start[1], start[0]] = 0
    queue = [(0.0, start[1], start[0])]
    steps = [(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1) if a or b]
    while queue:
        so_far, row, column = heapq.heappop(queue)
        if so_far > total[row, column]:
            continue
        for down, right in steps:
            r, c = row + down, column + right
            if 0 <= r < cost.shape[0] and 0 <= c < cost.shape[1]:
                length = np.sqrt(2) if down and right else 1
                onward = so_far + float(cost[r, c]) * length
                if onward < total[r, c]:
                    total[r, c] = onward
                    heapq.heappush(queue, (onward, r, c))
    return total


@pytest.mark.parametrize("seed", range(4))
def test_every_way_costs_what_dijkstra_says(seed: int) -> None:
    rng = np.random.default_rng(seed)
    # Walls with few doors: ways that turn back are the hard ones.
    cost = (0.02 + rng.random((37, 53)) ** 4 * 30).astype(np.float32)
    start = (int(rng.integers(53)), int(rng.integers(37)))
    ways, total = find_ways(cost, start), cheapest(cost, start)
    for row in range(37):
        for column in range(53):
            way = ways.to((column, row))
            assert (way[0], way[-1]) == (start, (column, row))
            paid = 0.0
            for (ax, ay), (bx, by) in pairwise(way):
                assert max(abs(ax - bx), abs(ay - by)) == 1
                length = np.sqrt(2) if ax != bx and ay != by else 1
                paid += float(cost[by, bx]) * length
            assert paid == pytest.approx(total[row, column], rel=1e-5)


@pytest.mark.parametrize(("tone", "sign"), [("dark", -1), ("light", 1)])
def test_the_way_between_two_clicks_is_the_crack(tone: Tone, sign: int) -> None:
    rng = np.random.default_rng(3)
    columns = np.arange(200)
    rows = 60 + 35 * np.sin(columns / 25)  # far from the straight line
    distance = np.abs(np.arange(120)[:, None] - rows[None, :])
    grey = 130 + sign * 45 * np.exp(-(distance**2) / 3) + rng.normal(0, 4, (120, 200))
    pixels = np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2)
    cost = step_cost(line_strength(pixels, tone))
    way = find_ways(cost, (5, round(rows[5]))).to((195, round(rows[195])))
    off = [abs(y - rows[x]) for x, y in way]
    assert max(off) < 4
    few = thinned(way)
    assert len(few) < len(way) / 3
    assert max(abs(y - 0.5 - np.interp(x - 0.5, columns, rows)) for x, y in few) < 4
