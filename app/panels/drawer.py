"""The drawer at the foot of the window: a page at a time, or shut."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QDockWidget,
    QFrame,
    QScrollArea,
    QTabWidget,
    QToolButton,
    QWidget,
)

from app.actions.workbench import Workbench
from app.panels.building import BuildingPanel
from app.panels.figures import FiguresPanel
from app.panels.history import HistoryPanel
from app.panels.notices import NoticesPanel
from app.panels.scale import ScalePanel
from app.panels.snapshots import SnapshotsPanel
from app.panels.steps import StepsPanel
from app.session.view_state import Page
from app.support.icons import icon

_LEAST_PX, _TALL_PX = 180, 300
_TALL = (Page.SCALE, Page.FIGURES, Page.BUILDING)
_NARROWEST_PX = 320


class Drawer(QDockWidget):
    """Follows the view's page; choosing a tab or closing writes it."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Record"), parent)
        self.setObjectName("drawer")
        self.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        self.setTitleBarWidget(QWidget())
        self._view = bench.context.view
        self._tabs = QTabWidget()
        self._tabs.setDocumentMode(True)
        self._tabs.setUsesScrollButtons(True)
        # Wider, and it would push the panels on the right out of a small window.
        self._tabs.setMinimumSize(_NARROWEST_PX, _LEAST_PX)
        self._pages: list[Page] = []
        self._add(Page.STEPS, self.tr("Steps"), StepsPanel(bench))
        self._add(Page.HISTORY, self.tr("History"), HistoryPanel(bench))
        self._add(Page.SNAPSHOTS, self.tr("Snapshots"), SnapshotsPanel(bench))
        self._add(Page.SCALE, self.tr("Scale"), ScalePanel(bench))
        self._add(Page.FIGURES, self.tr("Figures"), FiguresPanel(bench))
        self._add(Page.BUILDING, self.tr("Building"), BuildingPanel(bench))
        self._add(Page.NOTICES, self.tr("Notices"), NoticesPanel(bench))
        close = QToolButton()
        close.setProperty("role", "small")
        close.setIcon(icon("x"))
        close.setIconSize(QSize(16, 16))
        close.setToolTip(self.tr("Close"))
        close.setAccessibleName(self.tr("Close the drawer"))
        close.clicked.connect(self._on_close)
        self._tabs.setCornerWidget(close)
        self.setWidget(self._tabs)
        self._tabs.currentChanged.connect(self._on_tab)
        self._view.page_changed.connect(self.renew)
        self.renew()

    def _add(self, page: Page, title: str, panel: QWidget) -> None:
        self._pages.append(page)
        if page in _TALL:  # a narrow window must not be pushed apart
            panel.setObjectName("panel")
            scrolled = QScrollArea()
            scrolled.setWidgetResizable(True)
            scrolled.setFrameShape(QFrame.Shape.NoFrame)
            scrolled.setWidget(panel)
            panel = scrolled
        self._tabs.addTab(panel, title)

    def renew(self) -> None:
        """Be open or shut as the view says."""
        page = self._view.page
        self.setVisible(page is not None)
        if page is not None:
            self._tabs.setMinimumHeight(_TALL_PX if page in _TALL else _LEAST_PX)
            self._tabs.setCurrentIndex(self._pages.index(page))

    def _on_tab(self, index: int) -> None:
        if self._view.page is not None:
            self._view.show_page(self._pages[index])

    def _on_close(self) -> None:
        self._view.show_page(None)
