"""The centre line of a class in a whole photo, found band by band, kept sparse."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.mask.skeleton import skeletonise
from resunet_core.measure.surface import Surface
from resunet_core.progress import Progress, Steps

HALO_PX = 64
"""Rows read beyond a band: lines up to this width join at its border without a seam."""

SMALLEST_HOLE_PX = 9
"""Holes smaller than this are specks of the mask, not islands of paint."""


@dataclass(frozen=True)
class CentreLine:
    """Pixels of a centre line in reading order, and what lies around them.

    Attributes:
        y: Rows, int64 [n].
        x: Columns, int64 [n].
        width_px: Local width of the crack, float32 [n]: twice the distance to its edge.
        edge_px: Distance to the end of what can be seen, float32 [n]: the photo's
            border, the assessed surface's, or another class.
        height: Rows of the photo.
        width: Columns of the photo.
        area_px: Pixels of the class in the photo.
    """

    y: NDArray[np.int64]
    x: NDArray[np.int64]
    width_px: NDArray[np.float32]
    edge_px: NDArray[np.float32]
    height: int
    width: int
    area_px: int


def find_centre_line(surface: Surface, class_id: int) -> Steps[CentreLine]:
    """Skeletonise a class of a stitched mask, in bands with a halo of 64 px."""
    found: list[CentreLine] = []
    bands = surface.bands()
    for number, band in enumerate(bands):
        yield Progress(number, len(bands), "Centre lines")
        found.append(_in_band(surface, class_id, band))
    return CentreLine(
        y=np.concatenate([part.y for part in found]),
        x=np.concatenate([part.x for part in found]),
        width_px=np.concatenate([part.width_px for part in found]),
        edge_px=np.concatenate([part.edge_px for part in found]),
        height=surface.height,
        width=surface.width,
        area_px=sum(part.area_px for part in found),
    )


def _in_band(surface: Surface, class_id: int, band: Box) -> CentreLine:
    around = _with_halo(band, surface)
    crack = surface.of_class(class_id, around)
    core = band.within(around).slices
    y, x = np.nonzero(skeletonise(_without_specks(crack))[core])
    inside_y = y + core[0].start
    return CentreLine(
        y=y + band.top,
        x=x,
        width_px=2 * _distance(crack)[inside_y, x],
        edge_px=_to_the_end(surface, class_id, around, crack)[inside_y, x],
        height=surface.height,
        width=surface.width,
        area_px=int(np.count_nonzero(crack[core])),
    )


def nearest_areas(
    surface: Surface,
    class_id: int,
    y: NDArray[np.int64],
    x: NDArray[np.int64],
) -> NDArray[np.int64]:
    """How many pixels of the class are nearest to each given pixel, int64 [n].

    The pixels given are in reading order.
    """
    areas = np.zeros(len(y), np.int64)
    for band in surface.bands():
        around = _with_halo(band, surface)
        first, last = np.searchsorted(y, [around.top, around.bottom])
        if first == last:
            continue
        own_y, own_x = y[first:last] - around.top, x[first:last]
        away = np.ones((around.height, around.width), np.uint8)
        away[own_y, own_x] = 0
        _, labels = cv2.distanceTransformWithLabels(
            away, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
        )
        crack = surface.of_class(class_id, band)
        near = labels[band.within(around).slices][crack]
        counts = np.bincount(near, minlength=last - first + 1)
        areas[first:last] += counts[labels[own_y, own_x]]
    return areas


def _with_halo(band: Box, surface: Surface) -> Box:
    return band.grow(HALO_PX).clip(Box.of(surface.height, surface.width))


def _without_specks(crack: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The class with its smallest holes filled: each would make a loop of the line."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(
        (~crack).astype(np.uint8), connectivity=4
    )
    small = stats[:, cv2.CC_STAT_AREA] < SMALLEST_HOLE_PX
    height, width = crack.shape
    left, top, wide, tall = stats[:, :4].T
    inner = (left > 0) & (top > 0) & (left + wide < width) & (top + tall < height)
    small &= inner
    small[0] = False  # the class itself
    return np.asarray(crack | small[labels])


def _distance(inside: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Distance to the nearest pixel that is not inside, beyond the picture included."""
    padded = np.pad(inside.astype(np.uint8), 1)
    found = cv2.distanceTransform(padded, cv2.DIST_L2, cv2.DIST_MASK_5)
    return np.asarray(found[1:-1, 1:-1], np.float32)


def _to_the_end(
    surface: Surface, class_id: int, box: Box, crack: NDArray[np.bool_]
) -> NDArray[np.float32]:
    found = surface.mask.read(box)
    seen = ((found == 0) | (found == class_id)) & surface.assessed(box)
    rows = np.arange(box.top, box.bottom)[:, np.newaxis]
    columns = np.arange(box.width)
    border = np.minimum(
        np.minimum(rows, surface.height - 1 - rows),
        np.minimum(columns, surface.width - 1 - columns),
    )
    if seen.all():
        return border.astype(np.float32)
    inner = cv2.distanceTransform(
        np.asarray(seen | crack, np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5
    )
    return np.minimum(border, inner).astype(np.float32)
