"""Adds tile results up to finished rows, keeping only a band of the photo in memory."""

import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.inference.grid import Span, TileGrid
from resunet_core.inference.probability import RowSink


class BandBlender:
    """Collects tiles, a row of tiles after the other; passes finished rows on.

    Memory: two float32 bands of tile height x photo width per class at most.
    """

    def __init__(self, grid: TileGrid, count: int, sink: RowSink) -> None:
        self.grid = grid
        self._count = count
        self._sink = sink
        self._box = Box(0, 0, 0, grid.width)
        self._band = np.zeros((count, 0, grid.width), np.float32)

    def begin_row(self, row: Span) -> None:
        """Make room for the next row of tiles; rows above it are finished."""
        self._flush(row.keep_start)
        missing = row.keep_stop - self._box.bottom
        more = np.zeros((self._count, missing, self.grid.width), np.float32)
        self._band = np.concatenate([self._band, more], axis=1)
        self._box = Box(self._box.top, 0, row.keep_stop, self.grid.width)

    def add(self, row: Span, column: Span, probabilities: NDArray[np.float32]) -> None:
        """Blend in one tile: float32 [C, tile h, tile w] as the network gave it."""
        kept = self.grid.kept(row, column)
        inner = kept.within(self.grid.seen(row, column))
        weighted = probabilities[:, *inner.slices] * self.grid.weights(row, column)
        self._band[:, *kept.within(self._box).slices] += weighted

    def finish(self) -> None:
        """Write the rows that are left."""
        self._flush(self._box.bottom)

    def _flush(self, until: int) -> None:
        done = until - self._box.top
        if done > 0:
            self._pass_on(self._band[:, :done])
            self._band = self._band[:, done:]
            self._box = Box(until, 0, self._box.bottom, self.grid.width)

    def _pass_on(self, rows: NDArray[np.float32]) -> None:
        self._sink(np.rint(np.clip(rows * 255, 0, 255)).astype(np.uint8))
