"""Intervals of checked areas hold the truth as often as they say."""

import numpy as np
import pytest

from resunet_core.mask.regions import ArrayMask
from resunet_core.measure.sampling import allocate, draw_points
from resunet_core.measure.surface import NOT_ASSESSABLE, Surface
from resunet_core.measure.uncertainty import (
    Interval,
    count_answers,
    estimate_area,
    points_to_halve,
)
from resunet_core.measure.validation import coverage


def _surface() -> Surface:
    rng = np.random.default_rng(0)
    mask = (rng.random((1200, 60)) < 0.1).astype(np.uint8)
    mask[:, 40:50] = 2
    scope = np.zeros((1200, 60), np.uint8)
    scope[:, 50:] = NOT_ASSESSABLE
    return Surface(ArrayMask(mask), ArrayMask(scope))


def test_points_are_drawn_from_their_strata_and_can_be_drawn_again() -> None:
    surface = _surface()
    points = draw_points(surface, 300, seed=5)
    mapped = [point.mapped for point in points]
    assert {k: mapped.count(k) for k in (0, 1, 2)} == {0: 150, 1: 75, 2: 75}
    assert len(set(points)) == 300
    whole = surface.mask.read(surface.bands()[0].union(surface.bands()[-1]))
    assert all(whole[p.y, p.x] == p.mapped and p.x < 50 for p in points)
    assert max(p.y for p in points) > 1100  # from the second band as well
    assert mapped != sorted(mapped)  # the order gives nothing away
    assert (
        draw_points(surface, 300, seed=5) == points != draw_points(surface, 300, seed=6)
    )


def test_points_go_where_the_error_is() -> None:
    assert allocate({0: 10**6, 1: 500, 2: 20}, 300) == {0: 150, 1: 75, 2: 20}
    assert allocate({0: 10**6}, 100) == {0: 100}
    assert allocate({1: 10**6}, 100) == {1: 100}
    assert allocate({0: 10**6, 1: 10**5}, 20) == {0: 30, 1: 30}


def test_a_map_that_finds_too_much_is_corrected() -> None:
    """A fifth of what was mapped is none, and 2 % of the sound paint is lost."""
    strata = {0: 900_000, 1: 100_000}
    answers = {(1, 1): 80, (1, 0): 20, (0, 0): 98, (0, 1): 2}
    found = estimate_area(strata, answers, 1)
    assert found.mapped_px == 100_000
    assert found.area_px == pytest.approx(98_000)
    assert found.low_px < 85_000 < found.area_px < 135_000 < found.high_px
    assert found.points == 200
    sound = estimate_area(strata, answers, 0)
    assert sound.area_px == pytest.approx(1_000_000 - found.area_px)
    assert found.normal[0] < found.area_px < found.normal[1]


def test_no_error_found_is_not_no_error() -> None:
    """The normal formula says plus or minus nothing; the interval says up to 3 %."""
    strata = {0: 900_000, 1: 100_000}
    found = estimate_area(strata, {(1, 1): 100, (0, 0): 100}, 1)
    assert found.normal_se_px == 0
    assert found.low_px < 100_000
    assert 115_000 < found.high_px < 130_000


def test_a_stratum_that_nobody_checked_may_be_anything() -> None:
    found = estimate_area({0: 900, 1: 100}, {(1, 1): 50}, 1)
    assert (found.area_px, found.low_px < 110, found.high_px > 980) == (100, True, True)


def test_how_many_points_more_halve_the_interval() -> None:
    strata = {0: 900_000, 1: 100_000}
    answers = count_answers(
        [(1, 1)] * 80 + [(1, 0)] * 20 + [(0, 0)] * 95 + [(0, 1)] * 5
    )
    before = estimate_area(strata, answers, 1)
    more = points_to_halve(strata, answers, 1)
    assert more[0] > more.get(1, 0)  # most of the error is what was missed
    more_answers = {
        (0, 0): 95 * (100 + more[0]) // 100,
        (0, 1): 5 * (100 + more[0]) // 100,
        (1, 1): 80 * (100 + more.get(1, 0)) // 100,
        (1, 0): 20 * (100 + more.get(1, 0)) // 100,
    }
    after = estimate_area(strata, more_answers, 1)
    width = before.high_px - before.low_px
    assert after.high_px - after.low_px == pytest.approx(width / 2, rel=0.1)


def test_the_error_of_the_scale_is_added_in_quadrature() -> None:
    area = Interval(100, 91, 112)
    both = area.with_relative_error(0.04)
    assert both.low == pytest.approx(100 - np.hypot(9, 7.84))
    assert both.high == pytest.approx(100 + np.hypot(12, 7.84))
    assert area.with_relative_error(0) == area
    assert area.scaled(2) == Interval(200, 182, 224)


def test_intervals_hold_the_truth() -> None:
    """Over the whole grid, worked out exactly: no chance is involved."""
    found = coverage()
    assert len(found) == 24 * 5 * 5
    assert min(cell.beta for cell in found) >= 0.91
    assert 0.93 <= np.mean([cell.beta for cell in found]) <= 0.97
    assert min(cell.normal for cell in found) < 0.5
