"""How the person looks at the photo and with what in the hand."""

from enum import Enum

from PySide6.QtCore import QObject, Signal

from app.session.comparison import Comparison
from app.session.hand import (
    MAX_BRUSH_PX,
    MIN_BRUSH_PX,
    RANGES,
    Measure,
    Target,
    ToolKind,
)
from app.session.looks import Looks, OverlayLayer, OverlayStyle
from app.session.pointing import Pointing
from resunet_core.box import Box
from resunet_core.defects import DEFAULT_CLASSES, DefectClasses

__all__ = [
    "MAX_BRUSH_PX",
    "MIN_BRUSH_PX",
    "RANGES",
    "Measure",
    "OverlayLayer",
    "OverlayStyle",
    "Page",
    "Target",
    "ToolKind",
    "ViewState",
    "ZoomRequest",
]


class ZoomRequest(Enum):
    """A zoom that does not depend on where the mouse is."""

    FIT = "fit"
    FULL = "full"  # one pixel of the photo on one of the screen
    IN = "in"
    OUT = "out"


class Page(Enum):
    """A page of the drawer at the foot of the window."""

    STEPS = "steps"
    HISTORY = "history"
    SNAPSHOTS = "snapshots"
    SCALE = "scale"
    FIGURES = "figures"
    BUILDING = "building"
    NOTICES = "notices"


class ViewState(Looks):
    """Tool, overlays, place; actions and panels write here, the canvas follows."""

    zoom_requested = Signal(object)  # ZoomRequest
    look_requested = Signal(object)  # Box
    zoom_changed = Signal(float)
    pointed = Signal(object)  # (x, y) in pixels of the photo, or None
    page_changed = Signal()
    search_requested = Signal()
    area_changed = Signal()
    picked_changed = Signal()
    grid_changed = Signal()
    spot_changed = Signal()
    comparison_changed = Signal()
    snapshot_chosen = Signal()

    def __init__(
        self,
        classes: DefectClasses = DEFAULT_CLASSES,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(classes, parent)
        self.pointing = Pointing(self)
        self._seen = Box(0, 0, 0, 0)
        self._page: Page | None = None
        self._place: tuple[float, float] | None = None
        self._picked: tuple[int, int] | None = None
        self._area: Box | None = None
        self._grid = False
        self._spot: Box | None = None
        self._comparison: Comparison | None = None
        self._snapshot_id: int | None = None
        self.pointed.connect(self._note_place)

    @property
    def seen(self) -> Box:
        """The part of the photo on the screen, in its pixels; may reach over it."""
        return self._seen

    def set_seen(self, box: Box) -> None:
        """Note what the canvas shows; nobody waits for it."""
        self._seen = box

    @property
    def place(self) -> tuple[float, float] | None:
        """Where the mouse points, x before y in photo pixels; None when elsewhere."""
        return self._place

    @property
    def picked(self) -> tuple[int, int] | None:
        """A pixel of the region that was picked, x before y; None for none."""
        return self._picked

    def pick(self, pixel: tuple[int, int] | None) -> None:
        """Pick the region of a pixel, or none."""
        if pixel != self._picked:
            self._picked = pixel
            self.picked_changed.emit()

    def _note_place(self, place: tuple[float, float] | None) -> None:
        self._place = place

    @property
    def area(self) -> Box | None:
        """The part of the photo that is chosen, in its pixels."""
        return self._area

    def set_area(self, area: Box | None) -> None:
        """Choose a part of the photo, or none."""
        if area != self._area:
            self._area = area
            self.area_changed.emit()

    @property
    def spot(self) -> Box | None:
        """The place that is reviewed, in photo pixels."""
        return self._spot

    def set_spot(self, spot: Box | None) -> None:
        """Point out a place, or none."""
        if spot != self._spot:
            self._spot = spot
            self.spot_changed.emit()

    @property
    def grid(self) -> bool:
        """Whether the tiles that are checked are shown in every tool."""
        return self._grid

    def set_grid(self, *, shown: bool) -> None:
        """Show the checked tiles, or only while checking."""
        if shown != self._grid:
            self._grid = shown
            self.grid_changed.emit()

    @property
    def comparison(self) -> Comparison | None:
        """The difference that is shown in place of the classes."""
        return self._comparison

    def show_comparison(self, comparison: Comparison | None) -> None:
        """Show a difference, or the classes again."""
        if comparison is not self._comparison:
            self._comparison = comparison
            self.comparison_changed.emit()

    @property
    def snapshot_id(self) -> int | None:
        """The snapshot to compare with and to go back to."""
        return self._snapshot_id

    def choose_snapshot(self, snapshot_id: int | None) -> None:
        """Choose a snapshot."""
        if snapshot_id != self._snapshot_id:
            self._snapshot_id = snapshot_id
            self.snapshot_chosen.emit()

    @property
    def page(self) -> Page | None:
        """The page of the drawer that is open; None while it is shut."""
        return self._page

    def show_page(self, page: Page | None) -> None:
        """Open the drawer at a page, or shut it."""
        if page is not self._page:
            self._page = page
            self.page_changed.emit()

    def request_zoom(self, request: ZoomRequest) -> None:
        """Ask the canvas to zoom."""
        self.zoom_requested.emit(request)

    def look_at(self, box: Box) -> None:
        """Ask the canvas to show a part of the photo."""
        self.look_requested.emit(box)
