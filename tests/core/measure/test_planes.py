"""A plane seen askew and a column seen from the front are measured as they are."""

import math

import cv2
import numpy as np
import pytest

from resunet_core.box import Box
from resunet_core.errors import WrongUsage
from resunet_core.mask.regions import ArrayMask
from resunet_core.measure.craquelure import measure_craquelure
from resunet_core.measure.planes import (
    Cylinder,
    FlatMask,
    flat_picture,
    rectified_area,
    rectify_four_points,
)
from resunet_core.measure.surface import Surface
from resunet_core.progress import run_to_end
from tests.core.measure.networks import honeycomb, turned

CORNERS = ((60.0, 40.0), (560.0, 90.0), (520.0, 430.0), (80.0, 500.0))


def test_a_tilted_rectangle_has_its_own_area() -> None:
    """A circle of known size on the plane, seen through the homography."""
    plane = rectify_four_points(CORNERS, 500, 400)
    angle = np.linspace(0, 2 * np.pi, 720)
    x, y = plane.in_photo(250 + 120 * np.cos(angle), 180 + 120 * np.sin(angle))
    mask = np.zeros((600, 640), np.uint8)
    ring = np.round(np.stack([x, y], axis=1) * 256).astype(np.int32)
    cv2.fillPoly(mask, [ring], 2, shift=8)
    area = rectified_area(ArrayMask(mask), 2, plane)
    assert area == pytest.approx(np.pi * 120**2, rel=0.01)
    flat = FlatMask(ArrayMask(mask), plane, 1.0)
    assert (flat.width, flat.height) == (500, 400)
    parts = [flat.read(Box(t, 0, t + 100, 500)) for t in range(0, 400, 100)]
    assert (np.concatenate(parts) == 2).sum() == pytest.approx(area, rel=0.01)


def test_a_corner_more_or_less() -> None:
    """The error that is told is that of pointing again and again."""
    rng = np.random.default_rng(0)
    area = []
    for _ in range(400):
        again = tuple((x + rng.normal(), y + rng.normal()) for x, y in CORNERS)
        plane = rectify_four_points(again, 500, 400, mm_se=0)
        area.append(plane.scale.mm_per_px)
    scale = rectify_four_points(CORNERS, 500, 400, mm_se=0).scale
    assert np.std(area) == pytest.approx(scale.mm_per_px_se, rel=0.15)


@pytest.mark.parametrize("tilt", [0, 20, 45])
def test_the_tilt_is_found(tilt: float) -> None:
    """From afar, a plane turned about its upright axis loses width."""
    half = 200 * math.cos(math.radians(tilt))
    corners = (
        (300 - half, 100),
        (300 + half, 100),
        (300 + half, 500),
        (300 - half, 500),
    )
    assert rectify_four_points(corners, 400, 400).tilt_deg == pytest.approx(
        tilt, abs=0.1
    )


def test_cracks_on_a_tilted_plane_have_their_length() -> None:
    truth = turned(honeycomb(5, 40, 100), 0.2, 250)  # in millimetres
    plane = rectify_four_points(
        ((100.0, 60.0), (700.0, 100.0), (680.0, 560.0), (120.0, 640.0)), 480, 480
    )
    fine = truth.drawn(480, 480, 4)
    matrix = np.linalg.inv(np.array(plane.matrix))
    seen = cv2.warpPerspective(fine, matrix, (800, 700), flags=cv2.INTER_NEAREST)
    flat = FlatMask(ArrayMask(np.asarray(seen)), plane, 0.8)
    found = run_to_end(measure_craquelure(Surface(flat), 1, cell_px=100))
    assert found.length_px * 0.8 == pytest.approx(truth.length, rel=0.02)
    assert found.junctions_y == truth.kinds()["Y"]


def test_a_column_rolled_out() -> None:
    """A band of 20 mm around it is 20 mm high and as long as the arc."""
    column = Cylinder(
        axis_px=300, radius_px=250, radius_mm=125, first_px=0, last_px=400
    )
    mask = np.zeros((400, 600), np.uint8)
    mask[100:140] = 2
    flat = FlatMask(ArrayMask(mask), column, 0.5)
    found = flat.read(Box.of(flat.height, flat.width)) == 2
    arc = 2 * 125 * math.radians(70)
    assert found.sum() * 0.25 == pytest.approx(20 * arc, rel=0.01)
    purlin = Cylinder(300, 250, 125, 0, 400, is_upright=False)
    lying = FlatMask(ArrayMask(mask.T.copy()), purlin, 0.5)
    np.testing.assert_array_equal(
        lying.read(Box.of(lying.height, lying.width)) == 2, found.T
    )


def test_the_view_is_rectified_alike() -> None:
    plane = rectify_four_points(CORNERS, 50, 40)
    photo = np.zeros((600, 640, 3), np.uint8)
    cv2.fillConvexPoly(photo, np.array(CORNERS, np.int32), (200, 100, 50))
    flat = flat_picture(photo, plane, 1.0)
    assert flat.shape == (40, 50, 3)
    assert (flat[2:-2, 2:-2] == (200, 100, 50)).all()


def test_points_that_are_no_corners_are_refused() -> None:
    for corners in (CORNERS[::-1], CORNERS[:3], (CORNERS[0],) * 4):
        with pytest.raises(WrongUsage):
            rectify_four_points(corners, 500, 400)
    with pytest.raises(WrongUsage):
        rectify_four_points(CORNERS, 0, 400)
    with pytest.raises(WrongUsage):
        FlatMask(
            ArrayMask(np.zeros((9, 9), np.uint8)),
            rectify_four_points(CORNERS, 500, 400),
            1e-3,
        )
