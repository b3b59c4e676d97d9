"""Two campaigns of one component side by side: what is new, grown, stable, lost."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.dialogs.swipe_view import Mark, SwipeView
from app.jobs.swipe import Swipe
from resunet_core.box import Box
from resunet_core.progress import Progress

if TYPE_CHECKING:
    from resunet_core.measure.compare import Comparison

_NUMBER, _SIDE_PX = Qt.ItemDataRole.UserRole, 360
_COLOURS = {
    "new": QColor(255, 122, 0),
    "grown": QColor(255, 200, 40),
    "stable": QColor(150, 200, 150),
    "shrunk": QColor(120, 190, 255),
    "lost": QColor(45, 125, 255),
}
_NOISE = QColor(150, 150, 150)


@dataclass(frozen=True)
class CampaignPhoto:
    """A photo to choose: its id, and how it is called with place and campaign."""

    id: int
    text: str
    campaign: str


@dataclass(frozen=True)
class _Change:
    kind: str
    what: tuple[str, str]
    box: Box
    said: str
    is_noise: bool


class CampaignsDialog(QDialog):
    """Asks for two photos by a signal, and shows what came of it."""

    asked = Signal(int, int)  # ids of the earlier and of the later photo

    def __init__(
        self,
        photos: tuple[CampaignPhoto, ...],
        pair: tuple[int, int] | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._photos = photos
        self._swipe: Swipe | None = None
        self._changes: tuple[_Change, ...] = ()
        self.setWindowTitle(self.tr("Compare campaigns"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(12)
        layout.addLayout(self._make_head(pair))
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._bar.hide()
        layout.addWidget(self._bar)
        self._trouble = QLabel()
        self._trouble.setWordWrap(True)
        self._trouble.hide()
        layout.addWidget(self._trouble)
        body = QHBoxLayout()
        body.setSpacing(16)
        self.view = SwipeView()
        body.addWidget(self.view, 1)
        body.addLayout(self._make_side())
        layout.addLayout(body, 1)

    def sizeHint(self) -> QSize:
        """As large as a laptop's screen allows."""
        return QSize(1180, 740)

    def _make_head(self, pair: tuple[int, int] | None) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        self.before, self.after = QComboBox(), QComboBox()
        for box, name in (
            (self.before, self.tr("Earlier")),
            (self.after, self.tr("Later")),
        ):
            box.setAccessibleName(name)
            for photo in self._photos:
                box.addItem(photo.text, photo.id)
            label = QLabel(name)
            label.setProperty("role", "muted")
            line.addWidget(label)
            line.addWidget(box, 1)
        if pair is not None:
            self.before.setCurrentIndex(self.before.findData(pair[0]))
            self.after.setCurrentIndex(self.after.findData(pair[1]))
        elif len(self._photos) > 1:
            self.after.setCurrentIndex(1)
        self._do = QPushButton(self.tr("Compare"))
        self._do.setProperty("role", "primary")
        self._do.clicked.connect(self._on_compare)
        line.addWidget(self._do)
        for box in (self.before, self.after):
            box.currentIndexChanged.connect(self._renew)
        self._renew()
        return line

    def _make_side(self) -> QVBoxLayout:
        side = QVBoxLayout()
        side.setSpacing(8)
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        side.addLayout(self._grid)
        self.list = QTreeWidget()
        self.list.setAccessibleName(self.tr("What changed"))
        self.list.setHeaderLabels(
            [self.tr("Change"), self.tr("What"), self.tr("How much")]
        )
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setIconSize(QSize(12, 12))
        self.list.setFixedWidth(_SIDE_PX)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self.list.currentItemChanged.connect(self._on_chosen)
        side.addWidget(self.list, 1)
        whole = QPushButton(self.tr("Whole photo"))
        whole.clicked.connect(self._on_whole)
        side.addWidget(whole)
        return side

    def _renew(self) -> None:
        self._do.setEnabled(self.before.currentData() != self.after.currentData())

    def _on_compare(self) -> None:
        self._do.setEnabled(False)
        self._bar.setRange(0, 0)
        self._bar.show()
        self._trouble.hide()
        self.asked.emit(self.before.currentData(), self.after.currentData())

    # What comes of it

    def show_progress(self, progress: Progress) -> None:
        """How far it has come."""
        self._bar.setRange(0, 1000 if progress.total else 0)
        self._bar.setValue(round(1000 * progress.fraction))

    def show_trouble(self, error: Exception) -> None:
        """Say why nothing came of it."""
        self._bar.hide()
        self._trouble.setText(str(error))
        self._trouble.show()
        self._renew()

    def show_swipe(self, swipe: Swipe) -> None:
        """Show what was found."""
        self._bar.hide()
        self._renew()
        self._swipe = swipe
        names = (self._name(self.before), self._name(self.after))
        self.view.show_pictures(swipe.before, swipe.after, names)
        self._changes = self._changes_of(swipe.comparison)
        self._fill_list()
        self._fill_figures(swipe.comparison)
        self._show_marks(None)

    def _name(self, box: QComboBox) -> str:
        photo = self._photos[box.currentIndex()]
        return photo.campaign or photo.text

    def _changes_of(self, found: "Comparison") -> tuple[_Change, ...]:
        kinds = {
            "new": self.tr("new"),
            "grown": self.tr("grown"),
            "stable": self.tr("stable"),
            "shrunk": self.tr("shrunk"),
            "lost": self.tr("gone"),
        }
        changes = []
        for region in found.regions:
            shown = region.after_px if region.kind == "stable" else region.changed_px
            said = self._area(found, shown)
            what = (kinds[region.kind], self.tr("paint loss"))
            changes.append(
                _Change(region.kind, what, region.box, said, region.is_noise)
            )
        for crack in found.cracks:
            kind = "new" if crack.is_new else "lost"
            said = self._length(found, crack.length_px)
            what = (kinds[kind], self.tr("crack"))
            changes.append(_Change(kind, what, crack.box, said, crack.is_noise))
        return tuple(changes)

    def _area(self, found: "Comparison", px: float) -> str:
        mm2 = found.mm2(px)
        if mm2 is None:
            return self.tr("{0} px").format(f"{px:,.0f}")
        return f"{mm2 / 100:.2f} cm²" if mm2 >= 100 else f"{mm2:.1f} mm²"

    def _length(self, found: "Comparison", px: float) -> str:
        if found.mm_per_px is None:
            return self.tr("{0} px").format(f"{px:,.0f}")
        return f"{px * found.mm_per_px:.1f} mm"

    def _fill_list(self) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for number, change in enumerate(self._changes):
            line = QTreeWidgetItem([*change.what, change.said])
            line.setData(0, _NUMBER, number)
            line.setIcon(0, _dot(_colour(change)))
            line.setTextAlignment(2, Qt.AlignmentFlag.AlignRight)
            if change.is_noise:
                for column in range(3):
                    line.setForeground(column, QBrush(_NOISE))
                line.setToolTip(0, self.tr("Not told apart from the noise"))
            self.list.addTopLevelItem(line)
        self.list.blockSignals(False)

    def _fill_figures(self, found: "Comparison") -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        growth = self._length(found, abs(found.crack_growth_px))
        sign = "\u2212" if found.crack_growth_px < 0 else "+"
        loss = self._area(found, abs(found.loss_after_px - found.loss_before_px))
        loss_sign = "\u2212" if found.loss_after_px < found.loss_before_px else "+"
        rows = (
            (self.tr("Common surface"), f"{found.common_share:.0%}"),
            (self.tr("Noise of laying over"), self._length(found, found.noise_px)),
            (self.tr("Paint loss"), f"{loss_sign}{loss}"),
            (self.tr("Cracks, beyond noise"), f"{sign}{growth}"),
            (
                self.tr("New, grown, stable, gone"),
                ", ".join(
                    str(found.count(kind))
                    for kind in ("new", "grown", "stable", "lost")
                ),
            ),
        )
        for number, (name, figure) in enumerate(rows):
            label, value = QLabel(name), QLabel(figure)
            label.setProperty("role", "muted")
            value.setProperty("role", "figure")
            self._grid.addWidget(label, number, 0)
            self._grid.addWidget(value, number, 1, Qt.AlignmentFlag.AlignRight)

    def _on_chosen(self, line: QTreeWidgetItem | None) -> None:
        if line is not None:
            self._show_marks(line.data(0, _NUMBER))

    def _on_whole(self) -> None:
        self.list.setCurrentIndex(QModelIndex())
        self._show_marks(None)

    def _show_marks(self, chosen: int | None) -> None:
        if self._swipe is None:
            return
        shrunk = self._swipe.shrunk
        marks = []
        for change in self._changes:
            box = change.box
            corner = (box.left / shrunk, box.top / shrunk)
            size = (box.width / shrunk, box.height / shrunk)
            marks.append(Mark(QRectF(*corner, *size), _colour(change)))
        told = [
            number
            for number, change in enumerate(self._changes)
            if number == chosen or not (change.is_noise or change.kind == "stable")
        ]
        at = None if chosen is None else told.index(chosen)
        self.view.show_marks([marks[number] for number in told], at)


def _colour(change: _Change) -> QColor:
    return _NOISE if change.is_noise else _COLOURS[change.kind]


def _dot(colour: QColor) -> QIcon:
    picture = QPixmap(24, 24)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(0, 0, 24, 24, 6, 6)
    painter.end()
    return QIcon(picture)
