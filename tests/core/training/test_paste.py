"""Pasted damage takes the new ground's colour, and its label tells the truth."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from resunet_core.defects import IGNORE_ID
from resunet_core.training.paste import paste_damage
from tests.builders import painted_pixels

SIDE = 64
Picture = NDArray[np.uint8]


def _plain(*colour: int) -> Picture:
    return np.full((SIDE, SIDE, 3), colour, np.uint8)


def _sound() -> Picture:
    return np.zeros((SIDE, SIDE), np.uint8)


def _cracked(ground: int, crack: int) -> tuple[Picture, Picture]:
    """A grey donor with one crack, three pixels wide, from rim to rim."""
    pixels, classes = _plain(ground, ground, ground), _sound()
    pixels[20:23] = crack
    classes[20:23] = 1
    return pixels, classes


def _paste(
    receiver: tuple[Picture, Picture], donor: tuple[Picture, Picture], seed: int = 1
) -> tuple[Picture, Picture]:
    return paste_damage(*receiver, *donor, np.random.default_rng(seed))


def _seed_that_pastes() -> int:
    """A donor's only crack comes along in most cases: here is one."""
    donor = _cracked(200, 90)
    ground = _plain(150, 100, 50)
    return next(s for s in range(9) if _paste((ground, _sound()), donor, s)[1].any())


def test_a_crack_takes_the_colour_of_its_new_ground() -> None:
    ground = _plain(150, 100, 50)
    seed = _seed_that_pastes()
    shown, classes = _paste((ground, _sound()), _cracked(200, 90), seed)
    np.testing.assert_array_equal(classes[20:23], 1)
    assert (classes != 0).sum() == 3 * SIDE
    middle = shown[21].mean(axis=0)
    # As much darker as on the donor (about 90 of 200), and as brown as the ground.
    assert 0.3 < middle[0] / 150 < 0.6
    np.testing.assert_allclose(middle / middle[0], np.array([3, 2, 1]) / 3, atol=0.02)
    np.testing.assert_array_equal(shown[30:], ground[30:])


@pytest.mark.parametrize(
    ("donor", "ground", "darker"),
    [
        ((200, 90), 120, True),
        ((200, 90), 20, False),  # black cannot be darker
        ((30, 90), 100, False),
        ((30, 90), 210, True),  # dust is dark on light paint
    ],
)
def test_a_crack_shows_on_any_ground(
    donor: tuple[int, int], ground: int, *, darker: bool
) -> None:
    receiver = _plain(ground, ground, ground), _sound()
    shown, classes = _paste(receiver, _cracked(*donor), _seed_that_pastes())
    assert (classes[20:23] == 1).all()
    change = shown[21].mean() - ground
    assert (change < 0) == darker
    assert abs(change) > 12


def test_a_crack_that_is_not_seen_is_unsure() -> None:
    squares = np.indices((SIDE, SIDE)).sum(axis=0) // 3 % 2 == 1
    busy = np.where(squares[..., None], _plain(160, 160, 160), _plain(20, 20, 20))
    hidden = []
    for seed in range(12):
        _, faint = _paste((_plain(90, 90, 90), _sound()), _cracked(200, 200), seed)
        assert not (faint == 1).any()
        _, clear = _paste((_plain(90, 90, 90), _sound()), _cracked(200, 150), seed)
        assert not (clear == IGNORE_ID).any()
        _, lost = _paste((busy, _sound()), _cracked(200, 150), seed)
        hidden.append((lost == IGNORE_ID).mean())
    assert max(hidden) > 0.02


def test_paint_loss_is_pasted_as_it_is_and_swallows_cracks() -> None:
    donor, donor_classes = _plain(230, 220, 200), _sound()
    donor_classes[10:40, 10:40] = 2
    receiver, classes = painted_pixels(SIDE, SIDE), _sound()
    classes[25:27] = 1
    shown, labels = _paste((receiver, classes), (donor, donor_classes))
    expected = classes.copy()
    expected[10:40, 10:40] = 2
    np.testing.assert_array_equal(labels, expected)
    np.testing.assert_array_equal(shown[13:37, 13:37], donor[13:37, 13:37])
    outside = cv2.dilate(donor_classes, np.ones((7, 7), np.uint8)) == 0
    np.testing.assert_array_equal(shown[outside], receiver[outside])
    rim = shown[25, 8:12].astype(float).mean(axis=1)
    assert (np.diff(rim) > 0).all()  # a soft rim, no hard one


def test_the_unsure_is_no_damage_but_taints_what_is_near() -> None:
    donor, donor_classes = _cracked(200, 90)
    donor[23:26, :30] = 90
    donor_classes[23:26, :30] = IGNORE_ID  # touches the crack
    donor[50:53] = 90
    donor_classes[50:53] = IGNORE_ID  # far from it
    ground = _plain(150, 150, 150)
    seed = _seed_that_pastes()
    shown, classes = _paste((ground, _sound()), (donor, donor_classes), seed)
    assert (classes[23, :28] == IGNORE_ID).all()
    assert not classes[45:].any()
    np.testing.assert_array_equal(shown[45:], ground[45:])
    touched = (shown != ground).any(axis=2)
    unsure = donor_classes == IGNORE_ID
    assert set(np.unique(classes[unsure])) <= {0, IGNORE_ID}
    assert (np.abs(shown.astype(int) - ground)[unsure & (classes == 0)] < 20).all()
    assert touched.any()


@given(seed=st.integers(0, 999))
def test_only_sound_paint_and_cracks_are_covered(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ids = [0, 0, 0, 1, 2, IGNORE_ID]

    def blocks() -> Picture:
        coarse = rng.choice(ids, (8, 8)).astype(np.uint8)
        return np.kron(coarse, np.ones((8, 8), np.uint8))

    pixels, classes = painted_pixels(SIDE, SIDE, seed=seed), blocks()
    donor, donor_classes = rng.integers(0, 256, pixels.shape, np.uint8), blocks()
    before = [a.copy() for a in (pixels, classes, donor, donor_classes)]
    shown, labels = _paste((pixels, classes), (donor, donor_classes), seed)
    for one, other in zip(before, (pixels, classes, donor, donor_classes), strict=True):
        np.testing.assert_array_equal(one, other)
    fixed = (classes == 2) | (classes == IGNORE_ID)
    np.testing.assert_array_equal(labels[fixed], classes[fixed])
    np.testing.assert_array_equal(shown[fixed], pixels[fixed])
    # New damage lies where the donor has it, and only on what it may lie on.
    assert (donor_classes[(labels == 1) & (classes != 1)] == 1).all()
    assert (donor_classes[(labels == 2) & (classes != 2)] == 2).all()
    assert (classes[(labels == 1)] < 2).all()
    again = _paste((pixels, classes), (donor, donor_classes), seed)
    np.testing.assert_array_equal(again[0], shown)
    np.testing.assert_array_equal(again[1], labels)


def test_a_sound_donor_changes_nothing() -> None:
    pixels, classes = painted_pixels(SIDE, SIDE), _sound()
    shown, labels = _paste((pixels, classes), (_plain(9, 9, 9), _sound()))
    np.testing.assert_array_equal(shown, pixels)
    np.testing.assert_array_equal(labels, classes)
