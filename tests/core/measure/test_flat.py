"""A photo as it lies on its surface: known squares come out square and as large."""

import cv2
import numpy as np
import pytest

from resunet_core.box import Box
from resunet_core.mask.regions import ArrayMask
from resunet_core.measure.flat import flatten
from resunet_core.measure.geometry import (
    FourPoints,
    geometry_from_data,
    geometry_to_data,
)
from resunet_core.measure.losses import measure_losses
from resunet_core.measure.planes import Cylinder
from resunet_core.measure.surface import Surface, count_surface

WALL_MM = (600.0, 400.0)
CORNERS = ((120.0, 90.0), (820.0, 150.0), (840.0, 560.0), (90.0, 620.0))
FOUR = FourPoints(CORNERS, *WALL_MM)


class _OneLevel:
    def __init__(self, pixels: np.ndarray) -> None:
        self._pixels = pixels
        self.levels: tuple[tuple[int, int], ...] = (pixels.shape[:2],)

    def read(self, level: int, box: Box) -> np.ndarray:
        assert level == 0
        return self._pixels[box.slices]


def _seen_askew(left: float, top: float, side: float) -> np.ndarray:
    """A photo's mask of a square loss on the wall, place and size in mm."""
    matrix = np.linalg.inv(np.array(FOUR.rectified().matrix))
    corners = np.array(
        [(left, top), (left + side, top), (left + side, top + side), (left, top + side)]
    )
    seen = cv2.perspectiveTransform(corners[None], matrix)[0]
    mask = np.zeros((700, 960), np.uint8)
    cv2.fillConvexPoly(mask, np.rint(seen * 16).astype(np.int32), 2, shift=4)
    return mask


@pytest.mark.parametrize("left", [20.0, 480.0])
def test_a_loss_is_as_large_wherever_it_lies(left: float) -> None:
    mask = _seen_askew(left, 150.0, 100.0)
    scale = FOUR.rectified().scale
    flat = flatten(FOUR, scale.mm_per_px, Surface(ArrayMask(mask)))
    losses = measure_losses(flat.surface, 2)
    assert scale.mm2(losses.area_px) == pytest.approx(100.0**2, rel=0.03)
    (loss,) = losses.regions
    box = loss.region.box
    assert scale.mm(box.width) == pytest.approx(100, abs=3)
    assert scale.mm(box.height) == pytest.approx(100, abs=3)


def test_what_the_photo_does_not_reach_is_out_of_scope() -> None:
    scale = FOUR.rectified().scale
    flat = flatten(
        FOUR, scale.mm_per_px, Surface(ArrayMask(_seen_askew(0.0, 0.0, 50.0)))
    )
    counts = count_surface(flat.surface)
    assert counts.out_of_scope_px > 0
    assert counts.not_assessable_px == 0
    wall = WALL_MM[0] * WALL_MM[1] / scale.mm_per_px**2
    assert wall < counts.assessed_px < 4 * wall


def test_the_picture_lies_on_the_same_grid_as_the_mask() -> None:
    mask = _seen_askew(200.0, 100.0, 120.0)
    pixels = np.repeat((mask * 100)[..., None], 3, axis=2)
    flat = flatten(FOUR, 0.8, Surface(ArrayMask(mask)))
    levels = flat.levels(_OneLevel(pixels))
    whole = Box.of(flat.surface.height, flat.surface.width)
    assert levels.levels[0] == (whole.height, whole.width)
    shown = levels.read(0, whole)[..., 0] > 100
    found = flat.surface.mask.read(whole) == 2
    assert np.count_nonzero(shown ^ found) < 0.05 * np.count_nonzero(found)


@pytest.mark.parametrize("geometry", [FOUR, Cylinder(400.0, 120.0, 90.0, 10.0, 650.0)])
def test_geometry_is_told_and_read_again(geometry: FourPoints | Cylinder) -> None:
    assert geometry_from_data(geometry_to_data(geometry)) == geometry


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"kind": "sphere"},
        {"kind": "cylinder", "axis_px": "wide"},
        geometry_to_data(FOUR) | {"corners": [[0, 0]] * 4},
    ],
)
def test_what_is_no_geometry_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"no geometry|could not convert"):
        geometry_from_data(data)
