"""Networks of known truth are measured within the known biases of the recipe."""

import numpy as np
import pytest
from numpy.typing import NDArray

from resunet_core.mask.regions import ArrayMask
from resunet_core.measure.craquelure import Craquelure, measure_craquelure
from resunet_core.measure.surface import NOT_ASSESSABLE, OUT_OF_SCOPE, Surface
from resunet_core.progress import run_to_end
from tests.core.measure.networks import (
    Truth,
    bricks,
    curves,
    grid,
    honeycomb,
    turned,
)


def _measured(
    mask: NDArray[np.uint8], scope: NDArray[np.uint8] | None = None
) -> Craquelure:
    plane = None if scope is None else ArrayMask(scope)
    surface = Surface(ArrayMask(mask), plane)
    return run_to_end(measure_craquelure(surface, 1, cell_px=100))


@pytest.mark.parametrize("thick", [1.5, 2, 4, 6])
def test_curves_have_their_length_and_width(thick: float) -> None:
    """Length -1 to +1 %; area over length counts the round ends as well."""
    truth = curves(25, 600, np.random.default_rng(1))
    found = _measured(truth.drawn(600, 600, thick))
    assert found.length_px == pytest.approx(truth.length, rel=0.01)
    ends = np.pi / 4 * thick**2 / (truth.length / 25)
    assert found.widths.quantile(0.5) == pytest.approx(thick + ends, abs=0.06)
    assert (found.free_ends, found.junctions, found.branches) == (50, 0, 25)
    assert found.widths.too_narrow_share == (1 if thick < 3 else 0)
    assert found.tortuosity > 1.02


@pytest.mark.parametrize("angle", [0.1, 0.37])
@pytest.mark.parametrize("thick", [2, 3, 6])
@pytest.mark.parametrize(
    ("made", "length"),
    [
        (honeycomb(6, 40, 100), 0.005),
        (grid(6, 50, 100), 0.03),
        (bricks(5, 80, 60), 0.035),
    ],
    ids=["honeycomb", "grid", "bricks"],
)
def test_networks_have_their_junctions_ends_and_islands(
    made: Truth, length: float, thick: int, angle: float
) -> None:
    """Exactly; of a length in few directions Kulpa's weights are 2 to 3 % off."""
    truth = turned(made, angle, 260)
    found = _measured(truth.drawn(640, 640, thick))
    assert {
        "end": found.free_ends,
        "Y": found.junctions_y,
        "T": found.junctions_t,
        "X": found.junctions_x,
    } == truth.kinds()
    assert len(found.islands) == truth.islands()
    assert found.length_px == pytest.approx(truth.length, rel=length)
    assert found.widths.mean == pytest.approx(thick, abs=0.07 * thick)
    assert found.widths.quantile(0.95) == pytest.approx(thick, abs=0.35)


def test_islands_have_their_area_and_roundness() -> None:
    side, thick = 40.0, 3.0
    inner = side - thick / 3**0.5  # half the crack is taken off each side
    found = _measured(turned(honeycomb(6, side, 100), 0.2, 260).drawn(640, 640, thick))
    area = 1.5 * 3**0.5 * inner**2
    assert np.median(found.islands.area_px) == pytest.approx(area, rel=0.02)
    assert found.islands.diameter_px.mean() == pytest.approx(
        np.sqrt(4 * area / np.pi), rel=0.02
    )
    assert found.islands.roundness.mean() == pytest.approx(0.907, abs=0.03)


def test_the_rose_knows_the_direction_of_wood() -> None:
    truth = turned(
        Truth(tuple(((60.0, y), (540.0, y)) for y in range(100, 520, 40))), -0.5, 300
    )
    found = _measured(truth.drawn(640, 640, 3))
    assert found.rose.anisotropy > 0.97
    assert found.rose.direction_deg == pytest.approx(np.degrees(0.5), abs=2)
    both = found.rose + _measured(grid(6, 50, 100).drawn(500, 500, 3)).rose
    assert both.total == pytest.approx(
        found.rose.total + grid(6, 50, 100).length, rel=0.06
    )
    assert 0.3 < both.anisotropy < 0.9


def test_no_seam_where_bands_meet() -> None:
    """A network over the border between two bands is that of a lone photo."""
    truth = turned(honeycomb(6, 40, 100), 0.3, 260)
    whole = _measured(truth.drawn(640, 640, 4))
    low = np.zeros((1500, 640), np.uint8)
    low[700:1340] = truth.drawn(640, 640, 4)
    found = _measured(low)
    assert found.length_px == whole.length_px
    assert found.area_px == whole.area_px
    assert found.junctions == whole.junctions
    np.testing.assert_array_equal(
        np.sort(found.islands.area_px), np.sort(whole.islands.area_px)
    )
    np.testing.assert_allclose(
        np.sort(found.islands.perimeter_px), np.sort(whole.islands.perimeter_px)
    )
    np.testing.assert_array_equal(found.widths.width, whole.widths.width)


def test_what_the_border_cuts_is_no_free_end_and_no_island() -> None:
    mask = np.zeros((300, 300), np.uint8)
    mask[149:152] = 1
    mask[:, 149:152] = 1
    found = _measured(mask)
    assert (found.free_ends, found.junctions_x, len(found.islands)) == (0, 1, 0)
    assert found.islands.cut == 4
    mask[140:160, 200:] = 2  # a loss swallows the arm: it stops there, cut
    assert _measured(mask).free_ends == 0
    mask[140:160, 200:] = 0  # now it ends in sound paint
    assert _measured(mask).free_ends == 1


def test_only_the_assessed_surface_counts() -> None:
    truth = grid(6, 50, 100)
    mask, scope = truth.drawn(500, 500, 3), np.zeros((500, 500), np.uint8)
    scope[:, :250] = OUT_OF_SCOPE
    scope[:, 250:310] = NOT_ASSESSABLE
    found = _measured(mask, scope)
    assert found.assessed_px == 500 * 190
    assert found.area_px == np.count_nonzero(mask[:, 310:])
    assert found.free_ends == 6 + 2  # right, and above and below of the last line
    assert len(found.islands) == 0  # the one column of closed islands is cut
    assert found.density == pytest.approx(found.length_px / 95_000)
    heat = found.heat_map
    assert heat.assessed_px.sum() == found.assessed_px
    assert heat.length_px.sum() == pytest.approx(found.length_px)
    assert np.isnan(heat.density[:, :3]).all()


def test_spurs_and_specks_do_not_count() -> None:
    """A ragged edge makes spurs, holes of single pixels make rings: both go."""
    rng = np.random.default_rng(0)
    mask = np.zeros((120, 420), np.uint8)
    mask[57:63, 20:400] = 1
    mask[56, 20:400] = rng.random(380) < 0.3
    mask[63, 20:400] = rng.random(380) < 0.3
    mask[59, 50:390:37] = 0
    found = _measured(mask)
    assert (found.junctions, found.free_ends, found.branches) == (0, 2, 1)
    assert found.length_px == pytest.approx(375, rel=0.06)


def test_nothing_found_is_all_zero() -> None:
    found = _measured(np.zeros((50, 60), np.uint8))
    assert (found.length_px, found.density, found.junctions) == (0, 0, 0)
    assert (found.widths.mean, found.widths.quantile(0.5)) == (0, 0)
    assert (found.free_end_ratio, found.rose.anisotropy, found.tortuosity) == (0, 0, 1)
