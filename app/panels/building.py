"""The buildings of the project: sums, a ranking, elevations coloured by damage."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.actions.workbench import Workbench
from app.panels.facade import Bay, Cell, Facade, FacadeChart
from app.panels.numbers import said_density, said_place_area, said_share
from app.panels.parts import MARGIN_PX, NO_FIGURE, SPACE_PX, muted, row

if TYPE_CHECKING:
    from app.jobs.figures import PlaceSum, Sums

_PHOTO = Qt.ItemDataRole.UserRole
_LEVELS = Qt.ItemDataRole.UserRole + 1
_SORT = Qt.ItemDataRole.UserRole + 2
_BUILDING, _COMPONENT = 2, 5
_WIDE_PX = 960  # room for the table and the drawing
_LOSS, _CRACKS = "paint loss", "craquelure"
_STEPS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0)  # ends of the scale of shares
# From the roof down, as beams lie on a bracket on a column; others as they were met.
_FROM_THE_TOP = (
    *("天花", "ceiling", "檩", "purlin", "垫板", "board", "斗拱", "斗栱", "bracket"),
    *("枋", "beam", "architrave", "雀替", "柱", "column"),
)


class _Line(QTreeWidgetItem):
    """A place; sorted by what its figures are, not by how they are written."""

    def __lt__(self, other: QTreeWidgetItem) -> bool:
        tree = self.treeWidget()
        column = 0 if tree is None else tree.sortColumn()
        mine, others = self.data(column, _SORT), other.data(column, _SORT)
        if mine is None or others is None:
            return self.text(column) < other.text(column)
        return bool(mine < others)


class BuildingPanel(QWidget):
    """Keeps up with every edit while it is open; a click goes to the photo."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._measurer = bench.measurer
        self.tree = self._make_tree()
        self.facade = FacadeChart()
        self.facade.photo_wanted.connect(self._go_to)
        self._order = self._choice(
            self.tr("Order"),
            (("places", self.tr("By place")), ("worst", self.tr("Worst first"))),
        )
        self._by = self._choice(
            self.tr("Damage"),
            ((_LOSS, self.tr("Paint loss")), (_CRACKS, self.tr("Craquelure"))),
        )
        self._buildings = QComboBox()
        self._buildings.setAccessibleName(self.tr("Building"))
        adjust = QComboBox.SizeAdjustPolicy.AdjustToContents
        self._buildings.setSizeAdjustPolicy(adjust)
        self._buildings.setMaximumWidth(280)
        self._buildings.activated.connect(self._show_facade)
        self._note = muted()
        self._table, self._elevation = QPushButton(), QPushButton()
        head = row(
            *(self._make_switch(), self._by, self._order, self._buildings),
            *(self._note, None),
        )
        body = QHBoxLayout()
        body.setSpacing(MARGIN_PX)
        body.addWidget(self.tree, 3)
        body.addWidget(self.facade, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_PX, SPACE_PX, SPACE_PX, 0)
        layout.addLayout(head)
        layout.addLayout(body, 1)
        self._measurer.summed.connect(self._renew)
        self._measurer.worked.connect(self._tell)
        self._renew()

    def _make_switch(self) -> QWidget:
        """Where there is no room for both: the table or the drawing."""
        self._switch = QWidget()
        layout = QHBoxLayout(self._switch)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        group = QButtonGroup(self)
        for button, text in (
            (self._table, self.tr("Table")),
            (self._elevation, self.tr("Elevation")),
        ):
            button.setText(text)
            button.setCheckable(True)
            group.addButton(button)
            layout.addWidget(button)
        self._elevation.setChecked(True)
        group.buttonToggled.connect(self._fit)
        return self._switch

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the table and the drawing side by side where there is room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        is_wide = self.width() >= _WIDE_PX
        self._switch.setVisible(not is_wide)
        self.tree.setVisible(is_wide or self._table.isChecked())
        self.facade.setVisible(is_wide or self._elevation.isChecked())
        self._order.setVisible(not self.tree.isHidden())
        self._buildings.setVisible(not self.facade.isHidden())

    def _choice(
        self, name: str, items: tuple[tuple[str, str], tuple[str, str]]
    ) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(name)
        for key, text in items:
            made.addItem(text, key)
        made.activated.connect(self._renew)
        return made

    def _make_tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setAccessibleName(self.tr("Places and their damage"))
        tree.setUniformRowHeights(True)
        heads = [
            *(self.tr("Place"), self.tr("Photos"), self.tr("Assessed")),
            *(self.tr("Coverage"), self.tr("Paint loss"), self.tr("Craquelure")),
            self.tr("Checked"),
        ]
        tree.setHeaderLabels(heads)
        header = tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for column in range(1, len(heads)):
            tree.headerItem().setTextAlignment(column, right)
        tree.itemClicked.connect(self._on_clicked)
        tree.itemActivated.connect(self._on_clicked)
        return tree

    # What is shown

    def _renew(self) -> None:
        sums = self._measurer.sums
        self.tree.clear()
        if sums is not None:
            if self._order.currentData() == "worst":
                self._list_worst(sums)
            else:
                self._list_places(sums)
        self._list_buildings(sums)
        self._show_facade()
        self._tell()

    def _tell(self) -> None:
        waiting, sums = self._measurer.waiting, self._measurer.sums
        taken = sum(place.taken for place in sums.at(1)) if sums is not None else 0
        done = self._measurer.measured
        if waiting:
            said = self.tr("Measuring, {0} photos left…").format(waiting)
        elif taken > done:
            said = self.tr("{0} of {1} photos assessed").format(done, taken)
        else:
            said = ""
        self._note.setText(said)

    def _list_places(self, sums: "Sums") -> None:
        self.tree.setRootIsDecorated(True)
        self.tree.setSortingEnabled(False)
        lines: dict[tuple[str, ...], QTreeWidgetItem] = {}
        root = self.tree.invisibleRootItem()
        has_sites = any(place.levels[0] for place in sums.at(1))
        for place in sums.places:
            *above, name = place.levels
            depth = len(place.levels)
            parent = lines.get(tuple(above), root)
            is_unnamed = not name and depth != _BUILDING
            if is_unnamed or (depth == 1 and not has_sites):
                lines[place.levels] = parent
                continue
            line = self._line(place, name or self.tr("No building named"))
            if depth <= _BUILDING:
                font = QFont(line.font(0))
                font.setWeight(QFont.Weight.DemiBold)
                line.setFont(0, font)
            parent.addChild(line)
            lines[place.levels] = line
        self.tree.expandAll()

    def _list_worst(self, sums: "Sums") -> None:
        self.tree.setRootIsDecorated(False)
        for place in sums.at(_COMPONENT):
            name = " \u203a ".join(filter(None, place.levels[1:]))
            self.tree.addTopLevelItem(
                self._line(place, name or self.tr("No building named"))
            )
        self.tree.setSortingEnabled(True)
        column = 4 if self._by.currentData() == _LOSS else 5
        self.tree.sortByColumn(column, Qt.SortOrder.DescendingOrder)

    def _line(self, place: "PlaceSum", name: str) -> QTreeWidgetItem:
        found = place.total
        is_known = found.assessed > 0
        values = (found.assessed, found.coverage, found.loss_share, found.crack_density)
        said = (
            said_place_area(found.assessed, in_mm=found.in_mm),
            f"{found.coverage:.0%}",
            _said_loss(place),
            said_density(found.crack_density, in_mm=found.in_mm),
            f"{found.checked_share:.0%}",
        )
        figures = said if is_known else (NO_FIGURE,) * len(said)
        line = _Line([name, f"{place.measured}/{place.taken}", *figures])
        for column, value in enumerate((*values, found.checked_share), 2):
            line.setData(column, _SORT, value if is_known else -1.0)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for column in range(1, line.columnCount()):
            line.setTextAlignment(column, right)
        line.setData(0, _PHOTO, place.photo_ids[0] if place.photo_ids else None)
        line.setData(0, _LEVELS, place.levels)
        if found.left_out:
            line.setToolTip(
                1, self.tr("{0} other views not counted").format(len(found.left_out))
            )
        return line

    def _list_buildings(self, sums: "Sums | None") -> None:
        before = self._buildings.currentData()
        self._buildings.clear()
        for place in sums.at(_BUILDING) if sums is not None else ():
            name = " \u203a ".join(filter(None, place.levels))
            self._buildings.addItem(name or self.tr("No building named"), place.levels)
        at = self._buildings.findData(before)
        self._buildings.setCurrentIndex(max(0, at))

    def _show_facade(self) -> None:
        sums, levels = self._measurer.sums, self._buildings.currentData()
        if sums is None or levels is None:
            self.facade.show_facades((), 0, ("", ""))
            return
        by_loss = self._by.currentData() == _LOSS
        parts = sums.parts(tuple(levels), _COMPONENT)
        values = [v for p in parts if (v := _damage(p, by_loss=by_loss)) is not None]
        highest = max(values, default=0.0)
        in_mm = all(p.total.in_mm for p in parts if p.measured)
        if by_loss:
            highest = next((step for step in _STEPS if step >= highest), 1.0)
            ends = ("0", f"{highest:.0%} {self.tr('paint loss')}")
        else:
            ends = ("0", said_density(highest, in_mm=in_mm))
        facades = self._facades(parts, by_loss=by_loss)
        self.facade.show_facades(facades, highest, ends)

    def _facades(self, parts: "tuple[PlaceSum, ...]", *, by_loss: bool) -> list[Facade]:
        named: dict[str, dict[str, list[PlaceSum]]] = {}
        for part in parts:
            _, _, elevation, bay, _ = part.levels
            named.setdefault(elevation, {}).setdefault(bay, []).append(part)
        if not any(name for part in parts for name in part.levels[2:]):
            return []  # nobody said where in the building anything is
        return [
            Facade(
                elevation or self.tr("Elevation not named"),
                tuple(
                    Bay(bay, tuple(self._cell(p, by_loss) for p in _stacked(found)))
                    for bay, found in bays.items()
                ),
            )
            for elevation, bays in named.items()
        ]

    def _cell(self, place: "PlaceSum", by_loss: bool) -> Cell:
        found = place.total
        value = _damage(place, by_loss=by_loss)
        density = said_density(found.crack_density, in_mm=found.in_mm)
        lines = [" \u203a ".join(filter(None, place.levels[2:]))]
        said = NO_FIGURE
        if value is not None:
            said = f"{100 * found.loss_share:.1f} %" if by_loss else density
            lines += [
                self.tr("Paint loss {0}").format(said_share(found.loss_share)),
                self.tr("Craquelure {0}").format(density),
                self.tr("{0} of {1} photos").format(place.measured, place.taken),
            ]
        else:
            lines.append(self.tr("Not assessed"))
        photo = place.photo_ids[0] if place.photo_ids else None
        return Cell(place.levels[-1] or NO_FIGURE, value, said, "\n".join(lines), photo)

    # Going to a photo

    def _on_clicked(self, line: QTreeWidgetItem) -> None:
        levels = line.data(0, _LEVELS)
        if levels is not None and len(levels) >= _BUILDING:
            at = self._buildings.findData(tuple(levels[:_BUILDING]))
            if at >= 0:
                self._buildings.setCurrentIndex(at)
                self._show_facade()
        photo_id = line.data(0, _PHOTO)
        if photo_id is not None and not line.childCount():
            self._go_to(photo_id)

    def _go_to(self, photo_id: int) -> None:
        known = self._bench.context.survey.photos.values()
        path = next((f.record.path for f in known if f.record.id == photo_id), None)
        for index, entry in enumerate(self._bench.context.session.entries):
            if entry.path == path:
                self._bench.opener.open_index(index)


def _damage(place: "PlaceSum", *, by_loss: bool) -> float | None:
    if not place.measured or not place.total.assessed:
        return None
    return place.total.loss_share if by_loss else place.total.crack_density


def _said_loss(place: "PlaceSum") -> str:
    found = place.total
    checked = found.loss_range
    if checked is None or not found.assessed:
        return said_share(found.loss_share)
    value, low, high = (
        100 * v / found.assessed for v in (checked.value, checked.low, checked.high)
    )
    return f"{value:.1f} % ({low:.1f}\u2013{high:.1f})"


def _stacked(parts: "list[PlaceSum]") -> "list[PlaceSum]":
    """Components from the top down."""

    def height(part: "PlaceSum") -> int:
        name = part.levels[-1].lower()
        found = (n for n, word in enumerate(_FROM_THE_TOP) if word in name)
        return next(found, len(_FROM_THE_TOP))

    return sorted(parts, key=height)
