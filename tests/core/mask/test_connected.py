"""What hangs together is found piece by piece as it would be in one go."""

import numpy as np
import pytest
from scipy import ndimage

from resunet_core.box import Box
from resunet_core.mask.connected import connected_at, holes_of
from resunet_core.mask.regions import ArrayMask

FRAME = Box.of(900, 1100)


@pytest.fixture(scope="module")
def ids() -> np.ndarray:
    """Blots of two classes, some of them far larger than the first window."""
    rng = np.random.default_rng(5)
    rough = rng.random((900, 1100))
    smooth = ndimage.gaussian_filter(rough, 9)
    ids = np.zeros((900, 1100), np.uint8)
    ids[smooth > np.quantile(smooth, 0.55)] = 1
    ids[smooth > np.quantile(smooth, 0.8)] = 2
    return ids


def test_a_patch_is_the_connected_pixels_of_its_class(ids: np.ndarray) -> None:
    rng = np.random.default_rng(6)
    for _ in range(25):
        y, x = int(rng.integers(900)), int(rng.integers(1100))
        patch = connected_at(ArrayMask(ids), x, y, FRAME)
        assert patch is not None
        near = np.ones((3, 3)) if ids[y, x] else None  # sound paint: over sides alone
        labels, _ = ndimage.label(ids == ids[y, x], structure=near)
        found = np.zeros(ids.shape, np.bool_)
        found[patch.box.slices] = patch.where
        np.testing.assert_array_equal(found, labels == labels[y, x])
        assert (patch.class_id, patch.is_cut) == (ids[y, x], False)
        holes = ndimage.binary_fill_holes(patch.where) & ~patch.where
        np.testing.assert_array_equal(holes_of(patch), holes)


def test_nothing_is_looked_at_beyond_the_limit() -> None:
    mask = ArrayMask(np.ones((900, 1100), np.uint8))
    limit = Box(300, 200, 500, 450)
    patch = connected_at(mask, 210, 310, limit)
    assert patch is not None
    assert (patch.box, patch.is_cut) == (limit, True)
    assert connected_at(mask, 10, 10, limit) is None
    assert connected_at(mask, -1, 10, FRAME.grow(50)) is None
