"""The network over a whole photo: tiles in, blended probabilities out.

While the engine computes, one thread reads the next tiles and another blends the last
ones: the engine does not wait for either, and memory stays that of a few tiles.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.inference.blend import BandBlender
from resunet_core.inference.engine import Engine, Planes, as_engine
from resunet_core.inference.grid import Span, TileGrid
from resunet_core.inference.likeness import LikenessMeter
from resunet_core.inference.probability import ProbabilityMap, new_rows
from resunet_core.model.model_file import LoadedModel
from resunet_core.progress import Progress, Steps

AHEAD = 2
"""Groups of tiles that are read before the engine wants them, and that may wait to be
blended."""


class PixelSource(Protocol):
    """What tiles are read from: a pyramid, or an array in a test."""

    def read(self, level: int, box: Box) -> NDArray[np.uint8]:
        """RGB uint8 [h, w, 3] of a box inside the level; from any thread."""


class _Looking:
    """An engine as a function, that tells a meter, and how long it was busy."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._began = time.perf_counter()
        self._busy = 0.0
        self.meter = LikenessMeter(engine.likeness) if engine.likeness else None

    def __call__(self, tiles: NDArray[np.uint8]) -> Planes:
        began = time.perf_counter()
        if self.meter is None:
            planes = self._engine(tiles)
        else:
            planes, features = self._engine.look(tiles)
            self.meter.add(features)
        self._busy += time.perf_counter() - began
        return planes

    @property
    def busy(self) -> float:
        """Share of the time since it was made in which the engine computed."""
        return self._busy / max(time.perf_counter() - self._began, 1e-9)


def grid_for(model: LoadedModel | Engine, height: int, width: int) -> TileGrid:
    """The tiles that a model wants over a photo."""
    config = model.config
    return TileGrid(height, width, config.tile_px, config.context_px, config.ramp_px)


def detect(
    model: LoadedModel | Engine,
    source: PixelSource,
    size: tuple[int, int],
    into: Path,
) -> Steps[ProbabilityMap]:
    """Probabilities of a photo of `size` (height, width), kept in the file `into`.

    With them is kept how like the photo is to what the model learned from. One
    progress a batch of tiles (on a CPU: a tile); closing the generator stops it there
    and leaves no file and no thread.

    Raises:
        UnreadablePhoto: A tile cannot be read.
        DeviceUnavailable: The memory does not suffice.
        CaihuaError: The disk is full.
    """
    engine = as_engine(model)
    grid = grid_for(engine, *size)
    network = _Looking(engine)
    keys = engine.config.classes
    with new_rows(into, (len(keys), *size)) as rows:
        blender = BandBlender(grid, len(keys), rows)
        yield from run_tiles(network, source, blender, batch=lambda: engine.batch)
        rows.likeness = network.meter.result if network.meter else None
    found = ProbabilityMap.open(into, keys)
    found.busy = network.busy
    return found


def run_tiles(
    network: Callable[[NDArray[np.uint8]], Planes],
    source: PixelSource,
    blender: BandBlender,
    batch: Callable[[], int] = lambda: 1,
) -> Steps[None]:
    """Run `network` over the tiles of the blender's grid and blend the results.

    `network` is called on this thread; `source` and `blender` on one thread each.
    """
    grid = blender.grid
    total, done = len(grid), 0
    yield Progress(0, total, "Detecting")
    groups = _groups(grid, batch)
    with _thread("tiles") as reader, _thread("blend") as writer:
        coming: deque[tuple[_Group, Future[NDArray[np.uint8]]]] = deque()
        blending: deque[Future[None]] = deque()
        while True:
            while len(coming) < AHEAD and (group := next(groups, None)) is not None:
                coming.append((group, reader.submit(_read_group, source, grid, group)))
            if not coming:
                break
            (row, columns), tiles = coming.popleft()
            results = network(tiles.result())
            blending.append(writer.submit(_blend, blender, row, columns, results))
            if len(blending) > AHEAD:
                blending.popleft().result()
            done += len(columns)
            yield Progress(done, total, f"Tile {done} of {total}")
        while blending:
            blending.popleft().result()
    blender.finish()


@contextmanager
def _thread(name: str) -> Iterator[ThreadPoolExecutor]:
    """One thread; at the end, however it comes, what was not begun is not done."""
    pool = ThreadPoolExecutor(1, thread_name_prefix=name)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_Group = tuple[Span, tuple[Span, ...]]
"""Tiles of one row that have one width."""


def _groups(grid: TileGrid, batch: Callable[[], int]) -> Iterator[_Group]:
    """Tiles of one width together: the last one of a row may be narrower.

    How many is asked anew for each group: a GPU may turn out to hold fewer.
    """
    for row in grid.rows:
        widths = {column.stop - column.start for column in grid.columns}
        for width in sorted(widths, reverse=True):
            same = [c for c in grid.columns if c.stop - c.start == width]
            while same:
                count = max(1, batch())
                yield row, tuple(same[:count])
                same = same[count:]


def _blend(
    blender: BandBlender, row: Span, columns: tuple[Span, ...], results: Planes
) -> None:
    blender.enter_row(row)
    for column, result in zip(columns, results, strict=True):
        blender.add(row, column, result)


def _read_group(
    source: PixelSource, grid: TileGrid, group: _Group
) -> NDArray[np.uint8]:
    row, columns = group
    return np.stack([_read(source, grid, row, column) for column in columns])


def _read(
    source: PixelSource, grid: TileGrid, row: Span, column: Span
) -> NDArray[np.uint8]:
    seen = grid.seen(row, column)
    inside = seen.clip(Box.of(grid.height, grid.width))
    pixels = source.read(0, inside)
    rows, columns = seen.height - inside.height, seen.width - inside.width
    if rows or columns:
        pixels = np.pad(pixels, ((0, rows), (0, columns), (0, 0)), mode="symmetric")
    return pixels
