"""Changes to crops keep their labels honest and the originals as they are."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from resunet_core.defects import IGNORE_ID
from resunet_core.training.augment import (
    random_camera,
    random_colour,
    random_crop,
    random_light,
    random_turn,
    resize,
)
from tests.builders import painted_pixels

Picture = NDArray[np.uint8]
COLOURS: dict[str, Callable[[Picture, np.random.Generator], Picture]] = {
    "colour": random_colour,
    "light": random_light,
    "camera": random_camera,
}


@given(
    ids=st.sets(st.sampled_from([1, 2, 3, 200, IGNORE_ID])),
    side=st.integers(8, 90),
    scale=st.floats(0.3, 3),
    seed=st.integers(0, 99),
)
def test_no_class_is_invented(
    ids: set[int], side: int, scale: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    classes = rng.choice([0, *ids], (40, 57)).astype(np.uint8)
    pixels, cropped = random_crop(painted_pixels(40, 57), classes, side, scale, rng)
    assert pixels.shape == (side, side, 3)
    assert cropped.shape == (side, side)
    assert {int(v) for v in np.unique(cropped)} <= {0, *ids}


def test_thin_lines_survive_being_halved() -> None:
    classes = np.zeros((64, 64), np.uint8)
    classes[21, :] = 1  # one pixel: half of it is left
    classes[:, 40] = 3
    _, smaller = resize(painted_pixels(64, 64), classes, 32)
    assert (smaller[10] > 0).all()
    assert (smaller[:, 20] > 0).all()
    assert (smaller > 0).mean() < 0.1


def test_what_is_larger_stays_in_its_place() -> None:
    classes = np.zeros((60, 60), np.uint8)
    classes[12:36, 24:48] = 2
    classes[48:] = IGNORE_ID
    for side in (20, 40, 120):
        _, resized = resize(painted_pixels(60, 60), classes, side)
        share = side / 60
        expected = np.zeros((side, side), np.uint8)
        expected[round(12 * share) : round(36 * share)][
            :, round(24 * share) : round(48 * share)
        ] = 2
        expected[round(48 * share) :] = IGNORE_ID
        np.testing.assert_array_equal(resized, expected)


def test_turns_take_the_labels_along() -> None:
    pixels = painted_pixels(30, 30)
    classes = pixels[..., 0].copy()
    seen = set()
    for seed in range(40):
        rng = np.random.default_rng(seed)
        turned, labels = random_turn(pixels, classes, rng)
        np.testing.assert_array_equal(turned[..., 0], labels)
        seen.add(labels.tobytes())
    assert len(seen) == 8


@pytest.mark.parametrize("name", COLOURS)
def test_colours_change_and_the_original_does_not(name: str) -> None:
    pixels = painted_pixels(50, 70)
    before = pixels.copy()
    results = {
        COLOURS[name](pixels, np.random.default_rng(seed)).tobytes()
        for seed in range(20)
    }
    again = COLOURS[name](pixels, np.random.default_rng(3))
    assert again.shape == pixels.shape
    assert again.dtype == np.uint8
    assert again.tobytes() in results
    assert len(results) > 10
    np.testing.assert_array_equal(pixels, before)


def test_crops_are_copies_of_the_kept_pictures() -> None:
    pixels, classes = painted_pixels(64, 64), np.zeros((64, 64), np.uint8)
    rng = np.random.default_rng(0)
    cropped, labels = random_crop(pixels, classes, 64, 1.0, rng)
    cropped[:], labels[:] = 0, 7
    assert pixels.all()
    assert not classes.any()
