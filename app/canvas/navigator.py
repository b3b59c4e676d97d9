"""A widget that looks at a large picture: zoom, pan, fit; it draws nothing itself."""

from PySide6.QtCore import QPointF, QRectF, QSizeF, Signal
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.canvas.viewport import Viewport, centred, fitted
from app.session.view_state import ViewState, ZoomRequest
from resunet_core.box import Box

_WHEEL_STEP = 1.0015  # to the power of an eighth of a degree: 120 is a notch
_KEY_STEP = 1.5
_CLOSEST_LOOK = 4.0  # at a region that was asked for
_SURROUNDINGS = 3  # times the region's own size


class Navigator(QWidget):
    """Keeps where the picture lies, through wheel, resizing and requests."""

    viewport_changed = Signal()

    def __init__(self, view: ViewState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._frame = Box(0, 0, 0, 0)
        self._viewport = Viewport()
        self._is_fitted = True
        view.zoom_requested.connect(self._on_zoom_requested)
        view.look_requested.connect(self._on_look_requested)

    @property
    def viewport(self) -> Viewport:
        """Where the picture lies."""
        return self._viewport

    @property
    def scale(self) -> float:
        """Physical pixels of the screen for one of the picture."""
        return self._viewport.scale * self.devicePixelRatioF()

    @property
    def frame(self) -> Box:
        """The whole picture; empty where there is none."""
        return self._frame

    def set_frame(self, frame: Box) -> None:
        """Look at another picture, whole; one of the same size keeps its place."""
        if frame != self._frame:
            self._frame = frame
            self.fit()

    def fit(self) -> None:
        """Show the whole picture."""
        if not self._frame.is_empty:
            self._is_fitted = True
            self._move_to(fitted(self._size, QSizeF(self.size())))

    def pan(self, shift: QPointF) -> None:
        """Shift the picture on the screen."""
        self._is_fitted = False
        self._move_to(self._viewport.moved(shift.x(), shift.y()))

    def zoom(self, factor: float, at: QPointF) -> None:
        """Enlarge, keeping what is under a point of the screen there."""
        if not self._frame.is_empty:
            self._is_fitted = False
            self._move_to(self._viewport.zoomed(factor, at, self._least_scale()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the whole picture in sight if it was, else its middle in the middle."""
        super().resizeEvent(event)
        if self._is_fitted:
            self.fit()
        elif not self._frame.is_empty:
            grown = event.size() - event.oldSize()
            half = QPointF(grown.width() / 2, grown.height() / 2)
            self._move_to(self._viewport.moved(half.x(), half.y()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the cursor."""
        self.zoom(_WHEEL_STEP ** event.angleDelta().y(), event.position())
        event.accept()

    def _on_zoom_requested(self, request: ZoomRequest) -> None:
        middle = QRectF(self.rect()).center()
        if request is ZoomRequest.FIT:
            self.fit()
        elif request is ZoomRequest.FULL:
            self.zoom(1 / self.scale, middle)
        else:
            step = _KEY_STEP if request is ZoomRequest.IN else 1 / _KEY_STEP
            self.zoom(step, middle)

    def _on_look_requested(self, box: Box) -> None:
        if self._frame.is_empty:
            return
        screen = QSizeF(self.size())
        side = max(box.width, box.height, 32) * _SURROUNDINGS
        room = min(screen.width(), screen.height())
        scale = max(min(_CLOSEST_LOOK, room / side), self._least_scale())
        x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        self._is_fitted = False
        self._move_to(centred(scale, x, y, screen))

    @property
    def _size(self) -> QSizeF:
        return QSizeF(self._frame.width, self._frame.height)

    def _least_scale(self) -> float:
        return fitted(self._size, QSizeF(self.size())).scale * 0.5

    def _move_to(self, viewport: Viewport) -> None:
        self._viewport = viewport.kept_in_sight(self._size, QSizeF(self.size()))
        self._view.zoom_changed.emit(self.scale)
        self.viewport_changed.emit()
