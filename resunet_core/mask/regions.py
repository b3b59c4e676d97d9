"""Connected regions of a mask of any size, found band by band."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.defects import DEFAULT_CLASSES, DefectClasses

BAND_ROWS = 1024
MAX_PIECE_PX = 1024
"""A region larger than this is handed out in pieces: programs choke on huge masks."""


class MaskReader(Protocol):
    """Anything that class ids can be read from."""

    height: int
    width: int

    def read(self, box: Box) -> NDArray[np.uint8]:
        """Class ids uint8 [h, w] of a box inside the photo."""


class ArrayMask:
    """A mask that lies in memory whole: class ids uint8 [H, W]."""

    def __init__(self, classes: NDArray[np.uint8]) -> None:
        self._classes = classes
        self.height, self.width = classes.shape

    def read(self, box: Box) -> NDArray[np.uint8]:
        """Class ids uint8 [h, w] of a box inside the photo."""
        return self._classes[box.slices]


@dataclass(frozen=True)
class Region:
    """A connected piece (8 neighbours) of one class; lengths in photo pixels."""

    id: int
    class_id: int
    box: Box
    area_px: int
    centroid_x: float
    centroid_y: float


@dataclass(frozen=True)
class RegionPiece:
    """A region, or a part of a large one: where it lies and which pixels it has."""

    region: Region
    box: Box
    pixels: NDArray[np.bool_]  # [box.height, box.width]


class RegionMap:
    """All regions of a mask; their pixels can be had again, piece by piece.

    Memory: a band of 1024 rows of labels, and 100 bytes or so a region.
    """

    def __init__(
        self, mask: MaskReader, classes: DefectClasses = DEFAULT_CLASSES
    ) -> None:
        self._mask = mask
        self._ids = tuple(defect.id for defect in classes)
        self._bands = [
            Box(top, 0, min(top + BAND_ROWS, mask.height), mask.width)
            for top in range(0, mask.height, BAND_ROWS)
        ]
        # Labels are made again when pieces are asked for: kept, those of a large photo
        # would need four times the memory of its mask.
        found = [_edges(self._label(band)) for band in self._bands]
        self._region_of = _joined(found)
        self.regions = _gathered(found, self._region_of)

    def pieces(self) -> Iterator[RegionPiece]:
        """Every region once; those larger than 1024 px in several pieces.

        The pieces of all regions together are exactly the pixels of the mask.
        """
        open_pieces: dict[int, NDArray[np.bool_]] = {}
        for number, band in enumerate(self._bands):
            labels = self._label(band).labels
            for region in self._in_band(number):
                inside = region.box.clip(band)
                own = labels[inside.within(band).slices]
                pixels = self._region_of[number][own] == region.id
                if max(region.box.height, region.box.width) > MAX_PIECE_PX:
                    yield from _cut(region, inside, pixels)
                    continue
                shape = (region.box.height, region.box.width)
                whole = open_pieces.setdefault(region.id, np.zeros(shape, np.bool_))
                whole[inside.within(region.box).slices] |= pixels
                if region.box.bottom <= band.bottom:
                    yield RegionPiece(region, region.box, open_pieces.pop(region.id))

    def _in_band(self, number: int) -> list[Region]:
        ids = np.unique(self._region_of[number])
        return [self.regions[i - 1] for i in ids if i > 0]

    def _label(self, band: Box) -> "_Labelled":
        mask = self._mask.read(band)
        labels = np.zeros(mask.shape, np.int32)
        rows: list[NDArray[np.float64]] = []
        count = 0
        for class_id in self._ids:
            of_class = (mask == class_id).astype(np.uint8)
            if not of_class.any():
                continue
            _, local, stats, centres = cv2.connectedComponentsWithStats(
                of_class, connectivity=8
            )
            labels[local > 0] = local[local > 0] + count
            count += len(stats) - 1
            rows.append(_as_rows(class_id, band, stats[1:], centres[1:]))
        facts = np.concatenate(rows) if rows else np.zeros((0, 8))
        return _Labelled(labels, facts)


@dataclass(frozen=True)
class _Labelled:
    """A band's labels int32 [h, w] (0 none) and one row of facts a label.

    Facts: class, top, left, bottom, right, area, sum of x, sum of y.
    """

    labels: NDArray[np.int32]
    facts: NDArray[np.float64]


@dataclass(frozen=True)
class _Edges:
    """What joining a band to its neighbours needs of its labels."""

    first: NDArray[np.int32]  # labels of the first row, [w]
    last: NDArray[np.int32]
    facts: NDArray[np.float64]


def _edges(band: _Labelled) -> _Edges:
    return _Edges(band.labels[0].copy(), band.labels[-1].copy(), band.facts)


def _as_rows(
    class_id: int, band: Box, stats: NDArray[np.int32], centres: NDArray[np.float64]
) -> NDArray[np.float64]:
    left, top, width, height, area = stats.T.astype(np.float64)
    top = top + band.top
    return np.column_stack(
        [
            np.full(len(stats), class_id),
            top,
            left,
            top + height,
            left + width,
            area,
            centres[:, 0] * area,
            (centres[:, 1] + band.top) * area,
        ]
    )


def _joined(found: list[_Edges]) -> list[NDArray[np.int64]]:
    """For each band: the region number of each local label; 0 stays 0.

    Labels that touch across a border between bands become one region (union-find).
    """
    starts = np.cumsum([0, *(len(f.facts) for f in found)])
    parent = np.arange(starts[-1])

    def root(label: int) -> int:
        while parent[label] != label:
            parent[label] = parent[parent[label]]
            label = int(parent[label])
        return label

    for k in range(1, len(found)):
        for above, below in _touching(found[k - 1], found[k]):
            a, b = root(starts[k - 1] + above - 1), root(starts[k] + below - 1)
            parent[max(a, b)] = min(a, b)
    roots = np.array([root(label) for label in range(len(parent))], np.int64)
    _, numbers = np.unique(roots, return_inverse=True)
    return [
        np.concatenate([[0], numbers[starts[k] : starts[k + 1]] + 1])
        for k in range(len(found))
    ]


def _touching(above: _Edges, below: _Edges) -> NDArray[np.int64]:
    """Pairs of local labels of one class that are neighbours across the border."""
    upper, lower = above.last, np.pad(below.first, 1)
    pairs = []
    for shift in (0, 1, 2):
        other = lower[shift : shift + len(upper)]
        both = (upper > 0) & (other > 0)
        pairs.append(np.column_stack([upper[both], other[both]]))
    unique = np.unique(np.concatenate(pairs).astype(np.int64), axis=0)
    same = above.facts[unique[:, 0] - 1, 0] == below.facts[unique[:, 1] - 1, 0]
    return np.asarray(unique[same], np.int64)


def _gathered(
    found: list[_Edges], region_of: list[NDArray[np.int64]]
) -> tuple[Region, ...]:
    facts = np.concatenate([f.facts for f in found]) if found else np.zeros((0, 8))
    if not len(facts):
        return ()
    number = np.concatenate([r[1:] for r in region_of]) - 1
    count = int(number.max()) + 1
    first = np.full((count, 3), np.inf)  # class, top, left
    last = np.zeros((count, 2))  # bottom, right
    sums = np.zeros((count, 3))  # area, x, y
    np.minimum.at(first, number, facts[:, :3])
    np.maximum.at(last, number, facts[:, 3:5])
    np.add.at(sums, number, facts[:, 5:])
    return tuple(
        Region(
            id=k + 1,
            class_id=int(first[k, 0]),
            box=Box(*(int(v) for v in (*first[k, 1:], *last[k]))),
            area_px=int(sums[k, 0]),
            centroid_x=float(sums[k, 1] / sums[k, 0]),
            centroid_y=float(sums[k, 2] / sums[k, 0]),
        )
        for k in range(count)
    )


def _cut(region: Region, box: Box, pixels: NDArray[np.bool_]) -> Iterator[RegionPiece]:
    for left in range(box.left, box.right, MAX_PIECE_PX):
        part = Box(box.top, left, box.bottom, left + MAX_PIECE_PX).clip(box)
        own = pixels[part.within(box).slices]
        if own.any():
            yield RegionPiece(region, part, own)
