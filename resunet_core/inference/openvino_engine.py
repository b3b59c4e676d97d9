"""Networks on the CPU by OpenVINO: in 32 bits, exact, or in 8."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from resunet_core.errors import BadModelFile, DeviceUnavailable
from resunet_core.inference.eight_bit import Ranges, read_ranges
from resunet_core.inference.engine import (
    EngineUnavailable,
    EngineUse,
    Planes,
    cpu_threads,
)
from resunet_core.inference.openvino_graph import build_graph, overflow_graph
from resunet_core.inference.pooling import LEVELS, pooled_features
from resunet_core.model.config import ModelConfig
from resunet_core.model.device import cpu_name, torch_is_here
from resunet_core.model.likeness import PREFIX, Floats, LikenessStatistics
from resunet_core.model.model_file import (
    GET_AGAIN,
    ModelInfo,
    find_model,
    read_arrays,
    read_model_info,
)
from resunet_core.model.topology import Topology, shipped_topology

if TYPE_CHECKING:
    from openvino import CompiledModel, Model

TELEMETRY = "openvino_telemetry"


def the_library() -> Any:  # noqa: ANN401 - a module without type information
    """OpenVINO, loaded without its telemetry.

    As it is, the import itself reports to its makers by a package of its own. Where
    that package cannot be imported nothing is sent, so here it cannot be.

    Raises:
        EngineUnavailable: It is not installed, or cannot be loaded here.
    """
    if TELEMETRY not in sys.modules:
        silenced: dict[str, ModuleType | None] = sys.modules  # type: ignore[assignment]  # None: its import is refused
        silenced[TELEMETRY] = None
    try:
        import openvino  # noqa: PLC0415 - optional, and not before it is silenced
    except (ImportError, OSError, RuntimeError) as error:
        raise EngineUnavailable(
            f"OpenVINO cannot be loaded: {error}.",
            "Install the program again; `caihua doctor` says what is missing.",
        ) from error
    return openvino


def load_openvino(name_or_path: str, precision: str = "") -> "OpenVINOEngine":
    """A model file on the CPU, ready in less than half a second.

    Nothing is kept for the next time: compiling takes 0.1 to 0.3 s, and to read from a
    disk what was compiled would save less than looking after the files costs.

    Args:
        name_or_path: An installed model or a file.
        precision: `int8` to insist on 8 bits, `auto` for them where the model has its
            ranges beside it, else 32 bits.

    Raises:
        BadModelFile: It cannot be used.
        EngineUnavailable: OpenVINO cannot be used, or 8 bits are not to be had.
    """
    ov = the_library()
    info = read_model_info(find_model(name_or_path))
    ranges = read_ranges(info.path, info.sha256) if precision else None
    if ranges is not None and not _adds_exactly(ov):
        ranges = None
    if precision == "int8" and ranges is None:
        raise EngineUnavailable(
            f"The model {info.name} cannot be computed in 8 bits here: there are no "
            "ranges for them beside it, or this processor lacks the instructions.",
            "Use --engine auto or openvino.",
        )
    topology = _topology(info.config)
    arrays = read_arrays(info)
    likeness = LikenessStatistics.from_arrays(
        {name: a for name, a in arrays.items() if name.startswith(PREFIX)}
    )
    beside = topology.maps[-LEVELS:] if likeness is not None else ()
    compiled = _compiled(info, topology, arrays, beside, ranges)
    return OpenVINOEngine(info, compiled, likeness, "int8" if ranges else "float32")


@cache
def _adds_exactly(ov: ModuleType) -> bool:
    """Whether this processor adds products of 8-bit values without an overflow."""
    compiled = ov.Core().compile_model(overflow_graph(), "CPU")
    middle = compiled(np.ones((1, 64, 32, 32), np.float32))[0][:, :, 2:-2, 2:-2]
    return bool(np.allclose(middle, 1, rtol=0.02))


def _topology(config: ModelConfig) -> Topology:
    """As it ships, else read off the network, which a developer just added."""
    shipped = shipped_topology(config.architecture)
    if shipped is not None:
        return shipped
    if not torch_is_here():
        raise EngineUnavailable(
            f"The graph of {config.architecture} is not among the resources.",
            "Install the program again, or run packaging/topologies.py.",
        )
    from resunet_core.model.registry import build_network  # noqa: PLC0415 - loads torch
    from resunet_core.model.traced import topology_of  # noqa: PLC0415 - loads torch

    network = build_network(config.architecture, config.outputs).eval()
    try:
        return topology_of(network)
    except Exception as error:
        raise EngineUnavailable(
            f"OpenVINO cannot run the network {config.architecture}: {error}.",
            "Use --engine torch.",
        ) from error


def _compiled(
    info: ModelInfo,
    topology: Topology,
    arrays: Mapping[str, NDArray[Any]],
    beside: Sequence[int],
    ranges: Ranges | None,
) -> "CompiledModel":
    ov = the_library()
    try:
        graph = build_graph(
            topology,
            arrays,
            temperature=info.config.temperature,
            beside=beside,
            ranges=ranges,
        )
        _refuse_other_classes(graph, info.config)
    except (KeyError, ValueError, RuntimeError) as error:
        raise BadModelFile(
            f"The weights in {info.path.name} are not of the architecture "
            f"{info.config.architecture} that it names: {_first_line(error)}.",
            GET_AGAIN,
        ) from error
    settings = {
        "PERFORMANCE_HINT": "LATENCY",
        "NUM_STREAMS": 1,
        # Its own choice where the processor has it: half the digits.
        "INFERENCE_PRECISION_HINT": "f32",
        "ENABLE_HYPER_THREADING": False,
        # Pinned threads of two processes would wait for each other on the same cores.
        "ENABLE_CPU_PINNING": False,
    }
    if threads := cpu_threads():
        settings["INFERENCE_NUM_THREADS"] = threads
    try:
        compiled: CompiledModel = ov.Core().compile_model(graph, "CPU", settings)
    except RuntimeError as error:
        raise EngineUnavailable(
            f"OpenVINO cannot run the network here: {_first_line(error)}.",
            "Use --engine torch.",
        ) from error
    return compiled


def _refuse_other_classes(graph: "Model", config: ModelConfig) -> None:
    found = graph.outputs[0].get_partial_shape()[1].get_length()
    if found != len(config.classes):
        raise ValueError(f"they say {found} classes instead of {len(config.classes)}")


def _first_line(error: Exception) -> str:
    said = f"{error} is missing" if isinstance(error, KeyError) else str(error)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return (lines[-1] if lines else type(error).__name__).rstrip(".")


@dataclass
class OpenVINOEngine:
    """A model in OpenVINO; for one thread at a time.

    Attributes:
        info: What the model file says.
        compiled: The network.
        likeness: What tells photos apart that the model knows nothing of.
        precision: `float32` or `int8`.
        notice: Why this is not the engine that would be taken first.
        batch: One tile at a time is as fast on a CPU, and takes the least memory.
    """

    info: ModelInfo
    compiled: "CompiledModel"
    likeness: LikenessStatistics | None = None
    precision: str = "float32"
    notice: str = ""
    batch: int = 1

    def __post_init__(self) -> None:
        self._request = self.compiled.create_infer_request()
        threads = int(self.compiled.get_property("INFERENCE_NUM_THREADS"))
        version = ".".join(the_library().__version__.split("-")[0].split(".")[:3])
        self.use = EngineUse(
            cpu_name(threads), "cpu", f"OpenVINO {version}", self.precision, threads
        )

    @property
    def config(self) -> ModelConfig:
        """What the model file says about the network."""
        return self.info.config

    def __call__(self, tiles: NDArray[np.uint8]) -> Planes:
        """RGB uint8 [N, h, w, 3] to float32 [N, C, h, w], sound paint left out.

        Raises:
            DeviceUnavailable: Not even one tile fits into the memory.
        """
        self._infer(tiles)
        return np.array(self._request.get_output_tensor(0).data)

    def look(self, tiles: NDArray[np.uint8]) -> tuple[Planes, Sequence[Floats]]:
        """The same, and of each encoder level the tiles' pooled features.

        Raises:
            DeviceUnavailable: Not even one tile fits into the memory.
        """
        planes = self(tiles)
        count = len(self.compiled.outputs)
        maps = [self._request.get_output_tensor(n).data for n in range(1, count)]
        return planes, pooled_features(maps, *tiles.shape[1:3])

    def _infer(self, tiles: NDArray[np.uint8]) -> None:
        try:
            self._request.infer([np.ascontiguousarray(tiles)], share_inputs=True)
        except RuntimeError as error:
            if "memory" not in str(error).lower() and "alloc" not in str(error).lower():
                raise
            raise DeviceUnavailable(
                "The memory is too small for one tile.", "Close other programs."
            ) from error
