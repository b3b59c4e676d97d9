"""The photo on the screen in figures: cracks, their widths and directions, losses."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.actions.workbench import Workbench
from app.panels.charts import BarChart, Bars, RoseChart, round_edges
from app.panels.numbers import (
    said_density,
    said_length,
    said_place_area,
    said_share,
    said_width,
)
from app.panels.parts import MARGIN_PX, NO_FIGURE, SPACE_PX, Swatch, heading, muted
from resunet_core.defects import CRAQUELURE, PAINT_LOSS, DefectClass

if TYPE_CHECKING:
    from resunet_core.measure.craquelure import Craquelure
    from resunet_core.measure.losses import PaintLoss
    from resunet_core.measure.totals import PhotoFigures

Line = tuple[str, str]
_GRAIN = 0.3  # of one direction: below, none prevails
_MEASURABLE_PX = 3.0
_P99 = 0.99


class FiguresPanel(QWidget):
    """Follows the mask a moment after each change; charts beside the figures."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measurer = bench.measurer
        self._session = bench.context.session
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN_PX, SPACE_PX, MARGIN_PX, SPACE_PX)
        layout.setSpacing(MARGIN_PX)
        self.cracks = _Card(CRAQUELURE, columns=2)
        self.losses = _Card(PAINT_LOSS, columns=2)
        self._widths = BarChart(self.tr("Crack width by length"), CRAQUELURE.colour)
        self._rose = RoseChart(self.tr("Directions"), CRAQUELURE.colour)
        cards = QVBoxLayout()
        cards.setSpacing(SPACE_PX)
        cards.addWidget(self.cracks)
        cards.addWidget(self.losses)
        cards.addStretch(1)
        layout.addLayout(cards)
        layout.addWidget(self._widths, 3)
        layout.addWidget(self._rose, 2)
        for signal in (
            self._session.photo_shown,
            self._session.photo_left,
            self._session.details_changed,
            self._measurer.worked,
        ):
            signal.connect(self._renew)
        self._measurer.photo_measured.connect(self._on_measured)
        self._renew()

    def _on_measured(self, _photo_id: int) -> None:
        self._renew()

    def _renew(self) -> None:
        opened = self._session.opened
        figures = None
        if opened is not None:
            figures = self._measurer.figures_of(opened.record.id)
        if opened is None or figures is None:
            looked_at = opened is not None and opened.is_looked_at
            said = self.tr("Measuring…") if looked_at else ""
            for card in (self.cracks, self.losses):
                card.show_lines((), said)
            self._widths.show_bars(Bars())
            self._rose.show_rose((), None)
            return
        is_current = self._measurer.is_current(opened.record.id)
        note = "" if is_current else self.tr("Measuring…")
        side = None if figures.scale is None else figures.scale.mm_per_px
        self.cracks.show_lines(crack_lines(figures.craquelure, side), note)
        self.losses.show_lines(loss_lines(figures, side), note)
        self._widths.show_bars(width_bars(figures.craquelure, side))
        rose = figures.craquelure.rose
        prevails = rose.anisotropy > _GRAIN
        self._rose.show_rose(rose.lengths, rose.direction_deg if prevails else None)


class _Card(QWidget):
    """A heading, and lines of a name and a figure in columns."""

    def __init__(self, defect: DefectClass, *, columns: int) -> None:
        super().__init__()
        self._columns = columns
        self._note = muted()
        head = QHBoxLayout()
        head.setSpacing(SPACE_PX)
        name = QCoreApplication.translate("DefectClass", defect.name_en)
        for widget in (Swatch(defect.colour), heading(name), self._note):
            head.addWidget(widget)
        head.addStretch(1)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(SPACE_PX)
        self._grid.setVerticalSpacing(2)
        for column in range(columns):
            self._grid.setColumnStretch(3 * column, 1)
        self._lines: list[tuple[QLabel, QLabel]] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_PX // 2)
        layout.addLayout(head)
        layout.addLayout(self._grid)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    @property
    def text(self) -> dict[str, str]:
        """The figures by name, as they are shown."""
        return {name.text(): figure.text() for name, figure in self._lines}

    def show_lines(self, lines: tuple[Line, ...], note: str) -> None:
        """Show other figures."""
        self._note.setText(note)
        while len(self._lines) < len(lines):
            self._add_line()
        rows = -(-len(lines) // self._columns)
        for number, (name, figure) in enumerate(self._lines):
            is_used = number < len(lines)
            name.setVisible(is_used)
            figure.setVisible(is_used)
            if is_used:
                name.setText(lines[number][0])
                figure.setText(lines[number][1])
                column, row = divmod(number, rows)
                self._grid.addWidget(name, row, 3 * column)
                right = Qt.AlignmentFlag.AlignRight
                self._grid.addWidget(figure, row, 3 * column + 1, right)
        for column in range(1, self._columns):
            self._grid.setColumnMinimumWidth(3 * column - 1, MARGIN_PX)

    def _add_line(self) -> None:
        figure = QLabel()
        figure.setProperty("role", "figure")
        figure.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lines.append((muted(), figure))


def crack_lines(cracks: "Craquelure", mm_per_px: float | None) -> tuple[Line, ...]:
    """The network of cracks: name and figure of each measure."""
    said = QCoreApplication.translate
    in_mm, side = mm_per_px is not None, mm_per_px or 1.0
    widths = cracks.widths
    islands, middle, round_ = cracks.islands, NO_FIGURE, NO_FIGURE
    if len(islands):
        diameter = float(np.median(islands.diameter_px))
        middle = said_length(diameter * side, in_mm=in_mm)
        round_ = f"{float(np.median(islands.roundness)):.2f}"
    kinds = (cracks.junctions_y, cracks.junctions_t, cracks.junctions_x)
    measurable = _MEASURABLE_PX * side
    p95 = widths.quantile(0.95) * side
    least = "\u2264 " if p95 < measurable else ""
    return (
        (said("Figures", "Length"), said_length(cracks.length_px * side, in_mm=in_mm)),
        (said("Figures", "Density"), said_density(cracks.density / side, in_mm=in_mm)),
        (said("Figures", "Mean width"), said_width(widths.mean * side, in_mm=in_mm)),
        (said("Figures", "P95 width"), least + said_width(p95, in_mm=in_mm)),
        (said("Figures", "Unmeasurable"), f"{widths.too_narrow_share:.0%}"),
        (
            said("Figures", "Area"),
            said_place_area(cracks.area_px * side**2, in_mm=in_mm),
        ),
        (said("Figures", "Junctions Y, T, X"), ", ".join(map(str, kinds))),
        (
            said("Figures", "Free ends"),
            f"{cracks.free_ends} ({cracks.free_end_ratio:.0%})",
        ),
        (said("Figures", "Islands"), str(len(islands))),
        (said("Figures", "Their diameter"), middle),
        (said("Figures", "Their roundness"), round_),
        (
            said("Figures", "One direction"),
            f"{cracks.rose.anisotropy:.2f} ({cracks.rose.direction_deg:.0f}°)",
        ),
    )


def loss_lines(figures: "PhotoFigures", mm_per_px: float | None) -> tuple[Line, ...]:
    """The losses of paint: name and figure of each measure."""
    said = QCoreApplication.translate
    in_mm, side = mm_per_px is not None, mm_per_px or 1.0
    losses: PaintLoss = figures.losses
    largest, check = losses.largest, figures.loss_check
    lines = [
        (
            said("Figures", "Area"),
            said_place_area(losses.area_px * side**2, in_mm=in_mm),
        ),
        (said("Figures", "Share"), said_share(losses.share)),
        (said("Figures", "Regions"), str(len(losses.regions))),
        (
            said("Figures", "Largest"),
            NO_FIGURE
            if largest is None
            else said_place_area(largest.region.area_px * side**2, in_mm=in_mm),
        ),
        (said("Figures", "Cut by the edge"), str(losses.cut)),
    ]
    if check is not None:
        low, high = (
            100 * px / max(1, losses.assessed_px)
            for px in (check.low_px, check.high_px)
        )
        lines.append(
            (said("Figures", "Point check, 95 %"), f"{low:.1f}\u2013{high:.1f} %")
        )
    return tuple(lines)


def width_bars(cracks: "Craquelure", mm_per_px: float | None) -> Bars:
    """Length of cracks by width; what lies beyond the 99th percentile is left out."""
    side = mm_per_px or 1.0
    widths = cracks.widths.scaled(side)
    if not widths.total:
        return Bars()
    edges = round_edges(max(widths.quantile(_P99), 4 * side))
    lengths = widths.histogram(edges)[:-1]
    return Bars(
        lengths,
        edges,
        "px" if mm_per_px is None else "mm",
        (widths.quantile(0.95), "P95"),
        _MEASURABLE_PX * side,
    )
