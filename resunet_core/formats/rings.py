"""Regions as polygons along the edges of their pixels, holes included.

At a tolerance of 0 a polygon's area is exactly the region's pixels.
"""

from typing import Any

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.mask.regions import Region, RegionMap
from resunet_core.progress import Progress, Steps

Geometry = Any  # shapely has no type information
Pixels = NDArray[np.bool_]
Line = NDArray[np.float64]
"""[n, 2], x and y; not closed."""
PIECES_A_STEP = 200


def region_polygons(
    regions: RegionMap, tolerance_px: float = 0.0
) -> Steps[list[tuple[Region, Geometry]]]:
    """Each region with its valid polygon or polygons, in photo pixels, y downwards.

    Pixel (row i, column j) is the square from (j, i) to (j + 1, i + 1). Where two
    pixels meet at a corner alone the region becomes two polygons.

    Args:
        regions: Of a mask.
        tolerance_px: How far a simplified line may stray from the edge.
    """
    total = len(regions.regions)
    packed: dict[int, list[tuple[Box, NDArray[np.uint8]]]] = {}
    for number, piece in enumerate(regions.pieces()):
        if number % PIECES_A_STEP == 0:
            yield Progress(min(number, total), 2 * total)
        bits = np.packbits(piece.pixels)
        packed.setdefault(piece.region.id, []).append((piece.box, bits))
    found = []
    for number, region in enumerate(regions.regions):
        if number % PIECES_A_STEP == 0:
            yield Progress(total + number, 2 * total)
        geometry = _of_region(region, packed.pop(region.id))
        found.append((region, _simpler(geometry, tolerance_px)))
    return found


def _of_region(region: Region, pieces: list[tuple[Box, NDArray[np.uint8]]]) -> Geometry:
    pixels = np.zeros((region.box.height, region.box.width), np.bool_)
    for box, bits in pieces:
        part = np.unpackbits(bits, count=box.area).reshape(box.height, box.width)
        pixels[box.within(region.box).slices] |= part.astype(np.bool_)
    corner = (region.box.left, region.box.top)
    parts = _polygons(pixels, corner)
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def parts_of(geometry: Geometry) -> list[Geometry]:
    """The polygons of a polygon or a collection of them."""
    parts = shapely.get_parts(geometry)
    return [part for part in parts if part.geom_type == "Polygon"]


def _simpler(whole: Geometry, tolerance_px: float) -> Geometry:
    if tolerance_px <= 0:
        return whole
    simpler = shapely.simplify(whole, tolerance_px, preserve_topology=True)
    # A region thinner than the tolerance would vanish.
    return simpler if shapely.is_valid(simpler) and simpler.area > 0 else whole


def _polygons(pixels: Pixels, corner: tuple[int, int]) -> list[Geometry]:
    """A valid polygon for each part whose pixels meet at more than corners."""
    _, labels = cv2.connectedComponents(pixels.astype(np.uint8), connectivity=4)
    shells: dict[int, Line] = {}
    holes: dict[int, list[Line]] = {}
    for line, area in trace(pixels):
        part = int(labels[_beside(line)])
        if area > 0:
            shells[part] = line + corner
        else:
            holes.setdefault(part, []).append(line + corner)
    return [shapely.Polygon(shell, holes.get(k)) for k, shell in shells.items()]


def trace(pixels: Pixels) -> list[tuple[Line, float]]:
    """The closed lines along the pixels' edges, corners alone, and what each encloses.

    No line meets itself, and pixels that meet at a corner are parted there. The pixels
    lie to the right of the direction of a line. The area is above 0 for an outer line
    and below 0 for a hole; together they are the number of pixels.
    """
    turns, rows, columns = _corners(pixels)
    if not len(turns):
        return []
    in_row = _partners(np.lexsort((turns, columns, rows))).tolist()
    in_column = _partners(np.lexsort((_column_order(turns), rows, columns))).tolist()
    points = np.column_stack([columns, rows]).astype(np.float64)
    crossing, padded = turns > 0, np.pad(pixels, 1)
    rings: list[Line] = []
    seen = np.zeros(len(turns), np.bool_)
    for first in range(len(turns)):
        if seen[first]:
            continue
        ring, here = [], first
        while True:
            across = in_row[here]
            ring += [here, across]
            here = in_column[across]
            if here == first:
                break
        seen[ring] = True
        line = points[ring]
        row, column = _beside(line)
        line = line if padded[row + 1, column + 1] else line[::-1]
        rings += _simple(line) if crossing[ring].any() else [line]
    return [(line, _signed_area(line)) for line in rings]


def _simple(line: Line) -> list[Line]:
    """A line cut where it meets itself into lines that do not."""
    done: list[Line] = []
    path: list[tuple[float, float]] = []
    place: dict[tuple[float, float], int] = {}
    for point in map(tuple, line.tolist()):
        if point in place:
            start = place[point]
            done.append(np.array(path[start:]))
            for gone in path[start + 1 :]:
                del place[gone]
            del path[start + 1 :]
        else:
            place[point] = len(path)
            path.append(point)
    return [*done, np.array(path)]


def _beside(line: Line) -> tuple[int, int]:
    """Row and column of the pixel to the right of a line's first step."""
    (x, y), (next_x, next_y) = line[:2].astype(int).tolist()
    row = y if next_x > x or next_y > y else y - 1
    column = x if next_x > x or next_y < y else x - 1
    return row, column


def _corners(
    pixels: Pixels,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Corners of the edges: kind, row and column; two where four pixels alternate.

    Kinds: 0 plain; 1 and 2 the two corners of a crossing, each around one pixel.
    """
    p = np.pad(pixels, 1).astype(np.int8)
    upper_left, upper_right = p[:-1, :-1], p[:-1, 1:]
    lower_left, lower_right = p[1:, :-1], p[1:, 1:]
    total = upper_left + upper_right + lower_left + lower_right
    plain = (total == 1) | (total == 3)
    falling = (total == 2) & (upper_left == lower_right) & (upper_left == 1)
    rising = (total == 2) & (upper_right == lower_left) & (upper_right == 1)
    rows, columns = np.nonzero(plain)
    parts = [(np.zeros(len(rows), np.int64), rows, columns)]
    for crossing, kinds in ((falling, (1, 2)), (rising, (3, 4))):
        rows, columns = np.nonzero(crossing)
        parts += [(np.full(len(rows), kind), rows, columns) for kind in kinds]
    turns, rows, columns = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    return turns, rows, columns


def _column_order(turns: NDArray[np.int64]) -> NDArray[np.int64]:
    """How the two corners of a crossing follow each other going down a column.

    Along a row the left one comes first. The left corner of a falling crossing is that
    of the upper pixel, of a rising one that of the lower pixel.
    """
    order = turns.copy()
    order[turns == 3] = 4
    order[turns == 4] = 3
    return order


def _partners(order: NDArray[np.int64]) -> NDArray[np.int64]:
    """In each line corners pair up one after the other: the partner of each."""
    partner = np.empty(len(order), np.int64)
    partner[order[0::2]] = order[1::2]
    partner[order[1::2]] = order[0::2]
    return partner


def _signed_area(line: Line) -> float:
    x, y = line[:, 0], line[:, 1]
    return 0.5 * float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))
