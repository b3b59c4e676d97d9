"""Lines that show what a tool is about to do: seen on any paint, at any zoom."""

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from app.canvas.viewport import Viewport
from resunet_core.box import Box

Points = list[tuple[float, float]]
_CASING = QColor(0, 0, 0, 190)
_NODE_PX = 7.0
_FEW = 64
_TOLERANCE = 1.0  # in half pixels
_SMOOTH_UP_TO = 3000  # corners; more are drawn without smoothing


def outline_of(where: NDArray[np.bool_], box: Box, side_px: int = 1) -> QPainterPath:
    """The edges of pixels, bool [h, w], in photo pixels.

    Args:
        where: Which pixels; each stands for `side_px` by `side_px` of the photo.
        box: Where they lie, in photo pixels.
        side_px: A power of two where a smaller picture was looked at.
    """
    # Twice as large: the edge then runs around the pixels, not through their middles.
    doubled = cv2.resize(
        where.astype(np.uint8), None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST
    )
    lines, _ = cv2.findContours(doubled, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    path = QPainterPath()
    for line in lines:
        # A step of a pixel is not seen, but takes long to draw.
        is_long = len(line) > _FEW
        few = cv2.approxPolyDP(line, _TOLERANCE, closed=True) if is_long else line
        corners = (few.reshape(-1, 2) + 0.5) * (side_px / 2)
        corners += (box.left, box.top)
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in corners.tolist()]))
        path.closeSubpath()
    return path


def draw_outline(
    painter: QPainter, viewport: Viewport, path: QPainterPath, colour: QColor | None
) -> None:
    """A tinted area with a dashed edge; without a colour it is about to be taken."""
    painter.save()
    is_smooth = path.elementCount() <= _SMOOTH_UP_TO
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, is_smooth)
    scale = viewport.scale
    shown = QTransform(scale, 0, 0, scale, viewport.x, viewport.y).map(path)
    tint = QColor(colour or QColor(255, 255, 255))
    tint.setAlpha(70)
    painter.fillPath(shown, tint)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_CASING, 2.5))
    painter.drawPath(shown)
    pen = QPen(colour or QColor(255, 255, 255), 1.2)
    if colour is None:
        pen.setDashPattern([4, 3])
    painter.setPen(pen)
    painter.drawPath(shown)
    painter.restore()


def draw_way(
    painter: QPainter,
    viewport: Viewport,
    points: Points,
    colour: QColor,
    *,
    width: float = 0.0,
    sure: bool = True,
) -> None:
    """A line through points of the photo; `width` is its band in photo pixels."""
    if len(points) < 2:
        return
    line = QPolygonF([viewport.to_screen(x, y) for x, y in points])
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if width * viewport.scale > 4:
        band = QColor(colour)
        band.setAlpha(90)
        painter.setPen(_round_pen(band, width * viewport.scale))
        painter.drawPolyline(line)
    painter.setPen(_round_pen(_CASING, 3.4))
    painter.drawPolyline(line)
    pen = _round_pen(colour, 1.6)
    if not sure:
        pen.setDashPattern([3, 2.5])
    painter.setPen(pen)
    painter.drawPolyline(line)
    painter.restore()


def draw_nodes(
    painter: QPainter, viewport: Viewport, points: Points, colour: QColor
) -> None:
    """The points that were set, as small squares."""
    painter.save()
    painter.setPen(QPen(_CASING, 1.2))
    painter.setBrush(colour)
    for x, y in points:
        square = QRectF(0, 0, _NODE_PX, _NODE_PX)
        square.moveCenter(viewport.to_screen(x, y))
        painter.drawRect(square)
    painter.restore()


def _round_pen(colour: QColor, width: float) -> QPen:
    style = Qt.PenStyle.SolidLine
    return QPen(
        colour, width, style, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    )
