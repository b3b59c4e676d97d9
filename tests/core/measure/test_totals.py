"""Sums over sums, nothing twice, and no millimetres that nobody measured."""

import math
from dataclasses import replace

import numpy as np
import pytest

from resunet_core.mask.regions import ArrayMask
from resunet_core.measure.craquelure import measure_craquelure
from resunet_core.measure.losses import measure_losses
from resunet_core.measure.scale import given_scale
from resunet_core.measure.surface import Surface, count_surface
from resunet_core.measure.totals import PhotoFigures, total, totals, worst_first
from resunet_core.measure.uncertainty import estimate_area
from resunet_core.progress import run_to_end
from tests.builders import a_mask


def _photo(
    name: str, component: str = "", *, height: int = 96, mm_per_px: float | None = 0.5
) -> PhotoFigures:
    mask = a_mask(height)
    surface = Surface(ArrayMask(mask))
    strata = {k: int((mask == k).sum()) for k in (0, 1, 2)}
    answers = {(0, 0): 98, (0, 2): 2, (1, 1): 50, (2, 2): 45, (2, 0): 5}
    return PhotoFigures(
        name=name,
        levels=("颐和园", "井亭", "east", "east bay", component),
        surface=count_surface(surface),
        craquelure=run_to_end(measure_craquelure(surface, 1, cell_px=50)),
        losses=measure_losses(surface, 2),
        scale=None if mm_per_px is None else given_scale(mm_per_px),
        loss_check=estimate_area(strata, answers, 2),
    )


def test_sums_over_sums_whatever_the_scale_of_each() -> None:
    fine, coarse = _photo("a"), _photo("b", height=960, mm_per_px=2)
    found = total([fine, coarse])
    assert found.in_mm
    assert found.assessed == pytest.approx(96 * 128 * 0.25 + 960 * 128 * 4)
    assert found.loss == pytest.approx(
        fine.losses.area_px * 0.25 + coarse.losses.area_px * 4
    )
    assert found.crack_length == pytest.approx(
        fine.craquelure.length_px * 0.5 + coarse.craquelure.length_px * 2
    )
    assert found.loss_share == found.loss / found.assessed
    assert list(found.loss_areas) == [
        coarse.losses.area_px * 4,
        fine.losses.area_px * 0.25,
    ]
    assert found.rose.total == pytest.approx(found.crack_length, rel=0.01)
    assert found.widths.total == pytest.approx(found.crack_length)


def test_one_photo_without_a_scale_takes_the_millimetres_from_all() -> None:
    found = total([_photo("a"), _photo("b", mm_per_px=None)])
    assert found.in_mm is False
    assert found.assessed == 2 * 96 * 128


def test_a_component_is_never_counted_twice() -> None:
    near, far, other = (
        _photo("near", "额枋", height=960),
        _photo("far", "额枋"),
        _photo("o"),
    )
    found = total([far, near, other])
    assert (found.photos, found.left_out) == (("near", "o"), ("far",))
    chosen = total([replace(far, is_primary=True), near, other])
    assert (chosen.photos, chosen.left_out) == (("far", "o"), ("near",))
    both = [replace(photo, is_primary=True) for photo in (near, far)]
    assert total(both).left_out == ()  # a person says that they show two parts
    assert total([_photo("x"), _photo("y")]).left_out == ()


def test_places_from_the_site_down_and_the_worst_first() -> None:
    bad = replace(_photo("bad"), levels=("颐和园", "长廊", "", "", ""))
    bad = replace(bad, losses=replace(bad.losses, area_px=9000))
    photos = [_photo("a", "檩"), _photo("b", "额枋"), bad]
    (site,) = totals(photos, 1)
    assert (site.name, len(site.photos)) == ("颐和园", 3)
    assert [place.name for place in totals(photos, 2)] == ["井亭", "长廊"]
    assert [place.name for place in worst_first(totals(photos, 2))] == ["长廊", "井亭"]
    assert [place.name for place in totals(photos, 5)] == ["檩", "额枋", "长廊"]


def test_independent_errors_of_photos_partly_cancel() -> None:
    one = total([_photo("a")]).loss_range
    four = total([_photo(name) for name in "abcd"]).loss_range
    assert one is not None
    assert four is not None
    assert four.value == pytest.approx(4 * one.value)
    assert four.high - four.value == pytest.approx(2 * (one.high - one.value))
    assert one.high - one.value > 0.04 * one.value  # the scale's alone
    unchecked = replace(_photo("e"), loss_check=None)
    assert total([_photo("a"), unchecked]).loss_range is None


def test_no_photos_are_no_division_by_zero() -> None:
    found = total([])
    assert (found.loss_share, found.crack_density, found.coverage) == (0, 0, 0)
    assert not math.isnan(found.widths.quantile(0.5))
    assert not np.isnan(found.rose.anisotropy)
