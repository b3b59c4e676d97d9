"""A photo in tiles gives what the network gives on the whole, without a seam."""

import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn

from resunet_core.box import Box
from resunet_core.errors import CaihuaError, UnreadablePhoto
from resunet_core.inference.blend import BandBlender
from resunet_core.inference.detect import AHEAD, detect, run_tiles
from resunet_core.inference.grid import Span, TileGrid
from resunet_core.inference.probability import ProbabilityMap
from resunet_core.inference.torch_engine import TorchEngine
from resunet_core.model.config import ModelConfig
from resunet_core.model.model_file import LoadedModel, ModelInfo
from resunet_core.progress import run_to_end

RADIUS = 6  # six 3x3 convolutions see six pixels each way


class _Source:
    def __init__(self, pixels: NDArray[np.uint8]) -> None:
        self.pixels = pixels
        self.reads: list[Box] = []

    def read(self, level: int, box: Box) -> NDArray[np.uint8]:
        assert level == 0
        self.reads.append(box)
        return self.pixels[box.slices]


def _small_network() -> nn.Module:
    torch.manual_seed(3)
    layers: list[nn.Module] = []
    for inputs in (3, 8, 8, 8, 8, 8):
        convolution = nn.Conv2d(inputs, 8, 3, padding=1)
        nn.init.kaiming_normal_(convolution.weight, nonlinearity="relu")
        layers += [convolution, nn.ReLU()]
    return nn.Sequential(*layers, nn.Conv2d(8, 3, 1)).eval()


def _model(tmp_path: Path) -> LoadedModel:
    config = ModelConfig("small", tile_px=128, context_px=16, ramp_px=32)
    info = ModelInfo("small", tmp_path / "small.safetensors", config, "0" * 64)
    return LoadedModel(info, _small_network(), torch.device("cpu"))


def _sees_nothing(tiles: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.zeros((len(tiles), 2, *tiles.shape[1:3]), np.float32)


def _photo(height: int, width: int) -> NDArray[np.uint8]:
    rng = np.random.default_rng(5)
    return rng.integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize(("height", "width"), [(352, 448), (160, 128), (256, 96)])
def test_tiles_equal_the_whole_photo(tmp_path: Path, height: int, width: int) -> None:
    """Blended in float, before rounding to bytes: equal to 1e-5."""
    model, pixels = _model(tmp_path), _photo(height, width)
    grid = TileGrid(height, width, 128, context_px=16, ramp_px=32)
    assert grid.context_px >= RADIUS
    assert len(grid) > 1
    rows: list[NDArray[np.float32]] = []

    class FloatBlender(BandBlender):
        def _pass_on(self, rows_done: NDArray[np.float32]) -> None:
            rows.append(rows_done.copy())

    network = TorchEngine(model)
    blender = FloatBlender(grid, 2, lambda _: None)
    run_to_end(run_tiles(network, _Source(pixels), blender))
    whole = network(pixels[None])[0]
    assert np.abs(np.concatenate(rows, axis=1) - whole).max() < 1e-5


def test_too_little_context_shows_as_a_seam(tmp_path: Path) -> None:
    """The test above can fail: without context the borders of tiles show."""
    model, pixels = _model(tmp_path), _photo(256, 256)
    rows: list[NDArray[np.uint8]] = []
    blender = BandBlender(TileGrid(256, 256, 128, 0, 32), 2, rows.append)
    network = TorchEngine(model)
    run_to_end(run_tiles(network, _Source(pixels), blender))
    whole = np.rint(network(pixels[None])[0] * 255)
    assert np.abs(np.concatenate(rows, axis=1) - whole).max() > 1


def test_any_size_is_written_and_read_back_by_part(tmp_path: Path) -> None:
    pixels = _photo(301, 205)
    path = tmp_path / "probabilities.npy"
    found = run_to_end(detect(_model(tmp_path), _Source(pixels), (301, 205), path))
    again = ProbabilityMap.open(path, ("craquelure", "paint_loss"))
    assert (again.height, again.width) == (301, 205)
    everything = found.read(Box.of(301, 205))
    assert everything.shape == (2, 301, 205)
    part = again.read(Box(250, 100, 400, 300))
    np.testing.assert_array_equal(part, everything[:, 250:301, 100:205])
    assert everything.std() > 0


def test_stopping_half_way_leaves_no_file(tmp_path: Path) -> None:
    source = _Source(_photo(400, 400))
    path = tmp_path / "out" / "probabilities.npy"
    steps = detect(_model(tmp_path), source, (400, 400), path)
    next(steps)
    progress = next(steps)
    assert 0 < progress.done < progress.total
    steps.close()
    assert len(source.reads) <= progress.done + AHEAD  # begun, and not one more
    assert list(path.parent.iterdir()) == []
    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith(("tiles", "blend"))]


def test_a_failing_photo_leaves_no_file(tmp_path: Path) -> None:
    class Failing(_Source):
        def read(self, level: int, box: Box) -> NDArray[np.uint8]:
            if box.top > 0:
                raise UnreadablePhoto("gone", "")
            return super().read(level, box)

    path = tmp_path / "out" / "probabilities.npy"
    steps = detect(_model(tmp_path), Failing(_photo(400, 400)), (400, 400), path)
    with pytest.raises(UnreadablePhoto):
        run_to_end(steps)
    assert list(path.parent.iterdir()) == []


def test_damaged_probabilities_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.npy"
    path.write_bytes(b"\x93NUMPY nonsense")
    with pytest.raises(CaihuaError, match="cannot be read"):
        ProbabilityMap.open(path, ("craquelure",))


def test_memory_follows_the_tile_row_not_the_photo() -> None:
    """The band never holds more than one row of tiles, however long the photo."""
    grid = TileGrid(6000, 64, 128, 16, 32)
    heights: list[int] = []

    class Watched(BandBlender):
        def begin_row(self, row: Span) -> None:
            super().begin_row(row)
            heights.append(self._band.shape[1])
            assert self._bottom - self._top <= self._band.shape[1]

    blender = Watched(grid, 2, lambda _: None)
    source = _Source(_photo(6000, 64))
    steps = run_tiles(
        lambda t: np.zeros((len(t), 2, *t.shape[1:3]), np.float32), source, blender
    )
    run_to_end(steps)
    assert max(heights) <= grid.tile_px
