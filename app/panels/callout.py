"""A card that points at a control of the window, without holding anything up."""

from PySide6.QtCore import QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.support.theme import colours_of

_WIDTH_PX, _GAP_PX, _EDGE_PX = 320, 28, 12
_RING_PX, _LINE_PX = 4, 2
_LARGE = 0.3  # of the window: what is larger is pointed at from inside


class Callout(QFrame):
    """Says what to do next; `place` puts it beside what it speaks of."""

    skipped = Signal()
    left = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("callout")
        self.setProperty("role", "notice")
        self.setFixedWidth(_WIDTH_PX)
        self._pointer = _Pointer(window)
        self._count = QLabel()
        self._count.setProperty("role", "muted")
        self._title = QLabel()
        self._title.setProperty("role", "figure")
        self._title.setWordWrap(True)
        self._text = QLabel()
        self._text.setWordWrap(True)
        leave = QPushButton(self.tr("Leave"))
        leave.setToolTip(self.tr("Leave the tour (Esc)"))
        leave.clicked.connect(self.left)
        self._leave = leave
        self._skip = QPushButton(self.tr("Skip"))
        self._skip.setToolTip(self.tr("Go on without doing it"))
        self._skip.clicked.connect(self.skipped)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for widget in (self._count, None, leave, self._skip):
            if widget is None:
                buttons.addStretch(1)
            else:
                widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                buttons.addWidget(widget)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 12, 12)
        self._column.setSpacing(8)
        self._column.addWidget(self._title)
        self._column.addWidget(self._text)
        self._column.addLayout(buttons)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return f"{self._title.text()}\n{self._text.text()}"

    @property
    def target(self) -> QRect | None:
        """What it points at, in the window."""
        return self._pointer.target

    def say(self, count: str, title: str, text: str, *, is_last: bool = False) -> None:
        """Say something; after the last step there is nothing to skip."""
        self._count.setText(count)
        self._title.setText(title)
        self._text.setText(text)
        self._skip.setVisible(not is_last)
        self._leave.setText(self.tr("Close") if is_last else self.tr("Leave"))
        self.setFixedHeight(self._column.totalHeightForWidth(_WIDTH_PX))

    def place(self, target: QRect | None) -> None:
        """Stand beside a part of the window and point at it, or in the middle."""
        self.move(_beside(target, self.rect(), self._window.rect()))
        self._pointer.point(target, self.geometry())
        self.show()
        self._pointer.raise_()
        self.raise_()

    def put_away(self) -> None:
        """Show nothing."""
        self.hide()
        self._pointer.hide()


class _Pointer(QWidget):
    """A ring around the target and a line from the card to it; clicks go through."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.target: QRect | None = None
        self._card = QRect()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def point(self, target: QRect | None, card: QRect) -> None:
        """Point at a part of the window."""
        self.setVisible(target is not None)
        if target == self.target and card == self._card:
            return
        self.target, self._card = target, QRect(card)
        self.setGeometry(self._window.rect())
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw both in the accent of the theme."""
        if self.target is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours_of(self.palette()).accent), _LINE_PX))
        ring = self.target.adjusted(-_RING_PX, -_RING_PX, _RING_PX, _RING_PX)
        ring &= self.rect().adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(ring, 6, 6)
        if not ring.contains(self._card.center()):
            start = _nearest(self._card, ring.center())
            painter.drawLine(QPointF(start), QPointF(_nearest(ring, start)))


def _nearest(box: QRect, to: QPoint) -> QPoint:
    """The point of a box that is nearest to another one."""
    return QPoint(
        min(max(to.x(), box.left()), box.right()),
        min(max(to.y(), box.top()), box.bottom()),
    )


def _beside(target: QRect | None, card: QRect, window: QRect) -> QPoint:
    """Where a card stands so that it covers nothing of its target where it can."""
    inside = window.adjusted(_EDGE_PX, _EDGE_PX, -_EDGE_PX, -_EDGE_PX)
    if target is None:
        return inside.center() - card.center()
    if target.width() * target.height() > _LARGE * window.width() * window.height():
        corner = target.topRight()
        wanted = QPoint(corner.x() - card.width() - _EDGE_PX, corner.y() + _EDGE_PX)
        return _within(wanted, card, inside)
    middle = target.center() - card.center()
    places = [
        QPoint(target.right() + _GAP_PX, middle.y()),
        QPoint(target.left() - _GAP_PX - card.width(), middle.y()),
        QPoint(middle.x(), target.bottom() + _GAP_PX),
        QPoint(middle.x(), target.top() - _GAP_PX - card.height()),
    ]
    moved = [_within(place, card, inside) for place in places]
    for place in moved:
        if not QRect(place, card.size()).intersects(target):
            return place
    return moved[0]


def _within(place: QPoint, card: QRect, inside: QRect) -> QPoint:
    return QPoint(
        max(inside.left(), min(place.x(), inside.right() - card.width())),
        max(inside.top(), min(place.y(), inside.bottom() - card.height())),
    )
