"""What the U-shaped networks share: the way up from the deepest features."""

from collections.abc import Iterable, Sequence

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own customary name
from torch import Tensor, nn


def double_conv(inputs: int, outputs: int, *, normalised: bool) -> nn.Sequential:
    """Two 3x3 convolutions, each followed by ReLU (and normalised if asked)."""
    parts: list[nn.Module] = []
    for channels in (inputs, outputs):
        parts.append(nn.Conv2d(channels, outputs, 3, padding=1, bias=not normalised))
        if normalised:
            parts.append(nn.BatchNorm2d(outputs))
        parts.append(nn.ReLU(inplace=True))
    return nn.Sequential(*parts)


def enlarge(deeper: Tensor, size: torch.Size) -> Tensor:
    """Bilinear to `size` (height, width).

    `align_corners=False`: with True the result depends on where the tile lies, and
    no overlap makes neighbouring tiles agree.
    """
    return F.interpolate(deeper, size=size, mode="bilinear", align_corners=False)


def up_steps(
    encoder: Sequence[int], decoder: Sequence[int], *, normalised: bool
) -> nn.ModuleList:
    """One double convolution for each step up.

    Args:
        encoder: Channels of the encoder's maps, finest first.
        decoder: Channels after each step, deepest first; one fewer than maps.
        normalised: Batch normalisation after each convolution.
    """
    deeper = encoder[-1]
    steps = nn.ModuleList()
    for skip, channels in zip(reversed(encoder[:-1]), decoder, strict=True):
        steps.append(double_conv(deeper + skip, channels, normalised=normalised))
        deeper = channels
    return steps


def climb(steps: nn.ModuleList, features: Sequence[Tensor]) -> Tensor:
    """From the deepest map up to the finest: enlarge, join the skip, convolve."""
    deeper = features[-1]
    for step, skip in zip(steps, reversed(features[:-1]), strict=True):
        deeper = step(torch.cat([skip, enlarge(deeper, skip.shape[-2:])], dim=1))
    return deeper


def he_start(modules: Iterable[nn.Module]) -> None:
    """Start convolutions so that the signal keeps its size (He et al. 2015).

    Torch's own start would fade it to nothing in a row of plain convolutions, and a
    training from a random start would not move.
    """
    for module in modules:
        for part in module.modules():
            if isinstance(part, nn.Conv2d):
                nn.init.kaiming_normal_(part.weight, nonlinearity="relu")
                if part.bias is not None:
                    nn.init.zeros_(part.bias)
