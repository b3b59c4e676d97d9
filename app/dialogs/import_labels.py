"""What labels of other programs mean, before they are taken."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QLabel,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.jobs.labels import OURS_BESIDE_CLASSES, ImportRequest, LabelsFound
from resunet_core.defects import DEFAULT_CLASSES, DefectClasses

_ROW_PX = 40
_MOST_ROWS = 8
_LINE_PX = 3


class ImportDialog(QDialog):
    """A line for each label that is not known: theirs, and which of ours it is."""

    def __init__(
        self,
        found: LabelsFound,
        classes: DefectClasses = DEFAULT_CLASSES,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._found = found
        self.setWindowTitle(self.tr("Import labels"))
        self.setMinimumWidth(520)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(12)
        about = QLabel(self._said())
        about.setWordWrap(True)
        layout.addWidget(about)
        self._choices: dict[str, QComboBox] = {}
        if found.unknown:
            layout.addWidget(self._table(classes))
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        self._width = QSpinBox()
        self._width.setRange(1, 1000)
        self._width.setValue(_LINE_PX)
        self._width.setSuffix(self.tr(" px"))
        self._width.setFixedWidth(96)
        self._width.lineEdit().setTextMargins(6, 0, 0, 0)
        self._width.setAccessibleName(self.tr("Width of lines"))
        self._width.setToolTip(self.tr("For cracks that were drawn as lines"))
        form.addRow(self.tr("Width of lines"), self._width)
        layout.addLayout(form)
        note = QLabel(
            self.tr("What is imported counts as drawn by you; each photo is one step.")
        )
        note.setWordWrap(True)
        note.setProperty("role", "muted")
        layout.addWidget(note)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        do = buttons.addButton(
            self.tr("Import"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        do.setProperty("role", "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addSpacing(4)
        layout.addWidget(buttons)

    @property
    def request(self) -> ImportRequest:
        """What was chosen."""
        mapping = {
            label: str(choice.currentData()) for label, choice in self._choices.items()
        }
        return ImportRequest(self._found.paths, mapping, self._width.value())

    def _said(self) -> str:
        files, unknown = self._found.files, len(self._found.unknown)
        said = self.tr("1 file of labels.")
        if files != 1:
            said = self.tr("{0} files of labels.").format(files)
        if not unknown:
            return self.tr("{0} All labels in them are known.").format(said)
        return self.tr("{0} Say what these labels mean here:").format(said)

    def _table(self, classes: DefectClasses) -> QTableWidget:
        table = QTableWidget(len(self._found.unknown), 2)
        table.setAccessibleName(self.tr("Labels that are not known"))
        table.setHorizontalHeaderLabels([self.tr("Theirs"), self.tr("Ours")])
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(_ROW_PX)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        table.setShowGrid(False)
        for line, label in enumerate(self._found.unknown):
            theirs = QTableWidgetItem(label)
            theirs.setFlags(Qt.ItemFlag.ItemIsEnabled)
            theirs.setToolTip(label)
            table.setItem(line, 0, theirs)
            choice = self._choice(label, classes)
            self._choices[label] = choice
            table.setCellWidget(line, 1, choice)
        rows = min(_MOST_ROWS, len(self._found.unknown))
        table.setFixedHeight(rows * _ROW_PX + 36)
        return table

    def _choice(self, label: str, classes: DefectClasses) -> QComboBox:
        choice = QComboBox()
        choice.setAccessibleName(self.tr("What {0} means").format(label))
        sound, nothing = OURS_BESIDE_CLASSES
        choice.addItem(self.tr("Leave out"), nothing)
        for defect in classes:
            said = QCoreApplication.translate("DefectClass", defect.name_en)
            choice.addItem(said, defect.key)
        choice.addItem(self.tr("Sound paint"), sound)
        return choice


def ask_import(parent: QWidget, found: LabelsFound) -> ImportRequest | None:
    """Ask; None when the person thinks better of it."""
    dialog = ImportDialog(found, parent=parent)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    request = dialog.request
    dialog.deleteLater()
    return request if accepted else None
