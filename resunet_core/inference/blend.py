"""Adds tile results up to finished rows, keeping only a band of the photo in memory."""

import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.inference.grid import Span, TileGrid
from resunet_core.inference.probability import RowSink

# Rows are rounded and passed on in small parts: no second copy of the band is made.
PART_ROWS = 64


class BandBlender:
    """Collects tiles, a row of tiles after the other; passes finished rows on.

    Memory: one float32 band of tile height x photo width per class.
    """

    def __init__(self, grid: TileGrid, count: int, sink: RowSink) -> None:
        self.grid = grid
        self._sink = sink
        height = min(grid.tile_px, grid.height)
        self._band = np.zeros((count, height, grid.width), np.float32)
        self._top = self._bottom = 0  # rows of the photo that the band holds
        self._row: Span | None = None

    def enter_row(self, row: Span) -> None:
        """Begin the row, unless it is the one that tiles come of already."""
        if row != self._row:
            self._row = row
            self.begin_row(row)

    def begin_row(self, row: Span) -> None:
        """Make room for the next row of tiles; rows above it are finished."""
        self._flush(row.keep_start)
        self._bottom = row.keep_stop

    def add(self, row: Span, column: Span, probabilities: NDArray[np.float32]) -> None:
        """Blend in one tile: float32 [C, tile h, tile w] as the network gave it."""
        kept = self.grid.kept(row, column)
        inner = kept.within(self.grid.seen(row, column))
        weighted = probabilities[:, *inner.slices] * self.grid.weights(row, column)
        self._band[:, *kept.within(Box(self._top, 0, 0, 0)).slices] += weighted

    def finish(self) -> None:
        """Pass on the rows that are left."""
        self._flush(self._bottom)

    def _flush(self, until: int) -> None:
        """Pass on the rows above `until`; move the rest up and clear below it."""
        done, held = until - self._top, self._bottom - self._top
        for start in range(0, done, PART_ROWS):
            self._pass_on(self._band[:, start : min(start + PART_ROWS, done)])
        rest = held - done
        self._band[:, :rest] = self._band[:, done:held].copy()
        self._band[:, rest:] = 0
        self._top = until

    def _pass_on(self, rows: NDArray[np.float32]) -> None:
        self._sink(np.rint(np.clip(rows * 255, 0, 255)).astype(np.uint8))
