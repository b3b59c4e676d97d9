"""A click on a loss takes the loss, up to its edge."""

import numpy as np
from numpy.typing import NDArray

from resunet_core.mask.grow import Surroundings


def wall_with_losses() -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Red paint, a beige loss with a speck in it, and another loss apart from it."""
    rng = np.random.default_rng(1)
    y, x = np.mgrid[0:160, 0:220]
    loss = (x - 80) ** 2 / 45**2 + (y - 80) ** 2 / 30**2 < 1
    other = (x - 180) ** 2 + (y - 80) ** 2 < 20**2
    speck = (x - 90) ** 2 + (y - 85) ** 2 < 4**2
    pixels = np.empty((160, 220, 3))
    pixels[:] = (150, 45, 35)
    pixels[(loss | other) & ~speck] = (205, 190, 160)
    pixels += rng.normal(0, 5, pixels.shape)
    return np.clip(pixels, 0, 255).astype(np.uint8), loss


def test_it_stops_at_the_edge_and_takes_the_specks_inside() -> None:
    pixels, loss = wall_with_losses()
    found = Surroundings(pixels).grow(70, 80).at(14)
    union = np.count_nonzero(found | loss)
    assert np.count_nonzero(found & loss) / union > 0.95


def test_a_larger_tolerance_takes_no_less() -> None:
    pixels, _ = wall_with_losses()
    growth = Surroundings(pixels).grow(70, 80)
    areas = [np.count_nonzero(growth.at(tolerance)) for tolerance in (4, 8, 14, 200)]
    assert areas == sorted(areas)
    assert areas[0] < areas[2] < areas[3] == pixels.shape[0] * pixels.shape[1]


def test_the_place_clicked_is_always_taken() -> None:
    noise = np.random.default_rng(2).integers(0, 255, (40, 50, 3), np.uint8)
    for x, y in ((0, 0), (49, 39), (500, -3)):
        found = Surroundings(noise).grow(x, y).at(1)
        assert found[min(max(y, 0), 39), min(max(x, 0), 49)]
