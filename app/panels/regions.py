"""The regions of the mask in a table; a click shows one on the canvas."""

from functools import partial
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    QSortFilterProxyModel,
    Qt,
    QTimer,
)
from PySide6.QtWidgets import (
    QHeaderView,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.actions.workbench import Workbench
from app.panels.names import said_class
from app.panels.numbers import said_area, said_pixels
from app.panels.parts import SPACE_PX, dot_icon, muted
from app.session.change import Change
from resunet_core.defects import DefectClasses
from resunet_core.mask.regions import Region
from resunet_core.reports.measure import px_to_mm2

_QUIET_MS = 400
_LEAST_PX = 100  # the header and two regions
_SORT_ROLE = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class RegionModel(QAbstractTableModel):
    """Regions as rows: class, area, place."""

    def __init__(self, classes: DefectClasses) -> None:
        super().__init__()
        self._names = {defect.id: said_class(defect) for defect in classes}
        self._signs = {defect.id: dot_icon(defect.colour) for defect in classes}
        self._regions: tuple[Region, ...] = ()
        self._mm_per_px: float | None = None

    def show(self, regions: tuple[Region, ...], mm_per_px: float | None) -> None:
        """Show other regions."""
        self.beginResetModel()
        self._regions, self._mm_per_px = regions, mm_per_px
        self.endResetModel()

    def region(self, row: int) -> Region:
        """The region of a row."""
        return self._regions[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own
        """As many as there are regions."""
        return 0 if parent.isValid() else len(self._regions)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own
        """Class, area, place."""
        return 0 if parent.isValid() else 3

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:  # noqa: ANN401 - as Qt declares it
        """Titles of the columns."""
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return right if section else left
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation != Qt.Orientation.Horizontal:
            return None
        return (self.tr("Class"), self.tr("Area"), self.tr("Place"))[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - as Qt declares it
        """What a cell shows, and by what it is sorted."""
        region = self._regions[index.row()]
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                self._names[region.class_id],
                self._said_area(region),
                f"{region.centroid_x:.0f}, {region.centroid_y:.0f}",
            )[column]
        if role == _SORT_ROLE:
            return (region.class_id, region.area_px, region.box.top)[column]
        if role == Qt.ItemDataRole.DecorationRole and column == 0:
            return self._signs[region.class_id]
        if role == Qt.ItemDataRole.TextAlignmentRole and column > 0:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _said_area(self, region: Region) -> str:
        real = px_to_mm2(region.area_px, self._mm_per_px)
        if real is not None:
            return said_area(real)
        return self.tr("{0} px").format(said_pixels(region.area_px))


class RegionsPanel(QWidget):
    """Finds the regions anew in the background a moment after the last change."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._model = RegionModel(bench.context.view.classes)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self._model)
        self._sorted.setSortRole(_SORT_ROLE)
        self._table = self._make_table()
        self._empty = muted(self.tr("No regions yet."))
        self._empty.setContentsMargins(SPACE_PX, 0, SPACE_PX, SPACE_PX)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_PX, SPACE_PX, SPACE_PX, 0)
        layout.addLayout(self._stack)
        self.setMinimumHeight(_LEAST_PX)
        self._generation = 0
        self._is_working = False
        self._is_stale = False
        self._timer = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._timer.timeout.connect(self._find)
        session = bench.context.session
        session.mask_changed.connect(self._on_mask_changed)
        session.photo_shown.connect(self._find)
        session.photo_left.connect(self._on_photo_left)
        session.details_changed.connect(self._timer.start)

    @property
    def count(self) -> int:
        """How many regions are listed."""
        return self._model.rowCount()

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setAccessibleName(self.tr("Regions"))
        table.setModel(self._sorted)
        table.setSortingEnabled(True)
        table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setIconSize(QSize(12, 12))
        table.setFrameShape(QTableView.Shape.NoFrame)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(28)
        header = table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for section in (1, 2):  # figures are never cut short
            mode = QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(section, mode)
        header.setHighlightSections(False)
        table.setToolTip(self.tr("Click a region to see it"))
        table.clicked.connect(self._on_chosen)
        table.activated.connect(self._on_chosen)
        return table

    def _on_chosen(self, index: QModelIndex) -> None:
        region = self._model.region(self._sorted.mapToSource(index).row())
        self._bench.context.view.look_at(region.box)

    def _on_mask_changed(self, change: Change) -> None:
        if not change.live:
            self._timer.start()

    def _on_photo_left(self) -> None:
        self._generation += 1
        self._show((), None)

    def _find(self) -> None:
        """Ask for the regions of the mask as it is now; one search at a time."""
        opened = self._bench.context.session.opened
        if self._is_working or opened is None:
            self._is_stale = opened is not None
            return
        self._generation += 1
        self._is_working, self._is_stale = True, False
        self._empty.setText(self.tr("Counting…"))
        context = self._bench.context
        work = partial(context.tasks.regions, opened.mask.snapshot())
        job = context.jobs.quick(self.tr("Regions"), work)
        job.succeeded.connect(partial(self._on_found, self._generation))
        job.failed.connect(context.notices.report)
        job.ended.connect(self._on_ended)
        context.jobs.launch(job)

    def _on_found(self, generation: int, regions: tuple[Region, ...]) -> None:
        opened = self._bench.context.session.opened
        if generation == self._generation and opened is not None:
            self._show(regions, opened.record.mm_per_px)

    def _on_ended(self, _job: object) -> None:
        self._is_working = False
        if self._is_stale:
            self._find()

    def _show(self, regions: tuple[Region, ...], mm_per_px: float | None) -> None:
        self._empty.setText(self.tr("No regions yet."))
        self._model.show(regions, mm_per_px)
        self._stack.setCurrentWidget(self._table if regions else self._empty)
