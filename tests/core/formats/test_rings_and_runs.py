"""Outlines along pixel edges and run lengths lose nothing."""

import warnings

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from pycocotools import mask as coco_mask

from resunet_core.formats.hole_free import without_holes
from resunet_core.formats.rings import parts_of, region_polygons, trace
from resunet_core.formats.runs import counts_of, paint_counts, region_runs, to_rle
from resunet_core.mask import regions
from resunet_core.mask.regions import ArrayMask, RegionMap
from resunet_core.progress import run_to_end

Ids = NDArray[np.uint8]
SHAPES = st.tuples(st.integers(1, 14), st.integers(1, 14))
MASKS = arrays(np.uint8, SHAPES, elements=st.integers(0, 2))


def _covered(geometry: object, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which pixel centres lie within, by shapely alone."""
    rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]]
    inside = shapely.contains_xy(geometry, columns.ravel() + 0.5, rows.ravel() + 0.5)
    return np.asarray(inside, np.bool_).reshape(shape)


@given(MASKS)
def test_polygons_cover_their_regions_and_nothing_else(mask: Ids) -> None:
    found = run_to_end(region_polygons(RegionMap(ArrayMask(mask))))
    painted = np.zeros_like(mask)
    for region, geometry in found:
        assert shapely.is_valid(geometry)
        assert geometry.area == region.area_px
        painted[_covered(geometry, mask.shape)] = region.class_id
    np.testing.assert_array_equal(painted, mask)


@given(MASKS)
def test_polygons_are_cut_into_parts_without_holes(mask: Ids) -> None:
    for _region, geometry in run_to_end(region_polygons(RegionMap(ArrayMask(mask)))):
        for whole in parts_of(geometry):
            parts = without_holes(whole)
            assert not any(len(part.interiors) for part in parts)
            assert sum(part.area for part in parts) == pytest.approx(whole.area)
            assert shapely.union_all(parts).equals(whole)


@given(MASKS)
def test_run_lengths_are_cocos_own(mask: Ids) -> None:
    height, width = mask.shape
    painted = np.zeros_like(mask)
    columns = np.zeros((width, height), np.uint8)
    for region, runs in region_runs(RegionMap(ArrayMask(mask)).pieces(), height):
        packed = to_rle(runs, height, width)
        with warnings.catch_warnings():  # theirs, about numpy
            warnings.simplefilter("ignore", DeprecationWarning)
            decoded = coco_mask.decode(packed)
        assert int(coco_mask.area(packed)) == region.area_px
        painted[decoded > 0] = region.class_id
        own = counts_of(packed["counts"])
        paint_counts(columns.reshape(-1), own, region.class_id)
    np.testing.assert_array_equal(painted, mask)
    np.testing.assert_array_equal(columns.T, mask)


def test_a_region_in_pieces_is_one_again(monkeypatch: pytest.MonkeyPatch) -> None:
    mask = np.zeros((90, 80), np.uint8)
    mask[5:85, 5:75] = 1
    mask[30:40, 30:40] = 0
    monkeypatch.setattr(regions, "MAX_PIECE_PX", 16)
    monkeypatch.setattr(regions, "BAND_ROWS", 16)
    region_map = RegionMap(ArrayMask(mask))
    ((region, geometry),) = run_to_end(region_polygons(region_map))
    ((_, runs),) = region_runs(region_map.pieces(), 90)
    assert geometry.geom_type == "Polygon"
    assert geometry.area == region.area_px == 80 * 70 - 100
    assert len(shapely.simplify(geometry, 0).exterior.coords) == 5
    assert len(runs) == 70 + 10


def test_the_lines_of_nothing_and_of_one_pixel() -> None:
    assert trace(np.zeros((3, 3), np.bool_)) == []
    ((line, area),) = trace(np.ones((1, 1), np.bool_))
    assert area == 1
    assert sorted(line.tolist()) == [[0, 0], [0, 1], [1, 0], [1, 1]]
