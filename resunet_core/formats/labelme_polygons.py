"""LabelMe JSON of polygons alone, for programs that do not know masks.

A hole is a later `_background_` polygon: whoever paints the shapes in their order gets
the mask back, within the tolerance. Areas are never counted from these.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from resunet_core.defects import DEFAULT_CLASSES, SOUND_ID, DefectClasses
from resunet_core.formats.labelme_stream import (
    LabelmePhoto,
    Shape,
    Staged,
    write_shapes,
)

TOLERANCE_PX = 0.5
"""How far a simplified outline may stray: cracks lose 5 % of overlap at this."""

INSET_PX = 0.2
"""Outlines keep this far inside their outermost pixels: then cracks one pixel wide are
polygons, too, and whoever rounds down finds each corner in its own pixel."""

BACKGROUND = "_background_"
MAX_ROUNDS = 8
Pixels = NDArray[np.uint8]
Ring = NDArray[np.float64]  # [n, 2], x and y
_Line = tuple[int, NDArray[np.int32]]
"""Class id, and a line through the outermost pixels [n, 1, 2]."""


@dataclass(frozen=True)
class Outline:
    """The outer line of a region or of a hole, not closed; later ones lie on top."""

    class_id: int
    ring: Ring


def write_labelme_polygons(
    path: Path | Staged,
    photo: LabelmePhoto,
    outlines: list[Outline],
    *,
    classes: DefectClasses = DEFAULT_CLASSES,
    metadata: Mapping[str, Any] | None = None,
) -> None:
    """Write the label file of one photo, whole or not at all.

    Args:
        path: Of the JSON file.
        photo: Named in it by a path relative to `path`.
        outlines: All of the mask, in their order.
        classes: Gives each outline's label: the class key.
        metadata: Kept under the key `caihua`, which LabelMe carries along.

    Raises:
        CaihuaError: It cannot be written, or a file of another origin is there.
    """
    shapes = (_shape(outline, classes) for outline in outlines)
    write_shapes(path, photo, shapes, metadata or {})


def outlines_of(
    mask: Pixels,
    *,
    tolerance_px: float = TOLERANCE_PX,
    classes: DefectClasses = DEFAULT_CLASSES,
) -> list[Outline]:
    """The outlines of a mask in the order in which they must be painted.

    Args:
        mask: Class ids uint8 [H, W].
        tolerance_px: How far each may stray; at 0 painting gives the mask exactly.
        classes: Which ids are outlined.
    """
    found: list[_Line] = []
    filled = np.zeros(mask.shape, np.uint8)
    for defect in classes:
        rings = list(_outer_rings((mask == defect.id).astype(np.uint8)))
        cv2.drawContours(filled, rings, -1, 1, cv2.FILLED)
        found += [(defect.id, ring) for ring in rings]
    found += [(SOUND_ID, ring) for ring in _holes(filled & (mask == SOUND_ID))]
    lines = _in_order(mask, found)
    outlines = [_outline(class_id, ring, tolerance_px) for class_id, ring in lines]
    return outlines if tolerance_px > 0 else outlines + _repairs(mask, outlines)


def _in_order(mask: Pixels, found: list[_Line]) -> list[_Line]:
    """The lines so that painting one after the other gives the mask.

    What encloses another fills more than it, so it comes first. Regions of two classes
    can cross each other at a corner of four pixels: then no order is right, and what
    comes out wrong is painted once more.
    """
    canvas = Image.new("L", (mask.shape[1], mask.shape[0]), SOUND_ID)
    ordered: list[_Line] = []
    for _ in range(MAX_ROUNDS):
        found.sort(key=lambda line: -_filled_px(line[1]))
        for class_id, ring in found:
            corners = [(x, y) for x, y in ring.reshape(-1, 2).tolist()]
            # A line of one pixel needs a second point to be drawn.
            _paint(canvas, corners + corners[: len(corners) < 2], class_id)
        ordered += found
        wrong = np.asarray(canvas) != mask
        ids = np.unique(mask[wrong]).tolist()
        found = [
            (class_id, ring)
            for class_id in ids
            for ring in _outer_rings((wrong & (mask == class_id)).astype(np.uint8))
        ]
    return ordered


def _repairs(mask: Pixels, outlines: list[Outline]) -> list[Outline]:
    """Pixels, one by one, that painting the outlines gets wrong, few if any."""
    wrong = np.argwhere(paint_outlines(outlines, mask.shape) != mask)
    return [
        _outline(int(mask[y, x]), np.array([[[x, y]]], np.int32), 0)
        for y, x in wrong.tolist()
    ]


def paint_outlines(
    outlines: Sequence[Outline], size: tuple[int, ...]
) -> NDArray[np.uint8]:
    """Class ids uint8 [H, W] as whoever paints the shapes in their order gets them."""
    canvas = Image.new("L", (size[1], size[0]), SOUND_ID)
    for one in outlines:
        _paint(canvas, [(x, y) for x, y in one.ring.tolist()], one.class_id)
    return np.array(canvas, np.uint8)


def _paint(
    canvas: Image.Image, ring: Sequence[tuple[float, float]], class_id: int
) -> None:
    ImageDraw.Draw(canvas).polygon(ring, fill=class_id, outline=class_id)


def _filled_px(ring: NDArray[np.int32]) -> float:
    """The pixels in and on a line (Pick's theorem)."""
    steps = np.abs(np.diff(ring, axis=0, append=ring[:1])).reshape(-1, 2)
    return float(cv2.contourArea(ring)) + float(steps.max(1).sum()) / 2 + 1


def _outer_rings(pixels: Pixels) -> Iterator[NDArray[np.int32]]:
    rings, tree = cv2.findContours(pixels, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    for ring, (_next, _before, _child, parent) in zip(
        rings, tree[0] if rings else (), strict=True
    ):
        if parent < 0:
            yield np.asarray(ring, np.int32)


def _holes(pixels: Pixels) -> Iterator[NDArray[np.int32]]:
    """Rings of the holes, each one by itself: 4 neighbours, as their rims have 8."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(pixels, connectivity=4)
    for label in range(1, count):
        left, top, width, height, _area = stats[label]
        part = labels[top : top + height, left : left + width] == label
        for ring in _outer_rings(part.astype(np.uint8)):
            yield ring + np.array([left, top], np.int32)


def _outline(class_id: int, ring: NDArray[np.int32], tolerance_px: float) -> Outline:
    """A simple polygon around a line int32 [n, 1, 2] through the outermost pixels."""
    around = _widened(ring)
    for tolerance in (tolerance_px, tolerance_px / 2, tolerance_px / 4):
        if tolerance <= 0:
            break
        simpler = np.asarray(cv2.approxPolyDP(ring, tolerance, closed=True), np.int32)
        candidate = _widened(simpler)
        if not _shuts_in(candidate, ring, tolerance_px):
            around = candidate
            break
    corners = np.round(shapely.get_coordinates(around.exterior)[:-1], 2)
    if not shapely.is_valid(shapely.Polygon(corners)):
        raise RuntimeError("an outline crosses itself")
    return Outline(class_id, corners)


def _widened(ring: NDArray[np.int32]) -> Any:  # noqa: ANN401 - shapely has no type information
    corners = ring.reshape(-1, 2) + 0.5
    line = shapely.LineString(np.vstack([corners, corners[:1]]))
    # Blunt joins: GEOS can lose parts of a line that turns back on itself in others.
    return line.buffer(0.5 - INSET_PX, quad_segs=1)


def _shuts_in(around: Any, ring: NDArray[np.int32], tolerance_px: float) -> bool:  # noqa: ANN401 - shapely has no type information
    """Whether simplifying closed a bay of a region, which would be filled then."""
    for interior in around.interiors:
        place = shapely.point_on_surface(shapely.Polygon(interior))
        at = (float(place.x) - 0.5, float(place.y) - 0.5)
        if cv2.pointPolygonTest(ring, at, measureDist=True) < -tolerance_px:
            return True
    return False


def _shape(outline: Outline, classes: DefectClasses) -> Shape:
    sound = outline.class_id == SOUND_ID
    return {
        "label": BACKGROUND if sound else classes.by_id(outline.class_id).key,
        "points": outline.ring.tolist(),
        "group_id": None,
        "description": "",
        "shape_type": "polygon",
        "flags": {},
        "mask": None,
    }
