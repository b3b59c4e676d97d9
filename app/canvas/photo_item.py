"""Draws the photo from cached tiles; coarser ones stay until the finer have come."""

from collections import OrderedDict

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QImage, QPainter

from app.canvas.tile_grid import TileKey, level_for, tiles_at
from app.canvas.tile_loader import LoadedTile, TileLoader
from app.canvas.viewport import Viewport
from resunet_core.box import Box
from resunet_core.imaging.pyramid import Pyramid

_KEPT_TILES = 160  # 1 MB each: what a 4K screen shows at most


class PhotoItem(QObject):
    """The photo, at whatever zoom, without ever holding it whole."""

    renewed = Signal(object)  # Box in photo pixels that can be drawn better now
    failed = Signal(object)  # the exception of the first tile that could not be read

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loader = TileLoader(self)
        self._loader.loaded.connect(self._on_loaded)
        self._loader.failed.connect(self._on_failed)
        self._tiles: OrderedDict[TileKey, QImage] = OrderedDict()
        self._pyramid: Pyramid | None = None
        self._preview: QImage | None = None
        self._frame = Box(0, 0, 0, 0)
        self._generation = 0
        self._has_failed = False

    @property
    def frame(self) -> Box:
        """The whole photo; empty where none is shown."""
        return self._frame

    def set_preview(self, preview: QImage, frame: Box) -> None:
        """Show a small picture of the photo until its tiles can be read."""
        self.set_pyramid(None)
        self._preview, self._frame = preview, frame

    def set_pyramid(self, pyramid: Pyramid | None) -> None:
        """Show another photo, or none; a preview of the same photo stays under it."""
        self._generation = self._loader.show(pyramid)
        self._tiles.clear()
        self._pyramid = pyramid
        self._has_failed = False
        if pyramid is None:
            self._preview, self._frame = None, Box(0, 0, 0, 0)
            return
        frame = Box.of(*pyramid.levels[0])
        if frame != self._frame:
            self._preview, self._frame = None, frame

    def stop(self) -> None:
        """End the loading threads."""
        self._loader.stop()

    def want(self, visible: Box, scale: float) -> None:
        """Load what a view of this part at this scale needs."""
        if self._pyramid is None or self._has_failed:
            return
        levels = len(self._pyramid.levels)
        level = level_for(scale, levels)
        keys = tiles_at(level, visible.clip(self._frame))
        # The coarsest level first, always: under it there is never nothing.
        keys = tiles_at(levels - 1, self._frame) + keys
        self._loader.want([key for key in keys if key not in self._tiles])

    def draw(
        self, painter: QPainter, viewport: Viewport, exposed: Box, scale: float
    ) -> None:
        """Draw the exposed part as well as is known now.

        Args:
            painter: On the canvas.
            viewport: Of the canvas.
            exposed: What to draw, in photo pixels.
            scale: Physical screen pixels per photo pixel.
        """
        if self._pyramid is None:
            if self._preview is not None:
                painter.drawImage(viewport.rect(self._frame), self._preview)
            return
        level = level_for(scale, len(self._pyramid.levels))
        for key in tiles_at(level, exposed.clip(self._frame)):
            if not self._draw_tile(painter, viewport, key):
                self._draw_coarser(painter, viewport, key)
                self._draw_finer(painter, viewport, key)

    def _draw_tile(self, painter: QPainter, viewport: Viewport, key: TileKey) -> bool:
        image = self._tiles.get(key)
        if image is None:
            return False
        self._tiles.move_to_end(key)
        painter.drawImage(viewport.rect(key.box.clip(self._frame)), image)
        return True

    def _draw_coarser(
        self, painter: QPainter, viewport: Viewport, key: TileKey
    ) -> None:
        target = key.box.clip(self._frame)
        parent = key.parent
        while self._pyramid is not None and parent.level < len(self._pyramid.levels):
            image = self._tiles.get(parent)
            if image is not None:
                part = _part(target, parent.box, 1 / (1 << parent.level))
                painter.drawImage(QRectF(viewport.rect(target)), image, part)
                return
            parent = parent.parent
        if self._preview is not None:
            shrink = self._preview.width() / self._frame.width
            part = _part(target, self._frame, shrink)
            painter.drawImage(QRectF(viewport.rect(target)), self._preview, part)

    def _draw_finer(self, painter: QPainter, viewport: Viewport, key: TileKey) -> None:
        if key.level == 0:
            return
        for row in (0, 1):
            for col in (0, 1):
                child = TileKey(key.level - 1, 2 * key.row + row, 2 * key.col + col)
                self._draw_tile(painter, viewport, child)

    def _on_loaded(self, tile: LoadedTile) -> None:
        if tile.generation != self._generation:
            return
        self._tiles[tile.key] = tile.image
        while len(self._tiles) > _KEPT_TILES:
            self._tiles.popitem(last=False)
        self.renewed.emit(tile.key.box)

    def _on_failed(self, generation: int, error: Exception) -> None:
        if generation == self._generation and not self._has_failed:
            self._has_failed = True
            self.failed.emit(error)


def _part(target: Box, frame: Box, shrink: float) -> QRectF:
    """Where a part of the photo lies in a smaller picture of `frame`."""
    inside = target.within(frame)
    return QRectF(
        inside.left * shrink,
        inside.top * shrink,
        inside.width * shrink,
        inside.height * shrink,
    )
