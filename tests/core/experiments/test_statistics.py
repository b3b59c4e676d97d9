"""Verdicts: right against scipy and by hand, and slow to call chance a difference."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from resunet_core.experiments.statistics import (
    BETTER,
    UNDECIDED,
    WORSE,
    Comparison,
    compare,
    holm,
    judged,
    mean_interval,
    rank_biserial,
    seed_noise,
)

Floats = NDArray[np.float64]


def compared(*conditions: Floats) -> list[Comparison]:
    """Each condition [seeds, photos] against the first, judged as one table."""
    by_seed = np.stack([values.mean(axis=1) for values in conditions])
    noise = seed_noise(by_seed)
    return judged(
        [
            compare(
                values,
                conditions[0],
                one_by_seed=by_seed[number],
                other_by_seed=by_seed[0],
                noise=noise,
            )
            for number, values in enumerate(conditions[1:], start=1)
        ]
    )


def noisy(
    rng: np.random.Generator, *, seeds: int = 3, photos: int = 30, luck: float = 0.02
) -> Floats:
    """Scores whose seeds have luck on all photos at once, as real trainings do."""
    return 0.5 + rng.normal(0, luck, (seeds, 1)) + rng.normal(0, 0.03, (seeds, photos))


def test_holm_on_a_worked_example_in_any_order() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


def test_effect_size_by_hand() -> None:
    # Ranks 1, 2, 3; the loss has rank 1: (2 + 3 - 1) / 6.
    assert rank_biserial(np.array([0.2, -0.1, 0.3])) == pytest.approx(4 / 6)
    assert rank_biserial(np.array([0.2, 0.0, 0.3])) == 1
    assert rank_biserial(np.zeros(4)) == 0


def test_seed_noise_is_the_residual_of_the_analysis_of_variance() -> None:
    # Condition and seed explain all but +1 and -1 in the corners of a 2 x 2 table.
    table = np.array([[10.0, 20.0], [30.0, 40.0]]) + np.array([[1, -1], [-1, 1]])
    assert seed_noise(table).deviation == pytest.approx(2.0)
    assert seed_noise(table).freedom == 1
    # With two conditions its test is the paired one.
    one, other = np.array([0.51, 0.55, 0.58]), np.array([0.40, 0.47, 0.45])
    noise = seed_noise(np.stack([one, other]))
    found = compare(
        one[:, np.newaxis],
        other[:, np.newaxis],
        one_by_seed=one,
        other_by_seed=other,
        noise=noise,
    )
    assert found.p_seeds == pytest.approx(stats.ttest_rel(one, other).pvalue)


def test_a_comparison_is_paired_over_the_photos_that_show_the_class() -> None:
    rng = np.random.default_rng(1)
    reference, other = noisy(rng, photos=12), noisy(rng, photos=12)
    reference[:, 5] = other[:, 5] = np.nan
    found = compared(reference, other)[0]
    differences = np.delete((other - reference).mean(axis=0), 5)
    assert found.photos == 11
    assert found.p_photos == pytest.approx(stats.wilcoxon(differences).pvalue)
    assert found.difference == pytest.approx(differences.mean())
    assert found.smallest_p == pytest.approx(2 / 2**11)
    assert found.p == max(found.p_photos, found.p_seeds)


def test_the_interval_is_that_of_scipy() -> None:
    values = np.random.default_rng(2).gamma(2, 0.05, 25)
    low, high = mean_interval(values)
    wanted = stats.bootstrap(
        (values,), np.mean, method="percentile", rng=np.random.default_rng(3)
    ).confidence_interval
    assert (low, high) == pytest.approx((wanted.low, wanted.high), abs=0.003)
    assert np.isnan(mean_interval(values[:1])).all()


def test_identical_runs_are_not_decided() -> None:
    same = noisy(np.random.default_rng(4))
    found = compared(same, same.copy())[0]
    assert (found.verdict, found.p_holm, found.effect) == (UNDECIDED, 1.0, 0.0)


def test_what_is_clearly_better_or_worse_is_called_so() -> None:
    rng = np.random.default_rng(9)
    verdicts = compared(noisy(rng), noisy(rng) + 0.2, noisy(rng) - 0.2, noisy(rng))
    assert [c.verdict for c in verdicts] == [BETTER, WORSE, UNDECIDED]


def test_a_lucky_start_on_many_photos_is_no_verdict() -> None:
    """Over photos alone, equal conditions look different in two tables of three."""
    rng = np.random.default_rng(6)
    tables = [compared(*(noisy(rng, photos=60) for _ in range(4))) for _ in range(40)]
    by_photos = [any(c.p_photos < 0.01 for c in table) for table in tables]
    decided = [any(c.verdict != UNDECIDED for c in table) for table in tables]
    assert np.mean(by_photos) > 0.5
    assert np.mean(decided) <= 0.1


@pytest.mark.parametrize(("seeds", "photos"), [(1, 30), (2, 30), (3, 4)])
def test_too_few_seeds_or_photos_decide_nothing(seeds: int, photos: int) -> None:
    rng = np.random.default_rng(7)
    one, other = (noisy(rng, seeds=seeds, photos=photos, luck=1e-3) for _ in "ab")
    found = compared(one, other + 0.3)[0]
    assert found.verdict == UNDECIDED


def test_one_seed_that_disagrees_prevents_a_verdict() -> None:
    rng = np.random.default_rng(8)
    reference = noisy(rng, seeds=8, luck=0.001)
    other = reference + 0.2
    assert compared(reference, other, other)[0].verdict == BETTER
    other = other.copy()
    other[3] -= 0.21
    assert compared(reference, other, other)[0].verdict == UNDECIDED
