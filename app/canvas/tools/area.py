"""A rectangle of the photo, chosen by dragging; a click alone lets it go."""

import math

from app.session.session import Session
from app.session.view_state import ViewState
from resunet_core.box import Box


class Area:
    """Chooses an area; nothing is changed by that."""

    def __init__(self, session: Session, view: ViewState) -> None:
        self._session = session
        self._view = view
        self._start = (0.0, 0.0)

    def press(self, x: float, y: float, *, erase: bool) -> None:
        """Begin at a corner."""
        del erase  # there is nothing to erase
        self._start = (x, y)
        self._view.set_area(None)

    def move(self, x: float, y: float) -> None:
        """Reach to the other corner."""
        opened = self._session.opened
        if opened is None:
            return
        (left, right), (top, bottom) = (
            sorted(pair) for pair in zip(self._start, (x, y), strict=True)
        )
        box = Box(
            math.floor(top), math.floor(left), math.ceil(bottom), math.ceil(right)
        )
        box = box.clip(opened.photo.box)
        self._view.set_area(None if box.is_empty else box)

    def release(self) -> None:
        """Keep the area."""

    def abort(self) -> None:
        """Let it go."""
        self._view.set_area(None)
