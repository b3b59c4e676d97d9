"""A name for the state of one photo or of all."""

from dataclasses import dataclass

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)


@dataclass(frozen=True)
class SnapshotWish:
    """What the snapshot is called, and whether all photos are meant."""

    name: str
    all_photos: bool = False


class SnapshotDialog(QDialog):
    """Asks for the name; without one nothing can be taken."""

    def __init__(self, photo: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Take snapshot"))
        self.setMinimumWidth(420)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(8)
        layout.addWidget(QLabel(self.tr("Name")))
        self._name = QLineEdit()
        self._name.setAccessibleName(self.tr("Name"))
        self._name.setMaxLength(200)
        self._name.setPlaceholderText(self.tr("As before the cleaning"))
        layout.addWidget(self._name)
        layout.addSpacing(4)
        self._one = QRadioButton(self.tr("This photo: {0}").format(photo))
        self._all = QRadioButton(self.tr("All photos of the project"))
        self._one.setChecked(True)
        layout.addWidget(self._one)
        layout.addWidget(self._all)
        layout.addSpacing(12)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        do = buttons.addButton(self.tr("Take"), QDialogButtonBox.ButtonRole.AcceptRole)
        do.setProperty("role", "primary")
        do.setEnabled(False)
        self._name.textChanged.connect(lambda text: do.setEnabled(bool(text.strip())))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

    @property
    def wish(self) -> SnapshotWish:
        """What was written and chosen."""
        return SnapshotWish(self._name.text().strip(), self._all.isChecked())


def ask_snapshot(parent: QWidget, photo: str) -> SnapshotWish | None:
    """Ask; None when the person thinks better of it."""
    dialog = SnapshotDialog(photo, parent)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    wish = dialog.wish
    dialog.deleteLater()
    return wish if accepted and wish.name else None
