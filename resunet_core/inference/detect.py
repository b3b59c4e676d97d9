"""The network over a whole photo: tiles in, blended probabilities out."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from resunet_core.box import Box
from resunet_core.errors import DeviceUnavailable
from resunet_core.inference.blend import BandBlender
from resunet_core.inference.grid import Span, TileGrid
from resunet_core.inference.likeness import LikenessMeter, watched
from resunet_core.inference.probability import ProbabilityMap, new_rows
from resunet_core.model.model_file import LoadedModel
from resunet_core.progress import Progress, Steps

Planes = NDArray[np.float32]
CUDA_BATCH = 8


class PixelSource(Protocol):
    """What tiles are read from: a pyramid, or an array in a test."""

    def read(self, level: int, box: Box) -> NDArray[np.uint8]:
        """RGB uint8 [h, w, 3] of a box inside the level."""


@dataclass
class TileNetwork:
    """A loaded model as a function from tiles to defect probabilities.

    On CUDA it computes in half precision where that is safe, and halves its batch
    when the memory runs out.

    Attributes:
        model: Its network, thresholds and device.
        batch: Tiles at once.
        meter: Told of what the encoder sees in each tile.
    """

    model: LoadedModel
    batch: int = 1
    meter: LikenessMeter | None = None

    def __post_init__(self) -> None:
        self.model.network.to(memory_format=torch.channels_last)
        if self.model.device.type == "cuda":
            self.batch = CUDA_BATCH

    def __call__(self, tiles: NDArray[np.uint8]) -> Planes:
        """RGB uint8 [N, h, w, 3] to float32 [N, C, h, w], sound paint left out.

        Raises:
            DeviceUnavailable: Not even one tile fits into the GPU's memory.
        """
        try:
            return self._forward(tiles)
        except torch.cuda.OutOfMemoryError as error:
            torch.cuda.empty_cache()
            if len(tiles) == 1:
                raise DeviceUnavailable(
                    "The GPU's memory is too small for one tile.",
                    "Close other programs that use it, or choose the CPU.",
                ) from error
            self.batch = len(tiles) // 2
            halves = np.array_split(tiles, 2)
            return np.concatenate([self(half) for half in halves])

    @torch.inference_mode()
    def _forward(self, tiles: NDArray[np.uint8]) -> Planes:
        device, meter = self.model.device, self.meter
        photo = torch.from_numpy(tiles).to(device, non_blocking=True)
        photo = photo.permute(0, 3, 1, 2).float() / 255  # NHWC: channels-last already
        network = self.model.network
        half = torch.autocast(
            device.type, dtype=torch.float16, enabled=device.type == "cuda"
        )
        looking: AbstractContextManager[list[Tensor]] = nullcontext([])
        if meter is not None:
            looking = watched(network)
        with half, looking as maps:
            logits: Tensor = network(photo)
        scaled = logits.float() / self.model.config.temperature
        found = np.asarray(scaled.softmax(dim=1)[:, 1:].cpu().numpy(), np.float32)
        if meter is not None:  # last: tiles that did not fit in the memory come again
            meter.add(maps, *tiles.shape[1:3])
        return found


def grid_for(model: LoadedModel, height: int, width: int) -> TileGrid:
    """The tiles that a model wants over a photo."""
    config = model.config
    return TileGrid(height, width, config.tile_px, config.context_px, config.ramp_px)


def detect(
    model: LoadedModel, source: PixelSource, size: tuple[int, int], into: Path
) -> Steps[ProbabilityMap]:
    """Probabilities of a photo of `size` (height, width), kept in the file `into`.

    With them is kept how like the photo is to what the model learned from. One
    progress a batch of tiles (on a CPU: a tile); closing the generator stops it there
    and leaves no file.

    Raises:
        UnreadablePhoto: A tile cannot be read.
        DeviceUnavailable: The GPU's memory does not suffice.
        CaihuaError: The disk is full.
    """
    grid = grid_for(model, *size)
    meter = LikenessMeter.of(model)
    network = TileNetwork(model, meter=meter)
    keys = model.config.classes
    with new_rows(into, (len(keys), *size)) as rows:
        blender = BandBlender(grid, len(keys), rows)
        yield from run_tiles(network, source, blender, batch=lambda: network.batch)
        rows.likeness = meter.result if meter else None
    return ProbabilityMap.open(into, keys)


def run_tiles(
    network: Callable[[NDArray[np.uint8]], Planes],
    source: PixelSource,
    blender: BandBlender,
    batch: Callable[[], int] = lambda: 1,
) -> Steps[None]:
    """Run `network` over the tiles of the blender's grid and blend the results."""
    grid = blender.grid
    total, done = len(grid), 0
    yield Progress(0, total, "Detecting")
    for row in grid.rows:
        blender.begin_row(row)
        for columns in _groups(grid.columns, batch()):
            tiles = np.stack([_read(source, grid, row, column) for column in columns])
            for column, result in zip(columns, network(tiles), strict=True):
                blender.add(row, column, result)
            done += len(columns)
            yield Progress(done, total, f"Tile {done} of {total}")
    blender.finish()


def _groups(columns: list[Span], batch: int) -> Iterator[tuple[Span, ...]]:
    """Tiles of one width together: the last one of a row may be narrower."""
    widths = {column.stop - column.start for column in columns}
    for width in sorted(widths, reverse=True):
        same = [c for c in columns if c.stop - c.start == width]
        for start in range(0, len(same), batch):
            yield tuple(same[start : start + batch])


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
