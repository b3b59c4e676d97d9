"""The sentence at the foot of the canvas, and the list of all that was said."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.actions.workbench import Workbench
from app.panels.parts import SPACE_PX
from app.session.notices import Notice
from app.support.icons import icon
from app.support.sign import Sign

_INFO_MS, _WARNING_MS = 6000, 20000
_MARGIN_PX = 16
_WIDEST_PX = 640


class NoticeBar(QFrame):
    """Floats over its parent; goes by itself after a while, or when closed."""

    all_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        self._sign = Sign("info", 20, "accent")
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._notice: Notice | None = None
        self._others = 0  # said since the bar appeared, and not read
        self._offer = QPushButton()
        self._offer.clicked.connect(self._on_offer)
        self._more = QPushButton()
        self._more.clicked.connect(self._on_more)
        close = QToolButton()
        close.setProperty("role", "small")
        close.setIcon(icon("x"))
        close.setToolTip(self.tr("Close"))
        close.setAccessibleName(self.tr("Close"))
        close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 8, 8)
        layout.setSpacing(12)
        layout.addWidget(self._sign)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._offer)
        layout.addWidget(self._more)
        layout.addWidget(close)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """What is said now; empty when nothing is."""
        return self._text.text() if self.isVisible() else ""

    def show_notice(self, notice: Notice) -> None:
        """Say it, in place of what was said before; a button leads to that."""
        unread = self._notice is not None and self._notice != notice
        self._others = self._others + 1 if self.isVisible() and unread else 0
        self._notice = notice
        is_warning = notice.kind == "warning"
        if is_warning:
            self._sign.show_icon("warning", "warning")
        else:
            self._sign.show_icon("info", "accent")
        self._text.setText(notice.sentence)
        self._offer.setVisible(notice.offer is not None)
        self._offer.setText(notice.offer.text if notice.offer else "")
        self._more.setVisible(self._others > 0)
        self._more.setText(self.tr("{0} more").format(self._others))
        self._more.setToolTip(self.tr("Show all notices"))
        self._place()
        self.show()
        self.raise_()
        self._timer.start(_WARNING_MS if is_warning else _INFO_MS)

    def _on_offer(self) -> None:
        offer = self._notice.offer if self._notice is not None else None
        self.hide()
        if offer is not None:
            offer.take()

    def _on_more(self) -> None:
        self.hide()
        self.all_wanted.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the foot of the parent when that changes its size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        width = min(_WIDEST_PX, parent.width() - 2 * _MARGIN_PX)
        self.setFixedWidth(max(200, width))
        self.setFixedHeight(max(self.heightForWidth(self.width()), 44))
        self.move(
            (parent.width() - self.width()) // 2,
            parent.height() - self.height() - _MARGIN_PX,
        )


class NoticesPanel(QWidget):
    """Everything that was said since the program was started, the newest first."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notices = bench.context.notices
        self._list = QTreeWidget()
        self._list.setAccessibleName(self.tr("Notices"))
        self._list.setHeaderHidden(True)
        self._list.setColumnCount(2)
        self._list.setRootIsDecorated(False)
        self._list.setWordWrap(True)
        self._list.setTextElideMode(Qt.TextElideMode.ElideNone)
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_PX, SPACE_PX, SPACE_PX, 0)
        layout.addWidget(self._list)
        for notice in self._notices.said:
            self._add(notice)
        self._notices.posted.connect(self._add)

    @property
    def count(self) -> int:
        """How many are listed."""
        return self._list.topLevelItemCount()

    def _add(self, notice: Notice) -> None:
        line = QTreeWidgetItem([notice.at.strftime("%H:%M"), notice.sentence])
        warning = notice.kind == "warning"
        line.setIcon(0, icon("warning" if warning else "info"))
        line.setTextAlignment(0, Qt.AlignmentFlag.AlignTop)
        line.setToolTip(1, notice.sentence)
        self._list.insertTopLevelItem(0, line)
        self._list.resizeColumnToContents(0)
        while self._list.topLevelItemCount() > len(self._notices.said):
            self._list.takeTopLevelItem(self._list.topLevelItemCount() - 1)
