"""Losses are counted on the assessed surface, by the sizes that a person set."""

import numpy as np
import pytest

from resunet_core.errors import WrongUsage
from resunet_core.mask.regions import ArrayMask
from resunet_core.measure.losses import measure_losses, parse_edges, size_bins
from resunet_core.measure.surface import (
    NOT_ASSESSABLE,
    OUT_OF_SCOPE,
    Surface,
    SurfaceCounts,
    count_surface,
)


def _surface() -> Surface:
    mask, scope = np.zeros((2, 100, 120), np.uint8)
    mask[10:20, 10:30] = 2  # 200 px
    mask[50:60, 40:50] = 2  # 100 px, of which 40 are assessed
    mask[90:100, 100:110] = 2  # 100 px, cut by the edge below
    mask[30:33, 5:90] = 1
    scope[54:60, 40:60] = NOT_ASSESSABLE
    scope[:5] = OUT_OF_SCOPE
    return Surface(ArrayMask(mask), ArrayMask(scope))


def test_losses_of_the_assessed_surface() -> None:
    found = measure_losses(_surface(), 2)
    assert [loss.region.area_px for loss in found.regions] == [200, 100, 40]
    assert [loss.edge_px for loss in found.regions] == [10, 0, 40]
    assert (found.area_px, found.cut) == (340, 1)
    assert found.assessed_px == 100 * 120 - 120 - 600
    assert found.share == pytest.approx(340 / found.assessed_px)
    assert found.largest is found.regions[0]
    assert measure_losses(Surface(ArrayMask(np.zeros((9, 9), np.uint8))), 2).share == 0


def test_painted_is_what_is_assessed_and_what_should_have_been() -> None:
    counts = count_surface(_surface())
    assert counts == SurfaceCounts(11_280, 600, 120)
    assert counts.painted_px == 11_400
    assert counts.coverage == pytest.approx(11_280 / 11_400)


def test_bins_add_up_to_all() -> None:
    bins = size_bins([0.5, 1, 3, 10, 250], (10, 1, 100))
    assert [(b.lower, b.upper, b.count) for b in bins] == [
        (0, 1, 1),
        (1, 10, 2),
        (10, 100, 1),
        (100, None, 1),
    ]
    assert sum(b.area for b in bins) == 264.5


def test_a_person_sets_the_bins() -> None:
    assert parse_edges("1000, 10,100") == (10, 100, 1000)
    for text in ("", "a,b", "0,10", "10,inf", "nan"):
        with pytest.raises(WrongUsage):
            parse_edges(text)
