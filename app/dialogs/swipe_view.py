"""Two pictures of one place, and a line to wipe one away from the other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

_HANDLE_PX = 14.0
_STEP = 0.02
_AROUND = 3.0  # times the side of a place that is looked at closely


@dataclass(frozen=True)
class Mark:
    """A place to point out, in pixels of the pictures."""

    rect: QRectF
    colour: QColor


class SwipeView(QWidget):
    """The earlier picture left of the line, the later one right of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._before, self._after = QImage(), QImage()
        self._names = ("", "")
        self._marks: tuple[Mark, ...] = ()
        self._chosen: int | None = None
        self.share = 0.5
        self.setAccessibleName(self.tr("Both photos; drag the line between them"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setMinimumSize(360, 280)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_pictures(
        self,
        before: NDArray[np.uint8],
        after: NDArray[np.uint8],
        names: tuple[str, str],
    ) -> None:
        """Show two pictures of one size."""
        self._before, self._after = _image(before), _image(after)
        self._names, self._marks, self._chosen = names, (), None
        self.update()

    def show_marks(self, marks: Sequence[Mark], chosen: int | None) -> None:
        """Show places; the chosen one is looked at closely."""
        self._marks, self._chosen = tuple(marks), chosen
        self.update()

    def sizeHint(self) -> QSize:
        """Room to see something."""
        return QSize(720, 560)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the line."""
        self._move(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it."""
        self._move(event.position().x())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right move it as well."""
        steps = {Qt.Key.Key_Left: -_STEP, Qt.Key.Key_Right: _STEP}
        if Qt.Key(event.key()) in steps:
            self.share = min(1.0, max(0.0, self.share + steps[Qt.Key(event.key())]))
            self.update()
        else:
            super().keyPressEvent(event)

    def _move(self, x: float) -> None:
        self.share = min(1.0, max(0.0, x / max(1, self.width())))
        self.update()

    def _seen(self) -> QRectF:
        """The part of the pictures on the screen, with the widget's proportions."""
        whole = QRectF(self._after.rect())
        if self._chosen is not None:
            rect = self._marks[self._chosen].rect
            side = max(rect.width(), rect.height(), 24) * _AROUND
            whole = QRectF(0, 0, side, side)
            whole.moveCenter(rect.center())
        proportion = self.width() / max(1, self.height())
        middle = whole.center()
        width = max(whole.width(), whole.height() * proportion)
        seen = QRectF(0, 0, width, width / proportion)
        seen.moveCenter(middle)
        return seen

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Both pictures, the places, the line, and the names at its sides."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(120, 120, 120))
        if self._after.isNull():
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        seen, line = self._seen(), self.share * self.width()
        scale = self.width() / seen.width()
        for image, left, right in (
            (self._before, 0.0, line),
            (self._after, line, float(self.width())),
        ):
            painter.save()
            painter.setClipRect(QRectF(left, 0, right - left, self.height()))
            corner = -seen.topLeft() * scale
            size = QRectF(image.rect()).size() * scale
            painter.drawImage(QRectF(corner, size), image)
            painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, mark in enumerate(self._marks):
            rect = QRectF(
                (mark.rect.topLeft() - seen.topLeft()) * scale, mark.rect.size() * scale
            )
            width = 2.5 if number == self._chosen else 1.5
            painter.setPen(QPen(QColor(0, 0, 0, 150), width + 1.5))
            painter.drawRect(rect)
            painter.setPen(QPen(mark.colour, width))
            painter.drawRect(rect)
        self._draw_line(painter, line)

    def _draw_line(self, painter: QPainter, x: float) -> None:
        middle = QPointF(x, self.height() / 2)
        for pen in (QPen(QColor(0, 0, 0, 160), 4), QPen(QColor(255, 255, 255), 2)):
            painter.setPen(pen)
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        painter.setBrush(QColor(255, 255, 255))
        painter.setPen(QPen(QColor(0, 0, 0, 160), 1))
        painter.drawEllipse(middle, _HANDLE_PX, _HANDLE_PX)
        painter.setPen(QPen(QColor(60, 60, 60), 2))
        for side in (-1, 1):
            tip = middle + QPointF(side * 9, 0)
            painter.drawLine(tip, tip + QPointF(-side * 4, -4))
            painter.drawLine(tip, tip + QPointF(-side * 4, 4))
        for name, is_left in zip(self._names, (True, False), strict=True):
            width = painter.fontMetrics().horizontalAdvance(name) + 16
            left = x - 10 - width if is_left else x + 10
            box = QRectF(left, 10, width, 24)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(0, 0, 0, 170))
            painter.drawRoundedRect(box, 5, 5)
            painter.setPen(QColor(255, 255, 255))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)


def _image(pixels: NDArray[np.uint8]) -> QImage:
    height, width = pixels.shape[:2]
    form = QImage.Format.Format_RGB888
    return QImage(pixels.tobytes(), width, height, 3 * width, form).copy()
