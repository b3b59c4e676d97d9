"""Small charts in the colours of the theme: bars, and a rose of directions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.support.theme import Colours, colours_of

_FOOT_PX, _HEAD_PX = 34, 22
_LABEL_PX = 44
_TICK_PX = 4


@dataclass(frozen=True)
class Bars:
    """What a bar chart shows.

    Attributes:
        values: One for each bar, any unit; only their shares are drawn.
        edges: Between the bars, one more than there are; the last may be open.
        unit: Of the edges.
        mark: A value on the axis to point out, and what it is called.
        faint_below: Bars that end at or below it are drawn pale.
    """

    values: tuple[float, ...] = ()
    edges: tuple[float, ...] = ()
    unit: str = ""
    mark: tuple[float, str] | None = None
    faint_below: float = 0.0


class BarChart(QWidget):
    """A histogram with its axis below; what is said above it is its title."""

    def __init__(
        self, title: str, colour: tuple[int, int, int], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title = title
        self._colour = QColor(*colour)
        self._bars = Bars()
        self.setAccessibleName(title)
        self.setMinimumSize(140, 130)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_bars(self, bars: Bars) -> None:
        """Show others."""
        self._bars = bars
        self.update()

    def sizeHint(self) -> QSize:
        """Wide enough for ten bars with their figures."""
        return QSize(320, 170)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Title, bars, axis, the mark."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = colours_of(self.palette())
        painter.setPen(QColor(theme.muted))
        painter.drawText(QRectF(0, 0, self.width(), 16), self._title)
        plot = QRectF(
            0, _HEAD_PX, self.width() - 1, self.height() - _HEAD_PX - _FOOT_PX
        )
        highest = max(self._bars.values, default=0.0)
        if highest <= 0:
            painter.drawText(plot, Qt.AlignmentFlag.AlignCenter, "\u2013")
            return
        self._draw_bars(painter, plot, highest)
        self._draw_axis(painter, plot, theme)
        self._draw_mark(painter, plot, theme)

    def _draw_bars(self, painter: QPainter, plot: QRectF, highest: float) -> None:
        step = plot.width() / len(self._bars.values)
        pale = QColor(self._colour)
        pale.setAlpha(90)
        painter.setPen(Qt.PenStyle.NoPen)
        for number, value in enumerate(self._bars.values):
            height = plot.height() * value / highest
            is_pale = self._bars.edges[number + 1] <= self._bars.faint_below
            painter.setBrush(pale if is_pale else self._colour)
            left = plot.left() + number * step
            painter.drawRect(QRectF(left + 1, plot.bottom() - height, step - 2, height))

    def _draw_axis(self, painter: QPainter, plot: QRectF, theme: Colours) -> None:
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        painter.setPen(QColor(theme.muted))
        edges = self._bars.edges
        step = plot.width() / len(self._bars.values)
        every = max(1, math.ceil(_LABEL_PX / step))
        for number in range(0, len(edges) - 1, every):
            x = plot.left() + number * step
            painter.drawLine(
                QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + _TICK_PX)
            )
            box = QRectF(x - _LABEL_PX / 2, plot.bottom() + _TICK_PX, _LABEL_PX, 14)
            flag = Qt.AlignmentFlag.AlignHCenter
            if number == 0:
                box.moveLeft(x)
                flag = Qt.AlignmentFlag.AlignLeft
            painter.drawText(box, flag, f"{edges[number]:g}")
        end = QRectF(plot.left(), plot.bottom() + _TICK_PX, plot.width(), 14)
        painter.drawText(end, Qt.AlignmentFlag.AlignRight, self._bars.unit)

    def _draw_mark(self, painter: QPainter, plot: QRectF, theme: Colours) -> None:
        if self._bars.mark is None:
            return
        value, name = self._bars.mark
        low, high = self._bars.edges[0], self._bars.edges[-1]
        if not low <= value <= high or high <= low:
            return
        x = plot.left() + plot.width() * (value - low) / (high - low)
        painter.setPen(QPen(QColor(theme.text), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        painter.setPen(QColor(theme.text))
        width = painter.fontMetrics().horizontalAdvance(name)
        left = x + 4 if x + 6 + width < plot.right() else x - 4 - width
        painter.drawText(QPointF(left, plot.top() + 10), name)


class RoseChart(QWidget):
    """Length by direction; each direction is drawn to both sides."""

    def __init__(
        self, title: str, colour: tuple[int, int, int], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title = title
        self._colour = QColor(*colour)
        self._lengths: tuple[float, ...] = ()
        self._direction: float | None = None
        self.setAccessibleName(title)
        self.setMinimumSize(110, 130)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    def show_rose(self, lengths: Sequence[float], direction_deg: float | None) -> None:
        """Show lengths of equal parts of the half circle, level first, going up.

        `direction_deg` is the prevailing one; None where there is none to speak of.
        """
        self._lengths, self._direction = tuple(lengths), direction_deg
        self.update()

    def sizeHint(self) -> QSize:
        """Square below its title."""
        return QSize(170, 180)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Title, rings, petals, the prevailing direction."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = colours_of(self.palette())
        painter.setPen(QColor(theme.muted))
        title = QRectF(0, 0, self.width(), 16)
        painter.drawText(title, Qt.AlignmentFlag.AlignHCenter, self._title)
        room = QRectF(0, _HEAD_PX, self.width(), self.height() - _HEAD_PX - 6)
        radius = min(room.width(), room.height()) / 2 - 2
        centre = room.center()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.line), 1))
        for part in (0.5, 1.0):
            painter.drawEllipse(centre, radius * part, radius * part)
        painter.drawLine(centre - QPointF(radius, 0), centre + QPointF(radius, 0))
        painter.drawLine(centre - QPointF(0, radius), centre + QPointF(0, radius))
        self._draw_petals(painter, centre, radius)
        if self._direction is not None:
            pen = QPen(QColor(theme.text), 1.5, Qt.PenStyle.DashLine)
            painter.setPen(pen)
            tip = _towards(self._direction) * radius
            painter.drawLine(centre - tip, centre + tip)

    def _draw_petals(self, painter: QPainter, centre: QPointF, radius: float) -> None:
        longest = max(self._lengths, default=0.0)
        if longest <= 0:
            return
        fill = QColor(self._colour)
        fill.setAlpha(150)
        painter.setBrush(fill)
        painter.setPen(QPen(self._colour, 1))
        half = 90 / len(self._lengths)
        for number, length in enumerate(self._lengths):
            # Equal areas are equal lengths: petals grow with the root.
            reach = radius * math.sqrt(length / longest)
            middle = 180 * number / len(self._lengths)
            one, other = (
                _towards(middle - half) * reach,
                _towards(middle + half) * reach,
            )
            for side in (1, -1):
                petal = QPolygonF([centre, centre + one * side, centre + other * side])
                painter.drawPolygon(petal)


def _towards(degrees: float) -> QPointF:
    """A step of 1 in a direction, counter-clockwise from level; y grows downwards."""
    angle = math.radians(degrees)
    return QPointF(math.cos(angle), -math.sin(angle))


def round_edges(highest: float, count: int = 10) -> tuple[float, ...]:
    """Edges from 0 in equal round steps, about `count`, that reach `highest`."""
    if highest <= 0:
        return (0.0, 1.0)
    rough = highest / count
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * n for n in (1, 2, 2.5, 5, 10) if power * n >= rough * 0.999)
    steps = max(1, math.ceil(highest / step - 1e-9))
    return tuple(round(step * n, 9) for n in range(steps + 1))
