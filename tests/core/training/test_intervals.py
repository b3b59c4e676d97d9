"""Intervals over photos: drawn as said, and as often right as they claim."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from resunet_core.defects import DEFAULT_CLASSES
from resunet_core.training.intervals import Interval, bootstrap, times_drawn
from resunet_core.training.metrics import FIGURES, PictureSums, Scores
from resunet_core.training.sums import Sums


def _scores(confusions: NDArray[np.int64]) -> Scores:
    """Scores of made-up pictures [n, 3, 3], with lines as long as the areas."""
    parts = []
    for confusion in confusions:
        areas = np.stack([confusion.sum(axis=0), confusion.sum(axis=1)], axis=-1)
        areas[0] = 0
        hits = np.broadcast_to(np.diagonal(confusion)[:, None], (3, 2)) * (areas > 0)
        steps = np.stack([areas, areas // 2], axis=-1)
        parts.append(PictureSums("", Sums(confusion, areas, hits, hits, steps)))
    return Scores(DEFAULT_CLASSES, parts=parts)


def _random(photos: int, seed: int = 1) -> NDArray[np.int64]:
    rng = np.random.default_rng(seed)
    return rng.integers(0, 900, (photos, 3, 3)) + 2000 * np.eye(3, dtype=np.int64)


def _known(interval: Interval | None) -> Interval:
    assert interval is not None
    return interval


def _quantiles(values: Sequence[float | None]) -> object:
    low, high = np.quantile(np.array(values, float), [0.025, 0.975])
    return pytest.approx((low, high))


def test_draws_are_scores_of_drawn_pictures() -> None:
    """The fast way equals scoring each draw's pictures one by one."""
    confusions = _random(7)
    confusions[2:, 2] = 0  # paint loss is labelled in the first two photos only
    confusions[1:, :, 1] = 0  # craquelure is found in the first photo only
    scores = _scores(confusions)
    found = bootstrap(scores, draws=200, seed=3)
    times = times_drawn(7, 200, np.random.default_rng(3))
    assert (times.sum(axis=1) == 7).all()
    drawn = [scores.of_pictures(np.repeat(np.arange(7), row)) for row in times]
    for class_id, key in enumerate(scores.keys):
        intervals = found.classes[key]
        assert intervals is not None
        one_by_one = [draw.of(class_id) for draw in drawn]
        for name in FIGURES:
            values = [getattr(s, name) for s in one_by_one if s is not None]
            values = [value for value in values if value is not None]
            if not values:
                assert intervals[name] is None
                continue
            interval = _known(intervals[name])
            assert (interval.low, interval.high) == _quantiles(values)
            assert interval.left_out == 200 - len(values)
    complete = [draw for draw in drawn if draw.of(2) is not None]
    assert 100 < len(complete) < 200
    precision = (found.classes["craquelure"] or {})["precision"]
    assert 0 < _known(precision).left_out < 100
    for name, values in {
        "miou": [draw.mean("iou") for draw in complete],
        "macro_f1": [draw.mean("f1") for draw in complete],
        "macro.precision": [draw.macro.precision for draw in complete],
        "macro.f1": [draw.macro.f1 for draw in complete],
        "accuracy": [draw.accuracy for draw in drawn],
    }.items():
        interval = _known(found.means[name])
        assert (interval.low, interval.high) == _quantiles(values)
        assert interval.left_out == 200 - len(values)


def test_the_same_seed_gives_the_same_intervals() -> None:
    scores = _scores(_random(9))
    assert bootstrap(scores, draws=300, seed=1) == bootstrap(scores, draws=300, seed=1)
    other = bootstrap(scores, draws=300, seed=2)
    assert bootstrap(scores, draws=300, seed=1).means != other.means


def test_many_draws_come_in_parts_that_agree_with_one() -> None:
    rng, again = np.random.default_rng(0), np.random.default_rng(0)
    parts = np.concatenate([times_drawn(5, 250, rng) for _ in range(3)])
    assert np.array_equal(parts, times_drawn(5, 750, again))


@pytest.mark.parametrize("photos", [0, 1])
def test_fewer_than_two_photos_give_no_intervals(photos: int) -> None:
    found = bootstrap(_scores(_random(photos)), draws=20)
    assert set(found.means.values()) == {None}
    for intervals in found.classes.values():
        assert intervals is None or set(intervals.values()) == {None}


def test_a_class_on_one_photo_has_no_interval_nor_have_the_means() -> None:
    confusions = _random(6)
    confusions[1:, 2] = 0
    found = bootstrap(_scores(confusions), draws=50)
    loss, crack = found.classes["paint_loss"], found.classes["craquelure"]
    assert loss is not None
    assert set(loss.values()) == {None}
    assert crack is not None
    assert crack["f1"] is not None
    assert found.means["accuracy"] is not None
    assert found.means["miou"] is None
    confusions[:, 2] = 0  # never labelled at all: the means are of the others
    found = bootstrap(_scores(confusions), draws=50)
    assert found.classes["paint_loss"] is None
    assert found.means["miou"] is not None


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    """Recall over photos that differ a lot in size and in how hard they are."""
    rng = np.random.default_rng(5)
    held = []
    for _ in range(300):
        sizes = rng.gamma(2.0, 500.0, 40).astype(np.int64) + 20
        hits = rng.binomial(sizes, rng.beta(4, 2, 40))
        confusions = np.zeros((40, 3, 3), np.int64)
        confusions[:, 1, 1], confusions[:, 1, 0] = hits, sizes - hits
        cracks = bootstrap(_scores(confusions), draws=300).classes["craquelure"]
        assert cracks is not None
        interval = _known(cracks["recall"])
        held.append(interval.low <= 4 / 6 <= interval.high)
    assert 0.90 <= np.mean(held) <= 0.98
