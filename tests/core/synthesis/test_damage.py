"""Damage of known truth: what is labelled changed, what is not labelled did not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from resunet_core.synthesis import DamageRecipe, add_damage, add_distractors

if TYPE_CHECKING:
    from numpy.typing import NDArray

CRAQUELURE, PAINT_LOSS = 1, 2


def painting(seed: int, height: int = 256, width: int = 256) -> NDArray[np.uint8]:
    rng = np.random.default_rng(seed)
    small = rng.integers(70, 220, (8, 8, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(small, (width, height)), dtype=np.uint8)


def brightness_change(
    before: NDArray[np.uint8], after: NDArray[np.uint8]
) -> NDArray[np.int64]:
    change: NDArray[np.int64] = np.abs(after.astype(int) - before.astype(int))
    return np.asarray(change.max(axis=2))


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not() -> None:
    pixels = painting(1)
    first, again, other = (
        add_damage(pixels, rng=np.random.default_rng(seed)) for seed in (5, 5, 6)
    )
    assert np.array_equal(first.pixels, again.pixels)
    assert np.array_equal(first.classes, again.classes)
    assert not np.array_equal(first.classes, other.classes)


def test_the_picture_given_is_left_as_it_was() -> None:
    pixels = painting(2)
    before = pixels.copy()
    add_damage(pixels, rng=np.random.default_rng(0))
    add_distractors(pixels, rng=np.random.default_rng(0))
    assert np.array_equal(pixels, before)


@pytest.mark.parametrize("seed", range(6))
def test_labelled_cracks_are_seen_and_far_paint_keeps_its_bytes(seed: int) -> None:
    pixels = painting(seed)
    recipe = DamageRecipe(loss=0, crack_share=(0.4, 0.8))
    photo = add_damage(pixels, rng=np.random.default_rng(seed), recipe=recipe)
    cracked = photo.classes == CRAQUELURE
    change = brightness_change(pixels, photo.pixels)
    assert cracked.any()
    assert np.quantile(change[cracked], 0.05) >= 5
    far = cv2.distanceTransform((~cracked).astype(np.uint8), cv2.DIST_L2, 5) > 40
    assert not change[far].any()
    # Away from cracks islands differ by a few grey levels only, never like a crack.
    near = ~cracked & ~far
    assert np.median(change[near]) < 0.3 * np.median(change[cracked])


@pytest.mark.parametrize("seed", range(6))
def test_loss_is_labelled_exactly_where_paint_is_gone(seed: int) -> None:
    pixels = np.full((200, 220, 3), (40, 90, 70), np.uint8)
    recipe = DamageRecipe(craquelure=0, loss_share=(0.05, 0.2))
    photo = add_damage(pixels, rng=np.random.default_rng(seed), recipe=recipe)
    lost = (photo.classes == PAINT_LOSS).astype(np.uint8)
    change = brightness_change(pixels, photo.pixels)
    assert 0.02 < lost.mean() < 0.35
    inside, outside = (
        cv2.erode(layer, np.ones((5, 5), np.uint8), borderValue=1) > 0
        for layer in (lost, 1 - lost)
    )
    assert np.median(change[inside]) > 20
    assert np.quantile(change[outside], 0.99) < 12


def test_loss_wins_over_cracks_on_the_same_pixels() -> None:
    pixels = painting(3)
    both = add_damage(pixels, rng=np.random.default_rng(9))
    only = add_damage(pixels, rng=np.random.default_rng(9), recipe=DamageRecipe(loss=0))
    swallowed = (only.classes == CRAQUELURE) & (both.classes == PAINT_LOSS)
    assert swallowed.any()
    kept = only.classes == CRAQUELURE
    assert set(np.unique(both.classes[kept])) == {CRAQUELURE, PAINT_LOSS}
    assert not ((both.classes == CRAQUELURE) & ~kept).any()


def test_no_damage_asked_none_made() -> None:
    pixels = painting(4)
    recipe = DamageRecipe(craquelure=0, loss=0)
    photo = add_damage(pixels, rng=np.random.default_rng(1), recipe=recipe)
    assert np.array_equal(photo.pixels, pixels)
    assert not photo.classes.any()


def test_cracks_on_black_and_on_white_paint_are_seen() -> None:
    for level in (4, 250):
        pixels = np.full((128, 128, 3), level, np.uint8)
        recipe = DamageRecipe(loss=0, crack_share=(1.2, 1.3))
        photo = add_damage(pixels, rng=np.random.default_rng(level), recipe=recipe)
        cracked = photo.classes == CRAQUELURE
        change = brightness_change(pixels, photo.pixels)[cracked]
        assert cracked.sum() > 200
        assert np.quantile(change, 0.05) >= 5


def test_given_shapes_become_losses() -> None:
    shape = np.zeros((90, 90), np.uint8)
    cv2.circle(shape, (45, 45), 40, 255, -1)
    recipe = DamageRecipe(craquelure=0, loss_share=(0.01, 0.011))
    pixels = painting(5, 128, 128)
    shares = [
        (
            add_damage(
                pixels,
                rng=np.random.default_rng(seed),
                recipe=recipe,
                loss_shapes=shapes,
            ).classes
            > 0
        ).mean()
        for shapes in ((), (shape,))
        for seed in range(12)
    ]
    assert max(shares[:12]) < 0.1 < max(shares[12:])


@pytest.mark.parametrize("size", [(33, 57), (1, 1), (3, 200), (301, 17)])
def test_odd_and_small_sizes(size: tuple[int, int]) -> None:
    pixels = painting(6, *size)
    for seed in range(8):
        rng = np.random.default_rng(seed)
        photo = add_damage(add_distractors(pixels, rng=rng), rng=rng)
        assert photo.pixels.shape == (*size, 3)
        assert photo.classes.shape == size
        assert photo.pixels.dtype == photo.classes.dtype == np.uint8
        assert photo.classes.max() <= PAINT_LOSS


def test_distractors_change_the_picture_and_their_truth_stays_sound() -> None:
    pixels = painting(7)
    none = DamageRecipe(craquelure=0, loss=0)
    changed = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        shown = add_distractors(pixels, rng=rng)
        changed += int((shown != pixels).any())
        assert shown.shape == pixels.shape
        assert not add_damage(shown, rng=rng, recipe=none).classes.any()
    assert changed >= 36


def test_craquelure_is_a_net_of_thin_lines() -> None:
    recipe = DamageRecipe(loss=0, island_px=(28.0, 30.0), crack_share=(1.2, 1.3))
    photo = add_damage(painting(8), rng=np.random.default_rng(2), recipe=recipe)
    cracked = (photo.classes == CRAQUELURE).astype(np.uint8)
    thickness = cv2.distanceTransform(cracked, cv2.DIST_L2, 5).max()
    assert thickness <= 6
    count, _, stats, _ = cv2.connectedComponentsWithStats(cracked, connectivity=8)
    assert count > 1
    largest = stats[1:, cv2.CC_STAT_AREA].max()
    assert largest > 0.3 * cracked.sum()  # cracks meet: they are not loose strokes
