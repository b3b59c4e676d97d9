"""Millimetres come from somewhere, and so does their error."""

import math

import numpy as np
import pytest

from resunet_core.errors import WrongUsage
from resunet_core.formats.georeference import Georeference
from resunet_core.measure.scale import (
    Scale,
    given_scale,
    scale_of_distance,
    scale_of_dpi,
    scale_of_georeference,
    tilt_effect,
    tilt_warning,
)


def test_a_known_distance() -> None:
    scale = scale_of_distance((10, 20), (310, 420), 100, operator="李工")
    assert scale.mm_per_px == pytest.approx(0.2)
    assert scale.relative_se == pytest.approx(math.hypot(math.sqrt(2) / 500, 0.005))
    assert (scale.method, scale.operator) == ("distance", "李工")
    assert scale.mm(50) == pytest.approx(10)
    assert scale.mm2(50) == pytest.approx(2)
    assert scale.mm_per_cm2(0.02) == pytest.approx(
        10
    )  # 2 px on 100 px: 0.4 mm on 4 mm²
    assert scale.relative_area_se == pytest.approx(2 * scale.relative_se)


def test_the_error_of_a_distance_is_that_of_repeated_pointing() -> None:
    rng = np.random.default_rng(0)
    again = [
        scale_of_distance(
            (10 + rng.normal(), 20 + rng.normal()),
            (90 + rng.normal(), 80 + rng.normal()),
            100 + rng.normal(0, 0.5),
        ).mm_per_px
        for _ in range(4000)
    ]
    scale = scale_of_distance((10, 20), (90, 80), 100)
    assert np.std(again) == pytest.approx(scale.mm_per_px_se, rel=0.05)


def test_scans_and_orthophotos() -> None:
    assert scale_of_dpi(600).mm_per_px == pytest.approx(25.4 / 600)
    turned = Georeference((0.0003, 0.0004, 0.0004, -0.0003, 5, 6), "")
    assert scale_of_georeference(turned).mm_per_px == pytest.approx(0.5)
    degrees = Georeference((1e-6, 0, 0, -1e-6, 116, 40), "urn:ogc:def:crs:EPSG::4326")
    flat = Georeference((0.001, 0, 0, -0.002, 0, 0), "")
    for refused in (degrees, flat):
        with pytest.raises(WrongUsage):
            scale_of_georeference(refused)


def test_what_cannot_be_is_refused() -> None:
    for value in (0, -1, math.inf, math.nan):
        with pytest.raises(WrongUsage):
            given_scale(value)
    with pytest.raises(WrongUsage):
        scale_of_distance((1, 1), (1, 1), 100)
    with pytest.raises(WrongUsage):
        scale_of_dpi(0)


def test_a_scale_survives_a_project() -> None:
    scale = scale_of_distance((0, 0), (300, 0), 60, operator="李工")
    assert Scale.from_json(scale.to_json()) == scale
    for text in ("", "[]", "{}", scale.to_json().replace("distance", "magic")):
        with pytest.raises(ValueError, match="no"):
            Scale.from_json(text)


def test_a_tilt_is_told_with_what_it_does() -> None:
    found = [round(100 * tilt_effect(t), 1) for t in (5, 10, 20, 30, 45)]
    assert found == [-0.4, -1.5, -6.0, -13.4, -29.3]
    assert tilt_warning(4.9) == ""
    assert "6.0 %" in tilt_warning(-20)
