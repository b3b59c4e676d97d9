"""Changes to crops keep their labels honest and the originals as they are."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from resunet_core.defects import IGNORE_ID
from resunet_core.training.augment import (
    random_crop,
    random_degrees,
    random_jpeg,
    random_turn,
    resize,
    turn,
    turned_px,
)
from tests.builders import painted_pixels

Picture = NDArray[np.uint8]


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


def test_a_sure_class_is_drawn_over_what_is_unsure() -> None:
    classes = np.full((64, 64), IGNORE_ID, np.uint8)
    classes[::2] = 1
    for smaller in (
        resize(painted_pixels(64, 64), classes, 32)[1],
        turn(painted_pixels(64, 64), classes, 45, 32)[1],
    ):
        assert (smaller == 1).mean() > 0.6
        assert not (smaller == 0).any()


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


@given(
    row=st.integers(0, 69),
    column=st.integers(0, 99),
    side=st.sampled_from([16, 32, 90]),
    degrees=st.floats(-180, 180),
    seed=st.integers(0, 99),
)
def test_a_crop_aimed_at_a_place_shows_it_however_it_is_turned(
    row: int, column: int, side: int, degrees: float, seed: int
) -> None:
    classes = np.zeros((70, 100), np.uint8)
    classes[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2] = 2
    rng = np.random.default_rng(seed)
    large = turned_px(side, degrees)
    pixels, cropped = random_crop(
        painted_pixels(70, 100), classes, large, 1.0, rng, centre=(row, column)
    )
    assert (cropped == 2).any()
    inner = 35 <= row < 70 - 35 and 35 <= column < 100 - 35
    if side <= 32 and inner:  # the rim of the picture is far
        _, turned = turn(pixels, cropped, degrees, side)
        assert (turned == 2).any()


def test_a_picture_smaller_than_its_crop_is_mirrored() -> None:
    pixels, classes = painted_pixels(20, 48), np.zeros((20, 48), np.uint8)
    classes[18:] = 1
    cropped, labels = random_crop(pixels, classes, 48, 1.0, np.random.default_rng(0))
    np.testing.assert_array_equal(cropped[:40], np.concatenate([pixels, pixels[::-1]]))
    np.testing.assert_array_equal(np.unique(np.nonzero(labels)[0]), [18, 19, 20, 21])


@given(degrees=st.floats(-180, 180), seed=st.integers(0, 99))
def test_a_turned_crop_shows_no_rim_and_invents_no_class(
    degrees: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    large = turned_px(40, degrees)
    classes = rng.choice([0, 1, 2, IGNORE_ID], (large, large)).astype(np.uint8)
    # White, but for what lies outside: mirroring would show the frame twice.
    pixels = np.full((large, large, 3), 255, np.uint8)
    turned, labels = turn(pixels, classes, degrees, 40)
    assert turned.shape == (40, 40, 3)
    assert turned.min() == 255
    assert {int(v) for v in np.unique(labels)} <= {0, 1, 2, IGNORE_ID}


@pytest.mark.parametrize(("degrees", "quarters"), [(0, 0), (90, 1), (180, 2), (-90, 3)])
def test_a_quarter_turn_moves_pixels_whole(degrees: float, quarters: int) -> None:
    pixels = painted_pixels(33, 33)
    classes = (pixels[..., 0] % 3).astype(np.uint8)
    turned, labels = turn(pixels, classes, degrees, 33)
    assert turned_px(33, degrees) == 33
    np.testing.assert_array_equal(turned, np.rot90(pixels, quarters))
    np.testing.assert_array_equal(labels, np.rot90(classes, quarters))


@pytest.mark.parametrize("degrees", [7, 30, 45, -20])
def test_hairlines_and_areas_outlive_a_turn(degrees: float) -> None:
    large, side = turned_px(96, degrees), 96
    middle = large // 2
    classes = np.zeros((large, large), np.uint8)
    classes[middle : middle + 20, middle - 15 : middle + 20] = 2
    classes[middle + 24 : middle + 30, middle - 15 : middle + 20] = IGNORE_ID
    ends = np.array([[middle - 25, middle - 20], [middle + 25, middle - 4]])
    cv2.line(classes, ends[0].tolist(), ends[1].tolist(), 1, 1)
    _, turned = turn(painted_pixels(large, large), classes, degrees, side)
    assert (turned == 2).sum() == pytest.approx(20 * 35, rel=0.06)
    assert (turned == IGNORE_ID).sum() == pytest.approx(6 * 35, rel=0.12)
    # The line is where a rotation by hand says, anticlockwise with rows downwards.
    angle = np.deg2rad(degrees)
    around = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = (ends - (large - 1) / 2) @ around + (side - 1) / 2
    steps = np.linspace(0, 1, 60)[:, None]
    columns, rows = np.rint(moved[0] + steps * (moved[1] - moved[0])).astype(int).T
    near = cv2.dilate((turned == 1).astype(np.uint8), np.ones((3, 3), np.uint8))
    assert near[rows, columns].mean() > 0.95
    assert (turned == 1).sum() < 2 * 51


def test_half_of_the_crops_are_not_turned() -> None:
    rng = np.random.default_rng(0)
    drawn = np.array([random_degrees(rng) for _ in range(400)])
    assert 160 < (drawn == 0).sum() < 240
    assert np.abs(drawn).max() <= 45


def test_jpeg_leaves_the_colours_and_the_original() -> None:
    pixels = painted_pixels(64, 64)
    before = pixels.copy()
    kept = changed = 0
    for seed in range(40):
        stored = random_jpeg(pixels, np.random.default_rng(seed))
        kept += np.array_equal(stored, pixels)
        changed += not np.array_equal(stored, pixels)
        assert stored.dtype == np.uint8
        means = stored.mean(axis=(0, 1)) - pixels.mean(axis=(0, 1))
        assert np.abs(means).max() < 2  # red is still red
    assert min(kept, changed) > 10
    np.testing.assert_array_equal(pixels, before)


def test_crops_are_copies_of_the_kept_pictures() -> None:
    pixels, classes = painted_pixels(64, 64), np.zeros((64, 64), np.uint8)
    rng = np.random.default_rng(0)
    cropped, labels = random_crop(pixels, classes, 64, 1.0, rng)
    cropped[:], labels[:] = 0, 7
    assert pixels.all()
    assert not classes.any()
