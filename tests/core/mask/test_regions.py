"""Regions found band by band equal those found at once, pixel for pixel."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.mask import regions
from resunet_core.mask.regions import ArrayMask, RegionMap


@pytest.fixture(params=[7, 64, 1024])
def _bands(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regions, "BAND_ROWS", request.param)
    monkeypatch.setattr(regions, "MAX_PIECE_PX", 40)


def _random_mask(seed: int) -> NDArray[np.uint8]:
    rng = np.random.default_rng(seed)
    soft = cv2.GaussianBlur(rng.normal(size=(150, 190)).astype(np.float32), (0, 0), 1.5)
    mask = np.zeros(soft.shape, np.uint8)
    mask[soft > 0.15] = 1
    mask[soft < -0.2] = 2
    return mask


@pytest.mark.usefixtures("_bands")
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_bands_agree_with_the_whole(seed: int) -> None:
    mask = _random_mask(seed)
    found = RegionMap(ArrayMask(mask)).regions
    expected = set()
    for class_id in (1, 2):
        _, _, stats, centres = cv2.connectedComponentsWithStats(
            (mask == class_id).astype(np.uint8), connectivity=8
        )
        for (left, top, width, height, area), (x, y) in zip(
            stats[1:].tolist(), centres[1:].tolist(), strict=True
        ):
            box = Box(top, left, top + height, left + width)
            expected.add((class_id, box, area, round(x, 6), round(y, 6)))
    got = {
        (r.class_id, r.box, r.area_px, round(r.centroid_x, 6), round(r.centroid_y, 6))
        for r in found
    }
    assert got == expected
    assert len(found) == len(expected) > 20


@pytest.mark.usefixtures("_bands")
def test_pieces_paint_the_mask_exactly_once() -> None:
    mask = _random_mask(3)
    found = RegionMap(ArrayMask(mask))
    painted = np.zeros_like(mask)
    areas = dict.fromkeys((r.id for r in found.regions), 0)
    for piece in found.pieces():
        target = painted[piece.box.slices]
        assert not target[piece.pixels].any()
        target[piece.pixels] = piece.region.class_id
        areas[piece.region.id] += int(piece.pixels.sum())
    assert np.array_equal(painted, mask)
    assert areas == {r.id: r.area_px for r in found.regions}


def test_a_sound_photo_has_no_regions() -> None:
    found = RegionMap(ArrayMask(np.zeros((5, 9), np.uint8)))
    assert found.regions == ()
    assert list(found.pieces()) == []
