"""Painted beams and whole sample photos."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from resunet_core.synthesis import (
    SAMPLES,
    STYLES,
    painted_beam,
    sample_photo,
    samples,
    write_samples,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_beams_of_each_style_differ_and_repeat_from_their_seed() -> None:
    beams = {
        style: painted_beam(120, 260, rng=np.random.default_rng(1), style=style)
        for style in STYLES
    }
    again = painted_beam(120, 260, rng=np.random.default_rng(1), style="hexi")
    assert np.array_equal(beams["hexi"], again)
    for one, two in itertools.combinations(STYLES, 2):
        gap = np.abs(beams[one].astype(int) - beams[two].astype(int)).mean()
        assert gap > 10


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("size", [(33, 57), (50, 41)])
def test_beams_of_odd_and_small_sizes(style: str, size: tuple[int, int]) -> None:
    beam = painted_beam(*size, rng=np.random.default_rng(2), style=style)
    assert beam.shape == (*size, 3)
    assert beam.dtype == np.uint8
    assert beam.std() > 10


def test_an_unknown_style_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"'baroque'.*suzhou"):
        painted_beam(40, 80, rng=np.random.default_rng(0), style="baroque")


def test_a_sample_photo_holds_both_kinds_of_damage_and_repeats() -> None:
    first, again = (
        sample_photo(seed=3, width_px=360, height_px=150, style="xuanzi")
        for _ in range(2)
    )
    assert np.array_equal(first.pixels, again.pixels)
    assert np.array_equal(first.classes, again.classes)
    assert set(np.unique(first.classes)) == {0, 1, 2}
    assert 0.005 < (first.classes > 0).mean() < 0.5


def test_the_shipped_samples_stay_within_two_megapixels() -> None:
    assert len({sample.style for sample in SAMPLES}) == len(SAMPLES) == 3
    assert all(sample.width_px * sample.height_px <= 2_000_000 for sample in SAMPLES)


def test_as_many_as_one_likes_in_turn_of_every_style() -> None:
    made = samples.numbered_samples(5, width_px=64, height_px=48, seed=7)
    assert [sample.seed for sample in made] == [7, 8, 9, 10, 11]
    assert {sample.style for sample in made} == set(STYLES)
    assert len({sample.name for sample in made}) == 5


def test_samples_are_written_with_masks_of_the_same_size(tmp_path: Path) -> None:
    small = samples.Sample("彩画", "suzhou", 4, 160, 90)
    (path,) = write_samples(tmp_path / "样本", (small,))
    mask_file = tmp_path / "样本" / "masks" / "彩画.png"
    mask = cv2.imdecode(np.fromfile(mask_file, np.uint8), cv2.IMREAD_UNCHANGED)
    photo = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
    assert mask is not None
    assert photo is not None
    assert mask.shape == photo.shape[:2] == (90, 160)
    truth = sample_photo(seed=4, width_px=160, height_px=90, style="suzhou").classes
    assert np.array_equal(mask, truth)
