"""Polygons cut into parts without holes, for formats that know none."""

import math
from typing import Any

import shapely

from resunet_core.formats.rings import parts_of

Geometry = Any  # shapely has no type information


def without_holes(polygon: Geometry) -> list[Geometry]:
    """Parts that together cover exactly the polygon, none of which has a hole.

    Each cut is straight, along the edges of pixels, through the hole in the middle: so
    thousands of holes need a dozen rounds, not thousands.
    """
    done: list[Geometry] = []
    left = [polygon]
    while left:
        part = left.pop()
        if not len(part.interiors):
            done.append(part)
        else:
            left += _halves(part)
    return done


def _halves(polygon: Geometry) -> list[Geometry]:
    boxes = shapely.bounds(shapely.get_rings(polygon)[1:])
    bounds = polygon.bounds
    across = bounds[2] - bounds[0] >= bounds[3] - bounds[1]
    low, high = (0, 2) if across else (1, 3)
    middle = boxes[(boxes[:, low] + boxes[:, high]).argsort()[len(boxes) // 2]]
    cut = math.floor((middle[low] + middle[high]) / 2)
    if cut <= middle[low]:  # a hole of one pixel, or a simplified one
        cut = (middle[low] + middle[high]) / 2
    first, second = list(bounds), list(bounds)
    first[high] = second[low] = cut
    return [
        part
        for half in (first, second)
        for part in parts_of(shapely.intersection(polygon, shapely.box(*half)))
    ]
