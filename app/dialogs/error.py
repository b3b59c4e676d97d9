"""The unexpected: what happened, in words, and the log for whoever mends it."""

import traceback
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.support.sign import Sign


class ErrorDialog(QDialog):
    """Says that something went wrong inside, where the log is, offers to copy it."""

    diagnostics_wanted = Signal()

    def __init__(
        self, error: BaseException, log: Path, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._text = "".join(traceback.format_exception(error))
        self.setWindowTitle(self.tr("Something went wrong"))
        self.setMinimumWidth(520)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(16)
        head = QHBoxLayout()
        head.setSpacing(16)
        sign = Sign("warning-circle", 32, "danger")
        said = QLabel(
            self.tr(
                "The program met a mistake of its own. Your corrections are safe in "
                "the project. Go on; if it happens again, start the program anew. The "
                "details are in {0}."
            ).format(log)
        )
        said.setWordWrap(True)
        head.addWidget(sign)
        head.addWidget(said, 1)
        layout.addLayout(head)
        self._details = QPlainTextEdit(self._text)
        self._details.setReadOnly(True)
        self._details.setMinimumHeight(160)
        self._details.hide()
        layout.addWidget(self._details)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        role = QDialogButtonBox.ButtonRole.ActionRole
        show = buttons.addButton(self.tr("Details"), role)
        copy = buttons.addButton(self.tr("Copy"), role)
        save = buttons.addButton(self.tr("Save diagnostics…"), role)
        save.clicked.connect(self.diagnostics_wanted)
        show.clicked.connect(self._on_details)
        copy.clicked.connect(self._on_copy)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

    def _on_details(self) -> None:
        self._details.setVisible(not self._details.isVisible())
        self.adjustSize()

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
