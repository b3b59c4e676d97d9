"""What an empty window says: what to do first."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.actions.file import open_folder, open_photos
from app.actions.workbench import Workbench
from app.panels.parts import SPACE_PX, muted, row
from app.support.sign import Sign

_SIGN_PX = 56


class WelcomePanel(QWidget):
    """An invitation to drop photos, and buttons for those who prefer them."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        sign = Sign("image", _SIGN_PX, "accent")
        title = QLabel(self.tr("Drop photos or a folder here"))
        title.setProperty("role", "title")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text = muted(
            self.tr(
                "Caihua finds craquelure and paint loss, you correct what it found,\n"
                "and every stroke is saved at once. Your photos are never changed."
            )
        )
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        photos = QPushButton(self.tr("Open photos…"))
        photos.setProperty("role", "primary")
        photos.setToolTip(self.tr("Open photos (Ctrl+O)"))
        photos.clicked.connect(self._on_photos)
        folder = QPushButton(self.tr("Open folder…"))
        folder.setToolTip(self.tr("Open a folder of photos (Ctrl+Shift+O)"))
        folder.clicked.connect(self._on_folder)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addWidget(sign, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(SPACE_PX)
        layout.addWidget(title)
        layout.addWidget(text)
        layout.addSpacing(2 * SPACE_PX)
        layout.addLayout(row(None, photos, folder, None))
        layout.addStretch(3)

    def _on_photos(self) -> None:
        open_photos(self._bench, self.window())

    def _on_folder(self) -> None:
        open_folder(self._bench, self.window())
