"""What the colours mean and how large things are, on the photo itself."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter, QPen

from app.canvas.overlay_paint import ClassLook
from app.canvas.overlay_style import heat_colour
from app.session.view_state import OverlayStyle

_MARGIN_PX, _PAD_PX, _ROW_PX, _SWATCH_PX = 14, 10, 22, 14
_LONGEST_PX, _TICK_PX = 150.0, 5.0
_GROUND, _INK = QColor(18, 18, 20, 200), QColor(255, 255, 255)
_HEAT_PX = 96
_LARGEST_SHARE = 0.22  # of the canvas's height, for the rows
_DIRECTIONS = (
    Qt.BrushStyle.BDiagPattern,
    Qt.BrushStyle.FDiagPattern,
    Qt.BrushStyle.HorPattern,
    Qt.BrushStyle.VerPattern,
)


@dataclass(frozen=True)
class LegendRow:
    """A colour and what it stands for; `number` tells its hatch from others."""

    look: ClassLook
    text: str
    style: OverlayStyle
    number: int = 0


@dataclass(frozen=True)
class ScaleBar:
    """A round length, how long it is on the screen, and what it is called."""

    screen_px: float
    text: str


def scale_bar(scale: float, mm_per_px: float | None) -> ScaleBar:
    """The longest round length that fits.

    Args:
        scale: Pixels of the screen for one of the photo.
        mm_per_px: Width of a pixel of the photo; None where it is not known.
    """
    unit = scale if mm_per_px is None else scale / mm_per_px
    length = _round_length(_LONGEST_PX / unit)
    if mm_per_px is None:
        length = max(1.0, length)
        said = QCoreApplication.translate("Legend", "{0} px").format(f"{length:g}")
    elif length >= 1000:
        said = f"{length / 1000:g} m"
    elif length >= 10:
        said = f"{length / 10:g} cm"
    else:
        said = f"{length:g} mm"
    return ScaleBar(length * unit, said)


def _round_length(longest: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is not above `longest`."""
    power = 10.0 ** math.floor(math.log10(longest))
    return max(step * power for step in (1, 2, 5) if step * power <= longest * 1.0001)


def draw_legend(
    painter: QPainter,
    canvas: QRect,
    rows: Sequence[LegendRow],
    bar: ScaleBar,
    *,
    heat: bool = False,
) -> None:
    """At the foot of the canvas on the left: the rows, and under them the scale.

    A small canvas keeps its photo free: it gets the scale alone.
    """
    metrics = painter.fontMetrics()
    if len(rows) * _ROW_PX > _LARGEST_SHARE * canvas.height():
        rows = ()
    texts = [metrics.horizontalAdvance(row.text) for row in rows]
    width = max([bar.screen_px, *(w + _SWATCH_PX + 8 for w in texts)])
    width = max(width, _HEAT_PX + 60 if heat else 0)
    lines = len(rows) + heat
    height = lines * _ROW_PX + metrics.height() + _TICK_PX + 4
    box = QRectF(0, 0, width + 2 * _PAD_PX, height + 2 * _PAD_PX - 2)
    box.moveBottomLeft(
        QPointF(canvas.left() + _MARGIN_PX, canvas.bottom() - _MARGIN_PX)
    )
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_GROUND)
    painter.drawRoundedRect(box, 6, 6)
    place = QPointF(box.left() + _PAD_PX, box.top() + _PAD_PX)
    for row in rows:
        _draw_row(painter, place, row)
        place += QPointF(0, _ROW_PX)
    if heat:
        _draw_heat(painter, place)
    foot = QPointF(box.left() + _PAD_PX, box.bottom() - _PAD_PX)
    _draw_bar(painter, foot, bar)
    painter.restore()


def _draw_row(painter: QPainter, place: QPointF, row: LegendRow) -> None:
    square = QRectF(place.x(), place.y() + (_ROW_PX - _SWATCH_PX) / 2 - 3, 0, 0)
    square.setSize(QRectF(0, 0, _SWATCH_PX, _SWATCH_PX).size())
    colour = QColor(*row.look.colour)
    painter.setPen(QPen(colour, 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if row.style is OverlayStyle.FILL:
        painter.setBrush(colour)
    elif row.style is OverlayStyle.HATCH:
        pattern = _DIRECTIONS[row.number % len(_DIRECTIONS)]
        painter.setBrush(QBrush(colour, pattern))
    painter.drawRoundedRect(square, 2, 2)
    painter.setPen(_INK)
    text = QRectF(square.right() + 8, place.y() - 3, 400, _ROW_PX)
    middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.drawText(text, middle, row.text)


def _draw_heat(painter: QPainter, place: QPointF) -> None:
    band = QRectF(place.x(), place.y() + 1, _HEAT_PX, 10)
    ramp = QLinearGradient(band.topLeft(), band.topRight())
    for step in range(11):
        ramp.setColorAt(step / 10, heat_colour(step * 255 // 10))
    painter.setPen(QPen(QColor(255, 255, 255, 120), 1))
    painter.setBrush(ramp)
    painter.drawRect(band)
    painter.setPen(_INK)
    text = QRectF(band.right() + 8, place.y() - 5, 80, _ROW_PX)
    middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.drawText(text, middle, "0 – 100 %")  # noqa: RUF001 - the dash of ranges


def _draw_bar(painter: QPainter, foot: QPointF, bar: ScaleBar) -> None:
    painter.setPen(QPen(_INK, 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    end = foot + QPointF(bar.screen_px, 0)
    up = QPointF(0, -_TICK_PX)
    painter.drawPolyline([foot + up, foot, end, end + up])
    text = QRectF(foot.x() + 2, foot.y() - _TICK_PX - 20, 400, 18)
    low = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft
    painter.drawText(text, low, bar.text)
