"""The sentence at the foot of the canvas: what happened, and what to do."""

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from app.session.notices import Notice
from app.support.icons import icon
from app.support.sign import Sign

_INFO_MS, _WARNING_MS = 6000, 20000
_MARGIN_PX = 16
_WIDEST_PX = 640


class NoticeBar(QFrame):
    """Floats over its parent; goes by itself after a while, or when closed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        self._sign = Sign("info", 20, "accent")
        self._text = QLabel()
        self._text.setWordWrap(True)
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
        """Say it, in place of what was said before."""
        is_warning = notice.kind == "warning"
        if is_warning:
            self._sign.show_icon("warning", "warning")
        else:
            self._sign.show_icon("info", "accent")
        self._text.setText(f"{notice.text} {notice.hint}".strip())
        self._place()
        self.show()
        self.raise_()
        self._timer.start(_WARNING_MS if is_warning else _INFO_MS)

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
