"""Brush and eraser: a stroke of the session from press to release."""

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.canvas.tools.tool import Place, Tool
from app.canvas.viewport import Viewport
from app.session.view_state import Target, ToolKind

_LEAST_PRESSURE = 0.15  # a pen that only just touches still paints
_CLICK_PX = 4  # of the screen; a shorter drag is a click


class Brush(Tool):
    """Paints what is chosen; as the eraser, or with Alt, takes it away.

    With Shift a drag paints one straight line, and a click joins the end of the last
    stroke to the place clicked.
    """

    _last: Place | None = None  # where the last stroke ended
    _from: Place | None = None  # of a straight line that is being drawn
    _to: Place | None = None
    _erases = False

    def press(self, x: float, y: float, *, erase: bool) -> None:
        """Begin a stroke, or a straight line."""
        self._erases = erase or self._view.tool is ToolKind.ERASER
        if self.touch.straight:
            self._from = self._to = (x, y)
            return
        self._begin(x, y)
        self._last = (x, y)

    def move(self, x: float, y: float) -> None:
        """Draw on."""
        if self._from is not None:
            self._to = (x, y)
            self.renewed.emit()
            return
        self._session.extend_stroke(x, y, self._radius())
        self._last = (x, y)

    def release(self) -> None:
        """Keep the stroke."""
        start, end = self._from, self._to
        if start is not None and end is not None:
            self._from = self._to = None
            reach = max(abs(end[0] - start[0]), abs(end[1] - start[1]))
            if reach * self.touch.scale < _CLICK_PX and self._last is not None:
                start = self._last
            self._begin(*start)
            self._session.extend_stroke(*end)
            self._last = end
            self.renewed.emit()
        self._session.finish_stroke()

    def abort(self) -> None:
        """Take the stroke back."""
        self._from = self._to = None
        self._session.abort_stroke()
        self.renewed.emit()

    def put_away(self) -> None:
        """Keep what was drawn; the next stroke joins to nothing."""
        self._from = self._to = self._last = None

    def draw(self, painter: QPainter, viewport: Viewport) -> None:
        """A straight line while it is being drawn."""
        if self._from is None or self._to is None:
            return
        start, end = (viewport.to_screen(*p) for p in (self._from, self._to))
        width = max(1.0, 2 * self._view.brush_radius_px * viewport.scale)
        draw_line(painter, start, end, width)

    def _begin(self, x: float, y: float) -> None:
        target = self._target(erase=self._erases)
        self._session.start_stroke(
            x,
            y,
            class_id=target.value,
            radius_px=self._radius(),
            name=stroke_name(target, erases=self._erases),
            plane=target.plane,
        )

    def _radius(self) -> float:
        pressure = max(_LEAST_PRESSURE, self.touch.pressure)
        return self._view.brush_radius_px * pressure


def stroke_name(target: Target, *, erases: bool) -> str:
    """What the history calls a stroke."""
    said = QCoreApplication.translate
    if target.plane == "scope":
        return said("Brush", "Scope stroke")
    return said("Brush", "Eraser stroke") if erases else said("Brush", "Brush stroke")


def draw_line(painter: QPainter, start: QPointF, end: QPointF, width: float) -> None:
    """A straight stroke to be, seen on any paint."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    cap = Qt.PenCapStyle.RoundCap
    solid = Qt.PenStyle.SolidLine
    dark, light = QColor(0, 0, 0, 120), QColor(255, 255, 255, 90)
    for grown, colour in ((2.0, dark), (0.0, light)):
        painter.setPen(QPen(colour, width + grown, solid, cap))
        painter.drawLine(start, end)
    painter.restore()
