"""Lines on the picture that are no damage: the grid of checked tiles, an area."""

from collections.abc import Collection

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from app.canvas.viewport import Viewport
from app.support.icons import draw_icon
from resunet_core.box import Box
from resunet_core.mask.tile import TILE_PX
from resunet_core.mask.tiled import Key, tiles_meeting

_CHECKED = QColor(40, 200, 120)
_SIGN_PX, _LEAST_PX = 20, 36
_GAP_PX = 6  # between a place and the corners around it


def draw_grid(
    painter: QPainter,
    viewport: Viewport,
    exposed: Box,
    frame: Box,
    checked: Collection[Key],
) -> None:
    """The tiles of the exposed part: outlines, those that are checked in green."""
    painter.save()
    tint = QColor(_CHECKED)
    tint.setAlpha(64)
    for row, col in tiles_meeting(exposed.clip(frame)):
        top, left = row * TILE_PX, col * TILE_PX
        box = Box(top, left, top + TILE_PX, left + TILE_PX).clip(frame)
        rect = viewport.rect(box)
        is_checked = (row, col) in checked
        if is_checked:
            painter.fillRect(rect, tint)
        for width, colour in (
            (3, QColor(0, 0, 0, 90)),
            (1, QColor(255, 255, 255, 200)),
        ):
            painter.setPen(QPen(colour, width))
            painter.drawRect(rect)
        if is_checked and min(rect.width(), rect.height()) >= _LEAST_PX:
            _draw_sign(painter, rect)
    painter.restore()


def draw_area(painter: QPainter, viewport: Viewport, area: Box) -> None:
    """An area that is chosen: a dashed line seen on any paint."""
    painter.save()
    rect = viewport.rect(area)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(0, 0, 0, 190), 1.5))
    painter.drawRect(rect)
    painter.setPen(QPen(QColor(255, 255, 255), 1.5, Qt.PenStyle.DashLine))
    painter.drawRect(rect)
    painter.restore()


def draw_spot(painter: QPainter, viewport: Viewport, spot: Box) -> None:
    """A place that is reviewed: corners around it, which hide nothing of it."""
    painter.save()
    rect = viewport.rect(spot).adjusted(-_GAP_PX, -_GAP_PX, _GAP_PX, _GAP_PX)
    arm = max(6, min(24, min(rect.width(), rect.height()) // 4))
    corners = (
        (rect.topLeft(), arm, arm),
        (rect.topRight(), -arm, arm),
        (rect.bottomLeft(), arm, -arm),
        (rect.bottomRight(), -arm, -arm),
    )
    for width, colour in ((5, QColor(0, 0, 0, 170)), (2.5, QColor(255, 214, 64))):
        painter.setPen(QPen(QBrush(colour), width, c=Qt.PenCapStyle.RoundCap))
        for at, dx, dy in corners:
            painter.drawLine(at.x(), at.y(), at.x() + dx, at.y())
            painter.drawLine(at.x(), at.y(), at.x(), at.y() + dy)
    painter.restore()


def _draw_sign(painter: QPainter, rect: QRect) -> None:
    place = QRect(rect.left() + 6, rect.top() + 6, _SIGN_PX, _SIGN_PX)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(255, 255, 255), 1.5))
    painter.setBrush(QColor(20, 110, 64))
    painter.drawEllipse(place)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    draw_icon(painter, place.adjusted(4, 4, -4, -4), "check", QColor(255, 255, 255))
