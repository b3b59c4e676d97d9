"""Which tiles cover a photo, and how their results are blended without a seam.

Along each axis neighbouring tiles share `2 * context + ramp` pixels. A tile's outermost
`context` pixels are thrown away: there the network sees a border that the photo has
not. Over the `ramp` in the middle one tile fades out as the next fades in, so that the
weights add up to one everywhere and nothing needs to be divided.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box

STRIDE_PX = 32
"""The deepest feature map of a ResNet is this many times smaller than the photo."""


@dataclass(frozen=True)
class Span:
    """One tile along one axis: what the network sees and what of it is kept."""

    start: int
    stop: int
    keep_start: int
    keep_stop: int


@dataclass(frozen=True)
class TileGrid:
    """Tiles over a photo of `height` x `width` px, row by row.

    All tiles start at multiples of 32 px, so that the network's own sub-sampling falls
    on the same pixels in every tile; the photo is mirrored by at most 31 px at its
    right and lower border to make that come out even.
    """

    height: int
    width: int
    tile_px: int
    context_px: int
    ramp_px: int

    def __post_init__(self) -> None:
        if self.step_px < self.overlap_px or self.step_px % STRIDE_PX:
            raise ValueError(
                f"tile {self.tile_px} with context {self.context_px} and ramp "
                f"{self.ramp_px} px leaves a step of {self.step_px} px"
            )

    @property
    def overlap_px(self) -> int:
        """Pixels that neighbouring tiles share."""
        return 2 * self.context_px + self.ramp_px

    @property
    def step_px(self) -> int:
        """Pixels from one tile's start to the next."""
        return self.tile_px - self.overlap_px

    @property
    def rows(self) -> list[Span]:
        """Tiles from top to bottom."""
        return self._spans(self.height)

    @property
    def columns(self) -> list[Span]:
        """Tiles from left to right."""
        return self._spans(self.width)

    def __len__(self) -> int:
        return len(self.rows) * len(self.columns)

    def __iter__(self) -> Iterator[tuple[Span, Span]]:
        for row in self.rows:
            for column in self.columns:
                yield row, column

    def _spans(self, length: int) -> list[Span]:
        padded = -(-length // STRIDE_PX) * STRIDE_PX
        spans = []
        start = 0
        while True:
            stop = min(start + self.tile_px, padded)
            last = stop == padded
            spans.append(
                Span(
                    start,
                    stop,
                    0 if start == 0 else start + self.context_px,
                    length if last else stop - self.context_px,
                )
            )
            if last:
                return spans
            start += self.step_px

    def seen(self, row: Span, column: Span) -> Box:
        """What the network is shown; may reach beyond the photo's far borders."""
        return Box(row.start, column.start, row.stop, column.stop)

    def kept(self, row: Span, column: Span) -> Box:
        """Where the tile's result counts; inside the photo."""
        return Box(row.keep_start, column.keep_start, row.keep_stop, column.keep_stop)

    def weights(self, row: Span, column: Span) -> NDArray[np.float32]:
        """Blending weights of the kept part, float32 [h, w], 0 to 1."""
        down = self._ramps(row, self.height)
        across = self._ramps(column, self.width)
        return np.outer(down, across).astype(np.float32)

    def _ramps(self, span: Span, length: int) -> NDArray[np.float64]:
        weights = np.ones(span.keep_stop - span.keep_start)
        rise = (np.arange(self.ramp_px) + 0.5) / self.ramp_px
        if span.keep_start > 0:
            weights[: self.ramp_px] = rise[: len(weights)]
        if span.keep_stop < length:
            weights[-self.ramp_px :] = rise[::-1]
        return weights
