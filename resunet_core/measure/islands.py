"""Islands of paint between cracks: how large, and how round."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.measure.centre_line import SMALLEST_HOLE_PX
from resunet_core.measure.pixel_graph import Indices, groups
from resunet_core.measure.surface import Surface
from resunet_core.progress import Progress, Steps

Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Islands:
    """Closed islands; those that the border cuts are left out.

    Attributes:
        area_px: Of each, int64 [k].
        perimeter_px: Of each, float64 [k], by Crofton's formula in four directions.
        cut: How many were left out since the border cuts them.
    """

    area_px: NDArray[np.int64]
    perimeter_px: NDArray[np.float64]
    cut: int

    def __len__(self) -> int:
        return len(self.area_px)

    @property
    def diameter_px(self) -> NDArray[np.float64]:
        """Diameter of the circle of the same area, float64 [k]."""
        return np.asarray(np.sqrt(self.area_px * (4 / np.pi)))

    @property
    def roundness(self) -> NDArray[np.float64]:
        """4 pi area / perimeter squared, float64 [k]: 1 for a circle, never more."""
        round_ = 4 * np.pi * self.area_px / np.maximum(self.perimeter_px, 1e-9) ** 2
        return np.asarray(np.minimum(round_, 1.0))


def find_islands(surface: Surface, class_id: int) -> Steps[Islands]:
    """The closed pieces (4 neighbours) of the assessed surface without the class."""
    found = _Found()
    bands = surface.bands()
    above: Labels | None = None
    for number, band in enumerate(bands):
        yield Progress(number, len(bands), "Islands")
        assessed = surface.assessed(band)
        paint = assessed & ~surface.of_class(class_id, band)
        labels = found.label(paint, above)
        found.mark_cut(labels, _cut(band, surface, assessed))
        found.count_crossings(labels, above)
        above = labels[-1]
    return found.islands()


class _Found:
    """Islands of the bands so far, one number for each piece of each band."""

    def __init__(self) -> None:
        self._count = 1  # 0 is no island
        self._areas: list[Labels] = [np.zeros(1, np.int64)]
        self._pairs: list[tuple[Labels, Labels]] = []
        self._cut: list[Labels] = []
        # Of crossings from island to none: level and upright, and slanting.
        self._straight: list[Labels] = []
        self._slanting: list[Labels] = []

    def label(self, paint: NDArray[np.bool_], above: Labels | None) -> Labels:
        count, local, stats, _ = cv2.connectedComponentsWithStats(
            paint.astype(np.uint8), connectivity=4
        )
        labels = np.where(local > 0, local + (self._count - 1), 0)
        self._count += count - 1
        self._areas.append(stats[1:, cv2.CC_STAT_AREA].astype(np.int64))
        if above is not None:
            both = (above > 0) & (labels[0] > 0)
            self._pairs.append((above[both], labels[0][both]))
        return np.asarray(labels, np.int64)

    def mark_cut(self, labels: Labels, where: NDArray[np.bool_]) -> None:
        self._cut.append(np.unique(labels[where]))

    def count_crossings(self, labels: Labels, above: Labels | None) -> None:
        rows = labels if above is None else np.concatenate([above[np.newaxis], labels])
        for one, other, kept in (
            (labels[:, :-1], labels[:, 1:], self._straight),
            (rows[:-1], rows[1:], self._straight),
            (rows[:-1, :-1], rows[1:, 1:], self._slanting),
            (rows[:-1, 1:], rows[1:, :-1], self._slanting),
        ):
            kept.append(self._counted(one, other))
            kept.append(self._counted(other, one))

    def _counted(self, island: Labels, beside: Labels) -> Labels:
        """How often each island lies beside none."""
        return np.bincount(island[(beside == 0) & (island > 0)])

    def islands(self) -> Islands:
        pairs = [np.concatenate(p) for p in zip(*self._pairs, strict=True)] or [
            np.zeros(0, np.int64)
        ] * 2
        count, whose = groups(self._count, pairs[0], pairs[1])
        areas = _summed([np.concatenate(self._areas)], whose, count)
        straight = _summed(self._straight, whose, count)
        slanting = _summed(self._slanting, whose, count)
        cut = np.zeros(count, np.bool_)
        cut[whose[np.unique(np.concatenate(self._cut))]] = True
        cut[whose[0]] = True
        whole = ~cut & (areas >= SMALLEST_HOLE_PX)
        perimeter = np.pi / 8 * (straight + slanting / np.sqrt(2))
        return Islands(
            areas[whole].astype(np.int64),
            perimeter[whole],
            int(np.count_nonzero(cut & (areas > 0))),
        )


def _summed(parts: list[Labels], whose: Indices, count: int) -> NDArray[np.float64]:
    total = np.zeros(count)
    for part in parts:
        total += np.bincount(whose[: len(part)], part, count)
    return total


def _cut(band: Box, surface: Surface, assessed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where an island would be cut: at the border and beside what is not assessed."""
    cut = np.zeros((band.height, band.width), np.bool_)
    cut[:, 0] = cut[:, -1] = True
    cut[0] |= band.top == 0
    cut[-1] |= band.bottom == surface.height
    if not assessed.all():
        outside = (~assessed).astype(np.uint8)
        cut |= cv2.dilate(outside, np.ones((3, 3), np.uint8)).astype(np.bool_)
    return cut
