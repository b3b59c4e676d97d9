"""Res-UNet: a ResNet encoder and a U-Net decoder.

The paper's network for craquelure and paint loss has the ResNet-50 encoder and the
plain decoder: 43,932,931 parameters for three outputs.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own customary name
from torch import Tensor, nn
from torchvision.models import resnet

ENCODERS = {
    "resnet18": (resnet.resnet18, (64, 64, 128, 256, 512)),
    "resnet34": (resnet.resnet34, (64, 64, 128, 256, 512)),
    "resnet50": (resnet.resnet50, (64, 256, 512, 1024, 2048)),
    "resnet101": (resnet.resnet101, (64, 256, 512, 1024, 2048)),
}
"""Torchvision's constructor and the channels at 1/2, 1/4, 1/8, 1/16 and 1/32."""


@dataclass(frozen=True)
class ResUNetSpec:
    """The choices that make one Res-UNet.

    Attributes:
        encoder: A key of `ENCODERS`.
        decoder: Channels after the steps to 1/16, 1/8, 1/4, 1/2 and full size.
        normalised: Batch normalisation in the decoder; the paper has none.
    """

    encoder: str
    decoder: tuple[int, int, int, int, int] = (512, 256, 128, 64, 64)
    normalised: bool = False


class ResNetEncoder(nn.Module):
    """The features of a ResNet at five scales."""

    def __init__(self, name: str) -> None:
        super().__init__()
        build, self.channels = ENCODERS[name]
        body = build(weights=None)
        self.stem = nn.Sequential(body.conv1, body.bn1, body.relu)
        self.pool = body.maxpool
        self.layers = nn.ModuleList(
            [body.layer1, body.layer2, body.layer3, body.layer4]
        )

    def forward(self, photo: Tensor) -> list[Tensor]:
        """[N, 3, H, W] to five maps [N, C_k, H / 2**(k + 1), ...], finest first."""
        features = [self.stem(photo)]
        deeper = self.pool(features[0])
        for layer in self.layers:
            deeper = layer(deeper)
            features.append(deeper)
        return features


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


class ResUNet(nn.Module):
    """Encoder, four steps up with skips, a last step to full size, a 1x1 head."""

    def __init__(self, spec: ResUNetSpec, outputs: int) -> None:
        super().__init__()
        self.encoder = ResNetEncoder(spec.encoder)
        deeper = self.encoder.channels[-1]
        steps = []
        for skip, channels in zip(
            reversed(self.encoder.channels[:-1]), spec.decoder[:4], strict=True
        ):
            steps.append(
                double_conv(deeper + skip, channels, normalised=spec.normalised)
            )
            deeper = channels
        self.steps = nn.ModuleList(steps)
        self.full_size = double_conv(
            deeper, spec.decoder[4], normalised=spec.normalised
        )
        self.head = nn.Conv2d(spec.decoder[4], outputs, 1)
        self._start()

    def _start(self) -> None:
        # He initialisation keeps the signal's size through the plain decoder, so
        # that a training from a random start moves from the first step on.
        for module in (*self.steps, self.full_size):
            for part in module.modules():
                if isinstance(part, nn.Conv2d):
                    nn.init.kaiming_normal_(part.weight, nonlinearity="relu")
                    if part.bias is not None:
                        nn.init.zeros_(part.bias)

    def forward(self, photo: Tensor) -> Tensor:
        """[N, 3, H, W] in 0..1 to logits [N, outputs, H, W]; any H, W >= 32."""
        features = self.encoder(photo)
        deeper = features[-1]
        for step, skip in zip(self.steps, reversed(features[:-1]), strict=True):
            deeper = step(torch.cat([skip, enlarge(deeper, skip.shape[-2:])], dim=1))
        full = self.full_size(enlarge(deeper, photo.shape[-2:]))
        logits: Tensor = self.head(full)
        return logits
