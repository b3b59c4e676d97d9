"""Masks as other programs read them, and pictures of them that lose no crack."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from resunet_core.box import Box
from resunet_core.defects import CRAQUELURE, DEFAULT_CLASSES, PAINT_LOSS
from resunet_core.formats import mask_png
from resunet_core.formats.mask_png import (
    overlay,
    reduce_mask,
    write_mask_png,
    write_overlay,
)
from resunet_core.mask.regions import ArrayMask
from tests.builders import a_mask, painted_pixels

Pixels = NDArray[np.uint8]


@pytest.mark.parametrize("size", [(1, 1), (3, 7), (7, 255), (40, 33), (8, 1001)])
def test_pillow_reads_the_same_ids(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setattr(mask_png, "BAND_ROWS", 7)
    mask = np.random.default_rng(1).integers(0, 3, size, dtype=np.uint8)
    path = tmp_path / "彩画.mask.png"
    write_mask_png(path, ArrayMask(mask))
    with Image.open(path) as picture:
        picture.verify()  # every checksum
    with Image.open(path) as picture:
        assert (picture.mode, picture.size) == ("P", (size[1], size[0]))
        np.testing.assert_array_equal(np.array(picture), mask)
        palette = np.array(picture.getpalette()).reshape(-1, 3)
    for defect in DEFAULT_CLASSES:
        assert tuple(palette[defect.id]) == defect.colour
    assert not palette[0].any()
    assert list(tmp_path.iterdir()) == [path]


class _Levels:
    """A photo with halved levels that hands out its own, read-only pixels."""

    def __init__(self, pixels: Pixels, levels: int) -> None:
        self._levels = [pixels[:: 2**k, :: 2**k] for k in range(levels)]
        self.levels = tuple((p.shape[0], p.shape[1]) for p in self._levels)
        for level in self._levels:
            level.flags.writeable = False

    def read(self, level: int, box: Box) -> Pixels:
        return self._levels[level][box.slices]


def test_an_overlay_colours_defects_and_nothing_else() -> None:
    photo, mask = painted_pixels(), a_mask()
    picture = overlay(_Levels(photo, 1), ArrayMask(mask), max_px=500, opacity=1.0)
    np.testing.assert_array_equal(picture[mask == 0], photo[mask == 0])
    for defect in (CRAQUELURE, PAINT_LOSS):
        assert (picture[mask == defect.id] == defect.colour).all()


@pytest.mark.parametrize(
    ("levels", "max_px", "size"),
    [(3, 128, (96, 128)), (3, 127, (48, 64)), (3, 20, (15, 20)), (1, 50, (37, 50))],
)
def test_an_overlay_is_no_larger_than_asked(
    tmp_path: Path, levels: int, max_px: int, size: tuple[int, int]
) -> None:
    photo = _Levels(painted_pixels(), levels)
    path = tmp_path / "a.overlay.jpg"
    write_overlay(path, photo, ArrayMask(a_mask()), max_px=max_px)
    with Image.open(path) as picture:
        assert (picture.height, picture.width) == size
        shown = np.array(picture).astype(int)
    sound = np.array(painted_pixels()).astype(int)
    redder = (shown[..., 0] - shown[..., 1]).max()  # than any sound part: the crack
    assert redder > (sound[..., 0] - sound[..., 1]).max() + 10


@given(
    height=st.integers(1, 60),
    width=st.integers(1, 60),
    divided=st.integers(1, 9),
    seed=st.integers(0, 9),
)
def test_a_reduced_mask_shows_each_defect_it_covers(
    height: int, width: int, divided: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    mask = (rng.random((height, width)) < 0.05).astype(np.uint8)
    mask[rng.random((height, width)) < 0.02] = 2
    small = -(-height // divided), -(-width // divided)
    expected = np.zeros(small, np.uint8)
    for y, x in zip(*np.nonzero(mask), strict=True):
        place = y * small[0] // height, x * small[1] // width
        expected[place] = max(expected[place], mask[y, x])
    np.testing.assert_array_equal(reduce_mask(ArrayMask(mask), *small), expected)


def test_a_crack_of_one_pixel_is_still_there_at_a_tenth() -> None:
    mask = np.zeros((1000, 1000), np.uint8)
    mask[np.arange(1000), np.arange(1000)] = 1
    reduced = reduce_mask(ArrayMask(mask), 100, 100)
    np.testing.assert_array_equal(reduced, np.eye(100, dtype=np.uint8))
