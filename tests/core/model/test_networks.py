"""One battery for all architectures."""

from pathlib import Path

import pytest
import torch
from torch.nn.functional import cross_entropy

from resunet_core.model.config import ModelConfig
from resunet_core.model.cost import network_cost
from resunet_core.model.model_file import load_model, save_model
from resunet_core.model.registry import ARCHITECTURES, build_network

CPU = torch.device("cpu")


def test_the_papers_network_has_the_papers_size() -> None:
    """Res-UNet on ResNet-50: 43,932,931 parameters and 91.5 GMAC for 3 outputs."""
    cost = network_cost("resunet50", outputs=3)
    assert cost.parameters == 43_932_931
    assert cost.gmac == pytest.approx(91.5, abs=0.1)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_any_size_goes_forward_and_backward(name: str) -> None:
    network = build_network(name, 3).train()
    for count, height, width in [(1, 64, 96), (2, 33, 61)]:
        logits = network(torch.rand(count, 3, height, width))
        assert logits.shape == (count, 3, height, width)
    torch.autograd.backward(logits.sum())
    assert all(p.grad is not None for p in network.parameters())


@pytest.mark.parametrize("name", ["resunet18", "resunet18_light"])
def test_one_tile_can_be_learned_by_heart(name: str) -> None:
    torch.manual_seed(1)
    network = build_network(name, 3).train()
    photo = torch.rand(2, 3, 64, 64)
    classes = torch.zeros(2, 64, 64, dtype=torch.long)
    classes[:, 20:24] = 1
    classes[:, 40:60, 10:50] = 2
    photo = photo * 0.2 + classes[:, None] * 0.3
    optimiser = torch.optim.AdamW(network.parameters(), lr=3e-3)
    for _ in range(60):
        loss = cross_entropy(network(photo), classes)
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
    assert float(loss.detach()) < 0.2


def test_a_saved_model_gives_the_same_output(tmp_path: Path) -> None:
    network = build_network("resunet18_light", 3).eval()
    config = ModelConfig(
        "resunet18_light", thresholds={"craquelure": 0.4, "paint_loss": 0.6}
    )
    path = tmp_path / "模型.safetensors"
    save_model(path, network, config)
    loaded = load_model(str(path), CPU)
    assert loaded.config == config
    photo = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        torch.testing.assert_close(loaded.network(photo), network(photo))


def test_a_tile_shifted_by_the_stride_gives_shifted_logits() -> None:
    """With `align_corners=False` the place of a tile does not matter inside it."""
    torch.manual_seed(0)
    network = build_network("resunet18_light", 3).eval()
    photo = torch.rand(1, 3, 608, 96)
    with torch.no_grad():
        whole, lower = network(photo), network(photo[:, :, 32:])
    inner = slice(256, 288)
    difference = (whole[:, :, 288:320] - lower[:, :, inner]).abs().max()
    assert difference < 0.05 * whole.std()
