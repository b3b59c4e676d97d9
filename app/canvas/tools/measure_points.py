"""Points to measure by: a click sets one, a drag moves it; lines between them."""

import math

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.canvas.tools.tool import Place, Tool
from app.canvas.viewport import Viewport

_NEAR_PX = 14  # on the screen: this near a point is taken, not set
_ARM_PX, _GAP_PX = 11.0, 3.0
_LABEL_PX = 20
_DARK, _LIGHT = QColor(0, 0, 0, 190), QColor(255, 255, 255)
_LINE = QColor(255, 214, 64)


class MeasurePoints(Tool):
    """Writes the points of the view; the mask is not touched."""

    _held: int | None = None
    _before: tuple[Place, ...] = ()

    def press(self, x: float, y: float, *, erase: bool) -> None:
        """Take the point under the mouse, or set one."""
        del erase
        pointing = self._view.pointing
        self._before = pointing.points
        within = _NEAR_PX / max(self.touch.scale, 1e-6)
        self._held = pointing.nearest((x, y), within)
        if self._held is None:
            self._held = pointing.add(self._inside(x, y))
        self.renewed.emit()

    def move(self, x: float, y: float) -> None:
        """Drag it."""
        if self._held is not None:
            self._view.pointing.move(self._held, self._inside(x, y))
            self.renewed.emit()

    def release(self) -> None:
        """Let it lie; four points are put in order."""
        self._held = None
        self._view.pointing.sort()
        self.renewed.emit()

    def abort(self) -> None:
        """Have the points as they were."""
        if self._held is not None:
            self._held = None
            self._view.pointing.set_points(self._before)
        else:
            self._view.pointing.clear()
        self.renewed.emit()

    def step_back(self) -> bool:
        """Take the last point away."""
        if not self._view.pointing.points:
            return False
        self._view.pointing.take_back()
        self.renewed.emit()
        return True

    @property
    def is_busy(self) -> bool:
        """Whether a point is set."""
        return bool(self._view.pointing.points)

    def _inside(self, x: float, y: float) -> Place:
        opened = self._opened
        if opened is None:
            return x, y
        record = opened.record
        return min(max(x, 0.0), record.width), min(max(y, 0.0), record.height)

    def draw(self, painter: QPainter, viewport: Viewport) -> None:
        """Crosses with a hole, so that the place itself stays in sight."""
        places = self._view.pointing.points
        points = [viewport.to_screen(*place) for place in places]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        is_closed = len(points) == 4
        outline = QPolygonF([*points, *points[:1]] if is_closed else points)
        for pen in (QPen(_DARK, 3.5), QPen(_LINE, 1.5)):
            painter.setPen(pen)
            painter.drawPolyline(outline)
        for point in points:
            _draw_cross(painter, point)
        if len(points) == 2:
            _draw_length(painter, points, math.dist(*places))
        painter.restore()


def _draw_cross(painter: QPainter, at: QPointF) -> None:
    for pen in (QPen(_DARK, 4), QPen(_LIGHT, 1.6)):
        painter.setPen(pen)
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            painter.drawLine(
                at + QPointF(dx * _GAP_PX, dy * _GAP_PX),
                at + QPointF(dx * _ARM_PX, dy * _ARM_PX),
            )


def _draw_length(painter: QPainter, ends: list[QPointF], length_px: float) -> None:
    """How long the line is, beside its middle."""
    said = QCoreApplication.translate("Points", "{0} px").format(f"{length_px:.0f}")
    width = painter.fontMetrics().horizontalAdvance(said) + 14
    middle = (ends[0] + ends[1]) / 2
    along = ends[1] - ends[0]
    size = math.hypot(along.x(), along.y()) or 1.0
    # Off the line, to that side which is never below a level one.
    off = (
        QPointF(along.y(), -along.x())
        / size
        * (_LABEL_PX + abs(along.y()) / size * width / 2)
    )
    if off.y() > 0:
        off = -off
    box = QRectF(0, 0, width, _LABEL_PX)
    box.moveCenter(middle + off)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_DARK)
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(_LIGHT)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, said)
