"""A larger icon by itself, in a colour of the theme."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.support.icons import draw_icon
from app.support.theme import colours_of


class Sign(QWidget):
    """The icon `name` at `size_px`; `role` names a field of the theme's colours."""

    def __init__(
        self, name: str, size_px: int, role: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._role = role
        self.setFixedSize(size_px, size_px)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_icon(self, name: str, role: str) -> None:
        """Show another icon."""
        self._name, self._role = name, role
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        colour = QColor(getattr(colours_of(self.palette()), self._role))
        square = QRect(0, 0, self.width(), self.height())
        draw_icon(QPainter(self), square, self._name, colour)
