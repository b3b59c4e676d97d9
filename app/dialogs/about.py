"""What this program is."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from app.support.sign import Sign
from resunet_core import __version__


def show_about(parent: QWidget) -> None:
    """Show name, version and purpose."""
    dialog = AboutDialog(parent)
    dialog.exec()
    dialog.deleteLater()


class AboutDialog(QDialog):
    """Name, version and purpose."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About Caihua"))
        self.setFixedWidth(400)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 32, 32, 16)
        layout.setSpacing(8)
        sign = Sign("house-line", 48, "accent")
        name = QLabel(self.tr("Caihua 彩画"))
        name.setProperty("role", "title")
        version = QLabel(self.tr("Version {0}").format(__version__))
        version.setProperty("role", "muted")
        purpose = QLabel(
            self.tr(
                "Finds craquelure and paint loss on photos of painted architecture, "
                "lets you correct what it found, measures it and hands it on."
            )
        )
        promise = QLabel(
            self.tr("Your photos stay on this computer and are never changed.")
        )
        for widget in (sign, name, version):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(8)
        for text in (purpose, promise):
            text.setWordWrap(True)
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(text)
        layout.addSpacing(16)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
