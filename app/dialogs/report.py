"""What a condition report is about, who signs it, and in which formats."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.jobs.report import FORMATS, ReportFormat, ReportWish

_EVERYTHING = "\0"


@dataclass(frozen=True)
class ReportSubject:
    """What can be reported on.

    Attributes:
        buildings: Names of the buildings, with how many photos each has.
        without_scale: Photos whose scale nobody measured.
        operator: Who assessed last time.
        reviewer: Who looked it over last time.
        sizes: Edges of size bins in mm², as they are typed.
        folder: To begin with.
    """

    buildings: tuple[tuple[str, int], ...]
    without_scale: int
    operator: str
    reviewer: str
    sizes: str
    folder: Path


class ReportDialog(QDialog):
    """Asks for it all; the languages of a report are always English and Chinese."""

    def __init__(self, subject: ReportSubject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._subject = subject
        self.setWindowTitle(self.tr("Condition report"))
        self.setMinimumWidth(560)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(8)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Building"), self._make_buildings())
        self._title = self._line(self.tr("Title"), "", self.tr("As the building"))
        form.addRow(self.tr("Title"), self._title)
        self._operator = self._line(self.tr("Assessed by"), subject.operator)
        self._operator.setPlaceholderText(self.tr("Name, office"))
        self._reviewer = self._line(self.tr("Reviewed by"), subject.reviewer)
        form.addRow(self.tr("Assessed by"), self._operator)
        form.addRow(self.tr("Reviewed by"), self._reviewer)
        self._sizes = self._line(self.tr("Sizes of losses"), subject.sizes)
        self._sizes.setToolTip(
            self.tr("Edges of the size classes in mm², with commas between")
        )
        self._sizes.textChanged.connect(self._on_changed)
        form.addRow(self.tr("Sizes of losses, mm²"), self._sizes)
        form.addRow(self.tr("Formats"), self._make_formats())
        form.addRow(self.tr("Folder"), self._folder_row())
        layout.addLayout(form)
        layout.addSpacing(8)
        for text in self._notes():
            note = QLabel(text)
            note.setWordWrap(True)
            note.setProperty("role", "muted")
            layout.addWidget(note)
        layout.addSpacing(8)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._do = buttons.addButton(
            self.tr("Write report"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self._do.setProperty("role", "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self._on_changed()

    @property
    def wish(self) -> ReportWish:
        """What was chosen."""
        chosen = self._buildings.currentData()
        return ReportWish(
            folder=Path(self._folder.text().strip()),
            formats=self._formats(),
            building=None if chosen == _EVERYTHING else chosen,
            title=self._title.text().strip(),
            operator=self._operator.text().strip(),
            reviewer=self._reviewer.text().strip(),
            sizes=self._sizes.text().strip(),
        )

    def _notes(self) -> list[str]:
        notes = [self.tr("Every text stands in English and in Chinese.")]
        if self._subject.without_scale:
            notes.append(
                self.tr(
                    "{0} photos have no scale: of them the report gives pixels and "
                    "per cent only."
                ).format(self._subject.without_scale)
            )
        return notes

    def _make_buildings(self) -> QComboBox:
        self._buildings = QComboBox()
        self._buildings.setAccessibleName(self.tr("Building"))
        count = sum(photos for _, photos in self._subject.buildings)
        every = self.tr("Whole project ({0} photos)").format(count)
        self._buildings.addItem(every, _EVERYTHING)
        for name, photos in self._subject.buildings:
            if name:
                text = self.tr("{0} ({1} photos)").format(name, photos)
                self._buildings.addItem(text, name)
        return self._buildings

    def _make_formats(self) -> QGridLayout:
        names: dict[ReportFormat, str] = {
            "pdf": self.tr("PDF, to print and sign"),
            "docx": self.tr("Word, to go on writing"),
            "xlsx": self.tr("Excel workbook"),
            "html": self.tr("Web page in one file"),
            "csv": self.tr("CSV tables"),
        }
        self._boxes: dict[ReportFormat, QCheckBox] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        for number, kind in enumerate(FORMATS):
            box = QCheckBox(names[kind])
            box.setChecked(kind in ("pdf", "xlsx"))
            box.toggled.connect(self._on_changed)
            self._boxes[kind] = box
            grid.addWidget(box, *divmod(number, 2))
        grid.setColumnStretch(1, 1)
        return grid

    def _line(self, name: str, text: str, hint: str = "") -> QLineEdit:
        made = QLineEdit(text)
        made.setAccessibleName(name)
        made.setPlaceholderText(hint)
        return made

    def _folder_row(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        self._folder = QLineEdit(str(self._subject.folder))
        self._folder.setAccessibleName(self.tr("Folder to write to"))
        self._folder.textChanged.connect(self._on_changed)
        choose = QPushButton(self.tr("Choose…"))
        choose.clicked.connect(self._on_choose)
        line.addWidget(self._folder, 1)
        line.addWidget(choose)
        return line

    def _formats(self) -> tuple[ReportFormat, ...]:
        return tuple(kind for kind, box in self._boxes.items() if box.isChecked())

    def _on_changed(self) -> None:
        sizes = self._sizes.text().strip()
        are_sizes = not sizes or parse_sizes(sizes) is not None
        is_ready = bool(self._formats() and self._folder.text().strip()) and are_sizes
        self._do.setEnabled(is_ready)
        why = "" if are_sizes else self.tr("Give sizes as 100, 1000, 10000.")
        self._do.setToolTip(why)

    def _on_choose(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self, self.tr("Folder to write to"), self._folder.text()
        )
        if name:
            self._folder.setText(name)


def parse_sizes(text: str) -> tuple[float, ...] | None:
    """Ascending edges above 0 with commas between; None where they are none."""
    try:
        edges = tuple(float(part) for part in text.split(","))
    except ValueError:
        return None
    rises = all(a < b < float("inf") for a, b in zip((0, *edges), edges, strict=False))
    return edges if rises else None


def ask_report(parent: QWidget, subject: ReportSubject) -> ReportWish | None:
    """Ask; None when the person thinks better of it."""
    dialog = ReportDialog(subject, parent)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    wish = dialog.wish
    dialog.deleteLater()
    return wish if accepted else None
