"""U-Net on the convolutions of VGG-16: the paper's baseline."""

from torch import Tensor, nn
from torchvision.models import vgg

from resunet_core.model.blocks import climb, he_start, up_steps

ENCODER_CHANNELS = (64, 128, 256, 512, 512)
"""At full size, 1/2, 1/4, 1/8 and 1/16."""

DECODER_CHANNELS = (512, 256, 128, 64)


class VggEncoder(nn.Module):
    """The features of VGG-16 at five scales, each taken before it is pooled."""

    def __init__(self) -> None:
        super().__init__()
        # Not `vgg16().features`: that makes and throws away 124 million weights of a
        # classifier. The names of the weights are the same. The last pool goes unused.
        self.features = vgg.make_layers(vgg.cfgs["D"], batch_norm=False)[:-1]

    def forward(self, photo: Tensor) -> list[Tensor]:
        """[N, 3, H, W] to five maps [N, C_k, H / 2**k, ...], finest first."""
        features = []
        deeper = photo
        for part in self.features:
            if isinstance(part, nn.MaxPool2d):
                features.append(deeper)
            deeper = part(deeper)
        return [*features, deeper]


class VggUNet(nn.Module):
    """Encoder, four steps up with skips to full size, a 1x1 head.

    Nothing is normalised. 24,891,267 parameters for three outputs.
    """

    def __init__(self, outputs: int) -> None:
        super().__init__()
        self.encoder = VggEncoder()
        self.steps = up_steps(ENCODER_CHANNELS, DECODER_CHANNELS, normalised=False)
        self.head = nn.Conv2d(DECODER_CHANNELS[-1], outputs, 1)
        he_start((self.encoder, self.steps))

    def forward(self, photo: Tensor) -> Tensor:
        """[N, 3, H, W] in 0..1 to logits [N, outputs, H, W]; any H, W >= 16."""
        logits: Tensor = self.head(climb(self.steps, self.encoder(photo)))
        return logits
