"""Polygons for other programs: exact at no tolerance, within it otherwise."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from resunet_core.defects import DEFAULT_CLASSES
from resunet_core.formats.labelme_check import validate_labelme
from resunet_core.formats.labelme_polygons import (
    outlines_of,
    paint_outlines,
    write_labelme_polygons,
)
from resunet_core.formats.labelme_reader import read_labelme
from resunet_core.formats.labelme_stream import LabelmePhoto
from tests.labelme_contract import problems

Ids = NDArray[np.uint8]
IDS = {"_background_": 0} | {d.key: d.id for d in DEFAULT_CLASSES}
SHAPES = st.tuples(st.integers(1, 18), st.integers(1, 18))


def cracks_and_losses(height: int, width: int, seed: int = 0) -> Ids:
    """Blobs with holes and islands in them, crossed by thin lines."""
    rng = np.random.default_rng(seed)
    noise = cv2.GaussianBlur(rng.random((height, width)).astype(np.float32), (0, 0), 4)
    mask = np.zeros((height, width), np.uint8)
    mask[noise > np.quantile(noise, 0.7)] = 2
    for _ in range(12):
        start, end = (rng.integers(0, (width, height)).tolist() for _ in range(2))
        cv2.line(mask, start, end, 1, int(rng.integers(1, 4)))
    return mask


def _as_exporters_do(path: Path) -> Ids:
    """Painted from the JSON alone, in the order of the shapes."""
    document = json.loads(path.read_bytes())
    canvas = Image.new("L", (document["imageWidth"], document["imageHeight"]))
    for shape in document["shapes"]:
        assert shape["shape_type"] == "polygon"
        ring = [(x, y) for x, y in shape["points"]]
        label = IDS[shape["label"]]
        ImageDraw.Draw(canvas).polygon(ring, fill=label, outline=label)
    return np.array(canvas)


@given(arrays(np.uint8, SHAPES, elements=st.integers(0, 2)))
def test_painted_in_order_the_polygons_are_the_mask(mask: Ids) -> None:
    outlines = outlines_of(mask, tolerance_px=0)
    np.testing.assert_array_equal(paint_outlines(outlines, mask.shape), mask)


def test_the_file_holds_simple_polygons_that_labelme_takes(tmp_path: Path) -> None:
    mask, path = cracks_and_losses(150, 200), tmp_path / "a.json"
    photo = LabelmePhoto(tmp_path / "a.jpg", 200, 150)
    write_labelme_polygons(path, photo, outlines_of(mask, tolerance_px=0))
    document = json.loads(path.read_bytes())
    assert validate_labelme(document) == problems(document, 150, 200) == []
    assert {shape["label"] for shape in document["shapes"]} == set(IDS)
    for shape in document["shapes"]:
        assert shapely.is_valid(shapely.Polygon(shape["points"]))
    np.testing.assert_array_equal(_as_exporters_do(path), mask)
    np.testing.assert_array_equal(read_labelme(path).painted(150, 200), mask)


@pytest.mark.parametrize(("tolerance", "least"), [(0.5, 0.85), (1, 0.72), (2, 0.55)])
def test_what_differs_lies_within_the_tolerance(tolerance: float, least: float) -> None:
    mask = cracks_and_losses(300, 400, seed=3)
    exact = outlines_of(mask, tolerance_px=0)
    outlines = outlines_of(mask, tolerance_px=tolerance)
    found = paint_outlines(outlines, mask.shape)
    assert sum(len(o.ring) for o in outlines) < 0.8 * sum(len(o.ring) for o in exact)
    for class_id in (1, 2):
        theirs, ours = found == class_id, mask == class_id
        assert (theirs & ours).sum() / (theirs | ours).sum() > least
    # Painting draws whole pixels: a line may cover one more on each side.
    framed = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=9)
    edge = cv2.morphologyEx(framed, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    away = cv2.distanceTransform((edge == 0).astype(np.uint8), cv2.DIST_L2, 5)
    assert away[1:-1, 1:-1][found != mask].max() <= tolerance + 1
