"""An elevation as a drawing: bays between columns, components coloured by damage."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QHelpEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.support.theme import Colours, colours_of

_STOPS = (  # from sound to worst: sand to cinnabar, told apart in grey as well
    (0.0, (246, 238, 222)),
    (0.35, (243, 194, 128)),
    (0.7, (214, 98, 60)),
    (1.0, (128, 22, 30)),
)
_TITLE_PX, _ROOF_PX, _LEGEND_PX, _BASE_PX = 18.0, 22.0, 30.0, 6.0
_EAVES_PX, _COLUMN_PX, _GAP_PX = 12.0, 6.0, 20.0
_BAR_PX = (16.0, 46.0)  # least and most height of a component


@dataclass(frozen=True)
class Cell:
    """A component: its damage, how that is said, and the photo to go to.

    Attributes:
        name: Of the component.
        value: Damage in the unit of the chart; None where nothing was assessed.
        said: The value in words.
        tip: What the tooltip says.
        photo_id: The photo that shows most damage; None where there is none.
    """

    name: str
    value: float | None
    said: str
    tip: str
    photo_id: int | None


@dataclass(frozen=True)
class Bay:
    """What lies between two columns, from top to bottom."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Facade:
    """An elevation, its bays from left to right."""

    name: str
    bays: tuple[Bay, ...]


class FacadeChart(QWidget):
    """The elevations of a building side by side; a click asks for a photo."""

    photo_wanted = Signal(int)  # its id

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facades: tuple[Facade, ...] = ()
        self._highest = 0.0
        self._ends = ("", "")
        self._under: Cell | None = None
        self.setAccessibleName(self.tr("Elevations coloured by damage"))
        self.setMouseTracking(True)
        self.setMinimumSize(300, 150)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_facades(
        self, facades: Sequence[Facade], highest: float, ends: tuple[str, str]
    ) -> None:
        """Show a building; `ends` say what 0 and `highest` are on the legend."""
        self._facades, self._highest, self._ends = tuple(facades), highest, ends
        self._under = None
        self.update()

    def sizeHint(self) -> QSize:
        """Room for five bays."""
        return QSize(520, 220)

    def cell_at(self, place: QPointF) -> Cell | None:
        """The component at a place of the widget."""
        found = (cell for rect, cell in self._cells() if rect.contains(place))
        return next(found, None)

    def middle_of(self, name: str) -> QPointF:
        """Where a component is drawn."""
        return next(rect.center() for rect, cell in self._cells() if cell.name == name)

    # Where things are

    def _plots(self) -> list[tuple[QRectF, Facade]]:
        """The walls of the elevations, as wide as they have bays."""
        count = sum(max(1, len(facade.bays)) for facade in self._facades)
        if not count:
            return []
        gaps = _GAP_PX * (len(self._facades) - 1) + 2 * _EAVES_PX * len(self._facades)
        each = min(150.0, (self.width() - gaps) / count)
        top = _TITLE_PX + _ROOF_PX
        height = self.height() - top - _LEGEND_PX - _BASE_PX
        rows = max(len(b.cells) for f in self._facades for b in f.bays)
        height = min(height, _TITLE_PX + max(2, rows) * _BAR_PX[1])
        left, plots = _EAVES_PX, []
        for facade in self._facades:
            width = each * max(1, len(facade.bays))
            plots.append((QRectF(left, top, width, height), facade))
            left += width + _GAP_PX + 2 * _EAVES_PX
        return plots

    def _bays(self) -> list[tuple[QRectF, Bay]]:
        found = []
        for plot, facade in self._plots():
            width = plot.width() / max(1, len(facade.bays))
            for number, bay in enumerate(facade.bays):
                left = plot.left() + number * width
                found.append((QRectF(left, plot.top(), width, plot.height()), bay))
        return found

    def _cells(self) -> list[tuple[QRectF, Cell]]:
        found = []
        for bay_rect, bay in self._bays():
            room = bay_rect.adjusted(_COLUMN_PX, 4, -_COLUMN_PX, -_TITLE_PX)
            each = min(_BAR_PX[1], room.height() / max(1, len(bay.cells)))
            for number, cell in enumerate(bay.cells):
                top = room.top() + number * each
                found.append((QRectF(room.left(), top, room.width(), each - 2), cell))
        return found

    # Mouse

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what can be clicked."""
        under = self.cell_at(event.position())
        if under is not self._under:
            self._under = under
            hand = under is not None and under.photo_id is not None
            shape = Qt.CursorShape
            self.setCursor(shape.PointingHandCursor if hand else shape.ArrowCursor)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the mouse."""
        super().leaveEvent(event)
        self._under = None
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for the photo of the component."""
        cell = self.cell_at(event.position())
        if cell is not None and cell.photo_id is not None:
            self.photo_wanted.emit(cell.photo_id)

    def event(self, event: QEvent) -> bool:
        """Say more of a component in a tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self.cell_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if cell is None else cell.tip, self)
            return True
        return super().event(event)

    # Drawing

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Roofs, columns, components, the legend."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = colours_of(self.palette())
        if not self._facades:
            painter.setPen(QColor(theme.muted))
            said = self.tr("Say of photos where they were taken (Ctrl+L).")
            painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, said)
            return
        for plot, facade in self._plots():
            _draw_building(painter, plot, facade, theme)
        for rect, bay in self._bays():
            painter.setPen(QColor(theme.muted))
            foot = QRectF(rect.left(), rect.bottom() - _TITLE_PX, rect.width(), 16)
            _draw_text(painter, foot.adjusted(4, 0, -4, 0), bay.name)
        for rect, cell in self._cells():
            self._draw_cell(painter, rect, cell, theme)
        self._draw_legend(painter, theme)

    def _draw_cell(
        self, painter: QPainter, rect: QRectF, cell: Cell, theme: Colours
    ) -> None:
        is_under = cell is self._under
        painter.setPen(QPen(QColor(theme.text if is_under else theme.line), 1))
        if cell.value is None:
            painter.setBrush(_not_assessed(theme))
            painter.drawRect(rect)
            text = QColor(theme.muted)
        else:
            fill = damage_colour(cell.value / self._highest if self._highest else 0)
            painter.setBrush(fill)
            painter.drawRect(rect)
            text = QColor("#1f2023" if fill.lightness() > 140 else "#ffffff")
        painter.setPen(text)
        inside = rect.adjusted(6, 0, -6, 0)
        width = painter.fontMetrics().horizontalAdvance(cell.said)
        if inside.width() > width + 26:
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(inside, right, cell.said)
            inside.setRight(inside.right() - width - 6)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        _draw_text(painter, inside, cell.name, left)

    def _draw_legend(self, painter: QPainter, theme: Colours) -> None:
        top = self.height() - _LEGEND_PX + 12
        strip = QRectF(_EAVES_PX, top, 120, 10)
        shades = QLinearGradient(strip.topLeft(), strip.topRight())
        for at, colour in _STOPS:
            shades.setColorAt(at, QColor(*colour))
        metrics = painter.fontMetrics()
        painter.setPen(QColor(theme.muted))
        first = metrics.horizontalAdvance(self._ends[0])
        painter.drawText(QPointF(strip.left(), top + 10), self._ends[0])
        strip.translate(first + 6, 0)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.setBrush(QBrush(shades))
        painter.drawRect(strip)
        painter.setPen(QColor(theme.muted))
        painter.drawText(QPointF(strip.right() + 6, top + 10), self._ends[1])
        last = metrics.horizontalAdvance(self._ends[1])
        box = QRectF(strip.right() + last + 28, top, 18, 10)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.setBrush(_not_assessed(theme))
        painter.drawRect(box)
        painter.setPen(QColor(theme.muted))
        said = QCoreApplication.translate("FacadeChart", "not assessed")
        painter.drawText(QPointF(box.right() + 6, top + 10), said)


def damage_colour(share: float) -> QColor:
    """The colour of a share of the highest damage, 0 to 1."""
    share = min(1.0, max(0.0, share))
    for (low, one), (high, other) in pairwise(_STOPS):
        if share <= high:
            part = (share - low) / (high - low)
            mixed = (a + (b - a) * part for a, b in zip(one, other, strict=True))
            return QColor(*(round(value) for value in mixed))
    return QColor(*_STOPS[-1][1])


def _not_assessed(theme: Colours) -> QBrush:
    return QBrush(QColor(theme.line), Qt.BrushStyle.BDiagPattern)


def _draw_building(
    painter: QPainter, wall: QRectF, facade: Facade, theme: Colours
) -> None:
    """The title, a roof with raised eaves, columns, and the platform below."""
    painter.setPen(QColor(theme.text))
    wide = wall.adjusted(-_EAVES_PX, 0, _EAVES_PX, 0)
    title = QRectF(wide.left(), 0, wide.width(), _TITLE_PX)
    _draw_text(painter, title, facade.name)
    eaves, ridge = wall.top() - 3, _TITLE_PX + 4
    inset = min(36.0, wide.width() / 5)
    roof = QPainterPath(QPointF(wide.left(), eaves - 4))
    for x, top in ((wide.left() + inset, ridge), (wide.right() - inset, ridge)):
        if x == wide.left() + inset:
            roof.quadTo(QPointF(wide.left() + inset * 0.75, eaves - 4), QPointF(x, top))
        else:
            roof.lineTo(QPointF(x, top))
    roof.quadTo(
        QPointF(wide.right() - inset * 0.75, eaves - 4),
        QPointF(wide.right(), eaves - 4),
    )
    roof.quadTo(QPointF(wall.right(), eaves), QPointF(wall.right() - 12, eaves))
    roof.lineTo(QPointF(wall.left() + 12, eaves))
    roof.quadTo(QPointF(wall.left(), eaves), QPointF(wide.left(), eaves - 4))
    painter.setPen(QPen(QColor(theme.muted), 1))
    painter.setBrush(QColor(theme.hover))
    painter.drawPath(roof)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.line))
    count = max(1, len(facade.bays))
    for number in range(count + 1):
        x = wall.left() + wall.width() * number / count
        painter.drawRect(QRectF(x - 2, wall.top(), 4, wall.height()))
    painter.drawRect(QRectF(wide.left(), wall.bottom(), wide.width(), 4))


def _draw_text(
    painter: QPainter,
    box: QRectF,
    text: str,
    flags: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignCenter,
) -> None:
    """Text that is cut short with an ellipsis where it has no room."""
    elide = Qt.TextElideMode.ElideRight
    shown = painter.fontMetrics().elidedText(text, elide, int(box.width()))
    painter.drawText(box, flags, shown)
