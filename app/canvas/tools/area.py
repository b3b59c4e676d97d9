"""A rectangle of the photo, chosen by dragging; a click alone lets it go."""

import math

from app.canvas.tools.tool import Tool
from resunet_core.box import Box


class Area(Tool):
    """Chooses an area; nothing is changed by that."""

    _start = (0.0, 0.0)

    def press(self, x: float, y: float, *, erase: bool) -> None:
        """Begin at a corner."""
        del erase  # there is nothing to erase
        self._start = (x, y)
        self._view.set_area(None)

    def move(self, x: float, y: float) -> None:
        """Reach to the other corner."""
        if self._opened is None:
            return
        (left, right), (top, bottom) = (
            sorted(pair) for pair in zip(self._start, (x, y), strict=True)
        )
        box = Box(
            math.floor(top), math.floor(left), math.ceil(bottom), math.ceil(right)
        )
        box = box.clip(self._opened.photo.box)
        self._view.set_area(None if box.is_empty else box)

    def abort(self) -> None:
        """Let it go."""
        self._view.set_area(None)

    @property
    def is_busy(self) -> bool:
        """An area can be let go."""
        return self._view.area is not None
