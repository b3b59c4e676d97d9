"""What a person wants to remember of a photo."""

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)


class NoteDialog(QDialog):
    """A field to write in."""

    def __init__(self, photo: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Note on {0}").format(photo))
        self.resize(480, 260)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(16)
        self._text = QPlainTextEdit(text)
        self._text.setAccessibleName(self.tr("Note"))
        self._text.setTabChangesFocus(True)
        self._text.setPlaceholderText(self.tr("Seen on site, to be asked, to be done"))
        layout.addWidget(self._text)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        do = buttons.addButton(self.tr("Keep"), QDialogButtonBox.ButtonRole.AcceptRole)
        do.setProperty("role", "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

    @property
    def text(self) -> str:
        """What was written."""
        return self._text.toPlainText().strip()


def ask_note(parent: QWidget, photo: str, text: str) -> str | None:
    """Ask; None when the person thinks better of it."""
    dialog = NoteDialog(photo, text, parent)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    written = dialog.text
    dialog.deleteLater()
    return written if accepted else None
