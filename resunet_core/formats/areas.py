"""Labels of COCO and CVAT as areas of a photo, painted as COCO's own tools do."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as coco_mask

from resunet_core.box import Box
from resunet_core.defects import SOUND_ID
from resunet_core.errors import BadAnnotation
from resunet_core.formats.labelme_shapes import (
    FURTHEST_PX,
    MAX_POINTS,
    BadShape,
)
from resunet_core.formats.runs import counts_of, paint_counts

MAX_RING_PX = 5_000_000
"""How long one outline may be: painting takes 100 bytes for each px of it."""

MAX_STEPS = 1_000_000_000
"""How far the outlines of one photo may lead together, in px."""

Ring = tuple[float, ...]
"""x and y in turn."""


@dataclass(frozen=True)
class Area:
    """One labelled area; exactly one of rings, counts and crop says where.

    Attributes:
        number: Of the label in its file, for complaints.
        class_id: What it labels.
        rings: Outlines whose insides are joined.
        counts: COCO's run lengths, packed or plain.
        size: Height and width that the run lengths are about.
        crop: A box and run lengths along its rows, sound first.
    """

    number: int
    class_id: int
    rings: tuple[Ring, ...] = ()
    counts: str | tuple[int, ...] | None = None
    size: tuple[int, int] | None = None
    crop: tuple[Box, tuple[int, ...]] | None = None


@dataclass(frozen=True)
class AreaLabels:
    """What a file says about one photo, the last area on top.

    Attributes:
        path: Of the file.
        photo: What it calls the photo.
        size: Height and width that it says the photo has.
        areas: All that cover pixels.
        without_area: How many labels cover none and are left out.
    """

    path: Path
    photo: str
    size: tuple[int, int] | None
    areas: tuple[Area, ...] = field(default=())
    without_area: int = 0

    def painted(self, height: int, width: int) -> NDArray[np.uint8]:
        """Class ids uint8 [height, width].

        Raises:
            BadAnnotation: The labels are about a photo of another size, or an area
                is damaged.
        """
        if self.size not in {None, (height, width)}:
            raise BadAnnotation(
                f"{self.path} is about a {self.photo} of {self.size}, not "
                f"{(height, width)} (height, width in px).",
                "Label the photo as it is now, turned upright.",
            )
        columns = np.full((width, height), SOUND_ID, np.uint8)
        left = MAX_STEPS
        for area in self.areas:
            try:
                left -= _steps(area, left)
                _paint(columns, area)
            except BadShape as error:
                raise BadAnnotation(
                    f"Label {area.number} of {self.path} {error}.",
                    "Mend it in the program that made it, or delete it.",
                ) from error
        return np.ascontiguousarray(columns.T)


def checked_ring(values: object) -> Ring:
    """An outline of at least three points.

    Raises:
        BadShape: It is none.
    """
    if not isinstance(values, list) or len(values) < 6 or len(values) % 2:
        raise BadShape("has an outline of less than three points")
    if len(values) > 2 * MAX_POINTS:
        raise BadShape(f"has an outline of {len(values) // 2} points, too many")
    good = all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)
    if not good:
        raise BadShape("has a point that is no number")
    if not all(abs(value) <= FURTHEST_PX for value in values):  # also for NaN
        raise BadShape("has a point that is not finite, or far outside of any photo")
    return tuple(float(value) for value in values)


def _steps(area: Area, at_most: int) -> int:
    """How far the outlines of an area lead, in px."""
    lengths = [0.0]
    for ring in area.rings:
        points = np.asarray(ring).reshape(-1, 2)
        steps = np.abs(np.diff(points, axis=0, append=points[:1]))
        lengths.append(float(steps.sum()))
    if max(lengths) > MAX_RING_PX:
        raise BadShape(f"has an outline of {max(lengths):g} px, too long")
    if sum(lengths) > at_most:
        raise BadShape("and those before it have too long outlines")
    return int(sum(lengths))


def _paint(columns: NDArray[np.uint8], area: Area) -> None:
    width, height = columns.shape
    flat = columns.reshape(-1)
    for ring in area.rings:
        packed: list[dict[str, Any]] = coco_mask.frPyObjects(
            [list(ring)], height, width
        )
        paint_counts(flat, counts_of(packed[0]["counts"].decode()), area.class_id)
    if area.counts is not None:
        if area.size not in {None, (height, width)}:
            raise BadShape(f"has run lengths of another size: {area.size}")
        plain = counts_of(area.counts) if isinstance(area.counts, str) else area.counts
        paint_counts(flat, plain, area.class_id)
    if area.crop is not None:
        _paint_crop(columns, area.crop, area.class_id)


def _paint_crop(
    columns: NDArray[np.uint8], crop: tuple[Box, tuple[int, ...]], class_id: int
) -> None:
    box, counts = crop
    whole = Box.of(columns.shape[1], columns.shape[0])
    if box.area > whole.area or box.is_empty:
        raise BadShape("has a mask larger than the photo")
    pixels = np.zeros(box.area, np.uint8)
    paint_counts(pixels, counts, 1)
    inside = box.clip(whole)
    part = pixels.reshape(box.height, box.width)[inside.within(box).slices]
    target = columns.T[inside.slices]
    target[part > 0] = class_id
