"""How large a pixel is: measured on the photo, found in it, or read beside it."""

from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.actions.workbench import Workbench
from app.panels.numbers import said_scale
from app.panels.parts import MARGIN_PX, SPACE_PX, indent, muted, row
from app.session.authors import ME
from app.session.scaling import (
    Measured,
    area_loss,
    of_corners,
    of_diameter,
    of_distance,
)
from app.session.view_state import ToolKind
from app.support.words import said_method
from resunet_core.errors import WrongUsage
from resunet_core.measure.scale import RULER_SE_MM, Scale, given_scale, scale_of_dpi

if TYPE_CHECKING:
    from resunet_core.measure.targets import Marker


class Way(Enum):
    """A way to a scale, as it is offered."""

    DISTANCE = "distance"
    CORNERS = "rectified"
    TARGET = "target"
    CYLINDER = "cylinder"
    FILE = "georeference"
    DPI = "dpi"
    NUMBER = "given"


_POINTS = {Way.DISTANCE: 2, Way.CORNERS: 4, Way.CYLINDER: 2}
_FORM_PX, _RESULT_PX = 300, 320


class ScalePanel(QWidget):
    """Ways on the left, what they need in the middle, what comes of it on the right."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._session, self._view = bench.context.session, bench.context.view
        self._markers: tuple[Marker, ...] | None = None
        self._of_file: Scale | None = None
        self._note = ""
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN_PX, SPACE_PX, MARGIN_PX, SPACE_PX)
        layout.setSpacing(2 * MARGIN_PX)
        layout.addWidget(self._make_middle(), 1)
        layout.addWidget(self._make_result())
        layout.addStretch(1)
        for signal in (self._session.photo_shown, self._session.photo_left):
            signal.connect(self._on_photo)
        for signal in (self._session.details_changed, self._session.lock_changed):
            signal.connect(self._renew)
        self._view.pointing.changed.connect(self._renew)
        self._on_way()

    # What it is made of

    def _make_middle(self) -> QWidget:
        middle = QWidget()
        middle.setMaximumWidth(560)
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_PX)
        self.ways = QComboBox()
        self.ways.setAccessibleName(self.tr("How to measure"))
        for way, text in (
            (Way.DISTANCE, self.tr("Two points, distance known")),
            (Way.CORNERS, self.tr("Four corners, width and height known")),
            (Way.TARGET, self.tr("Targets in the photo (ArUco, 4 by 4)")),
            (Way.CYLINDER, self.tr("Column or purlin, diameter known")),
            (Way.FILE, self.tr("Orthophoto: GeoTIFF or world file")),
            (Way.DPI, self.tr("Scan: dots per inch")),
            (Way.NUMBER, self.tr("A number that is known")),
        ):
            self.ways.addItem(text, way)
        self.ways.currentIndexChanged.connect(self._on_way)
        self._about = muted(wrap=True)
        self._forms = QStackedWidget()
        self.fields: dict[str, QDoubleSpinBox] = {}
        for way in Way:
            self._forms.addWidget(self._make_form(way))
        layout.addWidget(self.ways)
        layout.addWidget(self._about)
        layout.addWidget(self._forms)
        layout.addStretch(1)
        return middle

    def _make_form(self, way: Way) -> QWidget:
        page = QWidget()
        form = QFormLayout(page)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(MARGIN_PX)
        form.setVerticalSpacing(SPACE_PX)
        mm, degrees = self.tr(" mm"), self.tr("°")
        if way is Way.DISTANCE:
            self._field(form, "distance", self.tr("Distance"), mm, 1e6)
            self._field(form, "error", self.tr("Read to ±"), mm, 1e3)
            self._field(form, "tilt", self.tr("Camera askew by"), degrees, 80)
            self.fields["tilt"].setSpecialValueText(self.tr("Not at all, or unknown"))
        elif way is Way.CORNERS:
            self._field(form, "width", self.tr("Width"), mm, 1e6)
            self._field(form, "height", self.tr("Height"), mm, 1e6)
        elif way is Way.TARGET:
            self._field(form, "side", self.tr("Side of a marker"), mm, 1e4)
            self._field(form, "bar", self.tr("Or from first to last"), mm, 1e6)
            self.fields["bar"].setSpecialValueText(self.tr("No bar"))
            find = self._button(self.tr("Look for targets"), self._find_targets)
            form.addRow("", find)
        elif way is Way.CYLINDER:
            self._field(form, "diameter", self.tr("Diameter"), mm, 1e5)
        elif way is Way.FILE:
            read = self._button(self.tr("Read"), self._read_file)
            form.addRow("", read)
        elif way is Way.DPI:
            self._field(form, "dpi", self.tr("Dots per inch"), "", 1e5)
        else:
            self._field(form, "number", self.tr("One pixel"), mm, 1e4)
            self.fields["number"].setDecimals(4)
        return page

    def _button(self, text: str, run: Callable[[], None]) -> QPushButton:
        made = QPushButton(text)
        made.clicked.connect(run)
        return made

    def _field(
        self, form: QFormLayout, key: str, name: str, unit: str, most: float
    ) -> None:
        box = QDoubleSpinBox()
        box.setAccessibleName(name)
        box.setRange(0, most)
        box.setDecimals(1)
        box.setSuffix(unit)
        box.setFixedWidth(184)
        indent(box)
        if key == "error":
            box.setValue(RULER_SE_MM)
        box.valueChanged.connect(self._renew)
        self.fields[key] = box
        form.addRow(name, box)

    def _make_result(self) -> QFrame:
        card = QFrame()
        card.setProperty("role", "notice")
        card.setFixedWidth(_RESULT_PX)
        layout = QVBoxLayout(card)
        layout.setContentsMargins(MARGIN_PX, SPACE_PX + 4, MARGIN_PX, SPACE_PX + 4)
        layout.setSpacing(SPACE_PX // 2)
        self.result = QLabel()
        self.result.setProperty("role", "figure")
        self._areas = muted(wrap=True)
        self.warning = muted(wrap=True)
        self.warning.setProperty("role", "warning")
        self._operator = QLineEdit(ME.name)
        self._operator.setAccessibleName(self.tr("Measured by"))
        self._operator.textChanged.connect(self._renew)
        self._keep = QPushButton(self.tr("Keep scale"))
        self._keep.setProperty("role", "primary")
        self._keep.clicked.connect(self.keep)
        self._remove = QPushButton(self.tr("Remove"))
        self._remove.setToolTip(self.tr("No scale: pixels and per cent only"))
        self._remove.clicked.connect(self._on_remove)
        self._kept = muted(wrap=True)
        layout.addWidget(self.result)
        layout.addWidget(self._areas)
        layout.addWidget(self.warning)
        by = row(muted(self.tr("Measured by")), self._operator, stretch=1)
        layout.addSpacing(SPACE_PX // 2)
        layout.addLayout(by)
        layout.addLayout(row(self._keep, self._remove, stretch=0))
        layout.addWidget(self._kept)
        layout.addStretch(1)
        return card

    # What comes of what is set

    @property
    def way(self) -> Way:
        """The way that is chosen."""
        return Way(self.ways.currentData())

    def measured(self) -> Measured | None:
        """The scale as it is set; None while something is missing.

        Raises:
            WrongUsage: What is set is no scale.
        """
        value = {key: box.value() for key, box in self.fields.items()}
        points, by = self._view.pointing.points, self._operator.text().strip()
        opened = self._session.opened
        if opened is None:
            return None
        size = (opened.record.width, opened.record.height)
        makers: dict[Way, Callable[[], Measured | None]] = {
            Way.DISTANCE: lambda: of_distance(
                points, value["distance"], value["error"], value["tilt"], by
            ),
            Way.CORNERS: lambda: of_corners(
                points, value["width"], value["height"], by
            ),
            Way.TARGET: lambda: self._of_targets(value["side"], value["bar"], by),
            Way.CYLINDER: lambda: of_diameter(points, value["diameter"], size, by),
            Way.FILE: lambda: _plain(self._of_file, by),
            Way.DPI: lambda: (
                _plain(scale_of_dpi(value["dpi"]), by) if value["dpi"] > 0 else None
            ),
            Way.NUMBER: lambda: (
                _plain(given_scale(value["number"]), by)
                if value["number"] > 0
                else None
            ),
        }
        return makers[self.way]()

    def _of_targets(self, side_mm: float, bar_mm: float, by: str) -> Measured | None:
        if not self._markers:
            return None
        find = self._bench.context.tasks.measuring.scale_of_targets
        found = find(self._markers, side_mm, bar_mm)
        return _plain(found, by)

    def _on_way(self) -> None:
        way = self.way
        self._forms.setCurrentIndex(list(Way).index(way))
        self._about.setText(self._said_way(way))
        self._note = ""
        wanted = _POINTS.get(way)
        if wanted is not None:
            self._view.pointing.want(wanted)
        self._take_tool()
        self._renew()

    def _said_way(self, way: Way) -> str:
        return {
            Way.DISTANCE: self.tr(
                "Click both ends of a known length, as far apart as can be; drag them "
                "to where they belong. Zoom in to be exact."
            ),
            Way.CORNERS: self.tr(
                "Click the four corners of a rectangle, such as a panel. Areas are "
                "then measured as if the camera had looked straight at it."
            ),
            Way.TARGET: self.tr(
                "Markers laid beside the painting: the side of each, or a bar with a "
                "marker at each end."
            ),
            Way.CYLINDER: self.tr(
                "Click the two outlines of a column, or of a purlin, straight across. "
                "The surface is measured unrolled."
            ),
            Way.FILE: self.tr("Orthophotos say how large their pixels are."),
            Way.DPI: self.tr("For scans only: what cameras write means nothing."),
            Way.NUMBER: self.tr("Taken with 2 % of doubt, as nobody says whence."),
        }[way]

    def _renew(self) -> None:
        opened, lock = self._session.opened, self._session.lock
        found, trouble = None, ""
        try:
            found = self.measured()
        except WrongUsage as error:
            trouble = str(error)
        self._keep.setEnabled(found is not None and lock is None)
        has_scale = opened is not None and opened.record.scale is not None
        self._remove.setEnabled(has_scale and lock is None)
        self.setEnabled(opened is not None)
        if found is None:
            self.result.setText(self._missing())
            self._areas.setText("")
        else:
            scale = found.scale
            self.result.setText(said_scale(scale.mm_per_px, scale.relative_se))
            doubt = f"{100 * scale.relative_area_se:.2g}"
            self._areas.setText(self.tr("Areas are true to ± {0} %.").format(doubt))
        self.warning.setText(trouble or self._note or self._said_tilt(found))
        for label in (self._areas, self.warning):
            label.setVisible(bool(label.text()))
        self._kept.setText(self._said_kept())

    def _missing(self) -> str:
        pointing = self._view.pointing
        wanted = _POINTS.get(self.way)
        if wanted is not None and not pointing.is_complete:
            count = len(pointing.points)
            return self.tr("Point {0} of {1}: click it").format(count + 1, wanted)
        return self.tr("Not known yet")

    def _said_tilt(self, found: Measured | None) -> str:
        if found is None or not found.tilt_deg:
            return ""
        loss, tilt = area_loss(found.tilt_deg), f"{found.tilt_deg:.0f}"
        if found.geometry is not None:
            said = self.tr("The camera looked {0}° askew; that is taken out.")
            return said.format(tilt)
        if not loss:
            return ""
        said = self.tr(
            "At {0}° areas come out {1} % too small. Set four corners instead."
        )
        return said.format(tilt, f"{100 * loss:.1f}")

    def _said_kept(self) -> str:
        opened = self._session.opened
        scale = None if opened is None else opened.record.scale
        if scale is None:
            return self.tr("This photo has no scale: pixels and per cent only.")
        parts = [
            said_scale(scale.mm_per_px, scale.relative_se),
            said_method(scale.method),
            *filter(None, (scale.note, scale.operator)),
        ]
        return self.tr("Kept: {0}").format(", ".join(parts))

    # What is done

    def keep(self) -> None:
        """Let the photo have this scale."""
        found = self.measured()
        if found is not None:
            self._session.set_scale(found.scale, found.geometry)

    def _on_remove(self) -> None:
        self._session.set_scale(None)

    def _on_photo(self) -> None:
        self._markers, self._of_file, self._note = None, None, ""
        self._view.pointing.clear()
        self._renew()

    def _find_targets(self) -> None:
        opened, context = self._session.opened, self._bench.context
        if opened is None:
            return
        path = opened.record.path
        context.errands.run(
            self.tr("Looking for targets"),
            partial(context.tasks.measuring.targets, path),
            partial(self._on_targets, opened.record.id),
        )

    def _on_targets(self, photo_id: int, markers: "tuple[Marker, ...]") -> None:
        opened = self._session.opened
        if opened is None or opened.record.id != photo_id:
            return
        self._markers = markers
        self._note = ""
        if not markers:
            self._note = self.tr("No target was found in this photo.")
        elif any(marker.is_askew for marker in markers):
            self._note = self.tr(
                "{0} found, seen askew: set the corners of one instead."
            ).format(len(markers))
        self._renew()

    def _read_file(self) -> None:
        opened, context = self._session.opened, self._bench.context
        if opened is None:
            return
        work = partial(context.tasks.measuring.georeference, opened.record.path)
        job = context.jobs.quick(self.tr("Scale"), work)
        job.succeeded.connect(partial(self._on_file, opened.record.id))
        job.failed.connect(context.notices.report)
        context.jobs.launch(job)

    def _on_file(self, photo_id: int, found: Scale | None) -> None:
        opened = self._session.opened
        if opened is not None and opened.record.id == photo_id:
            self._of_file = found
            none = self.tr("The photo says nothing, nor is a world file beside it.")
            self._note = none if found is None else ""
            self._renew()

    # The tool comes and goes with the page

    def _take_tool(self) -> None:
        if self.isVisible():
            has_points = self.way in _POINTS
            self._view.set_tool(ToolKind.POINTS if has_points else ToolKind.MOVE)

    def showEvent(self, event: QShowEvent) -> None:
        """Take the tool that sets points."""
        super().showEvent(event)
        self._take_tool()
        self._renew()

    def hideEvent(self, event: QHideEvent) -> None:
        """Put it away, with the points."""
        super().hideEvent(event)
        if self._view.tool is ToolKind.POINTS:
            self._view.set_tool(ToolKind.MOVE)
        self._view.pointing.clear()


def _plain(scale: Scale | None, operator: str) -> Measured | None:
    if scale is None:
        return None
    return Measured(replace(scale, operator=operator))
