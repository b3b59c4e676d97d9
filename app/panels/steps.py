"""The steps of the photo in a row: a click goes back or forward to one of them."""

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QBrush, QFont, QPalette, QShowEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.actions.workbench import Workbench
from app.panels.parts import SPACE_PX, muted
from resunet_core.project.timeline import TimelineStep

_QUIET_MS = 80
_ROW_PX = 26


class StepsPanel(QWidget):
    """Reads while it is seen; steps that are undone stand back."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = bench.context.session
        self._done = 0
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Steps"))
        self._list.setFrameShape(QListWidget.Shape.NoFrame)
        self._list.setUniformItemSizes(True)
        self._list.itemClicked.connect(self._on_chosen)
        self._list.itemActivated.connect(self._on_chosen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_PX, SPACE_PX, SPACE_PX, 0)
        layout.setSpacing(SPACE_PX)
        text = self.tr("Click a step to go back or forward to it.")
        layout.addWidget(muted(text))
        layout.addWidget(self._list, 1)
        self._timer = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._timer.timeout.connect(self._read)
        self._session.history_changed.connect(self._on_changed)

    @property
    def names(self) -> list[str]:
        """What is listed, the photo as it was opened first."""
        return [self._list.item(row).text() for row in range(self._list.count())]

    def showEvent(self, event: QShowEvent) -> None:
        """Read what happened while it was hidden."""
        super().showEvent(event)
        self._read()

    def _on_changed(self) -> None:
        if self.isVisible():
            self._timer.start()

    def _read(self) -> None:
        self._session.ask_steps(self._show)

    def _show(self, steps: list[TimelineStep]) -> None:
        self._done = sum(step.is_done for step in steps)
        self._list.clear()
        if self._session.opened is None:
            return
        first = self.tr("As far back as the steps are kept")
        self._list.addItem(self._item(first, is_done=True))
        for step in steps:
            self._list.addItem(self._item(step.name, is_done=step.is_done))
        self._list.setCurrentRow(self._done)
        self._list.scrollToItem(self._list.currentItem())

    def _item(self, text: str, *, is_done: bool) -> QListWidgetItem:
        item = QListWidgetItem(text)
        item.setSizeHint(QSize(0, _ROW_PX))
        if not is_done:
            pale = self.palette().brush(
                QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text
            )
            item.setForeground(QBrush(pale))
            font = QFont(item.font())
            font.setItalic(True)
            item.setFont(font)
            item.setToolTip(self.tr("Undone; a new change takes its place"))
        return item

    def _on_chosen(self, item: QListWidgetItem) -> None:
        wanted = self._list.row(item)
        for _ in range(self._done - wanted):
            self._session.undo()
        for _ in range(wanted - self._done):
            self._session.redo()
        self._done = wanted
