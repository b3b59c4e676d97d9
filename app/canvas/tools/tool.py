"""What all tools have in common."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPainter

from app.canvas.latest import Latest
from app.canvas.viewport import Viewport
from app.session.entry import OpenedPhoto
from app.session.session import Session
from app.session.view_state import Target, ViewState
from resunet_core.box import Box

Place = tuple[float, float]
"""x and y in photo pixels."""

_NOTHING = Box(0, 0, 0, 0)


@dataclass(frozen=True)
class Touch:
    """How the tool is held.

    Attributes:
        straight: Shift is down.
        pressure: Of a pen, 0 to 1; a mouse always presses fully.
        scale: Pixels of the screen for one of the photo.
        seen: What of the photo is on the screen; may reach over it.
    """

    straight: bool = False
    pressure: float = 1.0
    scale: float = 1.0
    seen: Box = _NOTHING


class Tool(QObject):
    """Told of the left button with positions in photo pixels.

    What a tool does not need it leaves as it is here: it then does nothing.
    """

    renewed = Signal()  # it would be drawn otherwise now
    touch = Touch()

    def __init__(
        self, session: Session, view: ViewState, latest: Latest | None = None
    ) -> None:
        super().__init__()
        self._session = session
        self._view = view
        self._latest = latest or Latest(self)

    def press(self, x: float, y: float, *, erase: bool) -> None:
        """The button went down; `erase` when Alt is held."""

    def move(self, x: float, y: float) -> None:
        """The mouse moved with the button down."""

    def release(self) -> None:
        """The button went up."""

    def abort(self) -> None:
        """Escape was pressed in between."""

    def hover(self, place: Place | None, *, erase: bool) -> None:
        """The mouse moved with the button up; None: it left."""

    def double_click(self) -> None:
        """The last press came twice."""

    def finish(self) -> bool:
        """Enter was pressed; whether that meant anything."""
        return False

    def step_back(self) -> bool:
        """Backspace was pressed; whether that meant anything."""
        return False

    @property
    def is_busy(self) -> bool:
        """Whether there is something that Escape would take back."""
        return False

    def put_away(self) -> None:
        """Another tool is taken, or another photo."""

    def renew(self) -> None:
        """Size, tolerance or class are others now."""
        self.renewed.emit()

    def forget(self) -> None:
        """The mask is another one now."""

    def draw(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw what it is about to do, over photo and overlays."""

    # For the tools themselves

    @property
    def _opened(self) -> OpenedPhoto | None:
        return self._session.opened

    def _target(self, *, erase: bool) -> Target:
        """What it writes; painting a hidden class shows it."""
        target = self._view.target
        if erase:
            return target.erased
        if target.plane == "person":
            self._view.set_visible(target.value, visible=True)
        else:
            self._view.set_shows_scope(shown=True)
        return target
