"""A photo unlike what the model learned from is told from one like it."""

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from torch import Tensor, nn

from resunet_core.inference.detect import detect
from resunet_core.inference.likeness import LikenessMeter
from resunet_core.inference.probability import ProbabilityMap
from resunet_core.inference.torch_engine import TorchEngine
from resunet_core.model.config import ModelConfig
from resunet_core.model.likeness import Likeness, LikenessStatistics, warnings_of
from resunet_core.model.model_file import LoadedModel, ModelInfo
from resunet_core.progress import run_to_end
from resunet_core.training import likeness as fitting
from resunet_core.training.crops import CropStream, Source
from resunet_core.training.evaluate import ArraySource
from resunet_core.training.likeness import crops_worth, fit_likeness

Pixels = NDArray[np.uint8]
KEYS = ("craquelure", "paint_loss")


class _Encoder(nn.Module):
    """Three maps at 1/4, 1/8 and 1/16, from random filters."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = nn.ModuleList(
            nn.Sequential(nn.Conv2d(a, b, 3, stride, 1), nn.ReLU())
            for a, b, stride in ((3, 8, 4), (8, 12, 2), (12, 16, 2))
        )

    def forward(self, photo: Tensor) -> list[Tensor]:
        maps = []
        for step in self.steps:
            photo = step(photo)
            maps.append(photo)
        return maps


class _Network(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder = _Encoder()
        self.head = nn.Conv2d(8, 3, 1)

    def forward(self, photo: Tensor) -> Tensor:
        finest: Tensor = self.head(self.encoder(photo)[0])
        return nn.functional.interpolate(finest, photo.shape[-2:])


def _wall(seed: int, height: int = 256, width: int = 256) -> Pixels:
    """Painted, with strokes: no two alike, all of a kind."""
    rng = np.random.default_rng(seed)
    ground = [int(value) for value in rng.integers(110, 140, 3)]
    picture = Image.new("RGB", (width, height), (ground[0], ground[1], ground[2]))
    draw = ImageDraw.Draw(picture)
    for _ in range(height * width // 1500):
        x, y = int(rng.integers(-40, width)), int(rng.integers(-40, height))
        colour = tuple(int(value) for value in rng.integers(40, 220, 3))
        draw.line([x, y, x + int(rng.integers(-60, 60)), y + 40], colour, width=3)
    # As a lens would draw them: crops that are scaled a little then look the same.
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(1.5)))


def _text() -> Pixels:
    picture = Image.new("RGB", (512, 512), "white")
    font = ImageFont.load_default(16)
    for line in range(0, 512, 18):
        said = "what is written is no painting, " * 3
        ImageDraw.Draw(picture).text((4, line), said, "black", font)
    return np.asarray(picture)


def _noise() -> Pixels:
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (512, 512, 3), dtype=np.uint8)


class _HeldBack:
    stem = truth = "wall"

    def load(self) -> tuple[Pixels, Pixels]:
        return _wall(177), np.zeros((256, 256), np.uint8)


def _model(likeness: LikenessStatistics | None = None) -> LoadedModel:
    torch.manual_seed(1)
    config = ModelConfig("small", tile_px=512, context_px=16, ramp_px=96)
    info = ModelInfo("small", Path("small.safetensors"), config, "0" * 64)
    network = _Network().eval().requires_grad_(requires_grad=False)
    return LoadedModel(info, network, torch.device("cpu"), likeness)


@pytest.fixture(scope="module")
def model() -> LoadedModel:
    """With statistics of walls."""
    sound = np.zeros((256, 256), np.uint8)
    source = Source("walls", 1.0, 90, lambda index: (_wall(index), sound))
    stream = CropStream([source], 64, seed=1)
    steps = fit_likeness(_model(), stream, [_HeldBack()], crops=80)
    return _model(run_to_end(steps))


def _likeness(model: LoadedModel, pixels: Pixels, folder: Path) -> Likeness:
    size = (pixels.shape[0], pixels.shape[1])
    steps = detect(model, ArraySource(pixels), size, folder / "p.npy")
    found = run_to_end(steps).likeness
    assert found is not None
    return found


def test_its_own_kind_is_like_and_all_else_is_not(
    model: LoadedModel, tmp_path: Path
) -> None:
    """The own one is a whole photo, larger and smaller tiles; not one trained on."""
    own = _likeness(model, _wall(199, 700, 530), tmp_path)
    assert own.percentile < 95
    assert own.far_share < 0.2
    assert not own.is_unlike
    for other in (_text(), _noise()):
        unlike = _likeness(model, other, tmp_path)
        assert unlike.percentile == 100
        assert unlike.far_share == 1
        assert unlike.is_unlike


def test_likeness_is_kept_with_the_probabilities(
    model: LoadedModel, tmp_path: Path
) -> None:
    found = _likeness(model, _text(), tmp_path)
    again = ProbabilityMap.open(tmp_path / "p.npy", KEYS)
    assert again.likeness == found
    assert [path.name for path in tmp_path.iterdir()] == ["p.npy"]


def test_a_model_that_cannot_tell_does_not(tmp_path: Path) -> None:
    steps = detect(_model(), ArraySource(_text()), (512, 512), tmp_path / "p.npy")
    assert run_to_end(steps).likeness is None
    assert ProbabilityMap.open(tmp_path / "p.npy", KEYS).likeness is None
    assert warnings_of(ModelConfig("small"), None, 0.2) == ()


def test_tiles_of_a_batch_count_one_by_one(model: LoadedModel) -> None:
    tiles = np.stack([_wall(203), _text()[:256, :256]])
    assert model.likeness is not None
    together, alone = (LikenessMeter(model.likeness) for _ in range(2))
    engine = TorchEngine(model)
    planes, features = engine.look(tiles)
    np.testing.assert_array_equal(engine(tiles), planes)
    together.add(features)
    for tile in tiles:
        alone.add(engine.look(tile[np.newaxis])[1])
    assert together.result == alone.result
    assert together.result is not None
    assert together.result.far_share == 0.5
    assert not model.network.get_submodule("encoder")._forward_hooks


def test_after_a_mere_try_there_are_no_statistics() -> None:
    assert crops_worth(fitting.FEWEST) == 0
    assert crops_worth(fitting.FEWEST * fitting.A_CROP_OF) == fitting.FEWEST
    assert crops_worth(10**6) == fitting.CROPS


def test_a_scale_outside_the_range_is_said() -> None:
    config = ModelConfig("small", mm_per_px=(0.1, 0.4))
    assert config.scale_in_range(0.4) is True
    assert config.scale_in_range(None) is None
    assert ModelConfig("small").scale_in_range(3.0) is None
    (said,) = warnings_of(config, None, 1.25)
    assert "1.25 mm per pixel" in said
    assert "0.1 to 0.4" in said
    assert warnings_of(config, None, 0.2) == ()
