"""What computes probabilities: one seam for all engines, and the choice between them.

On the CPU this is OpenVINO: of the engines that were measured (torch, ONNX Runtime) it
is the fastest in 32 bits, where it is exact, and in 8; it is ready in half a second and
needs no torch. It runs on processors of Intel and AMD alike. The graphics units of
laptops gain nothing yet: OpenVINO has a plug-in for Intel's, none for AMD's, and
neither could be measured. NVIDIA's GPUs are torch's.
"""

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from resunet_core.errors import CaihuaError, DeviceUnavailable, WrongUsage
from resunet_core.model.device import (
    choose_device,
    cuda_may_be_here,
    no_cuda,
    torch_is_here,
)
from resunet_core.model.likeness import Floats, LikenessStatistics
from resunet_core.model.model_file import (
    LoadedModel,
    ModelInfo,
    load_model,
)

if TYPE_CHECKING:
    from resunet_core.model.config import ModelConfig

Planes = NDArray[np.float32]

ENGINES = ("auto", "torch", "openvino", "openvino-int8")
"""What a person may ask for; `auto` takes the fastest that holds the accuracy."""

THREADS = "CAIHUA_THREADS"
_LOG = logging.getLogger(__name__)


class EngineUnavailable(CaihuaError):  # noqa: N818 - named after what the person sees
    """An engine is not installed, cannot be started, or cannot run this network."""


@dataclass(frozen=True)
class EngineUse:
    """What computed, for records and for people.

    Attributes:
        device: `CPU, 2 threads`, or the GPU's name.
        kind: `cpu` or `cuda`.
        engine: Its name and version.
        precision: `float32`, `float16` or `int8`.
        threads: Of the CPU; 0 on a GPU.
    """

    device: str
    kind: str
    engine: str
    precision: str
    threads: int

    def __str__(self) -> str:
        return f"{self.device}, {self.engine}, {self.precision}"


class Engine(Protocol):
    """A model ready to look at tiles; for one thread at a time."""

    @property
    def info(self) -> ModelInfo:
        """What the model file says."""

    @property
    def config(self) -> "ModelConfig":
        """What it says about the network."""

    @property
    def likeness(self) -> LikenessStatistics | None:
        """What tells photos apart that the model knows nothing of."""

    @property
    def use(self) -> EngineUse:
        """What computes."""

    @property
    def notice(self) -> str:
        """Why this is not the engine that would be taken first; mostly empty."""

    @property
    def batch(self) -> int:
        """Tiles that it wants at once; may change from call to call."""

    def __call__(self, tiles: NDArray[np.uint8]) -> Planes:
        """RGB uint8 [N, h, w, 3] to float32 [N, C, h, w], sound paint left out.

        Raises:
            DeviceUnavailable: Not even one tile fits into the memory.
        """

    def look(self, tiles: NDArray[np.uint8]) -> tuple[Planes, Sequence[Floats]]:
        """The same, and of each encoder level the tiles' pooled features.

        Raises:
            DeviceUnavailable: Not even one tile fits into the memory.
        """


def load_engine(
    name_or_path: str, device: str = "auto", engine: str = "auto"
) -> Engine:
    """A model file in the engine that suits this computer, or the one asked for.

    Args:
        name_or_path: An installed model or a file.
        device: `auto`, `cpu` or `cuda`.
        engine: One of `ENGINES`.

    Raises:
        BadModelFile: It cannot be used.
        DeviceUnavailable: `cuda` was asked for, or torch, and is not to be had.
        EngineUnavailable: The engine asked for cannot be used.
        WrongUsage: Device and engine do not go together.
    """
    if engine not in ENGINES:
        raise WrongUsage(
            f"There is no engine called {engine}.", f"Choose {', '.join(ENGINES)}."
        )
    if device == "cuda" and engine.startswith("openvino"):
        raise WrongUsage(
            f"The engine {engine} computes on the CPU.", "Use --device auto or cpu."
        )
    wants_cuda = device != "cpu" and engine in ("auto", "torch") and _has_cuda(device)
    if engine == "torch" or wants_cuda:
        return _in_torch(name_or_path, device)
    from resunet_core.inference.openvino_engine import (  # noqa: PLC0415 - optional
        load_openvino,
    )

    try:
        return load_openvino(name_or_path, engine.removeprefix("openvino").strip("-"))
    except EngineUnavailable as error:
        if engine != "auto" or not torch_is_here():
            raise
        _LOG.warning("OpenVINO cannot be used", exc_info=error)
        why = f"{error.message} The slower PyTorch is used instead."
        return _in_torch(name_or_path, "cpu", why)


def as_engine(model: "LoadedModel | Engine") -> Engine:
    """A model as training holds it, as an engine; an engine as it is."""
    if not isinstance(model, LoadedModel):
        return model
    from resunet_core.inference.torch_engine import (  # noqa: PLC0415 - loads torch
        TorchEngine,
    )

    return TorchEngine(model)


def cpu_threads() -> int:
    """Threads as the person set them; 0 lets the engine take one a physical core."""
    wanted = os.environ.get(THREADS, "")
    if wanted.isdecimal() and int(wanted) > 0:
        return int(wanted)
    return 0


def _has_cuda(device: str) -> bool:
    if not cuda_may_be_here() or not torch_is_here():
        if device == "cuda":
            raise no_cuda()
        return False
    return choose_device(device).kind == "cuda"


def _in_torch(name_or_path: str, device: str, notice: str = "") -> Engine:
    if not torch_is_here():
        raise DeviceUnavailable(
            "PyTorch is not installed here.", "Use --engine auto or openvino."
        )
    from resunet_core.inference.torch_engine import (  # noqa: PLC0415 - loads torch
        TorchEngine,
    )

    chosen = choose_device(device)
    model = load_model(name_or_path, chosen.torch_device)
    return TorchEngine(model, notice=notice, name=chosen.name)
