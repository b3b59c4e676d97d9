"""Areas are counted, summed and given in millimetres only where they are known."""

import numpy as np
import pytest

from resunet_core.mask.regions import ArrayMask, RegionMap
from resunet_core.reports.measure import (
    PhotoMeasure,
    class_areas,
    measure_buildings,
    px_to_mm2,
)
from tests.builders import a_mask


def _photo(
    building: str, *, height: int = 96, mm_per_px: float | None = None
) -> PhotoMeasure:
    regions = RegionMap(ArrayMask(a_mask(height))).regions
    assessed = height * 128
    return PhotoMeasure(
        name="p",
        path="p.jpg",
        building=building,
        width=128,
        height=height,
        assessed_px=assessed,
        mm_per_px=mm_per_px,
        person_px=0,
        areas=class_areas(regions, assessed, mm_per_px),
        regions=regions,
    )


def test_areas_are_the_pixels_of_the_mask() -> None:
    mask = np.random.default_rng(0).integers(0, 3, (60, 70), dtype=np.uint8)
    found = class_areas(RegionMap(ArrayMask(mask)).regions, mask.size, 0.5)
    for class_id, area in enumerate(found, start=1):
        pixels = int((mask == class_id).sum())
        assert area.area_px == pixels
        assert area.share == pytest.approx(pixels / mask.size)
        assert area.area_mm2 == pytest.approx(pixels / 4)
        assert area.regions > 10


def test_a_building_is_sums_over_sums() -> None:
    """A large photo weighs more than a small one: no mean of percentages."""
    small, large = _photo("井亭", height=96), _photo("井亭", height=960)
    (building,) = measure_buildings([small, large])
    assert (building.photos, building.assessed_px) == (2, (96 + 960) * 128)
    for area, one, other in zip(building.areas, small.areas, large.areas, strict=True):
        assert area.area_px == one.area_px + other.area_px
        assert area.regions == one.regions + other.regions
        assert area.share == pytest.approx(area.area_px / building.assessed_px)
    crack = building.areas[0].share
    assert crack != pytest.approx((small.areas[0].share + large.areas[0].share) / 2)


def test_millimetres_only_where_every_photo_has_a_scale() -> None:
    known, unknown = _photo("a", mm_per_px=0.5), _photo("b")
    half, half_too = _photo("c", mm_per_px=0.5), _photo("c")
    coarse = _photo("a", mm_per_px=2)
    a, b, c = measure_buildings([known, unknown, half, half_too, coarse])
    assert [building.name for building in (a, b, c)] == ["a", "b", "c"]
    assert a.assessed_mm2 == pytest.approx(96 * 128 * (0.25 + 4))
    assert a.areas[0].area_mm2 == pytest.approx(known.areas[0].area_px * 4.25)
    for building in (b, c):
        assert building.assessed_mm2 is None
        assert {area.area_mm2 for area in building.areas} == {None}


def test_nothing_assessed_is_no_division_by_zero() -> None:
    assert {area.share for area in class_areas((), 0, None)} == {0.0}
    assert px_to_mm2(8, None) is None
    assert px_to_mm2(8, 0.5) == 2
