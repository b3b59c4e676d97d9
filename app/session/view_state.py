"""How the person looks at the photo and with what in the hand."""

from enum import Enum

from PySide6.QtCore import QObject, Signal

from app.session.comparison import Comparison
from resunet_core.box import Box
from resunet_core.defects import DEFAULT_CLASSES, DefectClasses

MIN_BRUSH_PX, MAX_BRUSH_PX = 1, 500
_BRUSH_STEP = 1.25


class ToolKind(Enum):
    """What the left mouse button does."""

    MOVE = "move"
    BRUSH = "brush"
    ERASER = "eraser"
    AREA = "area"
    CHECK = "check"


class ZoomRequest(Enum):
    """A zoom that does not depend on where the mouse is."""

    FIT = "fit"
    FULL = "full"  # one pixel of the photo on one of the screen
    IN = "in"
    OUT = "out"


class Page(Enum):
    """A page of the drawer at the foot of the window."""

    HISTORY = "history"
    SNAPSHOTS = "snapshots"
    NOTICES = "notices"


class ViewState(QObject):
    """Tool, brush and overlays; actions and panels write here, the canvas follows."""

    tool_changed = Signal()
    brush_changed = Signal()
    overlay_changed = Signal()
    zoom_requested = Signal(object)  # ZoomRequest
    look_requested = Signal(object)  # Box
    zoom_changed = Signal(float)
    pointed = Signal(object)  # (x, y) in pixels of the photo, or None
    page_changed = Signal()
    search_requested = Signal()
    area_changed = Signal()
    grid_changed = Signal()
    comparison_changed = Signal()
    snapshot_chosen = Signal()

    def __init__(
        self,
        classes: DefectClasses = DEFAULT_CLASSES,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.classes = classes
        self._tool = ToolKind.MOVE
        self._class_id = next(iter(classes)).id
        self._brush_radius_px = 12
        self._visible = {defect.id: True for defect in classes}
        self._opacity = {defect.id: 0.6 for defect in classes}
        self._peeking = False
        self._seen = Box(0, 0, 0, 0)
        self._page: Page | None = None
        self._place: tuple[float, float] | None = None
        self._area: Box | None = None
        self._grid = False
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

    @property
    def tool(self) -> ToolKind:
        """The tool in the hand."""
        return self._tool

    @property
    def class_id(self) -> int:
        """The class that the brush paints."""
        return self._class_id

    @property
    def brush_radius_px(self) -> int:
        """Radius of brush and eraser, in pixels of the photo."""
        return self._brush_radius_px

    @property
    def peeking(self) -> bool:
        """Whether the overlays are lifted for a moment."""
        return self._peeking

    def set_tool(self, tool: ToolKind) -> None:
        """Take another tool."""
        if tool is not self._tool:
            self._tool = tool
            self.tool_changed.emit()

    def set_class(self, class_id: int) -> None:
        """Choose what the brush paints."""
        if class_id != self._class_id:
            self._class_id = class_id
            self.brush_changed.emit()

    def set_brush_radius(self, radius_px: int) -> None:
        """Set the radius, kept within what makes sense."""
        radius_px = min(MAX_BRUSH_PX, max(MIN_BRUSH_PX, radius_px))
        if radius_px != self._brush_radius_px:
            self._brush_radius_px = radius_px
            self.brush_changed.emit()

    def step_brush(self, steps: int) -> None:
        """Make the brush larger (positive) or smaller, by a quarter each step."""
        wished = round(self._brush_radius_px * _BRUSH_STEP**steps)
        if wished == self._brush_radius_px:
            wished += 1 if steps > 0 else -1
        self.set_brush_radius(wished)

    def is_visible(self, class_id: int) -> bool:
        """Whether the overlay of a class is switched on."""
        return self._visible[class_id]

    def set_visible(self, class_id: int, visible: bool) -> None:
        """Switch the overlay of a class on or off."""
        if visible != self._visible[class_id]:
            self._visible[class_id] = visible
            self.overlay_changed.emit()

    def opacity(self, class_id: int) -> float:
        """Opacity of the overlay of a class, 0 to 1."""
        return self._opacity[class_id]

    def set_opacity(self, class_id: int, opacity: float) -> None:
        """Set the opacity of the overlay of a class, 0 to 1."""
        if opacity != self._opacity[class_id]:
            self._opacity[class_id] = opacity
            self.overlay_changed.emit()

    def set_peeking(self, peeking: bool) -> None:
        """Lift all overlays, or lay them back."""
        if peeking != self._peeking:
            self._peeking = peeking
            self.overlay_changed.emit()

    def request_zoom(self, request: ZoomRequest) -> None:
        """Ask the canvas to zoom."""
        self.zoom_requested.emit(request)

    def look_at(self, box: Box) -> None:
        """Ask the canvas to show a part of the photo."""
        self.look_requested.emit(box)
