"""Brush and eraser: a stroke of the session from press to release."""

from PySide6.QtCore import QCoreApplication

from app.session.session import Session
from app.session.view_state import ToolKind, ViewState
from resunet_core.defects import SOUND_ID


class Brush:
    """Paints the chosen class; as the eraser, or with Alt, says that paint is sound."""

    def __init__(self, session: Session, view: ViewState) -> None:
        self._session = session
        self._view = view

    def press(self, x: float, y: float, *, erase: bool) -> None:
        """Begin a stroke."""
        erase = erase or self._view.tool is ToolKind.ERASER
        if not erase:
            self._view.set_visible(self._view.class_id, visible=True)
        self._session.start_stroke(
            x,
            y,
            class_id=SOUND_ID if erase else self._view.class_id,
            radius_px=self._view.brush_radius_px,
            name=QCoreApplication.translate("Brush", "Eraser stroke")
            if erase
            else QCoreApplication.translate("Brush", "Brush stroke"),
        )

    def move(self, x: float, y: float) -> None:
        """Draw on."""
        self._session.extend_stroke(x, y)

    def release(self) -> None:
        """Keep the stroke."""
        self._session.finish_stroke()

    def abort(self) -> None:
        """Take the stroke back."""
        self._session.abort_stroke()
