"""How often the intervals of the point check hold the truth, worked out exactly.

`python -m resunet_core.measure.validation` prints the whole grid.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
from scipy.stats import binom

from resunet_core.measure.uncertainty import estimate_area

OMISSIONS = tuple(np.geomspace(0.001, 0.05, 24).tolist())
"""Share of sound strata that is damage in truth."""

COMMISSIONS = (0.02, 0.05, 0.1, 0.2, 0.3)
"""Share of what was mapped that is none."""

SHARES = (0.005, 0.02, 0.05, 0.1, 0.3)
"""Share of the surface that was mapped as the class."""

_PIXELS = 10**8
_RARE = 1e-4  # outcomes this rare are left to chance


@dataclass(frozen=True)
class Cell:
    """How often both intervals hold the truth at one place of the grid, 0 to 1."""

    omission: float
    commission: float
    share: float
    beta: float
    normal: float


def coverage(
    *,
    omissions: Sequence[float] = OMISSIONS,
    commissions: Sequence[float] = COMMISSIONS,
    shares: Sequence[float] = SHARES,
    sound_points: int = 150,
    class_points: int = 75,
) -> list[Cell]:
    """The share of all outcomes of a check whose interval holds the true area.

    Each outcome is weighted by its binomial probability: no chance is involved.
    """
    points = (sound_points, class_points)
    return [
        _cell(omission, commission, share, points)
        for share, omission, commission in product(shares, omissions, commissions)
    ]


def _cell(
    omission: float, commission: float, share: float, points: tuple[int, int]
) -> Cell:
    strata = (round(_PIXELS * (1 - share)), round(_PIXELS * share))
    truth = strata[0] * omission + strata[1] * (1 - commission)
    held = np.zeros(3)
    outcomes = product(_likely(points[0], omission), _likely(points[1], 1 - commission))
    for (missed, p), (right, q) in outcomes:
        (low, high), normal = _intervals(strata, points, missed, right)
        holds = low <= truth <= high, normal[0] <= truth <= normal[1]
        held += p * q * np.array([1, *holds])
    return Cell(omission, commission, share, held[1] / held[0], held[2] / held[0])


@cache
def _intervals(
    strata: tuple[int, int], points: tuple[int, int], missed: int, right: int
) -> tuple[tuple[float, float], tuple[float, float]]:
    answers = {
        (0, 1): missed,
        (0, 0): points[0] - missed,
        (1, 1): right,
        (1, 0): points[1] - right,
    }
    found = estimate_area(dict(enumerate(strata)), answers, 1)
    return (found.low_px, found.high_px), found.normal


def _likely(points: int, chance: float) -> list[tuple[int, float]]:
    counts = np.arange(points + 1)
    weights = binom.pmf(counts, points, chance)
    return [(int(k), float(weights[k])) for k in counts if weights[k] > _RARE]


def summary(cells: Sequence[Cell]) -> str:
    """The least and the mean coverage of both intervals, as one sentence."""
    worst = min(cells, key=lambda cell: cell.beta)
    mean = np.mean([cell.beta for cell in cells])
    normal = [cell.normal for cell in cells]
    return (
        f"{len(cells)} places: {mean:.1%} on average, {worst.beta:.1%} at worst"
        f" (omission {worst.omission:.2%}, commission {worst.commission:.0%}, share"
        f" {worst.share:.1%}); normal formula {np.mean(normal):.1%} on average,"
        f" {min(normal):.1%} at worst.\n"
    )


if __name__ == "__main__":
    sys.stdout.write(summary(coverage()))
