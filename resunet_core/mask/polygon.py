"""Outlines drawn by hand: which pixels they hold, and the edit that fills them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.mask.edit import Draft, MaskEdit, stored_value
from resunet_core.mask.tile import Pixels, Tile
from resunet_core.mask.tiled import DefectMask, Key, PlaneName, tiles_meeting

_GRID = 256
"""Corners are kept to 1/256 px, so that sides are decided in whole numbers."""

_HALF = _GRID // 2
Ints = NDArray[np.int64]


class Outline:
    """A closed line; a pixel is inside where the line winds around its centre.

    Where the line crosses itself, what it goes around twice is inside as well.

    Args:
        points: x and y of its corners in photo pixels, at least three.
    """

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        corners = np.round(np.array(points, np.float64) * _GRID).astype(np.int64)
        if corners.ndim != 2 or len(corners) < 3:
            raise ValueError("an outline has at least three corners")
        ends = np.roll(corners, -1, axis=0)
        is_down = corners[:, 1] < ends[:, 1]
        is_side = corners[:, 1] != ends[:, 1]  # a level side crosses no row
        upper = np.where(is_down[:, None], corners, ends)[is_side]
        lower = np.where(is_down[:, None], ends, corners)[is_side]
        self._upper, self._lower = upper, lower
        self._turn = np.where(is_down, 1, -1)[is_side].astype(np.int16)
        self._first = -((_HALF - upper[:, 1]) // _GRID)  # rows whose centre it crosses
        self._last = -((_HALF - lower[:, 1]) // _GRID)
        left, top = (int(v) // _GRID for v in corners.min(axis=0))
        right, bottom = (-(-int(v) // _GRID) for v in corners.max(axis=0))
        self.box = Box(top, left, bottom, right)

    def inside(self, box: Box) -> NDArray[np.bool_]:
        """Which pixels of a box are inside: bool [h, w]."""
        rows, columns, turns = self._crossings(box)
        winding = np.zeros((box.height, box.width + 1), np.int16)
        np.add.at(winding, (rows, columns), turns)
        np.cumsum(winding, axis=1, out=winding)
        return np.asarray(winding[:, :-1] != 0)

    def covers(self, box: Box) -> bool | None:
        """Whether all of a box is inside, or none of it; None where neither is sure."""
        rows, columns, turns = self._crossings(box)
        if ((columns > 0) & (columns < box.width)).any():
            return None
        first = columns == 0
        winding = np.bincount(rows[first], weights=turns[first], minlength=box.height)
        inside = winding != 0
        if inside.all():
            return True
        return None if inside.any() else False

    def _crossings(self, box: Box) -> tuple[Ints, Ints, NDArray[np.int16]]:
        """Row and column where each side is crossed, going right; and which way.

        Columns left of the box are its first, those right of it one beyond its last.
        """
        first = np.maximum(self._first, box.top)
        many = np.maximum(0, np.minimum(self._last, box.bottom) - first)
        side = np.repeat(np.arange(len(many)), many)
        row = np.arange(len(side)) - np.repeat(np.cumsum(many) - many, many)
        row += first[side]
        x, y = self._upper[side].T
        dx, dy = (self._lower[side] - self._upper[side]).T
        centre = row * _GRID + _HALF
        # Where the row is crossed, times dy: the first centre that is not left of it.
        over = (centre - y) * dx + (x - _HALF) * dy
        column = -(-over // (dy * _GRID)) - box.left
        return row - box.top, np.clip(column, 0, box.width), self._turn[side]


def fill_outline(
    mask: DefectMask,
    outline: Outline,
    class_id: int,
    name: str,
    *,
    plane: PlaneName = "person",
) -> MaskEdit | None:
    """Make the pixels inside an outline the person's; None when nothing changed.

    Args:
        mask: Changed at once.
        outline: May reach over the photo's edge, which cuts it.
        class_id: 0 to 254; on the scope plane one of its values.
        name: Of the edit, as the history shows it.
        plane: The person's, or the scope.
    """
    value = stored_value(plane, class_id)
    draft = Draft(mask, plane)
    painted = outline.box.clip(Box.of(mask.height, mask.width))
    full: dict[tuple[int, int], Tile] = {}  # one for each shape, shared
    for key in tiles_meeting(painted):
        frame = draft.tile_box(key)
        covered = outline.covers(frame)
        if covered and value:
            shape = (frame.height, frame.width)
            if shape not in full:
                full[shape] = Tile(np.full(shape, value, np.uint8))
            draft.put(key, full[shape])
        elif covered:
            draft.put(key, None)
        elif covered is None:
            _paint(draft, key, outline.inside(frame), value)
    return draft.finish(name, painted)


def _paint(draft: Draft, key: Key, inside: NDArray[np.bool_], value: int) -> None:
    def paint(pixels: Pixels) -> None:
        np.copyto(pixels, np.uint8(value), where=inside)

    draft.draw(key, paint)
