"""What the person holds: the tool, what it paints, how large it is."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, Signal

from resunet_core.defects import DEFAULT_CLASSES, SOUND_ID, DefectClasses
from resunet_core.mask.ridge import Tone
from resunet_core.mask.tiled import ASSESSED, PlaneName

MIN_BRUSH_PX, MAX_BRUSH_PX = 1, 500
MIN_PEN_PX, MAX_PEN_PX = 1, 60
MIN_TOLERANCE, MAX_TOLERANCE = 2, 60
_STEP = 1.25


class ToolKind(Enum):
    """What the left mouse button does."""

    MOVE = "move"
    BRUSH = "brush"
    ERASER = "eraser"
    PEN = "pen"
    LOSS = "loss"
    POLYGON = "polygon"
    LASSO = "lasso"
    FILL = "fill"
    REGION = "region"
    REMOVE = "remove"
    PICK = "pick"
    AREA = "area"
    CHECK = "check"
    POINTS = "points"


class Measure(Enum):
    """What is set larger and smaller of the tool in the hand."""

    RADIUS = "radius"
    WIDTH = "width"
    TOLERANCE = "tolerance"


RANGES = {
    Measure.RADIUS: (MIN_BRUSH_PX, MAX_BRUSH_PX),
    Measure.WIDTH: (MIN_PEN_PX, MAX_PEN_PX),
    Measure.TOLERANCE: (MIN_TOLERANCE, MAX_TOLERANCE),
}
_START = {Measure.RADIUS: 12, Measure.WIDTH: 3, Measure.TOLERANCE: 14}


@dataclass(frozen=True)
class Target:
    """What a tool writes: a class as the person's, or a value of the scope plane."""

    plane: PlaneName
    value: int

    @property
    def erased(self) -> "Target":
        """What Alt writes instead: sound paint, or that the surface is assessed."""
        return Target(self.plane, SOUND_ID if self.plane == "person" else ASSESSED)


class Hand(QObject):
    """The tool in the hand; actions and panels write here, the canvas follows."""

    tool_changed = Signal()
    brush_changed = Signal()
    told = Signal(str, str)  # why a tool did nothing, and what to do

    def __init__(
        self,
        classes: DefectClasses = DEFAULT_CLASSES,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.classes = classes
        self._tool = ToolKind.MOVE
        self._class_id = next(iter(classes)).id
        self._target = Target("person", self._class_id)
        self._measures = dict(_START)
        self._tone: Tone = "dark"
        self.feels_pressure = True  # of a pen; the canvas asks at each stroke

    @property
    def tool(self) -> ToolKind:
        """The tool in the hand."""
        return self._tool

    def set_tool(self, tool: ToolKind) -> None:
        """Take another tool."""
        if tool is not self._tool:
            self._tool = tool
            self.tool_changed.emit()

    @property
    def class_id(self) -> int:
        """The class that was chosen last."""
        return self._class_id

    @property
    def target(self) -> Target:
        """What the tools write."""
        return self._target

    def set_class(self, class_id: int) -> None:
        """Choose a class to paint."""
        self._class_id = class_id
        self._set_target(Target("person", class_id))

    def set_scope(self, value: int) -> None:
        """Choose a value of the scope plane to paint."""
        self._set_target(Target("scope", value))

    def _set_target(self, target: Target) -> None:
        if target != self._target:
            self._target = target
            self.brush_changed.emit()

    @property
    def brush_radius_px(self) -> int:
        """Radius of brush and eraser, in pixels of the photo."""
        return self._measures[Measure.RADIUS]

    def set_brush_radius(self, radius_px: int) -> None:
        """Set the radius, kept within what makes sense."""
        self.set_measure(Measure.RADIUS, radius_px)

    @property
    def pen_width_px(self) -> int:
        """Width of the lines of the crack pen, in pixels of the photo."""
        return self._measures[Measure.WIDTH]

    @property
    def tolerance(self) -> int:
        """How unlike the place clicked a loss may be."""
        return self._measures[Measure.TOLERANCE]

    @property
    def measure(self) -> Measure:
        """What of the tool in the hand is set larger and smaller."""
        kinds = {ToolKind.PEN: Measure.WIDTH, ToolKind.LOSS: Measure.TOLERANCE}
        return kinds.get(self._tool, Measure.RADIUS)

    def value_of(self, measure: Measure) -> int:
        """How large it is now."""
        return self._measures[measure]

    def set_measure(self, measure: Measure, value: int) -> None:
        """Set it, kept within what makes sense."""
        low, high = RANGES[measure]
        value = min(high, max(low, value))
        if value != self._measures[measure]:
            self._measures[measure] = value
            self.brush_changed.emit()

    def step_brush(self, steps: int) -> None:
        """Make it larger (positive) or smaller, by a quarter each step."""
        now = self._measures[self.measure]
        wished = round(now * _STEP**steps)
        if wished == now:
            wished += 1 if steps > 0 else -1
        self.set_measure(self.measure, wished)

    @property
    def tone(self) -> Tone:
        """What the lines that the crack pen follows are beside their surroundings."""
        return self._tone

    def set_tone(self, tone: Tone) -> None:
        """Let the crack pen follow darker, or lighter, lines."""
        if tone != self._tone:
            self._tone = tone
            self.brush_changed.emit()
