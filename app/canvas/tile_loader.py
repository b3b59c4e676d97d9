"""Reads tiles of the photo beside the window's thread, the wanted ones first."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.canvas.tile_grid import TILE_PX, TileKey
from resunet_core.box import Box
from resunet_core.imaging.pyramid import Pyramid

_THREADS = 2


@dataclass(frozen=True)
class LoadedTile:
    """A tile and the number of the photo it was asked for."""

    generation: int
    key: TileKey
    image: QImage


class TileLoader(QObject):
    """Loads what was asked for last; what is no longer wanted is not read at all."""

    loaded = Signal(object)  # LoadedTile
    failed = Signal(int, object)  # generation, exception

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wake = threading.Condition()
        self._wanted: list[TileKey] = []
        self._reading: set[TileKey] = set()
        self._source: Pyramid | None = None
        self._generation = 0
        self._stopped = False
        self._threads = [
            threading.Thread(target=self._work, name=f"tiles-{number}", daemon=True)
            for number in range(_THREADS)
        ]
        for thread in self._threads:
            thread.start()

    def show(self, source: Pyramid | None) -> int:
        """Read from another photo from now on; the number its tiles will carry.

        Returns when no thread reads from the photo before any more.
        """
        with self._wake:
            self._source = source
            self._generation += 1
            self._wanted = []
            self._wake.wait_for(lambda: not self._reading)
            return self._generation

    def want(self, keys: Sequence[TileKey]) -> None:
        """Load these tiles, the first one first, and forget earlier wishes."""
        with self._wake:
            self._wanted = [key for key in keys if key not in self._reading]
            self._wake.notify_all()

    def stop(self) -> None:
        """End the threads."""
        with self._wake:
            self._stopped = True
            self._wake.notify_all()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._wanted or self._stopped)
                if self._stopped:
                    return
                key, source = self._wanted.pop(0), self._source
                generation = self._generation
                self._reading.add(key)
            try:
                if source is not None:
                    image = read_tile(source, key)
                    self.loaded.emit(LoadedTile(generation, key, image))
            except Exception as error:  # noqa: BLE001 - the edge of the thread
                self.failed.emit(generation, error)
            finally:
                with self._wake:
                    self._reading.discard(key)
                    self._wake.notify_all()


def read_tile(source: Pyramid, key: TileKey) -> QImage:
    """One tile of a photo as a picture that Qt draws without converting it."""
    height, width = source.levels[key.level]
    top, left = key.row * TILE_PX, key.col * TILE_PX
    box = Box(top, left, top + TILE_PX, left + TILE_PX).clip(Box.of(height, width))
    return to_image(source.read(key.level, box))


def to_image(pixels: np.ndarray) -> QImage:
    """RGB uint8 [h, w, 3] as an opaque picture with its own memory."""
    turned = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2BGRA)
    height, width = turned.shape[:2]
    image = QImage(turned.data, width, height, 4 * width, QImage.Format.Format_RGB32)
    return image.copy()
