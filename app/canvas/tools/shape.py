"""Polygon and lasso: what a closed line goes around is added, or with Alt taken."""

import math

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.canvas.outlines import Points, draw_nodes
from app.canvas.tools.tool import Place, Tool
from app.canvas.viewport import Viewport
from app.session import edits

_CLOSES_PX = 10  # of the screen: a click so near to the first corner closes
_FINE_PX = 1.5  # of the screen, between points of a lasso


class Shape(Tool):
    """A line that is drawn, closed by itself, and filled."""

    _corners: tuple[Place, ...] = ()
    _mouse: Place | None = None
    _erases = False

    def abort(self) -> None:
        """Forget the line."""
        self._clear()

    def put_away(self) -> None:
        """Forget the line: half an outline goes around nothing."""
        self._clear()

    def finish(self) -> bool:
        """Fill the outline; whether there was any."""
        corners = self._corners
        self._clear()
        if len(corners) < 3:
            return False
        target = self._target(erase=self._erases)
        self._session.change(edits.outline(corners, target, self._name()))
        return True

    @property
    def is_busy(self) -> bool:
        """Whether a line is begun."""
        return bool(self._corners)

    def draw(self, painter: QPainter, viewport: Viewport) -> None:
        """The line so far, closed."""
        points = [*self._corners]
        if self._mouse is not None and self._follows_mouse():
            points.append(self._mouse)
        if len(self._corners) == 0 or len(points) < 2:
            return
        _draw_shape(painter, viewport, points, self._colour())
        if self._follows_mouse():
            draw_nodes(painter, viewport, [*self._corners], self._colour())

    def _colour(self) -> QColor:
        target = self._view.target
        if self._erases or target.plane == "scope":
            return QColor(255, 255, 255)
        return QColor(*self._view.classes.by_id(target.value).colour)

    def _clear(self) -> None:
        self._corners, self._mouse = (), None
        self.renewed.emit()

    def _follows_mouse(self) -> bool:
        return True

    def _name(self) -> str:
        return ""


class Polygon(Shape):
    """Each click is a corner; Enter, a double click or the first corner closes."""

    def press(self, x: float, y: float, *, erase: bool) -> None:
        """Set a corner."""
        if self._opened is None or not self._session.may_change():
            return
        if not self._corners:
            self._erases = erase
        elif self._near(self._corners[-1], (x, y), 2):
            return
        elif len(self._corners) > 2 and self._near(
            self._corners[0], (x, y), _CLOSES_PX
        ):
            self.finish()
            return
        self._corners = (*self._corners, (x, y))
        self.renewed.emit()

    def hover(self, place: Place | None, *, erase: bool) -> None:
        """Let the next side follow the mouse."""
        del erase
        self._mouse = place
        if self._corners:
            self.renewed.emit()

    def move(self, x: float, y: float) -> None:
        """Let the next side follow the mouse."""
        self.hover((x, y), erase=False)

    def double_click(self) -> None:
        """Close it."""
        self.finish()

    def step_back(self) -> bool:
        """Take the last corner back."""
        if not self._corners:
            return False
        self._corners = self._corners[:-1]
        self.renewed.emit()
        return True

    def _near(self, one: Place, other: Place, reach_px: float) -> bool:
        return math.dist(one, other) * self.touch.scale < reach_px

    def _name(self) -> str:
        said = QCoreApplication.translate
        if self._erases:
            return said("Shape", "Subtract polygon")
        return said("Shape", "Polygon")


class Lasso(Shape):
    """Drawn in one go from press to release."""

    def press(self, x: float, y: float, *, erase: bool) -> None:
        """Begin."""
        if self._opened is not None and self._session.may_change():
            self._erases = erase
            self._corners = ((x, y),)

    def move(self, x: float, y: float) -> None:
        """Draw on."""
        if not self._corners:
            return
        if math.dist(self._corners[-1], (x, y)) * self.touch.scale >= _FINE_PX:
            self._corners = (*self._corners, (x, y))
            self.renewed.emit()

    def release(self) -> None:
        """Close it."""
        self.finish()

    def _follows_mouse(self) -> bool:
        return False

    def _name(self) -> str:
        said = QCoreApplication.translate
        if self._erases:
            return said("Shape", "Subtract lasso")
        return said("Shape", "Lasso")


def _draw_shape(
    painter: QPainter, viewport: Viewport, points: Points, colour: QColor
) -> None:
    shape = QPolygonF([viewport.to_screen(*point) for point in points])
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    tint = QColor(colour)
    tint.setAlpha(60)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    painter.drawPolygon(shape, Qt.FillRule.WindingFill)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(QColor(0, 0, 0, 190), 3.0), QPen(colour, 1.4)):
        painter.setPen(pen)
        painter.drawPolyline(shape)
    closing = QPen(colour, 1.2)
    closing.setDashPattern([4, 3])
    painter.setPen(closing)
    painter.drawLine(QPointF(shape.last()), QPointF(shape.first()))
    painter.restore()
