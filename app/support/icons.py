"""The icons of the program: Phosphor, drawn in the colours of the theme in force."""

from functools import lru_cache

import qtawesome
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
)

from resunet_core.resources import resource

_DISABLED_ALPHA = 0.35
_SMALL_PX = (16, 24, 32)


def program_icon() -> QIcon:
    """The program's own icon, with fewer lines where it is small."""
    drawn = QIcon(str(resource("icons", "caihua.svg")))
    for size in _SMALL_PX:
        drawn.addFile(str(resource("icons", "caihua-small.svg")), QSize(size, size))
    return drawn


def icon(name: str) -> QIcon:
    """The Phosphor icon `name`; it follows the theme without being made anew."""
    return QIcon(_ThemedEngine(name))


def draw_icon(painter: QPainter, rect: QRect, name: str, colour: QColor) -> None:
    """Draw the icon `name` into a square in one colour."""
    _coloured(name, colour.rgba()).paint(painter, rect)


class _ThemedEngine(QIconEngine):
    """Looks at the palette each time it draws."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def paint(
        self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State
    ) -> None:
        """Draw it in the colour of text, paler when disabled."""
        colour = QGuiApplication.palette().color(QPalette.ColorRole.ButtonText)
        if mode == QIcon.Mode.Disabled:
            colour.setAlphaF(_DISABLED_ALPHA)
        draw_icon(painter, rect, self._name, colour)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The same as a picture, for what cannot let an icon draw itself."""
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return picture


@lru_cache(maxsize=256)
def _coloured(name: str, rgba: int) -> QIcon:
    return QIcon(qtawesome.icon(f"ph.{name}", color=QColor.fromRgba(rgba)))
