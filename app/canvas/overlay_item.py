"""Draws an overlay tile by tile, only what is seen and what changed.

The mask's own tiles (512 px) are the unit of work. A tile on the screen at level k is
put together from 4**k of them, so a change costs the same at every zoom.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage, QPainter

from app.canvas.overlay_layers import COARSEST, Layer
from app.canvas.tile_grid import TILE_PX, TileKey, level_for, tiles_at
from app.canvas.viewport import Viewport
from resunet_core.box import Box
from resunet_core.mask.tiled import Key, tiles_meeting

_KEPT_TILES = 96  # 1 MB each; more where more are seen
_BUDGET_S = 0.006  # of each turn of the event loop


@dataclass
class _ScreenTile:
    """The pixels of a tile, the picture that shares them, the mask tiles it lacks."""

    pixels: NDArray[np.uint32]
    image: QImage
    lacking: set[Key] = field(default_factory=set)


class OverlayItem(QObject):
    """A layer of overlays in one picture, kept up to date in small steps."""

    renewed = Signal(object)  # Box in photo pixels

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._layer: Layer | None = None
        self._tiles: OrderedDict[TileKey, _ScreenTile] = OrderedDict()
        self._visible: tuple[TileKey, ...] = ()
        self._shown_level: int | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def layer(self) -> Layer | None:
        """What is shown."""
        return self._layer

    def show(self, layer: Layer | None) -> None:
        """Show another layer, or none."""
        self._layer = layer
        self._tiles.clear()
        self._visible, self._shown_level = (), None
        self._timer.stop()

    def restyle(self, layer: Layer) -> None:
        """Show the same photo otherwise; each part as before until it is drawn."""
        self._layer = layer
        for key, tile in self._tiles.items():
            tile.lacking = self._parts(key)
        self._start()

    def change(self, box: Box, *, at_once: bool) -> None:
        """Draw a part of the mask anew; at once while a stroke is being drawn."""
        for part in tiles_meeting(box):
            if self._layer is not None:
                self._layer.forget(part)
            for key, tile in self._tiles.items():
                if _holds(key, part):
                    tile.lacking.add(part)
                    if at_once and key in self._visible:
                        self._paint_part(key, tile, part)
        self.renewed.emit(box)
        self._start()

    def want(self, visible: Box, scale: float) -> None:
        """Make ready what a view of this part at this scale needs."""
        if self._layer is None:
            return
        level = level_for(scale, COARSEST + 1)
        self._visible = tuple(tiles_at(level, visible.clip(self._layer.frame)))
        for key in self._visible:
            if key not in self._tiles:
                self._tiles[key] = self._new_tile(key)
            self._tiles.move_to_end(key)
        while len(self._tiles) > max(_KEPT_TILES, len(self._visible)):
            self._tiles.popitem(last=False)
        self._start()

    def draw(self, painter: QPainter, viewport: Viewport, exposed: Box) -> None:
        """Draw the exposed part; of the level before, until the new one is whole."""
        if self._layer is None or not self._visible:
            return
        level = self._visible[0].level
        if self._shown_level is None or self.is_complete:
            self._shown_level = level
        exposed = exposed.clip(self._layer.frame)
        for key in tiles_at(self._shown_level, exposed):
            tile = self._tiles.get(key)
            if tile is not None:
                painter.drawImage(viewport.rect(key.box), tile.image)

    @property
    def is_complete(self) -> bool:
        """Whether all that is seen is drawn as the mask is now."""
        return not any(self._tiles[key].lacking for key in self._visible)

    def _new_tile(self, key: TileKey) -> _ScreenTile:
        pixels = np.zeros((TILE_PX, TILE_PX), np.uint32)
        image = QImage(
            pixels.data,
            TILE_PX,
            TILE_PX,
            4 * TILE_PX,
            QImage.Format.Format_ARGB32_Premultiplied,
        )
        return _ScreenTile(pixels, image, self._parts(key))

    def _parts(self, key: TileKey) -> set[Key]:
        """The mask tiles under a tile of the screen."""
        if self._layer is None:
            return set()
        return set(tiles_meeting(key.box.clip(self._layer.frame)))

    def _start(self) -> None:
        if not self._timer.isActive() and not self.is_complete:
            self._timer.start()

    def _on_timeout(self) -> None:
        end = time.perf_counter() + _BUDGET_S
        for key in self._visible:
            tile = self._tiles[key]
            if not tile.lacking:
                continue
            while tile.lacking:
                self._paint_part(key, tile, next(iter(tile.lacking)))
                if time.perf_counter() >= end:
                    self.renewed.emit(key.box)
                    return
            self.renewed.emit(key.box)
        self._timer.stop()

    def _paint_part(self, key: TileKey, tile: _ScreenTile, part: Key) -> None:
        """Write one mask tile into its place in a tile of the screen."""
        tile.lacking.discard(part)
        side = TILE_PX >> key.level
        top = (part[0] - (key.row << key.level)) * side
        left = (part[1] - (key.col << key.level)) * side
        found = None if self._layer is None else self._layer.colours(part, key.level)
        target = tile.pixels[top : top + side, left : left + side]
        if found is None:
            target[:] = 0
        else:
            target[: found.shape[0], : found.shape[1]] = found


def _holds(key: TileKey, part: Key) -> bool:
    """Whether a tile of the screen shows a mask tile."""
    return (part[0] >> key.level, part[1] >> key.level) == (key.row, key.col)
