"""Whether one condition is better than another: paired, corrected, in words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]

LEVEL = 0.05
DRAWS = 10_000
LEAST_SEEDS = 3
BETTER, WORSE, UNDECIDED = "better", "worse", "not decided at this budget"


@dataclass(frozen=True)
class SeedNoise:
    """How far seeds scatter around the mean of their condition.

    Attributes:
        deviation: Standard deviation of one run, what the seed does to all conditions
            alike taken off; NaN with one seed.
        freedom: Its degrees of freedom.
    """

    deviation: float
    freedom: int


@dataclass(frozen=True)
class Comparison:
    """One condition minus another in one figure, over the same photos and seeds.

    Attributes:
        difference: Mean over the photos, of means over the seeds.
        low: Lower end of its bootstrap interval over photos; NaN with one photo.
        high: Upper end.
        effect: Matched-pairs rank-biserial correlation over the photos, -1 to 1.
        p_photos: Of Wilcoxon's signed-rank test over the photos, two-sided.
        p_seeds: Of Student's test over the seeds, two-sided.
        p: The larger one: both kinds of chance must be ruled out.
        p_holm: `p` after Holm's correction for all comparisons of the table.
        smallest_p: The smallest `p_photos` that so many photos can give.
        photos: That show the class.
        by_seed: Difference over all pixels, one for each seed.
        verdict: `BETTER`, `WORSE` or `UNDECIDED`.
    """

    difference: float
    low: float
    high: float
    effect: float
    p_photos: float
    p_seeds: float
    p: float
    p_holm: float
    smallest_p: float
    photos: int
    by_seed: tuple[float, ...]
    verdict: str = UNDECIDED


def seed_noise(values: Floats) -> SeedNoise:
    """The scatter of runs, from all conditions together.

    The residual of a two-way analysis of variance: from three seeds of one pair alone
    nothing could be decided, and all conditions start and see crops alike.

    Args:
        values: A figure of each run, [conditions, seeds].
    """
    conditions, seeds = values.shape
    freedom = (conditions - 1) * (seeds - 1)
    if freedom < 1:
        return SeedNoise(float("nan"), 0)
    by_condition = values.mean(axis=1, keepdims=True)
    by_seed = values.mean(axis=0, keepdims=True)
    residual = values - by_condition - by_seed + values.mean()
    return SeedNoise(float(np.sqrt((residual**2).sum() / freedom)), freedom)


def compare(
    one: Floats,
    other: Floats,
    *,
    one_by_seed: Floats,
    other_by_seed: Floats,
    noise: SeedNoise,
) -> Comparison:
    """Compare before any correction: `judged` corrects and gives the verdicts.

    Args:
        one: Figure of each seed and photo, [seeds, photos]; NaN where a photo lacks it.
        other: The same of what it is compared with.
        one_by_seed: Figure over all photos, [seeds].
        other_by_seed: The same of the other.
        noise: Of the seeds, in that figure.
    """
    differences = np.mean(one - other, axis=0)
    differences = differences[~np.isnan(differences)]
    by_seed = one_by_seed - other_by_seed
    low, high = mean_interval(differences)
    p_photos, p_seeds = signed_rank_p(differences), student_p(by_seed, noise)
    p = max(p_photos, p_seeds)
    return Comparison(
        difference=float(differences.mean()) if differences.size else float("nan"),
        low=low,
        high=high,
        effect=rank_biserial(differences),
        p_photos=p_photos,
        p_seeds=p_seeds,
        p=p,
        p_holm=p,
        smallest_p=min(1.0, 2.0 ** (1 - differences.size)),
        photos=int(differences.size),
        by_seed=tuple(float(d) for d in by_seed),
    )


def signed_rank_p(differences: Floats) -> float:
    """Wilcoxon's signed-rank test, two-sided; 1 where nothing differs."""
    differing = differences[differences != 0]
    if not differing.size:
        return 1.0
    return float(stats.wilcoxon(differing).pvalue)


def rank_biserial(differences: Floats) -> float:
    """Ranks of the gains minus those of the losses, over all (Kerby 2014).

    1: gains on every photo; 0: gains and losses balance.
    """
    differing = differences[differences != 0]
    if not differing.size:
        return 0.0
    ranks = stats.rankdata(np.abs(differing))
    return float((np.sign(differing) * ranks).sum() / ranks.sum())


def mean_interval(differences: Floats, *, seed: int = 0) -> tuple[float, float]:
    """Percentile bootstrap of the mean over photos; NaN with fewer than two."""
    count = differences.size
    if count < 2:
        return float("nan"), float("nan")
    rng = np.random.default_rng(seed)
    means = differences[rng.integers(0, count, (DRAWS, count))].mean(axis=1)
    low, high = np.quantile(means, [LEVEL / 2, 1 - LEVEL / 2])
    return float(low), float(high)


def student_p(by_seed: Floats, noise: SeedNoise) -> float:
    """Student's test of the mean difference of two conditions; 1 without noise known.

    Where no run differs from what its condition and its seed say, any difference is
    beyond chance.
    """
    mean = abs(float(by_seed.mean()))
    if noise.freedom < 1 or np.isnan(noise.deviation) or mean == 0:
        return 1.0
    if noise.deviation == 0:
        return 0.0
    ratio = mean / (noise.deviation * float(np.sqrt(2 / by_seed.size)))
    return float(2 * stats.t.sf(ratio, noise.freedom))


def holm(ps: Sequence[float]) -> list[float]:
    """P-values corrected for their number, in the order given (Holm 1979)."""
    order = np.argsort(np.asarray(ps), kind="stable")
    corrected = [0.0] * len(ps)
    so_far = 0.0
    for rank, position in enumerate(order):
        so_far = max(so_far, min(1.0, (len(ps) - rank) * ps[position]))
        corrected[position] = so_far
    return corrected


def judged(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """All comparisons of a table, corrected for their number, with their verdicts.

    A difference is decided where it holds over the photos and over the seeds (Holm's p
    of the larger p below `LEVEL`) and each of at least `LEAST_SEEDS` seeds agrees.
    Photos alone do not suffice: a lucky start is lucky on all of them. With equal
    conditions, 3 seeds and 60 photos, the test over photos alone calls two of three
    comparisons decided (simulated); this rule at most one table of twenty.
    """
    corrected = holm([comparison.p for comparison in comparisons])
    return [
        _with_verdict(replace(comparison, p_holm=p))
        for comparison, p in zip(comparisons, corrected, strict=True)
    ]


def _with_verdict(found: Comparison) -> Comparison:
    verdict = UNDECIDED
    if found.p_holm < LEVEL and len(found.by_seed) >= LEAST_SEEDS:
        signs = {np.sign(d) for d in (found.difference, found.effect, *found.by_seed)}
        if signs == {1.0}:
            verdict = BETTER
        elif signs == {-1.0}:
            verdict = WORSE
    return replace(found, verdict=verdict)
