"""A small model and a way to run the command line as a person does."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import nn

from resunet_core.cli.main import main
from resunet_core.model.config import ModelConfig
from resunet_core.model.model_file import save_model
from resunet_core.model.registry import build_network
from tests.builders import painted_pixels

Caihua = Callable[..., int]


@torch.no_grad()
def _make_decisive(network: nn.Module) -> None:
    """Spread the outputs, which random weights leave close to each other."""
    photo = torch.from_numpy(painted_pixels()).permute(2, 0, 1)[None].float() / 255
    logits = network.eval()(photo)
    spread, middle = logits.std((0, 2, 3)), logits.mean((0, 2, 3))
    head = network.get_submodule("head")
    weight, bias = head.get_parameter("weight"), head.get_parameter("bias")
    weight.div_(spread[:, None, None, None])
    bias.sub_(middle).div_(spread)


@pytest.fixture(scope="session")
def light_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model file with random weights that finds something of each class."""
    torch.manual_seed(5)
    network = build_network("resunet18_light", 3)
    _make_decisive(network)
    path = tmp_path_factory.mktemp("models") / "light.safetensors"
    config = ModelConfig(
        "resunet18_light",
        tile_px=128,
        context_px=16,
        ramp_px=32,
        min_area_px={"craquelure": 4, "paint_loss": 4},
    )
    save_model(path, network, config)
    return path


@pytest.fixture
def caihua() -> Caihua:
    """Run one command; its exit code, as the shell would see it."""

    def run(*arguments: object) -> int:
        try:
            return main([str(argument) for argument in arguments])
        except SystemExit as left:
            return left.code if isinstance(left.code, int) else 1

    return run
