"""The canvas: pan, zoom, keyboard; hands mouse positions to the tool in the hand."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QEnterEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QWidget

from app.canvas.brush_cursor import cursor_area, draw_brush_cursor
from app.canvas.marks import draw_area, draw_grid
from app.canvas.navigator import Navigator
from app.canvas.overlay_item import OverlayItem
from app.canvas.overlay_paint import ClassLook
from app.canvas.photo_item import PhotoItem
from app.canvas.tools.area import Area
from app.canvas.tools.brush import Brush
from app.canvas.tools.check import Check
from app.session.change import Change
from app.session.comparison import COLOURS
from app.session.session import Session
from app.session.view_state import ToolKind, ViewState
from app.support.theme import colours_of
from resunet_core.box import Box

if TYPE_CHECKING:
    from app.canvas.tools.tool import Tool

PEEK_KEY = Qt.Key.Key_P
_AT_ONCE_PX = 1024 * 1024  # undone or redone: some mask tiles, a few ms
_SHARP_FROM = 2.0  # above 200 % each pixel is a square
_DIFFERENCE = tuple(ClassLook(code, look, 0.8) for code, look in COLOURS.items())


class CanvasView(Navigator):
    """The photo with its overlays, at any zoom."""

    tile_failed = Signal(object)  # the exception

    def __init__(
        self, session: Session, view: ViewState, parent: QWidget | None = None
    ) -> None:
        super().__init__(view, parent)
        self._session = session
        self._photo = PhotoItem(self)
        self._overlay = OverlayItem(self)
        self._difference = OverlayItem(self)
        self._difference.set_looks(_DIFFERENCE)
        self._tools: dict[ToolKind, Tool] = {
            ToolKind.BRUSH: Brush(session, view),
            ToolKind.ERASER: Brush(session, view),
            ToolKind.AREA: Area(session, view),
            ToolKind.CHECK: Check(session, view),
        }
        self._panning_from: QPointF | None = None
        self._space_held = False
        self._alt_held = False
        self._mouse: QPointF | None = None
        self._drawing: Tool | None = None
        self.setAccessibleName(self.tr("Photo with overlays"))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(240, 180)
        self._connect()
        self._on_overlay_changed()

    def _connect(self) -> None:
        self._photo.renewed.connect(self._on_renewed)
        self._photo.failed.connect(self.tile_failed)
        self._overlay.renewed.connect(self._on_renewed)
        self._difference.renewed.connect(self._on_renewed)
        for changed in (self._view.area_changed, self._view.grid_changed):
            changed.connect(self.update)
        self._session.checks_changed.connect(self.update)
        self._view.comparison_changed.connect(self._on_comparison_changed)
        self._session.photo_shown.connect(self._on_photo_shown)
        self._session.photo_left.connect(self._on_photo_left)
        self._session.mask_changed.connect(self._on_mask_changed)
        self._view.overlay_changed.connect(self._on_overlay_changed)
        self._view.tool_changed.connect(self._on_hand_changed)
        self._view.brush_changed.connect(self._on_hand_changed)
        self.viewport_changed.connect(self._on_viewport_changed)

    # What is shown

    def show_preview(self, preview: QImage, height: int, width: int) -> None:
        """Show a small picture while the photo of this size is being opened."""
        self._photo.set_preview(preview, Box.of(height, width))
        self._overlay.set_mask(None)
        self.set_frame(self._photo.frame)
        self.update()

    def stop(self) -> None:
        """End what runs in the background."""
        self._photo.stop()

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the loading threads with the widget."""
        self.stop()
        super().closeEvent(event)

    def _on_photo_shown(self) -> None:
        opened = self._session.opened
        if opened is None:
            return
        self._photo.set_pyramid(opened.pyramid)
        self._overlay.set_mask(opened.mask)
        self.set_frame(self._photo.frame)
        self._on_viewport_changed()

    def _on_photo_left(self) -> None:
        self._drawing = None
        self._view.set_area(None)
        self._photo.set_pyramid(None)
        self._overlay.set_mask(None)
        self.set_frame(self._photo.frame)
        self.update()

    def _on_mask_changed(self, change: Change) -> None:
        few = change.box.width * change.box.height <= _AT_ONCE_PX
        self._overlay.change(change.box, at_once=self._session.is_drawing or few)

    def _on_overlay_changed(self) -> None:
        looks = [
            ClassLook(
                defect.id,
                defect.colour,
                self._view.opacity(defect.id) * self._view.is_visible(defect.id),
            )
            for defect in self._view.classes
        ]
        self._overlay.set_looks(looks)
        self.update()

    def _on_comparison_changed(self) -> None:
        comparison = self._view.comparison
        self._difference.set_mask(None if comparison is None else comparison.as_mask())
        self._on_viewport_changed()

    def _on_viewport_changed(self) -> None:
        visible = self._viewport.box(QRectF(self.rect()))
        self._view.set_seen(visible)
        self._photo.want(visible, self.scale)
        self._overlay.want(visible, self.scale)
        self._difference.want(visible, self.scale)
        self.update()

    def _on_renewed(self, box: Box) -> None:
        self.update(self._viewport.rect(box).adjusted(-2, -2, 2, 2))

    def _on_hand_changed(self) -> None:
        self._show_cursor()
        self.update()

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pan, or begin to use the tool."""
        left = event.button() == Qt.MouseButton.LeftButton
        tool = self._tools.get(self._view.tool)
        if event.button() == Qt.MouseButton.MiddleButton or (
            left and (self._space_held or tool is None)
        ):
            self._panning_from = event.position()
        elif left and tool is not None and self._session.opened is not None:
            self._drawing = tool
            x, y = self._viewport.to_photo(event.position())
            alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            tool.press(x, y, erase=alt)
        self._show_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan on, or use the tool on."""
        position = event.position()
        x, y = self._viewport.to_photo(position)
        if self._panning_from is not None:
            shift = position - self._panning_from
            self._panning_from = position
            self.pan(shift)
        elif self._drawing is not None:
            self._drawing.move(x, y)
        inside = 0 <= x < self.frame.width and 0 <= y < self.frame.height
        self._view.pointed.emit((x, y) if inside else None)
        self._move_cursor(position)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End panning, or what the tool does."""
        if self._panning_from is not None:
            self._panning_from = None
        elif event.button() == Qt.MouseButton.LeftButton and self._drawing is not None:
            tool, self._drawing = self._drawing, None
            tool.release()
        self._show_cursor()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Take the keyboard, unless something is being typed."""
        super().enterEvent(event)
        typing = QApplication.focusWidget()
        if not isinstance(typing, QLineEdit | QAbstractSpinBox):
            self.setFocus(Qt.FocusReason.MouseFocusReason)

    def leaveEvent(self, event: QEvent) -> None:
        """Take the brush circle away."""
        super().leaveEvent(event)
        self._move_cursor(None)
        self._view.pointed.emit(None)

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space pans, P lifts the overlays, Alt erases, Escape takes a stroke back."""
        key = event.key()
        if event.isAutoRepeat() and key in (Qt.Key.Key_Space, PEEK_KEY):
            return
        if key == Qt.Key.Key_Space:
            self._space_held = True
        elif key == PEEK_KEY and not event.modifiers():
            self._view.set_peeking(True)
        elif key == Qt.Key.Key_Alt:
            self._alt_held = True
            self._move_cursor(self._mouse)
        elif key == Qt.Key.Key_Escape and self._drawing is not None:
            tool, self._drawing = self._drawing, None
            tool.abort()
        else:
            super().keyPressEvent(event)
        self._show_cursor()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Let go of what was held."""
        key = event.key()
        if event.isAutoRepeat() and key in (Qt.Key.Key_Space, PEEK_KEY):
            return
        if key == Qt.Key.Key_Space:
            self._space_held = False
        elif key == PEEK_KEY:
            self._view.set_peeking(False)
        elif key == Qt.Key.Key_Alt:
            self._alt_held = False
            self._move_cursor(self._mouse)
        else:
            super().keyReleaseEvent(event)
        self._show_cursor()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A key let go elsewhere is let go."""
        super().focusOutEvent(event)
        self._space_held = self._alt_held = False
        self._view.set_peeking(False)
        self._show_cursor()

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what was exposed: surround, photo, overlays, brush circle."""
        painter = QPainter(self)
        painter.setClipRect(event.rect())
        painter.fillRect(event.rect(), QColor(colours_of(self.palette()).surround))
        scale = self.scale
        smooth = QPainter.RenderHint.SmoothPixmapTransform
        painter.setRenderHint(smooth, scale < _SHARP_FROM)
        exposed = self._viewport.box(QRectF(event.rect()))
        self._photo.draw(painter, self._viewport, exposed, scale)
        if not self._view.peeking:
            is_compared = self._view.comparison is not None
            overlay = self._difference if is_compared else self._overlay
            overlay.draw(painter, self._viewport, exposed)
        self._draw_marks(painter, exposed)
        if self._mouse is not None and self._shows_brush():
            draw_brush_cursor(
                painter, self._mouse, self._brush_radius(), self._brush_colour()
            )

    def _draw_marks(self, painter: QPainter, exposed: Box) -> None:
        opened, view = self._session.opened, self._view
        if opened is None:
            return
        if view.grid or view.tool is ToolKind.CHECK:
            draw_grid(painter, self._viewport, exposed, self.frame, opened.checked)
        if view.area is not None:
            draw_area(painter, self._viewport, view.area)

    def _shows_brush(self) -> bool:
        return (
            self._view.tool in (ToolKind.BRUSH, ToolKind.ERASER)
            and self._session.opened is not None
            and not self._space_held
            and self._panning_from is None
        )

    def _brush_radius(self) -> float:
        return self._view.brush_radius_px * self._viewport.scale

    def _brush_colour(self) -> QColor | None:
        if self._view.tool is ToolKind.ERASER or self._alt_held:
            return None
        return QColor(*self._view.classes.by_id(self._view.class_id).colour)

    def _move_cursor(self, position: QPointF | None) -> None:
        if not self._shows_brush():
            self._mouse = position
            return
        for point in (self._mouse, position):
            if point is not None:
                self.update(cursor_area(point, self._brush_radius()))
        self._mouse = position

    def _show_cursor(self) -> None:
        shape = Qt.CursorShape
        if self._panning_from is not None:
            self.setCursor(shape.ClosedHandCursor)
        elif self._shows_brush():
            self.setCursor(shape.BlankCursor)
        else:
            self.setCursor(self._tool_cursor())

    def _tool_cursor(self) -> Qt.CursorShape:
        shape, tool = Qt.CursorShape, self._view.tool
        if self.frame.is_empty:
            return shape.ArrowCursor
        if self._space_held or tool is ToolKind.MOVE:
            return shape.OpenHandCursor
        return shape.CrossCursor if tool is ToolKind.AREA else shape.PointingHandCursor
