"""The crack pen: clicks on a crack, joined along it; nothing is drawn before Enter."""

import math
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QPainter

from app.canvas.outlines import draw_nodes, draw_way
from app.canvas.tile_grid import level_for
from app.canvas.tools.tool import Place, Tool
from app.canvas.viewport import Viewport
from app.session import edits
from resunet_core.box import Box
from resunet_core.imaging.pyramid import Pyramid
from resunet_core.mask.ridge import (
    Tone,
    Ways,
    find_ways,
    line_strength,
    step_cost,
    thinned,
)

_REACH_PX = 256  # to each side of a point, of the picture that is looked at
_BESIDE_PX = 40  # around two points, where there was no time for the whole reach
_ERASED = QColor(255, 255, 255)


@dataclass(frozen=True)
class _Reach:
    """The ways from a point, in a window of a level of the pyramid."""

    window: Box
    level: int
    ways: Ways

    def to(self, place: Place) -> list[Place] | None:
        """The way to a place, in photo pixels; None beyond the window."""
        x, y = (math.floor(v) >> self.level for v in place)
        if Box(y, x, y + 1, x + 1).clip(self.window).is_empty:
            return None
        way = self.ways.to((x - self.window.left, y - self.window.top))
        side = 1 << self.level
        left, top = self.window.left, self.window.top
        return [((x + left) * side, (y + top) * side) for x, y in thinned(way)]


class Pen(Tool):
    """Follows the darkest, or the lightest, line; with Shift it goes straight."""

    _points: tuple[Place, ...] = ()  # that were clicked
    _pieces: tuple[tuple[Place, ...], ...] = ()  # the way to each but the first
    _reach: _Reach | None = None
    _mouse: Place | None = None
    _erases = False

    def press(self, x: float, y: float, *, erase: bool) -> None:
        """Set a point."""
        if self._opened is None or not self._session.may_change():
            return
        if not self._points:
            self._erases = erase
        elif math.dist(self._points[-1], (x, y)) * self.touch.scale < 2:
            return
        else:
            self._pieces = (*self._pieces, tuple(self._way((x, y))))
        self._points = (*self._points, (x, y))
        self._look_around()

    def hover(self, place: Place | None, *, erase: bool) -> None:
        """Show the way to the mouse."""
        del erase
        self._mouse = place
        if self._points:
            self.renewed.emit()

    def move(self, x: float, y: float) -> None:
        """Show the way to the mouse."""
        self.hover((x, y), erase=False)

    def double_click(self) -> None:
        """Draw the line."""
        self.finish()

    def finish(self) -> bool:
        """Draw the line; whether there was any."""
        points, erases = self._line(), self._erases
        self._clear()
        if len(points) < 2:
            return False
        name = QCoreApplication.translate("Pen", "Crack pen")
        target = self._target(erase=erases)
        width = self._view.pen_width_px
        self._session.change(edits.line(points, width, target, name))
        return True

    def renew(self) -> None:
        """Follow lighter or darker lines from here."""
        self._look_around()

    def step_back(self) -> bool:
        """Take the last point back."""
        if not self._points:
            return False
        self._points, self._pieces = self._points[:-1], self._pieces[:-1]
        self._look_around()
        return True

    def abort(self) -> None:
        """Forget the points."""
        self._clear()

    def put_away(self) -> None:
        """Draw what was clicked so far: it was work."""
        if self._opened is not None:
            self.finish()
        self._clear()

    @property
    def is_busy(self) -> bool:
        """Whether a point is set."""
        return bool(self._points)

    def draw(self, painter: QPainter, viewport: Viewport) -> None:
        """The line so far, and the way to the mouse."""
        if not self._points:
            return
        colour = self._colour()
        width = float(self._view.pen_width_px)
        draw_way(painter, viewport, self._line(), colour, width=width)
        if self._mouse is not None:
            way = self._preview(self._mouse)
            draw_way(painter, viewport, way, colour, width=width, sure=False)
        draw_nodes(painter, viewport, list(self._points), colour)

    def _colour(self) -> QColor:
        target = self._view.target
        if self._erases or target.plane == "scope":
            return _ERASED
        return QColor(*self._view.classes.by_id(target.value).colour)

    def _line(self) -> list[Place]:
        rest = [place for piece in self._pieces for place in piece[1:]]
        return [*self._points[:1], *rest]

    def _preview(self, place: Place) -> list[Place]:
        """The way as far as it is known now: it never waits."""
        if self.touch.straight or self._reach is None:
            return [self._points[-1], place]
        way = self._reach.to(place)
        return [self._points[-1], place] if way is None else way

    def _way(self, place: Place) -> list[Place]:
        """The way to a point that is set; it ends exactly there."""
        start, opened = self._points[-1], self._opened
        if self.touch.straight or opened is None:
            return [start, place]
        reach = self._reach
        if reach is None:  # clicked faster than the ways were found
            reach = self._beside(opened.pyramid, start, place)
        way = None if reach is None else reach.to(place)
        return [start, place] if way is None else [start, *way[1:-1], place]

    def _level(self, pyramid: Pyramid) -> int:
        return level_for(self.touch.scale, len(pyramid.levels))

    def _look_around(self) -> None:
        """Find all ways from the last point, beside this thread."""
        self._reach = None
        self.renewed.emit()
        opened = self._opened
        if opened is None or not self._points:
            self._latest.forget()
            return
        level = self._level(opened.pyramid)
        x, y = (math.floor(v) >> level for v in self._points[-1])
        window = Box(y, x, y + 1, x + 1).grow(_REACH_PX)
        work = partial(
            _find, opened.pyramid, level, window, self._points[-1], self._view.tone
        )
        self._latest.ask(work, self._on_found)

    def _beside(self, pyramid: Pyramid, start: Place, end: Place) -> _Reach | None:
        level = self._level(pyramid)
        (ax, ay), (bx, by) = (
            tuple(math.floor(v) >> level for v in place) for place in (start, end)
        )
        if max(abs(ax - bx), abs(ay - by)) > _REACH_PX:
            return None
        box = Box(min(ay, by), min(ax, bx), max(ay, by) + 1, max(ax, bx) + 1)
        return _find(pyramid, level, box.grow(_BESIDE_PX), start, self._view.tone)

    def _on_found(self, reach: _Reach) -> None:
        self._reach = reach
        self.renewed.emit()

    def _clear(self) -> None:
        self._points, self._pieces, self._reach = (), (), None
        self._latest.forget()
        self.renewed.emit()


def _find(
    pyramid: Pyramid, level: int, window: Box, start: Place, tone: Tone
) -> _Reach:
    window = window.clip(Box.of(*pyramid.levels[level]))
    cost = step_cost(line_strength(pyramid.read(level, window), tone))
    x, y = (math.floor(v) >> level for v in start)
    return _Reach(window, level, find_ways(cost, (x - window.left, y - window.top)))
