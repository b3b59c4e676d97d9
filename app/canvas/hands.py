"""Mouse, pen and keyboard on the canvas: to pan, and to use the tool in the hand."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QInputEvent,
    QKeyEvent,
    QMouseEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QWidget

from app.canvas.latest import Latest
from app.canvas.navigator import Navigator
from app.canvas.tools.all_tools import make_tools
from app.canvas.tools.tool import Tool, Touch
from app.session.session import Session
from app.session.view_state import ToolKind, ViewState

PEEK_KEY = Qt.Key.Key_P
_NOTCH = 120
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Hands(Navigator):
    """Hands positions to the tool; Space and the middle button pan in every one."""

    def __init__(
        self, session: Session, view: ViewState, parent: QWidget | None = None
    ) -> None:
        super().__init__(view, parent)
        self._session = session
        self._latest = Latest(self)
        self._tools = make_tools(session, view, self._latest)
        self._tool: Tool | None = None  # in the hand
        self._drawing: Tool | None = None  # with its button down
        self._touch = Touch()
        self._panning_from: QPointF | None = None
        self._space_held = False
        self._alt_held = False
        self._wheel = 0  # turned with Alt, not a whole notch yet
        self._mouse: QPointF | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for tool in {*self._tools.values()}:
            tool.renewed.connect(self.update)
        view.tool_changed.connect(self._on_tool_changed)
        view.brush_changed.connect(self._on_brush_changed)
        session.photo_leaving.connect(self._put_away)

    def stop(self) -> None:
        """End what runs in the background."""
        self._latest.stop()

    @property
    def _is_panning(self) -> bool:
        return self._panning_from is not None

    def _show_cursor(self) -> None:
        """Let the cursor say what a press would do."""

    def _move_cursor(self, position: QPointF | None) -> None:
        """Note where the mouse is, and draw what goes with it."""
        self._mouse = position

    # The tool

    def _on_tool_changed(self) -> None:
        if self._drawing is not None:
            self._drawing.abort()
            self._drawing = None
        if self._tool is not None:
            self._tool.put_away()
        self._tool = self._tools.get(self._view.tool)
        self._hover()
        self._show_cursor()
        self.update()

    def _on_brush_changed(self) -> None:
        if self._tool is not None:
            self._tool.renew()
        self._show_cursor()
        self.update()

    def _put_away(self) -> None:
        """Keep what is in the middle while the photo is still there."""
        if self._tool is not None:
            self._tool.put_away()

    def _leave_photo(self) -> None:
        """Let go of the photo before it is closed."""
        self._drawing = None
        self._put_away()
        self._latest.forget(wait=True)

    def _hover(self) -> None:
        """Tell the tool where the mouse is while nothing is pressed."""
        if self._tool is None or self._drawing is not None:
            return
        at = self._mouse
        if at is None or self._space_held or self._is_panning:
            self._tool.hover(None, erase=self._alt_held)
        elif self._session.opened is not None:
            self._tool.touch = self._touched()
            self._tool.hover(self._viewport.to_photo(at), erase=self._alt_held)

    def _touched(self, event: QInputEvent | None = None) -> Touch:
        """How the tool is held now."""
        touch = replace(
            self._touch,
            scale=self.scale,
            seen=self._viewport.box(QRectF(self.rect())),
        )
        if event is not None:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            touch = replace(touch, straight=shift)
        self._touch = touch
        return touch

    # Mouse and pen

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pan, or begin to use the tool."""
        left, tool = event.button() == Qt.MouseButton.LeftButton, self._tool
        if event.button() == Qt.MouseButton.MiddleButton or (
            left and (self._space_held or tool is None)
        ):
            self._panning_from = event.position()
            self._hover()
        elif left and tool is not None and self._session.opened is not None:
            self._drawing = tool
            x, y = self._viewport.to_photo(event.position())
            alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            tool.touch = self._touched(event)
            tool.press(x, y, erase=alt)
        self._show_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A second press, that some tools take for the end."""
        self.mousePressEvent(event)
        if self._drawing is not None:
            self._drawing.double_click()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan on, use the tool on, or show what it would do."""
        position = event.position()
        x, y = self._viewport.to_photo(position)
        if self._panning_from is not None:
            shift = position - self._panning_from
            self._panning_from = position
            self.pan(shift)
        elif self._drawing is not None:
            self._drawing.touch = self._touched(event)
            self._drawing.move(x, y)
        self._view.pointed.emit((x, y) if self.frame.contains(x, y) else None)
        self._touched(event)
        self._move_cursor(position)
        self._hover()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End panning, or what the tool does."""
        if self._panning_from is not None:
            self._panning_from = None
            self._hover()
        elif event.button() == Qt.MouseButton.LeftButton and self._drawing is not None:
            tool, self._drawing = self._drawing, None
            tool.release()
        self._show_cursor()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Note how hard a pen is pressed; all else comes as from a mouse."""
        pressed = event.type() != QEvent.Type.TabletRelease and bool(event.buttons())
        feels = pressed and self._view.feels_pressure
        pressure = event.pressure() if feels else 1.0
        self._touch = replace(self._touch, pressure=pressure)
        event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the cursor; with Alt, change the size of the tool."""
        if not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            super().wheelEvent(event)
            self._hover()
            return
        turned = event.angleDelta()  # Qt turns it aside while Alt is held
        self._wheel += turned.y() or turned.x()
        notches = int(self._wheel / _NOTCH)
        self._wheel -= notches * _NOTCH
        if notches:
            self._view.step_brush(notches)
        event.accept()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Take the keyboard, unless something is being typed."""
        super().enterEvent(event)
        typing = QApplication.focusWidget()
        if not isinstance(typing, QLineEdit | QAbstractSpinBox):
            self.setFocus(Qt.FocusReason.MouseFocusReason)

    def leaveEvent(self, event: QEvent) -> None:
        """Take away what goes with the mouse."""
        super().leaveEvent(event)
        self._move_cursor(None)
        self._hover()
        self._view.pointed.emit(None)

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space pans, P lifts the overlays, Alt erases, Escape takes back."""
        key = event.key()
        if event.isAutoRepeat() and key in (Qt.Key.Key_Space, PEEK_KEY):
            return
        if key == Qt.Key.Key_Space:
            self._space_held = True
            self._hover()
        elif key == PEEK_KEY and not event.modifiers():
            self._view.set_peeking(True)
        elif key == Qt.Key.Key_Alt:
            self._hold_alt(held=True)
        elif not self._tell_tool(key):
            super().keyPressEvent(event)
        self._show_cursor()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Let go of what was held."""
        key = event.key()
        if event.isAutoRepeat() and key in (Qt.Key.Key_Space, PEEK_KEY):
            return
        if key == Qt.Key.Key_Space:
            self._space_held = False
            self._hover()
        elif key == PEEK_KEY:
            self._view.set_peeking(False)
        elif key == Qt.Key.Key_Alt:
            self._hold_alt(held=False)
        else:
            super().keyReleaseEvent(event)
        self._show_cursor()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A key let go elsewhere is let go."""
        super().focusOutEvent(event)
        self._space_held = self._alt_held = False
        self._view.set_peeking(False)
        self._show_cursor()

    def _hold_alt(self, *, held: bool) -> None:
        self._alt_held = held
        self._move_cursor(self._mouse)
        self._hover()

    def _tell_tool(self, key: int) -> bool:
        """Escape, Enter and Backspace; whether they meant anything to the tool."""
        tool = self._drawing or self._tool
        if tool is None:
            return False
        if key == Qt.Key.Key_Escape and (self._drawing is not None or tool.is_busy):
            self._drawing = None
            tool.abort()
            return True
        if key in _ENTER:
            return tool.finish()
        return key == Qt.Key.Key_Backspace and tool.step_back()

    def _shows_brush(self) -> bool:
        """Whether the circle of the brush goes with the mouse."""
        return (
            self._view.tool in (ToolKind.BRUSH, ToolKind.ERASER)
            and self._session.opened is not None
            and not self._space_held
            and not self._is_panning
        )
