"""Scores come from the way photos are analysed: thresholds, minimum sizes and all."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from resunet_core.errors import BadData
from resunet_core.model.config import ModelConfig
from resunet_core.model.model_file import LoadedModel, ModelInfo
from resunet_core.progress import run_to_end
from resunet_core.training.evaluate import evaluate
from resunet_core.training.examples import read_data_folder
from tests.builders import write_photo


class _RedIsLost(nn.Module):
    def forward(self, photos: Tensor) -> Tensor:
        red = photos[:, :1] * 20 - 10
        return torch.cat([-red, torch.full_like(red, -50), red], dim=1)


def _model(tmp_path: Path, min_area_px: int) -> LoadedModel:
    sizes = {"craquelure": 0, "paint_loss": min_area_px}
    config = ModelConfig(
        "red", tile_px=128, context_px=16, ramp_px=32, min_area_px=sizes
    )
    info = ModelInfo("red", tmp_path / "red.safetensors", config, "0" * 64)
    return LoadedModel(info, _RedIsLost(), torch.device("cpu"))


def _data(folder: Path, *, extra_id: int = 0) -> Path:
    """Two pictures: 100 true pixels in each, and four red ones that are no damage."""
    (folder / "masks").mkdir(parents=True)
    for number in range(2):
        pixels = np.zeros((90, 70, 3), np.uint8)
        mask = np.zeros((90, 70), np.uint8)
        pixels[60:70, 30:40, 0] = 255
        mask[60:70, 30:40] = 2
        pixels[5:7, 5:7, 0] = 255
        mask[80, 0] = extra_id
        write_photo(folder / "images" / f"{number}.png", pixels)
        Image.fromarray(mask).save(folder / "masks" / f"{number}.png")
    return folder


@pytest.mark.parametrize(("min_area_px", "precision"), [(0, 100 / 104), (5, 1.0)])
def test_pictures_are_scored_together(
    tmp_path: Path, min_area_px: int, precision: float
) -> None:
    examples = read_data_folder(_data(tmp_path / "data"))
    found = run_to_end(evaluate(_model(tmp_path, min_area_px), examples, 2))
    loss = found.scores.of(2)
    assert loss is not None
    assert (loss.recall, loss.support_px) == (1, 200)
    assert loss.precision == pytest.approx(precision)
    assert [part.name for part in found.scores.parts] == ["0", "1"]
    assert found.fps > 0


def test_a_mask_with_an_unknown_class_is_refused(tmp_path: Path) -> None:
    examples = read_data_folder(_data(tmp_path / "data", extra_id=7))
    with pytest.raises(BadData, match=r"0\.png has the class 7"):
        run_to_end(evaluate(_model(tmp_path, 0), examples, 2))
