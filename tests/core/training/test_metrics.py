"""Scores against sums done by hand, over several pictures, ignored pixels left out."""

import numpy as np
import pytest
from numpy.typing import NDArray

from resunet_core.defects import DEFAULT_CLASSES, IGNORE_ID
from resunet_core.training.metrics import ClassScore, Scores

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


def test_sums_over_pictures_by_brute_force() -> None:
    rng = np.random.default_rng(0)
    pairs = []
    for height in (3, 20, 41):
        truth = rng.choice([0, 1, 2, IGNORE_ID], (height, 17)).astype(np.uint8)
        pairs.append((rng.integers(0, 3, truth.shape, dtype=np.uint8), truth))
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
    scores = _scores((np.zeros((2, 2), np.uint8), np.full((2, 2), 255, np.uint8)))
    assert scores.accuracy is None
    assert scores.mean("iou") is None
    assert set(scores.by_key().values()) == {None}
