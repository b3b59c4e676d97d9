"""What to export, in which format, and where to."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.jobs.labels import FormatChoice
from resunet_core.box import Box

RESULTS = ""
"""In place of a format: what `caihua analyze` writes."""

_USUAL = -1.0
_TILE_PX, _TILE_STEP_PX = (256, 1024), 256


@dataclass(frozen=True)
class ExportWish:
    """What to write where; neither all nor the chosen photos: the one on the screen.

    Attributes:
        folder: To write into.
        all_photos: Whether all photos of the project are meant.
        chosen_photos: Whether those chosen in the list are meant.
        format: Name of the format, or `RESULTS`.
        tolerance_px: How far polygons may stray; None as the format has it.
        mm_per_px: Scale of photos that have none; None: they stay without.
        tile_px: Longest side of a tile; None where the format has none.
        part: Area of the photo on the screen that alone is meant.
    """

    folder: Path
    all_photos: bool = False
    chosen_photos: bool = False
    format: str = RESULTS
    tolerance_px: float | None = None
    mm_per_px: float | None = None
    tile_px: int | None = None
    part: Box | None = None


@dataclass(frozen=True)
class ExportSubject:
    """What can be exported: counts of photos, and of those without a scale."""

    photo: Path | None
    chosen: int
    count: int
    without_scale: int
    folder: Path
    formats: tuple[FormatChoice, ...]
    area: Box | None = None  # that is chosen on the photo


class ExportDialog(QDialog):
    """Asks for the format, the photos, what the format leaves open, and a folder."""

    def __init__(self, subject: ExportSubject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._subject = subject
        self.setWindowTitle(self.tr("Export"))
        self.setMinimumWidth(520)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(8)
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(16)
        self._form.setVerticalSpacing(8)
        self._make_format()
        self._make_scope()
        self._make_options()
        self._form.addRow(self.tr("Folder"), self._folder_row())
        layout.addLayout(self._form)
        layout.addSpacing(16)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        do = buttons.addButton(
            self.tr("Export"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        do.setProperty("role", "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self._on_format()

    @property
    def wish(self) -> ExportWish:
        """What was chosen."""
        tolerance, scale = self._tolerance.value(), self._scale.value()
        simplifies = self._tolerance.isEnabled() and tolerance != _USUAL
        return ExportWish(
            Path(self._folder.text().strip()),
            self._all.isChecked(),
            self._chosen.isChecked(),
            str(self._format.currentData()),
            tolerance if simplifies else None,
            scale if self._scale.isEnabled() and scale > 0 else None,
            self._tile.value() if self._tile.isEnabled() else None,
            self._subject.area if self._part.isChecked() else None,
        )

    def _make_format(self) -> None:
        self._format = QComboBox()
        self._format.setAccessibleName(self.tr("Format"))
        self._format.addItem(self.tr("Results: LabelMe, masks, tables"), RESULTS)
        self._format.insertSeparator(1)
        for one in self._subject.formats:
            said = QCoreApplication.translate("Format", one.title)
            self._format.addItem(said, one.name)
        self._format.currentIndexChanged.connect(self._on_format)
        self._about = QLabel()
        self._about.setWordWrap(True)
        self._about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._about.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self._about.setProperty("role", "muted")
        self._form.addRow(self.tr("Format"), self._format)
        self._form.addRow("", self._about)

    def _make_scope(self) -> None:
        subject = self._subject
        name = "" if subject.photo is None else subject.photo.name
        self._one = QRadioButton(self.tr("This photo: {0}").format(name))
        self._chosen = QRadioButton(
            self.tr("Photos chosen in the list ({0})").format(subject.chosen)
        )
        self._all = QRadioButton(self.tr("Whole project ({0})").format(subject.count))
        self._part = QRadioButton(self._said_area())
        self._part.setToolTip(
            self.tr("Files and names say that they are about this area alone")
            if subject.area is not None
            else self.tr("Drag an area with the Area tool first")
        )
        self._one.setEnabled(subject.photo is not None)
        self._chosen.setEnabled(subject.chosen > 0)
        first = self._chosen if subject.chosen > 1 else self._one
        (first if first.isEnabled() else self._all).setChecked(True)
        box = QVBoxLayout()
        box.setSpacing(8)
        for button in (self._one, self._part, self._chosen, self._all):
            box.addWidget(button)
        self._form.addRow(self.tr("Photos"), box)

    def _said_area(self) -> str:
        area = self._subject.area
        if area is None:
            return self.tr("Chosen area of this photo")
        return self.tr("Chosen area of this photo: {0} by {1} px").format(
            area.width, area.height
        )

    def _make_options(self) -> None:
        self._tolerance = self._figure(self.tr("Tolerance"), _USUAL, 100, 2)
        self._tolerance.setSuffix(self.tr(" px"))
        self._tolerance.setSpecialValueText(self.tr("Usual for it"))
        self._tolerance.setSingleStep(0.5)
        self._tolerance.setToolTip(
            self.tr("How far outlines may stray from the mask; 0 is exact")
        )
        self._scale = self._figure(self.tr("Scale"), 0, 1000, 4)
        self._scale.setSuffix(self.tr(" mm per px"))
        self._scale.setSpecialValueText(self.tr("Not known"))
        self._scale.setSingleStep(0.01)
        self._scale.setEnabled(self._subject.without_scale > 0)
        self._scale.setToolTip(
            self.tr(
                "For this export, where a photo has no scale of its own ({0})"
            ).format(self._subject.without_scale)
        )
        self._tile = QSpinBox()
        self._tile.setAccessibleName(self.tr("Tiles"))
        self._tile.setRange(*_TILE_PX)
        self._tile.setSingleStep(_TILE_STEP_PX)
        self._tile.setValue(_TILE_PX[1])
        self._tile.setSuffix(self.tr(" px at most"))
        self._tile.setFixedWidth(168)
        self._tile.lineEdit().setTextMargins(6, 0, 0, 0)
        self._tile.setToolTip(
            self.tr("The smaller the tiles, the faster LabelMe shows them")
        )
        self._form.addRow(self.tr("Tiles"), self._tile)
        self._form.addRow(self.tr("Tolerance"), self._tolerance)
        self._form.addRow(self.tr("Scale"), self._scale)

    def _figure(
        self, name: str, least: float, most: float, decimals: int
    ) -> QDoubleSpinBox:
        box = QDoubleSpinBox()
        box.setAccessibleName(name)
        box.setDecimals(decimals)
        box.setRange(least, most)
        box.setValue(least)
        box.setFixedWidth(168)
        box.lineEdit().setTextMargins(6, 0, 0, 0)
        return box

    def _folder_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self._folder = QLineEdit(str(self._subject.folder / "caihua-export"))
        self._folder.setAccessibleName(self.tr("Folder to export to"))
        choose = QPushButton(self.tr("Choose…"))
        choose.clicked.connect(self._on_choose)
        row.addWidget(self._folder, 1)
        row.addWidget(choose)
        return row

    def _on_format(self) -> None:
        name = self._format.currentData()
        chosen = next((f for f in self._subject.formats if f.name == name), None)
        self._tolerance.setEnabled(chosen is not None and chosen.simplifies)
        self._tile.setEnabled(chosen is not None and chosen.tiles)
        self._allow_area(chosen is not None and chosen.takes_part)
        self._scale.setEnabled(chosen is not None and self._subject.without_scale > 0)
        if chosen is None:
            self._about.setText(
                self.tr(
                    "For each photo a LabelMe file, the mask as PNG and an overlay "
                    "picture; for all of them tables of regions, photos and buildings."
                )
            )
        elif chosen.simplifies:
            self._about.setText(
                self.tr("Outlines. Lengths are in mm where the scale is known.")
            )
        else:
            self._about.setText(self.tr("Exact, pixel by pixel."))

    def _allow_area(self, allowed: bool) -> None:
        subject = self._subject
        self._part.setEnabled(
            allowed and subject.photo is not None and subject.area is not None
        )
        if self._part.isChecked() and not self._part.isEnabled():
            self._one.setChecked(True)

    def _on_choose(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self, self.tr("Folder to export to"), self._folder.text()
        )
        if name:
            self._folder.setText(name)


def ask_export(parent: QWidget, subject: ExportSubject) -> ExportWish | None:
    """Ask; None when the person thinks better of it."""
    dialog = ExportDialog(subject, parent)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    wish = dialog.wish
    dialog.deleteLater()
    return wish if accepted and str(wish.folder) else None
