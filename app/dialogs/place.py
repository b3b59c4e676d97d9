"""Where photos were taken, from the site to the component."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.support.words import said_level
from resunet_core.project.records import Level


class PlaceDialog(QDialog):
    """A field for each level; those of several values stay unless typed in.

    Args:
        levels: What the photos have in common; None where they differ.
        names: Of each level what is known already, to complete what is typed.
        count: How many photos are meant.
        parent: The window.
    """

    def __init__(
        self,
        levels: Mapping[Level, str | None],
        names: Mapping[Level, Sequence[str]],
        count: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._before = dict(levels)
        self._fields: dict[Level, QLineEdit] = {}
        self.setWindowTitle(self.tr("Place"))
        self.setMinimumWidth(420)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(16)
        about = QLabel(
            self.tr("Where the photo was taken, from the whole to the part.")
            if count == 1
            else self.tr("Where the {0} photos were taken.").format(count)
        )
        about.setWordWrap(True)
        about.setProperty("role", "muted")
        layout.addWidget(about)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        for level, name in levels.items():
            field = QLineEdit(name or "")
            field.setAccessibleName(said_level(level))
            if name is None:
                field.setPlaceholderText(self.tr("Several; left as they are"))
            completer = QCompleter(list(names.get(level, ())), field)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            field.setCompleter(completer)
            self._fields[level] = field
            form.addRow(said_level(level), field)
        layout.addLayout(form)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        do = buttons.addButton(self.tr("Keep"), QDialogButtonBox.ButtonRole.AcceptRole)
        do.setProperty("role", "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

    @property
    def levels(self) -> dict[Level, str]:
        """What was changed."""
        texts = {level: field.text().strip() for level, field in self._fields.items()}
        return {
            level: text
            for level, text in texts.items()
            if text != (self._before[level] or "")
        }


def ask_place(
    parent: QWidget,
    levels: Mapping[Level, str | None],
    names: Mapping[Level, Sequence[str]],
    count: int,
) -> dict[Level, str]:
    """Ask; empty when nothing is to be changed."""
    dialog = PlaceDialog(levels, names, count, parent)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    changed = dialog.levels
    dialog.deleteLater()
    return changed if accepted else {}
