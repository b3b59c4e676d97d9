"""Click to select a loss: what is like the place under the mouse, up to its edge."""

import math
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QPainter, QPainterPath

from app.canvas.outlines import draw_outline, outline_of
from app.canvas.tile_grid import level_for
from app.canvas.tools.tool import Place, Tool
from app.canvas.viewport import Viewport
from app.session import edits
from resunet_core.box import Box
from resunet_core.imaging.pyramid import Pyramid
from resunet_core.mask.grow import Growth, Surroundings

_REACH_PX = 384  # to each side, of the picture that is looked at
_KEPT_PX = 128  # the mouse may come so near to the edge of what was looked at
_COARSEST = 2  # a pixel looked at is at most 4 x 4 of the photo


@dataclass(frozen=True)
class _View:
    """A part of a level of the pyramid that was looked at."""

    pyramid: Pyramid
    level: int
    window: Box
    surroundings: Surroundings


@dataclass(frozen=True)
class _Grown:
    """What would be taken at a place."""

    place: Place
    tolerance: int
    view: _View
    growth: Growth
    box: Box  # in photo pixels
    where: NDArray[np.bool_]
    outline: QPainterPath


class Loss(Tool):
    """Shows what a click would take; the tolerance is set by [ ] and Alt and wheel."""

    _grown: _Grown | None = None
    _mouse: Place | None = None
    _erases = False

    def hover(self, place: Place | None, *, erase: bool) -> None:
        """Look at what is there."""
        self._mouse, self._erases = place, erase
        if place is None:
            self._clear()
        else:
            self._ask(place)

    def press(self, x: float, y: float, *, erase: bool) -> None:
        """Take what is shown; where nothing is shown yet, it is found first."""
        opened = self._opened
        if opened is None or not self._session.may_change():
            return
        grown = self._grown
        wanted = (self._pixel((x, y)), self._view.tolerance)
        if grown is None or (self._pixel(grown.place), grown.tolerance) != wanted:
            grown = self._grow((x, y))
        if grown is None:
            return
        name = QCoreApplication.translate("Loss", "Select a loss")
        target = self._target(erase=erase)
        self._session.change(edits.pixels(grown.where, grown.box, target, name))
        self._clear()

    def abort(self) -> None:
        """Take nothing."""
        self._clear()

    def put_away(self) -> None:
        """Forget what was shown."""
        self._clear()

    def renew(self) -> None:
        """Show it anew: the tolerance is another one."""
        if self._mouse is not None:
            self._ask(self._mouse)

    def draw(self, painter: QPainter, viewport: Viewport) -> None:
        """The edge of what a click would take."""
        if self._grown is None:
            return
        target, colour = self._view.target, None
        if target.plane == "person" and not self._erases:
            colour = QColor(*self._view.classes.by_id(target.value).colour)
        draw_outline(painter, viewport, self._grown.outline, colour)

    def _pixel(self, place: Place) -> tuple[int, int]:
        return math.floor(place[0]), math.floor(place[1])

    def _ask(self, place: Place) -> None:
        opened = self._opened
        if opened is None or not opened.photo.box.contains(*self._pixel(place)):
            self._clear()
            return
        self._latest.ask(partial(self._grow, place), self._on_grown)

    def _grow(self, place: Place) -> _Grown | None:
        """Called on either thread: what it reads of this tool is replaced whole."""
        opened, before = self._opened, self._grown
        if opened is None:
            return None
        level = level_for(self.touch.scale, len(opened.pyramid.levels))
        view = _look(opened.pyramid, min(level, _COARSEST), place, before)
        x, y = (v >> view.level for v in self._pixel(place))
        tolerance = self._view.tolerance
        growth = view.surroundings.grow(x - view.window.left, y - view.window.top)
        where = growth.at(tolerance)
        side = 1 << view.level
        own = _around(where)
        rows, columns = own.slices
        where = where[rows, columns]
        box = own.move(view.window.top, view.window.left)
        box = Box(*(v * side for v in (box.top, box.left, box.bottom, box.right)))
        line = outline_of(where, box, side)
        return _Grown(place, tolerance, view, growth, box, where, line)

    def _on_grown(self, grown: _Grown | None) -> None:
        self._grown = grown
        self.renewed.emit()

    def _clear(self) -> None:
        self._latest.forget()
        self._grown = None
        self.renewed.emit()


def _look(pyramid: Pyramid, level: int, place: Place, before: _Grown | None) -> _View:
    """The surroundings of a place; those known already where they reach far enough."""
    frame = Box.of(*pyramid.levels[level])
    x, y = (math.floor(v) >> level for v in place)
    near = Box(y, x, y + 1, x + 1).grow(_KEPT_PX).clip(frame)
    if before is not None:
        known = before.view
        same = known.pyramid is pyramid and known.level == level
        if same and near.clip(known.window) == near:
            return known
    window = Box(y, x, y + 1, x + 1).grow(_REACH_PX).clip(frame)
    return _View(pyramid, level, window, Surroundings(pyramid.read(level, window)))


def _around(where: NDArray[np.bool_]) -> Box:
    """The box around what is set; at least one pixel is."""
    rows, columns = (np.flatnonzero(where.any(axis=axis)) for axis in (1, 0))
    return Box(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)
