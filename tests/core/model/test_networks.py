"""One battery for all architectures.

Run as a script, it writes the stored outputs anew: only after a change that is meant to
make every model file of the past give other results.
"""

import json
import math
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from resunet_core.model.config import ModelConfig
from resunet_core.model.cost import network_cost
from resunet_core.model.mcdm import RATES, SpatialPyramid
from resunet_core.model.model_file import load_model, save_model
from resunet_core.model.registry import ARCHITECTURES, build_network

CPU = torch.device("cpu")
GOLDEN = Path(__file__).parents[2] / "golden" / "networks.json"


def _known_weights(network: nn.Module, numbers: torch.Generator) -> None:
    """Fill by a rule of our own: no constructor's start, and nothing left at 0 or 1."""
    for name, value in network.state_dict().items():
        if value.dim() > 1:
            bound = math.sqrt(6 / value[0].numel())
            value.uniform_(-bound, bound, generator=numbers)
        elif name.endswith(("bias", "mean")):
            value.uniform_(-0.1, 0.1, generator=numbers)
        elif value.is_floating_point():
            value.uniform_(0.5, 1.5, generator=numbers)


def _stored_output(name: str) -> Tensor:
    """Twelve logits of a network of known weights for a known picture, [3, 4]."""
    numbers = torch.Generator().manual_seed(20)
    network = build_network(name, 3).eval()
    _known_weights(network, numbers)
    photo = torch.rand(1, 3, 32, 32, generator=numbers)
    with torch.no_grad():
        logits: Tensor = network(photo)[0]
    return logits[:, [0, 9, 17, 30], [5, 31, 12, 22]]


@pytest.mark.parametrize(
    ("name", "parameters", "gmac"),
    [
        ("resunet50", 43_932_931, 91.5),
        ("unet_vgg16", 24_891_267, 225.2),
        ("mcdm", 5_813_523, 26.2),
    ],
)
def test_the_papers_networks_have_the_papers_size(
    name: str, parameters: int, gmac: float
) -> None:
    cost = network_cost(name, outputs=3)
    assert cost.parameters == parameters
    assert cost.gmac == pytest.approx(gmac, abs=0.1)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_same_weights_give_the_output_they_always_gave(name: str) -> None:
    stored = torch.tensor(json.loads(GOLDEN.read_text("utf-8"))[name])
    # Another CPU adds in another order: the last digits differ, the size does not.
    tolerance = 1e-3 * float(stored.abs().max())
    torch.testing.assert_close(_stored_output(name), stored, rtol=0, atol=tolerance)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_any_size_goes_forward_and_backward(name: str) -> None:
    network = build_network(name, 3).train()
    for count, height, width in [(1, 64, 96), (4, 32, 32), (3, 40, 57), (2, 33, 61)]:
        logits = network(torch.rand(count, 3, height, width))
        assert logits.shape == (count, 3, height, width)
    torch.autograd.backward(logits.sum())
    assert all(p.grad is not None for p in network.parameters())


def test_one_photo_alone_trains_on_the_running_statistics() -> None:
    """Its pooled map is one value per channel, which has no spread."""
    network = build_network("mcdm", 3).train()
    before = {k: v.clone() for k, v in network.state_dict().items() if "whole" in k}
    logits = network(torch.rand(1, 3, 64, 64))
    torch.autograd.backward(logits.square().mean())
    after = network.state_dict()
    assert all(torch.equal(after[name], value) for name, value in before.items())
    norms = [p.grad for n, p in network.named_parameters() if "whole" in n]
    assert all(gradient is not None and gradient.any() for gradient in norms)


def test_the_pyramid_looks_as_far_as_published() -> None:
    deep = torch.rand(1, 320, 37, 37, requires_grad=True)
    for look, rate in zip(SpatialPyramid().eval().ranges, (0, *RATES), strict=True):
        (gradient,) = torch.autograd.grad(look(deep)[..., 18, 18].sum(), deep)
        rows = gradient.abs().sum(dim=(0, 1, 3)).nonzero().flatten().tolist()
        assert rows == sorted({18 - rate, 18, 18 + rate})


# resunet34 and resunet101 are these with more of the same blocks.
@pytest.mark.parametrize(
    ("name", "rate"),
    [
        ("resunet18", 1e-3),
        ("resunet18_light", 3e-3),
        ("resunet50_narrow", 1e-2),
        ("resunet18_fast", 1e-2),
        ("resunet50", 1e-3),
        ("unet_vgg16", 3e-4),
        ("mcdm", 1e-3),
    ],
)
def test_one_tile_can_be_learned_by_heart(name: str, rate: float) -> None:
    torch.manual_seed(1)
    network = build_network(name, 3).train()
    photo = torch.rand(2, 3, 64, 64)
    classes = torch.zeros(2, 64, 64, dtype=torch.long)
    classes[:, 20:24] = 1
    classes[:, 40:60, 10:50] = 2
    photo = photo * 0.2 + classes[:, None] * 0.3
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, fused=True)
    for _ in range(60):
        loss = cross_entropy(network(photo), classes)
        if loss < 0.2:
            break
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
    assert float(loss.detach()) < 0.2


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_a_saved_model_gives_the_same_output(name: str, tmp_path: Path) -> None:
    network = build_network(name, 3).eval()
    config = ModelConfig(name, thresholds={"craquelure": 0.4, "paint_loss": 0.6})
    path = tmp_path / "模型.safetensors"
    save_model(path, network, config)
    loaded = load_model(str(path), CPU)
    assert loaded.config == config
    photo = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        torch.testing.assert_close(loaded.network(photo), network(photo))
    path.unlink()  # hundreds of megabytes, which pytest would keep


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


if __name__ == "__main__":
    rows = {
        name: [[float(f"{x:.5g}") for x in row] for row in _stored_output(name)]
        for name in ARCHITECTURES
    }
    lines = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in rows.items())
    GOLDEN.write_text(f"{{\n{lines}\n}}\n", "utf-8")
