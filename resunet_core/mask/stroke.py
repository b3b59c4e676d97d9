"""The brush: a disc that a person sweeps over the mask."""

import math

import numpy as np

from resunet_core.box import Box
from resunet_core.mask.capsule import RowSpans, swept_disc
from resunet_core.mask.edit import Draft, MaskEdit, stored_value
from resunet_core.mask.tile import Pixels
from resunet_core.mask.tiled import DefectMask, Key, PlaneName, tiles_meeting

_GRID = 256
"""Points are kept to 1/256 px, so that distances are computed without rounding."""

_PEN = math.sqrt(0.5)
"""A thinner disc can miss every pixel centre; its points go to the nearest centre."""

_NOTHING = Box(0, 0, 0, 0)


class Stroke:
    """One stroke from press to release; class id 0 erases, as a person's judgement.

    Each pixel whose centre the disc reaches becomes the person's, also where the
    model said the same. A disc thinner than a pixel paints a line of single pixels.

    Args:
        mask: Drawn into at once.
        class_id: 0 to 254; on the scope plane one of its values.
        radius_px: In photo pixels, more than 0.
        name: Of the edit, as the history shows it.
        plane: The person's, or the scope.
    """

    def __init__(
        self,
        mask: DefectMask,
        class_id: int,
        radius_px: float,
        name: str,
        *,
        plane: PlaneName = "person",
    ) -> None:
        if not 0 < radius_px < math.inf:
            raise ValueError(f"a brush has a radius above 0, not {radius_px}")
        self._photo = Box.of(mask.height, mask.width)
        self._value = stored_value(plane, class_id)
        self._draft = Draft(mask, plane)
        self._radius = _on_grid(radius_px)
        self._name = name
        self._last: tuple[float, float] | None = None
        self._box = _NOTHING
        self._open = True

    def extend(self, x: float, y: float, radius_px: float | None = None) -> Box:
        """Sweep the disc on to a point; the box of photo pixels to show again.

        With `radius_px` the disc has that radius from here on: a pen is pressed.
        """
        self._expect_open()
        if radius_px is not None:
            self._radius = _on_grid(radius_px)
        point = (self._placed(x), self._placed(y))
        start = self._last or point
        self._last = point
        spans = swept_disc(start, point, self._radius, self._photo.bottom)
        dirty = self._box_of(spans)
        for key in tiles_meeting(dirty):
            self._paint(key, spans, dirty)
        self._box = self._box.union(dirty)
        return dirty

    def finish(self) -> MaskEdit | None:
        """The edit to commit; None when the stroke changed nothing."""
        self._expect_open()
        self._open = False
        return self._draft.finish(self._name, self._box)

    def abort(self) -> None:
        """Bring the mask back to what it was before the stroke."""
        self._expect_open()
        self._open = False
        self._draft.abort()

    def _expect_open(self) -> None:
        if not self._open:
            raise RuntimeError("the stroke has ended")

    def _placed(self, value: float) -> float:
        if self._radius < _PEN:
            return math.floor(value) + 0.5
        return round(value * _GRID) / _GRID

    def _box_of(self, spans: RowSpans) -> Box:
        """The box of the painted pixels in the photo."""
        left = np.clip(spans.left, 0, self._photo.right)
        right = np.clip(spans.right, 0, self._photo.right)
        painted = np.flatnonzero(right > left)
        if not len(painted):
            return _NOTHING
        rows = slice(painted[0], painted[-1] + 1)
        return Box(
            spans.top + int(painted[0]),
            int(left[painted].min()),
            spans.top + int(painted[-1]) + 1,
            int(right[rows].max()),
        )

    def _paint(self, key: Key, spans: RowSpans, dirty: Box) -> None:
        """Paint what the spans cover of one tile."""
        frame = self._draft.tile_box(key)
        part = frame.clip(dirty)
        rows = slice(part.top - spans.top, part.bottom - spans.top)
        left, right = spans.left[rows], spans.right[rows]
        if (np.maximum(left, part.left) >= np.minimum(right, part.right)).all():
            return  # most tiles in the box of a long slanting segment
        columns = np.arange(part.left, part.right)
        covered = (columns >= left[:, np.newaxis]) & (columns < right[:, np.newaxis])

        def paint(pixels: Pixels) -> None:
            target = pixels[part.within(frame).slices]
            np.copyto(target, np.uint8(self._value), where=covered)

        self._draft.draw(key, paint)


def _on_grid(radius_px: float) -> float:
    return max(1, round(radius_px * _GRID)) / _GRID
