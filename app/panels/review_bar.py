"""What is reviewed now, at the foot of the canvas, with a button for each answer."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from app.actions.workbench import Workbench
from app.panels.names import said_class
from app.panels.numbers import said_area, said_pixels
from app.panels.parts import SPACE_PX
from app.support.icons import icon
from resunet_core.reports.measure import px_to_mm2

_BUTTONS = ("review_back", "review_accept", "review_fix", "review_skip")


class ReviewBar(QFrame):
    """Shown only while there is a place to look at."""

    def __init__(
        self,
        bench: Workbench,
        action: Callable[[str], QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bench = bench
        self._place = QLabel()
        self._place.setObjectName("review_place")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * SPACE_PX, 4, SPACE_PX, 4)
        layout.setSpacing(SPACE_PX)
        layout.addWidget(self._place, 1)
        for name in _BUTTONS:
            button = QToolButton()
            button.setDefaultAction(action(name))
            if name != "review_back":
                beside = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
                button.setToolButtonStyle(beside)
            button.setAccessibleName(action(name).iconText())
            layout.addWidget(button)
        close = QToolButton()
        close.setProperty("role", "small")
        close.setIcon(icon("x"))
        close.setIconSize(QSize(16, 16))
        close.setToolTip(self.tr("End the review"))
        close.setAccessibleName(self.tr("End the review"))
        close.clicked.connect(bench.reviewer.stop)
        layout.addWidget(close)
        bench.reviewer.changed.connect(self._renew)
        bench.context.session.details_changed.connect(self._renew)
        self._renew()

    def _renew(self) -> None:
        reviewer, opened = self._bench.reviewer, self._bench.context.session.opened
        place = reviewer.place
        self.setVisible(place is not None and opened is not None)
        if place is None or opened is None:
            return
        what = self.tr("Tile")
        if place.class_id is not None:
            what = said_class(self._bench.context.view.classes.by_id(place.class_id))
        count = self.tr("{0} of {1}").format(reviewer.number, reviewer.count)
        here = self._said(place.at_stake_px, opened.record.mm_per_px)
        left = self._said(reviewer.at_stake_px, opened.record.mm_per_px)
        doubt = self.tr("{0} in doubt").format(here)
        self._place.setText("  ·  ".join((count, what, doubt)))
        self._place.setToolTip(self.tr("From here on {0} are in doubt").format(left))

    def _said(self, pixels: float, mm_per_px: float | None) -> str:
        real = px_to_mm2(round(pixels), mm_per_px)
        if real is not None:
            return said_area(real)
        return self.tr("{0} px").format(said_pixels(round(pixels)))
