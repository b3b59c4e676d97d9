"""The circle that shows what a brush would cover."""

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen


def draw_brush_cursor(
    painter: QPainter, centre: QPointF, radius: float, colour: QColor | None
) -> None:
    """A circle seen on any paint; `colour` of the class, None for the eraser."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    radius = max(1.5, radius)
    painter.setPen(QPen(QColor(0, 0, 0, 170), 3.0))
    painter.drawEllipse(centre, radius, radius)
    pen = QPen(colour or QColor(255, 255, 255), 1.5)
    if colour is None:
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.drawEllipse(centre, radius, radius)
    painter.restore()


def cursor_area(centre: QPointF, radius: float) -> QRect:
    """The part of the screen that the circle needs."""
    reach = radius + 4
    return QRect(
        int(centre.x() - reach),
        int(centre.y() - reach),
        int(2 * reach) + 2,
        int(2 * reach) + 2,
    )
