"""What to export, and where to."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)


@dataclass(frozen=True)
class ExportWish:
    """The folder to write to, and whether all photos of the project are meant."""

    folder: Path
    all_photos: bool


class ExportDialog(QDialog):
    """Asks for a folder and for one photo or all."""

    def __init__(self, photo: Path, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export"))
        self.setMinimumWidth(480)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(8)
        about = QLabel(
            self.tr(
                "For each photo: a LabelMe file, the mask as PNG and an overlay "
                "picture. For all of them: tables of regions, photos and buildings."
            )
        )
        about.setWordWrap(True)
        about.setProperty("role", "muted")
        layout.addWidget(about)
        layout.addSpacing(8)
        self._one = QRadioButton(self.tr("This photo: {0}").format(photo.name))
        self._all = QRadioButton(
            self.tr("All photos of the project ({0})").format(count)
        )
        self._one.setChecked(True)
        layout.addWidget(self._one)
        layout.addWidget(self._all)
        layout.addSpacing(8)
        layout.addWidget(QLabel(self.tr("Folder")))
        row = QHBoxLayout()
        self._folder = QLineEdit(str(photo.parent / "caihua-export"))
        self._folder.setAccessibleName(self.tr("Folder to export to"))
        choose = QPushButton(self.tr("Choose…"))
        choose.clicked.connect(self._on_choose)
        row.addWidget(self._folder, 1)
        row.addWidget(choose)
        layout.addLayout(row)
        layout.addSpacing(16)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        do = buttons.addButton(
            self.tr("Export"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        do.setProperty("role", "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

    @property
    def wish(self) -> ExportWish:
        """What was chosen."""
        return ExportWish(Path(self._folder.text()), self._all.isChecked())

    def _on_choose(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self, self.tr("Folder to export to"), self._folder.text()
        )
        if name:
            self._folder.setText(name)


def ask_export(parent: QWidget, photo: Path, count: int) -> ExportWish | None:
    """Ask; None when the person thinks better of it."""
    dialog = ExportDialog(photo, count, parent)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    wish = dialog.wish
    dialog.deleteLater()
    return wish if accepted and str(wish.folder) else None
