"""The paper's six operations do what they are called, and labels go along."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resunet_core.defects import IGNORE_ID
from resunet_core.training import paper_augment as module
from resunet_core.training.paper_augment import (
    PAPER_OPERATIONS,
    Classes,
    Labelled,
    Operation,
    Picture,
    paper_augment,
)
from tests.builders import a_mask, painted_pixels

GEOMETRY = ("flip", "inversion", "translation")
LIGHT = ("sharpening", "hsv", "noise")


def _rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_all_six_are_there() -> None:
    assert tuple(PAPER_OPERATIONS) == GEOMETRY + LIGHT


@pytest.mark.parametrize("name", PAPER_OPERATIONS)
def test_one_seed_gives_one_result_and_the_original_stays(name: str) -> None:
    pixels, classes = painted_pixels(), a_mask()
    before, labels_before = pixels.copy(), classes.copy()
    first, again = (
        PAPER_OPERATIONS[name](pixels, classes, _rng(seed=5)) for _ in range(2)
    )
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, other)
    for one, given_one in zip(first, (pixels, classes), strict=True):
        assert one.dtype == np.uint8
        assert one.shape == given_one.shape
    assert not np.array_equal(first[0], pixels)
    np.testing.assert_array_equal(pixels, before)
    np.testing.assert_array_equal(classes, labels_before)


def test_flip_and_inversion_are_mirror_and_half_turn() -> None:
    pixels, classes = painted_pixels(), a_mask()
    flipped, labels = PAPER_OPERATIONS["flip"](pixels, classes, _rng())
    np.testing.assert_array_equal(flipped, pixels[:, ::-1])
    np.testing.assert_array_equal(labels, classes[:, ::-1])
    turned, labels = PAPER_OPERATIONS["inversion"](pixels, classes, _rng())
    np.testing.assert_array_equal(turned, pixels[::-1, ::-1])
    np.testing.assert_array_equal(labels, classes[::-1, ::-1])


@given(height=st.integers(1, 40), width=st.integers(1, 40), seed=st.integers(0, 999))
def test_what_translation_brings_in_is_ignored(
    height: int, width: int, seed: int
) -> None:
    pixels = painted_pixels(height, width)
    classes = pixels[..., 0] % 3
    moved, labels = PAPER_OPERATIONS["translation"](pixels, classes, _rng(seed))
    assert moved.shape == pixels.shape
    known = labels != IGNORE_ID
    np.testing.assert_array_equal(labels[known], moved[known][:, 0] % 3)
    rows, columns = np.nonzero(known)
    tall, wide = np.ptp(rows) + 1, np.ptp(columns) + 1
    assert known.sum() == tall * wide
    assert tall >= height * 0.75 - 0.5
    assert wide >= width * 0.75 - 0.5


@pytest.mark.parametrize("name", LIGHT)
def test_labels_stay_where_only_the_light_changes(name: str) -> None:
    classes = a_mask()
    _, labels = PAPER_OPERATIONS[name](painted_pixels(), classes, _rng())
    np.testing.assert_array_equal(labels, classes)


def test_sharpening_sharpens_noise_is_as_strong_as_said_and_grey_has_no_hue() -> None:
    edge = np.full((32, 32, 3), 100, np.uint8)
    edge[:, 16:] = 150
    classes = np.zeros((32, 32), np.uint8)
    sharp, _ = PAPER_OPERATIONS["sharpening"](edge, classes, _rng())
    assert sharp.min() < 100
    assert sharp.max() > 150
    noisy, _ = PAPER_OPERATIONS["noise"](edge, classes, _rng())
    assert 2 <= (noisy.astype(float) - edge).std() <= 12.1
    shifted, _ = PAPER_OPERATIONS["hsv"](edge, classes, _rng())
    assert np.ptp(shifted, axis=-1).max() == 0


def test_half_of_the_draws_are_single(monkeypatch: pytest.MonkeyPatch) -> None:
    applied: list[str] = []

    def noted(name: str) -> Operation:
        def operation(
            pixels: Picture, classes: Classes, _rng: np.random.Generator
        ) -> Labelled:
            applied.append(name)
            return pixels, classes

        return operation

    names = list(PAPER_OPERATIONS)
    operations = {name: noted(name) for name in names}
    monkeypatch.setattr(module, "PAPER_OPERATIONS", operations)
    drawn = []
    for seed in range(400):
        applied.clear()
        paper_augment(painted_pixels(4, 4), a_mask(4, 4), _rng(seed))
        drawn.append(list(applied))
    assert 170 < sum(len(one) == 1 for one in drawn) < 230
    assert max(len(one) for one in drawn) >= 5
    for one in drawn:
        assert one == sorted(set(one), key=names.index)
    for name in names:
        assert 15 < drawn.count([name]) < 55
