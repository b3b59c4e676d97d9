"""The one list of architectures, and how to build each.

To know their names needs no torch; to build one does.
"""

from typing import TYPE_CHECKING

from resunet_core.errors import BadModelFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import nn

LIGHT_DECODER = (256, 128, 64, 32, 16)
PAPER_DECODER = (512, 256, 128, 64, 64)
FAST_DECODER = (96, 64, 32, 24, 24)


def _res_unet(
    encoder: str,
    decoder: tuple[int, int, int, int, int] = PAPER_DECODER,
    *,
    normalised: bool = False,
    shuffled: bool = False,
) -> "Callable[[int], nn.Module]":
    def build(outputs: int) -> "nn.Module":
        from resunet_core.model.resunet import (  # noqa: PLC0415 - loads torch
            ResUNet,
            ResUNetSpec,
        )

        spec = ResUNetSpec(encoder, decoder, normalised, shuffled)
        return ResUNet(spec, outputs)

    return build


def _vgg_unet(outputs: int) -> "nn.Module":
    from resunet_core.model.unet import VggUNet  # noqa: PLC0415 - loads torch

    return VggUNet(outputs)


def _mcdm(outputs: int) -> "nn.Module":
    from resunet_core.model.mcdm import (  # noqa: PLC0415 - loads torch
        MultiClassDeepLab,
    )

    return MultiClassDeepLab(outputs)


ARCHITECTURES: "dict[str, Callable[[int], nn.Module]]" = {
    "resunet18": _res_unet("resnet18"),
    "resunet34": _res_unet("resnet34"),
    "resunet50": _res_unet("resnet50"),
    "resunet101": _res_unet("resnet101"),
    # A third of the work of resunet18, and learns from a random start in minutes:
    # the plain decoder spends most of its operations at the finest two scales.
    "resunet18_light": _res_unet("resnet18", LIGHT_DECODER, normalised=True),
    # As much work as the one above, with an encoder that has seen photographs: the
    # only ImageNet weights whose licence lets a model that began with them be shipped.
    "resunet50_narrow": _res_unet("resnet50_narrow", LIGHT_DECODER, normalised=True),
    # For laptops without a GPU: a quarter of the work of the two above.
    "resunet18_fast": _res_unet(
        "resnet18_fast", FAST_DECODER, normalised=True, shuffled=True
    ),
    # What the paper compares itself with.
    "unet_vgg16": _vgg_unet,
    "mcdm": _mcdm,
}


def build_network(architecture: str, outputs: int) -> "nn.Module":
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
