"""The canvas: photo, overlays and marks, drawn as they are now."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QCloseEvent, QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.canvas.brush_cursor import cursor_area, draw_brush_cursor
from app.canvas.hands import Hands
from app.canvas.legend import draw_legend, scale_bar
from app.canvas.marks import draw_area, draw_grid, draw_spot
from app.canvas.overlay_item import OverlayItem
from app.canvas.overlay_layers import ClassCodes, CodeLayer, ScopeCodes
from app.canvas.photo_item import PhotoItem
from app.canvas.shown import DIFFERENCE, SCOPE, class_looks, legend_rows, make_layer
from app.session.change import Change
from app.session.entry import OpenedPhoto
from app.session.session import Session
from app.session.view_state import OverlayLayer, OverlayStyle, ToolKind, ViewState
from app.support.theme import colours_of
from resunet_core.box import Box

_AT_ONCE_PX = 1024 * 1024  # undone or redone: some mask tiles, a few ms
_SHARP_FROM = 2.0  # above 200 % each pixel is a square
_CROSSED = (
    *(ToolKind.AREA, ToolKind.PEN, ToolKind.LOSS, ToolKind.POLYGON, ToolKind.LASSO),
    *(ToolKind.FILL, ToolKind.POINTS, ToolKind.PICK),
)


class CanvasView(Hands):
    """The photo with its overlays, at any zoom."""

    tile_failed = Signal(object)  # the exception

    def __init__(
        self, session: Session, view: ViewState, parent: QWidget | None = None
    ) -> None:
        super().__init__(session, view, parent)
        self._photo = PhotoItem(self)
        self._scope = OverlayItem(self)
        self._overlay = OverlayItem(self)
        self._difference = OverlayItem(self)
        self._kind: OverlayLayer | None = None  # of the overlay's layer
        self.setAccessibleName(self.tr("Photo with overlays"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(240, 180)
        self._connect()

    def _connect(self) -> None:
        session, view = self._session, self._view
        for item in (self._photo, self._scope, self._overlay, self._difference):
            item.renewed.connect(self._on_renewed)
        self._photo.failed.connect(self.tile_failed)
        self._latest.failed.connect(self.tile_failed)
        for changed in (
            view.area_changed,
            view.grid_changed,
            view.peeking_changed,
            view.spot_changed,
        ):
            changed.connect(self.update)
        session.checks_changed.connect(self._on_checks_changed)
        session.details_changed.connect(self.update)
        session.detection_changed.connect(self._on_detection_changed)
        view.comparison_changed.connect(self._on_comparison_changed)
        session.photo_shown.connect(self._on_photo_shown)
        session.photo_left.connect(self._on_photo_left)
        session.mask_changed.connect(self._on_mask_changed)
        view.overlay_changed.connect(self._on_overlay_changed)
        self.viewport_changed.connect(self._on_viewport_changed)

    # What is shown

    def show_preview(self, preview: QImage, height: int, width: int) -> None:
        """Show a small picture while the photo of this size is being opened."""
        self._photo.set_preview(preview, Box.of(height, width))
        self._overlay.show(None)
        self._scope.show(None)
        self.set_frame(self._photo.frame)
        self.update()

    def stop(self) -> None:
        """End what runs in the background."""
        super().stop()
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
        codes = ScopeCodes(opened.mask)
        self._scope.show(CodeLayer(codes, SCOPE, OverlayStyle.HATCH))
        self._show_overlay(opened)
        self.set_frame(self._photo.frame)
        self._on_viewport_changed()

    def _on_photo_left(self) -> None:
        self._leave_photo()
        self._view.set_area(None)
        self._photo.set_pyramid(None)
        for item in (self._overlay, self._scope):
            item.show(None)
        self.set_frame(self._photo.frame)
        self.update()

    def _on_mask_changed(self, change: Change) -> None:
        few = change.box.width * change.box.height <= _AT_ONCE_PX
        at_once = self._session.is_drawing or few
        self._overlay.change(change.box, at_once=at_once)
        self._scope.change(change.box, at_once=at_once)
        if self._tool is not None and not change.live:
            self._tool.forget()

    def _on_checks_changed(self) -> None:
        if self._view.layer is OverlayLayer.ORIGIN:
            self._on_overlay_changed()
        self.update()

    def _on_detection_changed(self) -> None:
        if self._view.layer is OverlayLayer.HEAT:
            self._on_overlay_changed()
        self.update()  # the legend tells whether there are probabilities

    def _on_overlay_changed(self) -> None:
        opened, layer = self._session.opened, self._overlay.layer
        if opened is None:
            return
        same = self._view.layer is self._kind is OverlayLayer.CLASSES
        if same and isinstance(layer, CodeLayer):
            looks, style = class_looks(self._view), self._view.style
            self._overlay.restyle(layer.restyled(looks, style))
        else:
            self._show_overlay(opened)
            self._on_viewport_changed()
        self.update()

    def _show_overlay(self, opened: OpenedPhoto) -> None:
        self._kind = self._view.layer
        self._overlay.show(make_layer(self._view, opened))

    def _on_comparison_changed(self) -> None:
        comparison = self._view.comparison
        layer = None
        if comparison is not None:
            layer = CodeLayer(ClassCodes(comparison.as_mask()), DIFFERENCE)
        self._difference.show(layer)
        self._on_viewport_changed()

    def _on_viewport_changed(self) -> None:
        visible = self._viewport.box(QRectF(self.rect()))
        self._view.set_seen(visible)
        for item in (self._photo, self._scope, self._overlay, self._difference):
            item.want(visible, self.scale)
        self.update()

    def _on_renewed(self, box: Box) -> None:
        self.update(self._viewport.rect(box).adjusted(-2, -2, 2, 2))

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what was exposed: surround, photo, overlays, what the tool shows."""
        painter = QPainter(self)
        painter.setClipRect(event.rect())
        painter.fillRect(event.rect(), QColor(colours_of(self.palette()).surround))
        scale = self.scale
        smooth = QPainter.RenderHint.SmoothPixmapTransform
        painter.setRenderHint(smooth, scale < _SHARP_FROM)
        exposed = self._viewport.box(QRectF(event.rect()))
        self._photo.draw(painter, self._viewport, exposed, scale)
        if not self._view.peeking:
            if self._view.shows_scope:
                self._scope.draw(painter, self._viewport, exposed)
            is_compared = self._view.comparison is not None
            overlay = self._difference if is_compared else self._overlay
            overlay.draw(painter, self._viewport, exposed)
        self._draw_marks(painter, exposed)
        if self._tool is not None and self._session.opened is not None:
            self._tool.draw(painter, self._viewport)
        if self._view.shows_legend and not self._view.peeking:
            self._draw_legend(painter)
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
        if view.spot is not None:
            draw_spot(painter, self._viewport, view.spot)

    def _draw_legend(self, painter: QPainter) -> None:
        opened = self._session.opened
        if opened is None or self._view.comparison is not None:
            return
        rows = legend_rows(self._view, opened)
        bar = scale_bar(self._viewport.scale, opened.record.mm_per_px)
        heat = self._view.layer is OverlayLayer.HEAT and self._overlay.layer is not None
        draw_legend(painter, self.rect(), rows, bar, heat=heat)

    # The cursor

    def _brush_radius(self) -> float:
        return self._view.brush_radius_px * self._viewport.scale

    def _brush_colour(self) -> QColor | None:
        if self._view.tool is ToolKind.ERASER or self._alt_held:
            return None
        target = self._view.target
        if target.plane == "scope":
            looks = {look.class_id: look.colour for look in SCOPE}
            return QColor(*looks[target.value])
        return QColor(*self._view.classes.by_id(target.value).colour)

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
        return shape.CrossCursor if tool in _CROSSED else shape.PointingHandCursor
