"""Res-UNet: a ResNet encoder and a U-Net decoder.

The paper's network for craquelure and paint loss has the ResNet-50 encoder and the
plain decoder: 43,932,931 parameters for three outputs.
"""

from dataclasses import dataclass

from torch import Tensor, nn
from torchvision.models import resnet

from resunet_core.model import narrow
from resunet_core.model.blocks import climb, double_conv, enlarge, he_start, up_steps

ENCODERS = {
    "resnet18": (resnet.resnet18, (64, 64, 128, 256, 512)),
    "resnet18_fast": (narrow.FastResNet18, narrow.FAST_CHANNELS),
    "resnet34": (resnet.resnet34, (64, 64, 128, 256, 512)),
    "resnet50": (resnet.resnet50, (64, 256, 512, 1024, 2048)),
    "resnet50_narrow": (narrow.NarrowResNet50, narrow.CHANNELS),
    "resnet101": (resnet.resnet101, (64, 256, 512, 1024, 2048)),
}
"""The constructor and the channels at 1/2, 1/4, 1/8, 1/16 and 1/32."""


@dataclass(frozen=True)
class ResUNetSpec:
    """The choices that make one Res-UNet.

    Attributes:
        encoder: A key of `ENCODERS`.
        decoder: Channels after the steps to 1/16, 1/8, 1/4, 1/2 and full size.
        normalised: Batch normalisation in the decoder; the paper has none.
        shuffled: No convolution at full size: the head says four pixels of each place
            at 1/2 (sub-pixel convolution, Shi et al. 2016), and the last number of
            `decoder` is left unused. Half of a light network's time goes there.
    """

    encoder: str
    decoder: tuple[int, int, int, int, int] = (512, 256, 128, 64, 64)
    normalised: bool = False
    shuffled: bool = False


class ResNetEncoder(nn.Module):
    """The features of a ResNet at five scales."""

    def __init__(self, name: str) -> None:
        super().__init__()
        build, self.channels = ENCODERS[name]
        body = build()
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


class ResUNet(nn.Module):
    """Encoder, four steps up with skips, a last step to full size, a 1x1 head."""

    def __init__(self, spec: ResUNetSpec, outputs: int) -> None:
        super().__init__()
        self.encoder = ResNetEncoder(spec.encoder)
        self.steps = up_steps(
            self.encoder.channels, spec.decoder[:4], normalised=spec.normalised
        )
        self.full_size: nn.Module
        self.head: nn.Module
        if spec.shuffled:
            self.full_size = nn.Identity()
            self.head = SubPixelHead(spec.decoder[3], outputs)
        else:
            self.full_size = double_conv(
                spec.decoder[3], spec.decoder[4], normalised=spec.normalised
            )
            self.head = nn.Conv2d(spec.decoder[4], outputs, 1)
        self.shuffled = spec.shuffled
        he_start((*self.steps, self.full_size))

    def forward(self, photo: Tensor) -> Tensor:
        """[N, 3, H, W] in 0..1 to logits [N, outputs, H, W]; any H, W >= 32."""
        finest = climb(self.steps, self.encoder(photo))
        tall, wide = photo.shape[-2:]
        if self.shuffled:
            # Of an odd side the last place at 1/2 lies half outside.
            twice: Tensor = self.head(finest)
            return twice[..., :tall, :wide]
        full = self.full_size(enlarge(finest, photo.shape[-2:]))
        logits: Tensor = self.head(full)
        return logits


class SubPixelHead(nn.Module):
    """[N, C, h, w] to [N, outputs, 2h, 2w]: each place says its four pixels."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, 4 * outputs, 3, padding=1)
        self.shuffle = nn.PixelShuffle(2)

    def forward(self, finest: Tensor) -> Tensor:
        """Logits at twice the size."""
        logits: Tensor = self.shuffle(self.conv(finest))
        return logits
