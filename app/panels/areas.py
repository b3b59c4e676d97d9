"""The areas of each class, counted from the mask as it is now."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.actions.workbench import Workbench
from app.panels.names import said_class
from app.panels.numbers import said_area, said_pixels, said_share
from app.panels.parts import NO_FIGURE, SPACE_PX, Swatch, column, muted
from app.session.change import Change
from resunet_core.reports.measure import px_to_mm2

_AFTER_MS = 30  # the picture first, then the figures
_RIGHT = Qt.AlignmentFlag.AlignRight


class AreasPanel(QWidget):
    """A line for each class: share of the photo, and pixels or real area."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = bench.context.session
        self._classes = bench.context.view.classes
        self._shares: dict[int, QLabel] = {}
        self._areas: dict[int, QLabel] = {}
        layout = column(self)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_PX)
        grid.setVerticalSpacing(SPACE_PX)
        grid.setColumnStretch(1, 1)
        for line, defect in enumerate(self._classes):
            share, area = QLabel(), muted()
            share.setProperty("role", "figure")
            area.setMinimumWidth(96)
            area.setAlignment(_RIGHT)
            self._shares[defect.id], self._areas[defect.id] = share, area
            grid.addWidget(Swatch(defect.colour), line, 0)
            grid.addWidget(QLabel(said_class(defect)), line, 1)
            grid.addWidget(share, line, 2, _RIGHT)
            grid.addWidget(area, line, 3, _RIGHT)
        layout.addLayout(grid)
        self._timer = QTimer(self, singleShot=True, interval=_AFTER_MS)
        self._timer.timeout.connect(self._renew)
        self._session.mask_changed.connect(self._on_mask_changed)
        self._session.photo_shown.connect(self._renew)
        self._session.photo_left.connect(self._renew)
        self._session.detection_changed.connect(self._renew)
        self._session.details_changed.connect(self._renew)
        self._renew()

    def _on_mask_changed(self, _change: Change) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _renew(self) -> None:
        opened = self._session.opened
        counts = opened.mask.counts() if opened is not None else {}
        for defect in self._classes:
            share, area = NO_FIGURE, ""
            if opened is not None and opened.is_looked_at:
                pixels = counts.get(defect.id, 0)
                record = opened.record
                share = said_share(pixels / (record.width * record.height))
                real = px_to_mm2(pixels, record.mm_per_px)
                px = self.tr("{0} px").format(said_pixels(pixels))
                area = px if real is None else said_area(real)
            self._shares[defect.id].setText(share)
            self._areas[defect.id].setText(area)
