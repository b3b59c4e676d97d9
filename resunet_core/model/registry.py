"""The one list of architectures, and how to build each."""

from collections.abc import Callable

from torch import nn

from resunet_core.errors import BadModelFile
from resunet_core.model.mcdm import MultiClassDeepLab
from resunet_core.model.resunet import ResUNet, ResUNetSpec
from resunet_core.model.unet import VggUNet

LIGHT_DECODER = (256, 128, 64, 32, 16)


def _res_unet(spec: ResUNetSpec) -> Callable[[int], nn.Module]:
    return lambda outputs: ResUNet(spec, outputs)


ARCHITECTURES: dict[str, Callable[[int], nn.Module]] = {
    "resunet18": _res_unet(ResUNetSpec("resnet18")),
    "resunet34": _res_unet(ResUNetSpec("resnet34")),
    "resunet50": _res_unet(ResUNetSpec("resnet50")),
    "resunet101": _res_unet(ResUNetSpec("resnet101")),
    # A third of the work of resunet18, and learns from a random start in minutes:
    # the plain decoder spends most of its operations at the finest two scales.
    "resunet18_light": _res_unet(
        ResUNetSpec("resnet18", decoder=LIGHT_DECODER, normalised=True)
    ),
    # As much work as the one above, with an encoder that has seen photographs: the
    # only ImageNet weights whose licence lets a model that began with them be shipped.
    "resunet50_narrow": _res_unet(
        ResUNetSpec("resnet50_narrow", decoder=LIGHT_DECODER, normalised=True)
    ),
    # For laptops without a GPU: a quarter of the work of the two above.
    "resunet18_fast": _res_unet(
        ResUNetSpec(
            "resnet18_fast",
            decoder=(96, 64, 32, 24, 24),
            normalised=True,
            shuffled=True,
        )
    ),
    # What the paper compares itself with.
    "unet_vgg16": VggUNet,
    "mcdm": MultiClassDeepLab,
}


def build_network(architecture: str, outputs: int) -> nn.Module:
    """A network with random weights.

    Raises:
        BadModelFile: No such architecture.
    """
    if architecture not in ARCHITECTURES:
        raise BadModelFile(
            f"There is no architecture called {architecture!r} here.",
            f"Known are {', '.join(ARCHITECTURES)}; a newer program may know more.",
        )
    return ARCHITECTURES[architecture](outputs)
