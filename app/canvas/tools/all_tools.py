"""Which tool does what the left mouse button is set to."""

from app.canvas.latest import Latest
from app.canvas.tools.area import Area
from app.canvas.tools.brush import Brush
from app.canvas.tools.check import Check
from app.canvas.tools.loss import Loss
from app.canvas.tools.measure_points import MeasurePoints
from app.canvas.tools.pen import Pen
from app.canvas.tools.region import Fill, Pick, Region, Remove
from app.canvas.tools.shape import Lasso, Polygon
from app.canvas.tools.tool import Tool
from app.session.session import Session
from app.session.view_state import ToolKind, ViewState

_KINDS: dict[ToolKind, type[Tool]] = {
    ToolKind.BRUSH: Brush,
    ToolKind.ERASER: Brush,
    ToolKind.PEN: Pen,
    ToolKind.LOSS: Loss,
    ToolKind.POLYGON: Polygon,
    ToolKind.LASSO: Lasso,
    ToolKind.FILL: Fill,
    ToolKind.REGION: Region,
    ToolKind.REMOVE: Remove,
    ToolKind.PICK: Pick,
    ToolKind.AREA: Area,
    ToolKind.CHECK: Check,
    ToolKind.POINTS: MeasurePoints,
}


def make_tools(
    session: Session, view: ViewState, latest: Latest
) -> dict[ToolKind, Tool]:
    """One of each kind; moving the photo needs none."""
    return {kind: made(session, view, latest) for kind, made in _KINDS.items()}
