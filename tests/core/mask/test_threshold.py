"""Thresholds and minimum sizes, tile by tile, equal the whole photo at once."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import ndimage

from resunet_core.box import Box
from resunet_core.mask import threshold
from resunet_core.mask.threshold import (
    MAX_MIN_AREA_PX,
    DetectionSettings,
    classify,
    drop_small,
    model_tiles,
)

KEYS = ("craquelure", "paint_loss")
TILE = 16


class _Map:
    keys: tuple[str, ...] = KEYS

    def __init__(self, values: NDArray[np.uint8]) -> None:
        self.values = values
        _, self.height, self.width = values.shape

    def read(self, box: Box) -> NDArray[np.uint8]:
        return self.values[:, *box.slices]


@given(st.integers(0, 255), st.floats(0, 1))
def test_a_probability_reaches_its_threshold_exactly(byte: int, least: float) -> None:
    values = np.array([byte, 0], np.uint8).reshape(2, 1, 1)
    found = classify(values, KEYS, {"craquelure": least, "paint_loss": 1.0})
    assert found.item() == int(byte / 255 >= least and byte > 0)


def test_each_byte_is_a_threshold_of_its_own() -> None:
    for byte in range(1, 256):
        values = np.array([[[byte - 1, byte]], [[0, 0]]], np.uint8)
        limits = {"craquelure": byte / 255, "paint_loss": 0.5}
        assert classify(values, KEYS, limits).tolist() == [[0, 1]]


def test_paint_loss_swallows_the_cracks_in_it() -> None:
    values = np.array([[[255, 255, 10]], [[128, 127, 128]]], np.uint8)
    limits = dict.fromkeys(KEYS, 0.5)
    assert classify(values, KEYS, limits).tolist() == [[2, 1, 2]]


def test_small_regions_go_whatever_touches_them_diagonally_stays() -> None:
    mask = np.zeros((6, 9), np.uint8)
    mask[0, 0] = mask[1, 1] = mask[2, 2] = 1  # three pixels, joined by corners
    mask[0, 4:6] = 1  # two pixels
    mask[0, 6] = 2  # another class beside them does not make them larger
    kept = drop_small(mask, {"craquelure": 3, "paint_loss": 1})
    assert kept[0, 4:6].sum() == 0
    assert kept[0, 6] == 2
    assert (kept == 1).sum() == 3


def _naive(values: NDArray[np.uint8], settings: DetectionSettings) -> NDArray[np.uint8]:
    """The whole photo at once, by other means: scipy's labels."""
    mask = np.zeros(values.shape[1:], np.uint8)
    for class_id, (key, plane) in enumerate(zip(KEYS, values, strict=True), start=1):
        mask[plane / 255 >= settings.thresholds[key]] = class_id
    for class_id, key in enumerate(KEYS, start=1):
        labels, _ = ndimage.label(mask == class_id, structure=np.ones((3, 3)))
        sizes = np.bincount(labels.ravel())
        small = sizes < min(settings.min_area_px.get(key, 0), MAX_MIN_AREA_PX)
        small[0] = False
        mask[small[labels]] = 0
    return mask


@pytest.mark.parametrize("size", [(1, 1), (37, 64), (100, 131), (150, 33)])
@pytest.mark.parametrize("least", [0, 2, 9, 40, 4000])
def test_tiles_equal_the_whole(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], least: int
) -> None:
    monkeypatch.setattr(threshold, "TILE_PX", TILE)
    monkeypatch.setattr(threshold, "BLOCK_TILES", 2)
    rng = np.random.default_rng((*size, least))
    soft = rng.normal(size=(2, *size)).astype(np.float32)
    soft = np.stack([cv2.GaussianBlur(p, (0, 0), 1.2) for p in soft])
    values = np.clip(128 + 500 * soft, 1, 255).astype(np.uint8)
    settings = DetectionSettings(
        {"craquelure": 0.6, "paint_loss": 0.8}, {"craquelure": least, "paint_loss": 5}
    )
    built = np.zeros(size, np.uint8)
    seen = []
    for row, column, pixels in model_tiles(_Map(values), settings):
        seen.append((row, column))
        part = np.s_[row * TILE : (row + 1) * TILE, column * TILE : (column + 1) * TILE]
        if pixels is not None:
            assert pixels.any()
            built[part] = pixels
    assert len(set(seen)) == len(seen) == -(-size[0] // TILE) * -(-size[1] // TILE)
    np.testing.assert_array_equal(built, _naive(values, settings))


def test_what_is_looked_at_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threshold, "TILE_PX", TILE)
    monkeypatch.setattr(threshold, "BLOCK_TILES", 2)
    settings = DetectionSettings(dict.fromkeys(KEYS, 0.5), {})
    values = np.zeros((2, 96, 96), np.uint8)
    order = [
        (row, column)
        for row, column, _ in model_tiles(
            _Map(values), settings, first=Box(70, 40, 71, 60)
        )
    ]
    assert set(order[:4]) == {(4, 2), (4, 3), (5, 2), (5, 3)}
    assert len(order) == 36
