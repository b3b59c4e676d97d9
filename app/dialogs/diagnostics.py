"""What is in the diagnostics, to be seen before they are saved."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.jobs.diagnostics import Diagnostics

_LIST_PX = 180
NAME = "caihua-diagnostics.zip"


class DiagnosticsDialog(QDialog):
    """A list of the files and the text of each, word for word."""

    def __init__(self, diagnostics: Diagnostics, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._files = dict(diagnostics.files)
        self.setWindowTitle(self.tr("Save diagnostics"))
        self.resize(760, 520)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(16)
        said = QLabel(
            self.tr(
                "This is all that will be in the file, for you to send to whoever helps"
                " you. Names and folders are made unreadable; no photo is in it."
                " Nothing is sent by the program."
            )
        )
        said.setWordWrap(True)
        layout.addWidget(said)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Files"))
        self.list.setFixedWidth(_LIST_PX)
        self.list.addItems(list(self._files))
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("What the file says"))
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        self.text.setFont(fixed)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        both = QHBoxLayout()
        both.setSpacing(16)
        both.addWidget(self.list, 0, Qt.AlignmentFlag.AlignLeft)
        both.addWidget(self.text, 1)
        layout.addLayout(both, 1)
        self.list.currentTextChanged.connect(self._on_chosen)
        self.list.setCurrentRow(0)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        role = QDialogButtonBox.ButtonRole.AcceptRole
        save = buttons.addButton(self.tr("Save…"), role)
        save.setProperty("role", "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

    def _on_chosen(self, name: str) -> None:
        self.text.setPlainText(self._files.get(name, ""))


def ask_diagnostics(parent: QWidget, diagnostics: Diagnostics) -> Path | None:
    """Show what is in it and ask where to; None when the person thinks better of it."""
    dialog = DiagnosticsDialog(diagnostics, parent)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    title, kinds = dialog.windowTitle(), dialog.tr("Zip files ({0})").format("*.zip")
    dialog.deleteLater()
    if not accepted:
        return None
    start = str(Path.home() / NAME)
    name, _ = QFileDialog.getSaveFileName(parent, title, start, kinds)
    return Path(name).with_suffix(".zip") if name else None
