"""Scores against sums by hand and against the judges of scikit-learn and -image."""

from dataclasses import asdict

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from skimage import morphology
from sklearn import metrics as judge

from resunet_core.defects import DEFAULT_CLASSES, IGNORE_ID
from resunet_core.training.metrics import ClassScore, Scores
from resunet_core.training.sums import Sums

Ids = NDArray[np.uint8]


def _scores(*pairs: tuple[Ids, Ids], tolerance: int = 2) -> Scores:
    scores = Scores(DEFAULT_CLASSES, tolerance)
    for predicted, truth in pairs:
        scores.add(predicted, truth)
    return scores


def _of(scores: Scores, class_id: int) -> ClassScore:
    found = scores.of(class_id)
    assert found is not None
    return found


def test_by_hand() -> None:
    truth = np.array([[0, 0, 1, 1], [2, 2, 255, 255]], np.uint8)
    predicted = np.array([[0, 1, 1, 2], [2, 0, 1, 2]], np.uint8)
    scores = _scores((predicted, truth))
    assert scores.confusion.tolist() == [[1, 1, 0], [0, 1, 1], [1, 0, 1]]
    assert scores.accuracy == pytest.approx(3 / 6)
    crack = _of(scores, 1)
    assert crack.iou == pytest.approx(1 / 3)
    assert crack.f1 == pytest.approx(1 / 2)
    assert (crack.precision, crack.recall, crack.support_px) == (0.5, 0.5, 2)
    assert scores.mean("iou") == pytest.approx((1 / 3 + 1 / 3 + 1 / 3) / 3)


def _random_pairs(seed: int, *heights: int) -> list[tuple[Ids, Ids]]:
    rng = np.random.default_rng(seed)
    pairs = []
    for height in heights:
        truth = rng.choice([0, 1, 2, IGNORE_ID], (height, 17)).astype(np.uint8)
        pairs.append((rng.integers(0, 3, truth.shape, dtype=np.uint8), truth))
    return pairs


def test_sums_over_pictures_by_brute_force() -> None:
    pairs = _random_pairs(0, 3, 20, 41)
    scores = _scores(*pairs)
    for class_id in (0, 1, 2):
        hit = said = real = 0
        for predicted, truth in pairs:
            for p, t in zip(predicted.flat, truth.flat, strict=True):
                if t != IGNORE_ID:
                    hit += p == t == class_id
                    said += p == class_id
                    real += t == class_id
        score = _of(scores, class_id)
        assert score.support_px == real
        assert score.precision == pytest.approx(hit / said)
        assert score.recall == pytest.approx(hit / real)
        assert score.iou == pytest.approx(hit / (said + real - hit))
        assert score.f1 == pytest.approx(2 * hit / (said + real))


def _line(row: int, start: int, stop: int) -> Ids:
    picture = np.zeros((40, 60), np.uint8)
    picture[row, start:stop] = 1
    return picture


@pytest.mark.parametrize(("tolerance", "precision", "recall"), [(2, 0, 0), (3, 1, 1)])
def test_a_centre_line_may_lie_within_the_tolerance(
    tolerance: int, precision: float, recall: float
) -> None:
    scores = _scores((_line(13, 5, 45), _line(10, 5, 45)), tolerance=tolerance)
    crack = _of(scores, 1)
    assert crack.centerline_precision == precision
    assert crack.centerline_recall == recall
    assert crack.iou == 0


def test_centre_lines_by_hand() -> None:
    """40 of 50 found lie near the truth; 42 of 80 true pixels are near the found."""
    predicted = _line(11, 5, 45) | _line(30, 0, 10)
    truth = _line(10, 5, 45) | _line(20, 5, 45)
    crack = _of(_scores((predicted, truth), tolerance=2), 1)
    assert crack.centerline_precision == pytest.approx(40 / 50)
    assert crack.centerline_recall == pytest.approx(40 / 80)
    assert crack.centerline_f1 == pytest.approx(2 * 0.8 * 0.5 / 1.3)


def test_width_does_not_count_on_centre_lines() -> None:
    thick = np.zeros((40, 60), np.uint8)
    thick[8:13, 5:45] = 1
    crack = _of(_scores((thick, _line(10, 5, 45)), tolerance=1), 1)
    assert crack.centerline_precision == 1
    assert crack.centerline_recall is not None
    assert crack.centerline_recall > 0.85  # thinning shortens the ends of thick lines
    assert crack.precision == pytest.approx(0.2)


def test_ignored_pixels_are_left_out_of_centre_lines() -> None:
    """Beside the truth lies a seam nobody counts; a line found in it is near enough."""
    truth = _line(10, 5, 45)
    truth[11:14] = IGNORE_ID
    truth[25:] = IGNORE_ID
    predicted = _line(12, 5, 45) | _line(30, 0, 60)
    crack = _of(_scores((predicted, truth), tolerance=2), 1)
    assert crack.centerline_recall == 1
    assert crack.centerline_precision is None  # no counted pixel was called a crack
    assert crack.precision is None
    assert crack.recall == 0


def test_a_class_never_labelled_is_not_scored() -> None:
    truth, predicted = np.zeros((9, 9), np.uint8), np.zeros((9, 9), np.uint8)
    truth[4] = 1
    predicted[6] = 2
    scores = _scores((predicted, truth))
    assert scores.of(2) is None
    assert list(scores.by_key()) == ["background", "craquelure", "paint_loss"]
    crack = _of(scores, 1)
    assert (crack.iou, crack.f1, crack.recall) == (0, 0, 0)
    assert crack.precision is None
    assert (crack.centerline_recall, crack.centerline_f1) == (0, 0)
    background = _of(scores, 0)
    assert scores.mean("f1") == pytest.approx((background.f1 or 0) / 2)
    assert background.centerline_f1 is None


def test_nothing_at_all_gives_no_figures() -> None:
    unsure = (np.zeros((2, 2), np.uint8), np.full((2, 2), 255, np.uint8))
    for scores in (_scores(), _scores(unsure)):
        assert scores.accuracy is None
        assert scores.mean("iou") is None
        assert set(asdict(scores.macro).values()) == {None}
        assert set(scores.by_key().values()) == {None}


@pytest.mark.parametrize("said", [(0, 1, 2), (0, 1), (0,)])
def test_equals_scikit_learn(said: tuple[int, ...]) -> None:
    """Random masks with ignored pixels; classes that are never predicted, too."""
    pairs = [
        (np.random.default_rng(k).choice(said, t.shape).astype(np.uint8), t)
        for k, (_, t) in enumerate(_random_pairs(7, 11, 30))
    ]
    scores = _scores(*pairs)
    predicted, truth = (np.concatenate([p[k].ravel() for p in pairs]) for k in (0, 1))
    pixels = {"y_true": truth[truth < 255], "y_pred": predicted[truth < 255]}
    asked = {**pixels, "labels": [0, 1, 2], "zero_division": 0}
    each = np.array(judge.precision_recall_fscore_support(**asked)).T
    ious = judge.jaccard_score(**asked, average=None)
    for class_id, ((precision, recall, f1, support), iou) in enumerate(
        zip(each, ious, strict=True)
    ):
        score = _of(scores, class_id)
        assert (score.precision or 0) == pytest.approx(precision)
        assert (score.precision is None) == (class_id not in said)
        assert (score.recall, score.f1) == pytest.approx((recall, f1))
        assert (score.iou, score.support_px) == pytest.approx((iou, support))
    assert scores.accuracy == pytest.approx(judge.accuracy_score(**pixels))
    assert scores.mean("f1") == pytest.approx(
        judge.f1_score(**asked, average="macro")  # the mean of the classes' F1
    )
    macro = judge.precision_recall_fscore_support(**asked, average="macro")
    assert scores.macro.precision == pytest.approx(macro[0])
    assert scores.macro.recall == pytest.approx(macro[1])
    assert scores.macro.f1 == pytest.approx(2 / (1 / macro[0] + 1 / macro[1]))
    assert scores.macro.iou == pytest.approx(ious.mean())


def _damaged(seed: int) -> Ids:
    """Cracks and losses on 80 x 90 pixels, some of them ignored."""
    rng = np.random.default_rng(seed)
    mask = np.zeros((80, 90), np.uint8)
    for _ in range(5):
        ends = rng.integers(0, [90, 80], (2, 2)).tolist()
        cv2.line(mask, ends[0], ends[1], 1, int(rng.integers(1, 5)))
    cv2.circle(mask, rng.integers(10, 70, 2).tolist(), 9, 2, cv2.FILLED)
    top, left = rng.integers(0, 60, 2)
    mask[top : top + 12, left : left + 9] = IGNORE_ID
    return mask


@given(st.integers(0, 10_000))
def test_a_perfect_mask_has_perfect_scores(seed: int) -> None:
    truth = _damaged(seed)
    predicted = np.where(truth == IGNORE_ID, 0, truth).astype(np.uint8)
    scores = _scores((predicted, truth), tolerance=0)
    for class_id in (1, 2):
        said = asdict(_of(scores, class_id))
        assert said.pop("relative_area_error") == 0
        assert said.pop("support_px") == (truth == class_id).sum()
        # A dot has a centre line of one pixel, whose length is nothing.
        assert said.pop("length_ratio") in {1, None}
        assert set(said.values()) == {1}
    assert set(asdict(scores.macro).values()) == {1}


def test_cldice_by_its_definition_on_another_skeleton() -> None:
    truth, predicted = _damaged(1), _damaged(2)
    predicted[predicted == IGNORE_ID] = 0
    crack = _of(_scores((predicted, truth)), 1)
    counted = truth != IGNORE_ID
    said, true = predicted == 1, truth == 1
    said_line, true_line = (
        morphology.thin(mask) & counted  # type: ignore[no-untyped-call]  # half typed
        for mask in (said, true)
    )
    precision = (said_line & true).sum() / said_line.sum()
    sensitivity = (true_line & said).sum() / true_line.sum()
    assert 0.05 < precision < 1
    assert crack.cldice == pytest.approx(2 / (1 / precision + 1 / sensitivity))


def test_length_and_area_by_hand() -> None:
    """Twice as long and three times as thick; its ends lie a pixel further in."""
    predicted = np.zeros((40, 60), np.uint8)
    predicted[9:12, 5:45] = 1
    truth = _line(10, 15, 35)
    crack = _of(_scores((predicted, truth)), 1)
    assert crack.relative_area_error == pytest.approx((120 - 20) / 20)
    assert crack.length_ratio == pytest.approx(37 / 19)
    nothing = _of(_scores((np.zeros_like(truth), truth)), 1)
    assert (nothing.relative_area_error, nothing.length_ratio) == (-1, 0)
    assert nothing.cldice == 0
    sound = _of(_scores((predicted, truth)), 0)
    assert sound.relative_area_error == pytest.approx(-100 / (2400 - 20))
    assert (sound.length_ratio, sound.cldice) == (None, None)


def test_ignored_pixels_are_left_out_of_lengths() -> None:
    truth = _line(10, 5, 45)
    truth[:, 25:] = IGNORE_ID
    crack = _of(_scores((_line(10, 5, 45), truth)), 1)
    assert (crack.length_ratio, crack.cldice, crack.relative_area_error) == (1, 1, 0)


def _values(sums: Sums) -> list[NDArray[np.int64]]:
    return list(vars(sums).values())


@given(
    st.lists(st.integers(0, 500), min_size=1, max_size=5), st.integers(0, 5), st.data()
)
def test_a_whole_is_the_sum_of_its_parts(
    seeds: list[int], cut: int, data: st.DataObject
) -> None:
    scores = _scores(*(_random_pairs(seed, 6)[0] for seed in seeds))
    order = data.draw(st.permutations(range(len(seeds))))
    first, rest = scores.of_pictures(order[:cut]), scores.of_pictures(order[cut:])
    assert first.pictures + rest.pictures == scores.pictures
    totals = (_values(s.total) for s in (scores, first, rest))
    for whole, one, other in zip(*totals, strict=True):
        assert np.array_equal(whole, one + other)
    assert scores.of_pictures(order).by_key() == scores.by_key()
    twice = scores.of_pictures([*order, *order])
    assert twice.macro == scores.macro


def test_each_picture_can_be_read_alone() -> None:
    pairs = [*_random_pairs(3, 9, 14), (_line(3, 4, 9), _line(3, 4, 9))]
    scores = Scores(DEFAULT_CLASSES, 2)
    for name, (predicted, truth) in zip(("一", "2", "2"), pairs, strict=True):
        scores.add(predicted, truth, name)
    assert [part.name for part in scores.parts] == ["一", "2", "2"]
    alone = [_scores(pair).by_key() for pair in pairs]
    assert scores.by_picture() == alone
    cracks = [_of(_scores(pair), 1).centerline_f1 for pair in pairs]
    assert scores.each("centerline_f1")[:, 1].tolist() == cracks
    assert np.isnan(scores.each("f1")[2, 2])  # no paint loss on the third
