"""Weights to start a training from: ImageNet's, or those of another model."""

import contextlib
import io
import pickle
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError

import torch
from torch import Tensor, nn
from torchvision.models import WeightsEnum, get_model_weights

from resunet_core.errors import BadModelFile, DownloadFailed, WrongUsage
from resunet_core.model.mcdm import MobileEncoder
from resunet_core.model.resunet import ResNetEncoder
from resunet_core.model.unet import VggEncoder

# Version 1 for all: the only recipe that all six encoders were published with, so that
# a comparison of encoders compares encoders, and the one of the paper's time. Version 2
# names more photos rightly, by label smoothing and mixing, which blur the features that
# an encoder hands on.
VERSION = "IMAGENET1K_V1"

RESNETS = {
    (8, 512): "resnet18",
    (16, 512): "resnet34",
    (16, 2048): "resnet50",
    (33, 2048): "resnet101",
}
"""Torchvision's names by count of blocks and channels of the deepest map."""

SAME_ENCODER = 0.9
"""Share of two encoders' weights that fit each other, below which they are others.

Not less: more than half of a ResNet-34 takes the weights of a ResNet-18.
"""

_ENCODER = "encoder."
_PUBLISHED = {"stem.0": "conv1", "stem.1": "bn1"} | {
    f"layers.{index}": f"layer{index + 1}" for index in range(4)
}


@dataclass(frozen=True)
class Transfer:
    """What a network took over from another model's weights.

    Attributes:
        taken: Tensors that were copied.
        total: Tensors that the network has.
        left: Names of those that stayed as they were.
    """

    taken: int
    total: int
    left: tuple[str, ...]


def start_from_imagenet(network: nn.Module, architecture: str) -> str:
    """Put ImageNet's weights into the network's encoder; return where they are from.

    They expect photos less ImageNet's mean, over its deviation; our networks see plain
    RGB in 0..1. That step is folded into the encoder's first layer, so that its
    features are the published ones, and frozen statistics are right.

    Args:
        network: One of the registry, changed in place; its decoder stays as it is.
        architecture: Its name there, to speak of it.

    Raises:
        WrongUsage: There are no such weights for this architecture.
        DownloadFailed: They are not on this computer and cannot be fetched.
    """
    encoder = getattr(network, "encoder", None)
    published = _published_name(encoder)
    if encoder is None or not published:
        raise WrongUsage(
            f"There are no ImageNet weights for the encoder of {architecture}.",
            "Use --start cells, or another --arch.",
        )
    weights = get_model_weights(published)[VERSION]
    tensors = _fetched(weights, architecture)
    ours = {name: _their_name(name) for name in encoder.state_dict()}
    try:
        encoder.load_state_dict(
            {name: tensors[their] for name, their in ours.items() if their in tensors}
        )
    except (RuntimeError, TypeError) as error:
        raise _unfit(weights, architecture) from error
    preset = weights.transforms()
    _fold_normalisation(encoder, torch.tensor(preset.mean), torch.tensor(preset.std))
    return f"ImageNet (torchvision {weights})"


def transfer(
    network: nn.Module,
    weights: Mapping[str, Tensor],
    *,
    source: str = "The model to start from",
    target: str = "the network to train",
) -> Transfer:
    """Copy each tensor whose name and shape fit; the others stay as they are.

    A head for other classes stays, and so does a decoder of another size.

    Args:
        network: Changed in place.
        weights: State of a network of the same encoder.
        source: Whose weights they are, to begin a sentence with.
        target: What the network is called in that sentence.

    Raises:
        BadModelFile: The two encoders are not of one kind; nothing was changed.
    """
    ours = network.state_dict()
    fitting = {
        name
        for name, tensor in ours.items()
        if name in weights and weights[name].shape == tensor.shape
    }
    common = _encoder_count(fitting)
    most = max(_encoder_count(ours), _encoder_count(weights))
    if common < SAME_ENCODER * most:
        raise BadModelFile(
            f"{source} is of another architecture than {target}: {common} of {most} "
            "weights of their encoders fit each other.",
            "Start from a model with the same encoder, or train its architecture.",
        )
    for name in fitting:
        ours[name].copy_(weights[name])
    left = tuple(name for name in ours if name not in fitting)
    return Transfer(len(fitting), len(ours), left)


def _encoder_count(names: "Mapping[str, Tensor] | set[str]") -> int:
    return sum(name.startswith(_ENCODER) for name in names)


def _published_name(encoder: object) -> str:
    """Torchvision's name for the whole network of an encoder, or nothing."""
    if isinstance(encoder, ResNetEncoder):
        blocks = sum(1 for layer in encoder.layers for _ in layer.children())
        return RESNETS.get((blocks, encoder.channels[-1]), "")
    if isinstance(encoder, VggEncoder):
        return "vgg16"
    return "mobilenet_v2" if isinstance(encoder, MobileEncoder) else ""


def _their_name(ours: str) -> str:
    """The published name of one of our encoder's tensors."""
    part = ".".join(ours.split(".")[:2])
    return _PUBLISHED.get(part, part) + ours[len(part) :]


def _fetched(weights: WeightsEnum, architecture: str) -> dict[str, Tensor]:
    """The published weights, from this computer or else by torchvision's download."""
    # Torch tells of the download on standard output, where a training speaks JSON.
    quiet = contextlib.redirect_stdout(io.StringIO())
    terminal = sys.stderr is not None and sys.stderr.isatty()
    try:
        with quiet:
            tensors: dict[str, Tensor] = weights.get_state_dict(
                progress=terminal, check_hash=True, weights_only=True
            )
    except (OSError, HTTPException) as error:
        raise _not_fetched(weights, architecture, _why(error)) from error
    except (RuntimeError, pickle.UnpicklingError, EOFError) as error:
        if not _kept_at(weights).is_file():  # what came was not kept
            why = "what was received is not the file that was published"
            raise _not_fetched(weights, architecture, why) from error
        raise _unfit(weights, architecture) from error
    return tensors


def _kept_at(weights: WeightsEnum) -> Path:
    """Where torch keeps the file, or looks for it first."""
    return Path(torch.hub.get_dir(), "checkpoints", Path(weights.url).name)


def _why(error: Exception) -> str:
    if isinstance(error, HTTPError):
        return f"the server answered {error.code} {error.reason}"
    if isinstance(error, URLError | ConnectionError | TimeoutError):
        return f"there is no network ({getattr(error, 'reason', error)})"
    return str(error) or type(error).__name__


def _not_fetched(weights: WeightsEnum, architecture: str, why: str) -> DownloadFailed:
    return DownloadFailed(
        f"The ImageNet weights for {architecture} could not be downloaded: {why}.",
        f"Connect to the network, or put the file from {weights.url} into "
        f"{_kept_at(weights).parent}, or use --start cells.",
    )


def _unfit(weights: WeightsEnum, architecture: str) -> DownloadFailed:
    return DownloadFailed(
        f"{_kept_at(weights)} is damaged, or does not hold the ImageNet weights for "
        f"{architecture}.",
        f"Delete it to download it again, or replace it by {weights.url}, or use "
        "--start cells.",
    )


def _fold_normalisation(encoder: nn.Module, mean: Tensor, deviation: Tensor) -> None:
    """Make the first convolution do what was done to photos before it, in place.

    w * (x - mean) / deviation = (w / deviation) * x - shift. Exact but for the frame
    that pads the photo, which becomes black where it was of the mean colour.
    """
    kinds = (nn.Conv2d, nn.BatchNorm2d)
    first, second = [part for part in encoder.modules() if isinstance(part, kinds)][:2]
    with torch.no_grad():
        first.weight /= deviation[:, None, None]
        shift = (first.weight * mean[:, None, None]).sum(dim=(1, 2, 3))
        if isinstance(second, nn.BatchNorm2d) and second.running_mean is not None:
            second.running_mean += shift
        elif first.bias is not None:
            first.bias -= shift
