"""The small parts that panels are put together from, so that all look alike."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSlider,
    QVBoxLayout,
    QWidget,
)

MARGIN_PX = 16
SPACE_PX = 8


class Swatch(QWidget):
    """A small square in the colour of a class."""

    def __init__(self, colour: tuple[int, int, int]) -> None:
        super().__init__()
        self._colour = QColor(*colour)
        self.setFixedSize(12, 12)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it with round corners."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour)
        painter.drawRoundedRect(self.rect(), 3, 3)


def dot_icon(colour: tuple[int, int, int]) -> QIcon:
    """A swatch as an icon, for buttons and tables."""
    picture = QPixmap(24, 24)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(*colour))
    painter.drawRoundedRect(0, 0, 24, 24, 6, 6)
    painter.end()
    return QIcon(picture)


def heading(text: str) -> QLabel:
    """The title of a panel or of a part of it."""
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label


def muted(text: str = "", *, wrap: bool = False) -> QLabel:
    """Text that explains and stands back."""
    label = QLabel(text)
    label.setProperty("role", "muted")
    label.setWordWrap(wrap)
    return label


def slider(name: str, low: int, high: int) -> QSlider:
    """A horizontal slider, named for screen readers."""
    made = QSlider(Qt.Orientation.Horizontal)
    made.setRange(low, high)
    made.setAccessibleName(name)
    made.setMinimumWidth(80)
    made.setFixedHeight(20)
    return made


def indent(field: QAbstractSpinBox) -> None:
    """Keep the figure off the edge, which a style sheet cannot do."""
    field.lineEdit().setTextMargins(SPACE_PX - 2, 0, 0, 0)


def row(*widgets: QWidget | None, stretch: int = -1) -> QHBoxLayout:
    """Widgets side by side; None is a gap that takes all room."""
    layout = QHBoxLayout()
    layout.setSpacing(SPACE_PX)
    for number, widget in enumerate(widgets):
        if widget is None:
            layout.addStretch(1)
        else:
            layout.addWidget(widget, 1 if number == stretch else 0)
    return layout


def column(panel: QWidget) -> QVBoxLayout:
    """The layout of a panel, below its heading."""
    layout = QVBoxLayout(panel)
    layout.setContentsMargins(MARGIN_PX, SPACE_PX, MARGIN_PX, MARGIN_PX)
    layout.setSpacing(SPACE_PX)
    return layout


def dock(
    title: str,
    name: str,
    panel: QWidget,
    parent: QWidget,
    *,
    beside: Sequence[QWidget] = (),
) -> QDockWidget:
    """A dock with a calm heading in place of Qt's title bar, and widgets beside it."""
    made = QDockWidget(title, parent)
    made.setObjectName(name)
    made.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetMovable)
    head = QFrame()
    head.setProperty("role", "heading")
    layout = QHBoxLayout(head)
    layout.setContentsMargins(MARGIN_PX, SPACE_PX + 4, MARGIN_PX, 0)
    layout.addWidget(heading(title))
    for widget in beside:
        layout.addWidget(widget, 1)
    made.setTitleBarWidget(head)
    made.setWidget(panel)
    return made


ICON_PX = QSize(20, 20)
NO_FIGURE = "\u2013"  # an en dash
