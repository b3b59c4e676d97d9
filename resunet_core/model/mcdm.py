"""MC-DM: DeepLabv3+ on MobileNetV2, which the paper compares itself with.

Chen et al. 2018 (DeepLabv3+), Sandler et al. 2018 (MobileNetV2). 5,813,523 parameters
for three outputs.
"""

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own customary name
from torch import Tensor, nn
from torchvision.models import mobilenet_v2

from resunet_core.model.blocks import enlarge

DEEP_CHANNELS = 320
EARLY_CHANNELS = 24
CHANNELS = 256
REDUCED_EARLY_CHANNELS = 48
RATES = (6, 12, 18)
"""Dilations of the pyramid's 3x3 convolutions, for an output stride of 16."""

EARLY_PARTS = 4
DILATED_FROM = 14


class MobileEncoder(nn.Module):
    """The features of MobileNetV2 at 1/4 and, its last stage dilated, at 1/16."""

    def __init__(self) -> None:
        super().__init__()
        # Without the last part, which widens to the classifier's 1280 channels.
        self.features = mobilenet_v2(weights=None).features[:-1]
        for part in self.features[DILATED_FROM:].modules():
            if isinstance(part, nn.Conv2d) and part.kernel_size == (3, 3):
                _keep_the_scale(part)

    def forward(self, photo: Tensor) -> list[Tensor]:
        """[N, 3, H, W] to [N, 24, H / 4, W / 4] and [N, 320, H / 16, W / 16]."""
        early = self.features[:EARLY_PARTS](photo)
        return [early, self.features[EARLY_PARTS:](early)]


def _keep_the_scale(conv: nn.Conv2d) -> None:
    # The step to 1/32 is not taken; what came after it looks twice as far instead.
    if conv.stride == (2, 2):
        conv.stride = (1, 1)
    else:
        conv.dilation = conv.padding = (2, 2)


class PooledNorm(nn.BatchNorm2d):
    """Batch normalisation of maps of one pixel, for batches of any number of photos.

    One photo alone has one value per channel, which has no spread: then the running
    statistics are used, in training too, and left as they are.
    """

    def forward(self, pooled: Tensor) -> Tensor:
        """[N, C, 1, 1] to the same."""
        if self.training and len(pooled) == 1:
            return F.batch_norm(
                pooled,
                self.running_mean,
                self.running_var,
                self.weight,
                self.bias,
                eps=self.eps,
            )
        return super().forward(pooled)


def _block(
    inputs: int, outputs: int, kernel: int = 1, dilation: int = 1
) -> nn.Sequential:
    # The bias does nothing before a normalisation; it is there because the published
    # count of parameters has it.
    padding = dilation * (kernel // 2)
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, padding=padding, dilation=dilation),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class SpatialPyramid(nn.Module):
    """Atrous spatial pyramid pooling: each pixel seen at five ranges.

    The widest range is the mean of the whole tile, so the logits depend a little on
    what else is in the tile, and overlapping tiles agree less than those of a U-Net.
    """

    def __init__(self) -> None:
        super().__init__()
        self.ranges = nn.ModuleList(
            [
                _block(DEEP_CHANNELS, CHANNELS),
                *(_block(DEEP_CHANNELS, CHANNELS, 3, rate) for rate in RATES),
            ]
        )
        self.whole = nn.Sequential(
            nn.Conv2d(DEEP_CHANNELS, CHANNELS, 1),
            PooledNorm(CHANNELS),
            nn.ReLU(inplace=True),
        )
        self.together = _block(CHANNELS * (len(self.ranges) + 1), CHANNELS)

    def forward(self, deep: Tensor) -> Tensor:
        """[N, 320, h, w] to [N, 256, h, w]."""
        seen = [look(deep) for look in self.ranges]
        whole = self.whole(deep.mean(dim=(2, 3), keepdim=True))
        together: Tensor = self.together(
            torch.cat([*seen, whole.expand_as(seen[0])], dim=1)
        )
        return together


class MultiClassDeepLab(nn.Module):
    """Encoder, pyramid, one skip from 1/4, a head at 1/4, enlarged to full size.

    Enlarged with `align_corners=False`, where the paper's code has True: with True the
    logits of a pixel depend on where the tile lies, and tiles cannot be joined.
    """

    def __init__(self, outputs: int) -> None:
        super().__init__()
        self.encoder = MobileEncoder()
        self.pyramid = SpatialPyramid()
        self.early = _block(EARLY_CHANNELS, REDUCED_EARLY_CHANNELS)
        self.fuse = nn.Sequential(
            _block(CHANNELS + REDUCED_EARLY_CHANNELS, CHANNELS, 3),
            nn.Dropout(0.5),
            _block(CHANNELS, CHANNELS, 3),
            nn.Dropout(0.1),
        )
        self.head = nn.Conv2d(CHANNELS, outputs, 1)

    def forward(self, photo: Tensor) -> Tensor:
        """[N, 3, H, W] in 0..1 to logits [N, outputs, H, W]; any H, W >= 32."""
        early, deep = self.encoder(photo)
        deep = enlarge(self.pyramid(deep), early.shape[-2:])
        fused = self.fuse(torch.cat([self.early(early), deep], dim=1))
        return enlarge(self.head(fused), photo.shape[-2:])
