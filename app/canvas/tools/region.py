"""Tools for what is there already: one click on a region, or on what it encloses."""

import math
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QPainter, QPainterPath

from app.canvas.outlines import draw_outline, outline_of
from app.canvas.tools.tool import Place, Tool
from app.canvas.viewport import Viewport
from app.session import edits
from app.session.edits import window_at
from app.session.view_state import Target, ToolKind
from resunet_core.box import Box
from resunet_core.defects import SOUND_ID
from resunet_core.mask.connected import Patch, connected_at
from resunet_core.mask.tiled import DefectMask

Pixel = tuple[int, int]
_Found = tuple[Patch, QPainterPath]
_PICKED = QColor(255, 214, 64)


class OnRegion(Tool):
    """Shows the region under the mouse; what a click does to it is added."""

    _found: _Found | None = None
    _wants_sound = False  # whether it is about sound paint, not about damage

    def hover(self, place: Place | None, *, erase: bool) -> None:
        """Look at what is there; a region that is shown already stays."""
        del erase
        pixel = None if place is None else self._pixel(place)
        opened = self._opened
        if pixel is None or opened is None or not opened.photo.box.contains(*pixel):
            self._clear()
        elif self._found is None or not _holds(self._found[0], pixel):
            work = partial(_find, opened.mask, pixel, self.touch.seen)
            self._latest.ask(work, self._on_found)

    def abort(self) -> None:
        """Show nothing."""
        self._clear()

    def put_away(self) -> None:
        """Show nothing."""
        self._clear()

    def forget(self) -> None:
        """The mask changed: what is shown may be another region now."""
        self._clear()

    def draw(self, painter: QPainter, viewport: Viewport) -> None:
        """The edge of the region under the mouse."""
        if self._found is None:
            return
        patch, path = self._found
        is_sound = patch.class_id == SOUND_ID
        if is_sound == self._wants_sound and not self._is_open(patch):
            draw_outline(painter, viewport, path, self._colour())

    def _is_open(self, patch: Patch) -> bool:
        """Whether it is sound paint that nothing encloses."""
        opened = self._opened
        whole = opened is not None and patch.box == opened.photo.box
        return patch.class_id == SOUND_ID and (patch.is_cut or whole)

    def _colour(self) -> QColor | None:
        return None

    def _pixel(self, place: Place) -> Pixel:
        return math.floor(place[0]), math.floor(place[1])

    def _patch(self, pixel: Pixel) -> Patch | None:
        """What lies under a click, found now."""
        opened = self._opened
        if opened is None or not opened.photo.box.contains(*pixel):
            return None
        if self._found is not None and _holds(self._found[0], pixel):
            return self._found[0]
        return _patch(opened.mask, pixel, self.touch.seen)

    def _on_found(self, found: _Found | None) -> None:
        self._found = found
        self.renewed.emit()

    def _clear(self) -> None:
        self._latest.forget()
        if self._found is not None:
            self._found = None
            self.renewed.emit()


class Remove(OnRegion):
    """Not a crack: the region under the mouse is sound paint, says the person."""

    def press(self, x: float, y: float, *, erase: bool) -> None:
        """Remove it."""
        del erase
        patch = self._patch(self._pixel((x, y)))
        if patch is None or patch.class_id == SOUND_ID:
            return
        name = QCoreApplication.translate("Region", "Not a crack")
        sound = Target("person", SOUND_ID)
        self._session.change(
            edits.around(self._pixel((x, y)), self.touch.seen, sound, name)
        )
        self._clear()


class Fill(OnRegion):
    """Fills the sound paint that damage encloses; a click on damage gives its class."""

    _wants_sound = True

    def press(self, x: float, y: float, *, erase: bool) -> None:
        """Fill it."""
        pixel = self._pixel((x, y))
        patch = self._patch(pixel)
        if patch is None or not self._session.may_change():
            return
        said = QCoreApplication.translate
        if self._is_open(patch):
            self._view.told.emit(
                said("Region", "Nothing encloses this place."),
                said("Region", "Close the outline first, or draw with the lasso."),
            )
            return
        target = self._target(erase=erase)
        name = said("Region", "Fill")
        self._session.change(edits.around(pixel, self.touch.seen, target, name))
        self._clear()

    def _colour(self) -> QColor | None:
        target = self._view.target
        if target.plane == "scope":
            return None
        return QColor(*self._view.classes.by_id(target.value).colour)


class Region(OnRegion):
    """Picks a region, for the commands that accept, reject and change it."""

    _picked: QPainterPath | None = None

    def press(self, x: float, y: float, *, erase: bool) -> None:
        """Pick it, or let the one that was picked go."""
        del erase
        pixel = self._pixel((x, y))
        patch = self._patch(pixel)
        is_damage = patch is not None and patch.class_id != SOUND_ID
        self._view.pick(pixel if is_damage else None)
        self._picked = None
        if patch is not None and is_damage:
            self._picked = outline_of(patch.where, patch.box)
        self.renewed.emit()

    def forget(self) -> None:
        """The mask changed: what was picked may be another region now."""
        self._let_go()
        super().forget()

    def draw(self, painter: QPainter, viewport: Viewport) -> None:
        """The region under the mouse, and the one that is picked."""
        super().draw(painter, viewport)
        if self._picked is not None:
            draw_outline(painter, viewport, self._picked, _PICKED)

    def _let_go(self) -> None:
        self._view.pick(None)
        self._picked = None

    def abort(self) -> None:
        """Let the region go that was picked."""
        self._let_go()
        super().abort()

    @property
    def is_busy(self) -> bool:
        """Whether a region is picked."""
        return self._view.picked is not None

    def put_away(self) -> None:
        """Let the region go that was picked."""
        self._let_go()
        super().put_away()


class Pick(OnRegion):
    """Takes up the class under the mouse, and the brush to paint it."""

    def press(self, x: float, y: float, *, erase: bool) -> None:
        """Take it up."""
        del erase
        opened, (column, row) = self._opened, self._pixel((x, y))
        if opened is None:
            return
        here = Box(row, column, row + 1, column + 1)
        class_id = int(opened.mask.read(here)[0, 0])
        scope = int(opened.mask.scope.read(here)[0, 0])
        if class_id != SOUND_ID:
            self._view.set_class(class_id)
        elif scope:
            self._view.set_scope(scope)
        else:
            return
        self._view.set_tool(ToolKind.BRUSH)


def _patch(mask: DefectMask, pixel: Pixel, seen: Box) -> Patch | None:
    return connected_at(mask, *pixel, window_at(*pixel, seen))


def _find(mask: DefectMask, pixel: Pixel, seen: Box) -> _Found | None:
    patch = _patch(mask, pixel, seen)
    if patch is None:
        return None
    return patch, outline_of(patch.where, patch.box)


def _holds(patch: Patch, pixel: Pixel) -> bool:
    x, y = pixel
    if not patch.box.contains(x, y):
        return False
    return bool(patch.where[y - patch.box.top, x - patch.box.left])
