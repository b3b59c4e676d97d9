"""Networks by PyTorch: on CUDA, and as the reference on the CPU."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own customary name
from numpy.typing import NDArray
from torch import Tensor, nn

from resunet_core.errors import DeviceUnavailable
from resunet_core.inference.engine import EngineUse, Planes
from resunet_core.inference.pooling import LEVELS, cells_of, inner_of
from resunet_core.model.config import ModelConfig
from resunet_core.model.device import cpu_name
from resunet_core.model.likeness import Floats, LikenessStatistics
from resunet_core.model.model_file import LoadedModel, ModelInfo

CUDA_BATCH = 8


@contextmanager
def watched(network: nn.Module) -> Iterator[list[Tensor]]:
    """While it lasts, what the network's encoder last gave: its maps, finest first."""
    seen: list[Tensor] = []

    def keep(_module: nn.Module, _inputs: object, maps: Sequence[Tensor]) -> None:
        seen[:] = maps

    handle = network.get_submodule("encoder").register_forward_hook(keep)
    try:
        yield seen
    finally:
        handle.remove()


def pooled_maps(maps: Sequence[Tensor], height: int, width: int) -> list[Floats]:
    """What `pooling.pooled_features` gives, computed where the maps are."""
    cells = cells_of(height, width)
    levels = []
    for features in maps[-LEVELS:]:
        rows, columns = inner_of(features.shape[-2:], height, width)
        values = features[:, :, rows, columns].float()  # half would overflow squared
        mean = F.adaptive_avg_pool2d(values, cells)
        squares = F.adaptive_avg_pool2d(values.square(), cells)
        spread = (squares - mean.square()).clamp_min(0).sqrt()
        both = torch.cat([mean, spread], dim=1)
        levels.append(both.permute(0, 2, 3, 1).flatten(0, 2).cpu().numpy())
    return levels


@dataclass
class TorchEngine:
    """A loaded model as a function from tiles to defect probabilities.

    On CUDA it computes in half precision where that is safe, and halves its batch
    when the memory runs out.

    Attributes:
        model: Its network, thresholds and device.
        notice: Why this is not the engine that would be taken first.
        name: Of the device.
        batch: Tiles at once.
    """

    model: LoadedModel
    notice: str = ""
    name: str = ""
    batch: int = 1

    def __post_init__(self) -> None:
        self.model.network.to(memory_format=torch.channels_last)
        if self.model.device.type == "cuda":
            self.batch = CUDA_BATCH

    @property
    def info(self) -> ModelInfo:
        """What the model file says."""
        return self.model.info

    @property
    def config(self) -> ModelConfig:
        """What the model file says about the network."""
        return self.model.config

    @property
    def likeness(self) -> LikenessStatistics | None:
        """What tells photos apart that the model knows nothing of."""
        return self.model.likeness

    @property
    def use(self) -> EngineUse:
        """What computes."""
        kind = self.model.device.type
        threads = torch.get_num_threads() if kind == "cpu" else 0
        return EngineUse(
            self.name or (cpu_name(threads) if threads else kind.upper()),
            kind,
            f"PyTorch {torch.__version__.partition('+')[0]}",
            "float32" if kind == "cpu" else "float16",
            threads,
        )

    def __call__(self, tiles: NDArray[np.uint8]) -> Planes:
        """RGB uint8 [N, h, w, 3] to float32 [N, C, h, w], sound paint left out.

        Raises:
            DeviceUnavailable: Not even one tile fits into the GPU's memory.
        """
        return self._fitting(tiles, looks=False)[0]

    def look(self, tiles: NDArray[np.uint8]) -> tuple[Planes, Sequence[Floats]]:
        """The same, and of each encoder level the tiles' pooled features.

        Raises:
            DeviceUnavailable: Not even one tile fits into the GPU's memory.
        """
        return self._fitting(tiles, looks=True)

    def _fitting(
        self, tiles: NDArray[np.uint8], *, looks: bool
    ) -> tuple[Planes, list[Floats]]:
        """In so many parts that each fits into the memory."""
        try:
            return self._forward(tiles, looks=looks)
        except torch.cuda.OutOfMemoryError as error:
            torch.cuda.empty_cache()
            if len(tiles) == 1:
                raise DeviceUnavailable(
                    "The GPU's memory is too small for one tile.",
                    "Close other programs that use it, or choose the CPU.",
                ) from error
        self.batch = len(tiles) // 2
        parts = [self._fitting(half, looks=looks) for half in np.array_split(tiles, 2)]
        planes = np.concatenate([found for found, _ in parts])
        levels = zip(*(features for _, features in parts), strict=True)
        return planes, [np.concatenate(level) for level in levels]

    @torch.inference_mode()
    def _forward(
        self, tiles: NDArray[np.uint8], *, looks: bool
    ) -> tuple[Planes, list[Floats]]:
        device, network = self.model.device, self.model.network
        photo = torch.from_numpy(tiles).to(device, non_blocking=True)
        photo = photo.permute(0, 3, 1, 2).float() / 255  # NHWC: channels-last already
        half = torch.autocast(
            device.type, dtype=torch.float16, enabled=device.type == "cuda"
        )
        looking: AbstractContextManager[list[Tensor]] = nullcontext([])
        if looks:
            looking = watched(network)
        with half, looking as maps:
            logits: Tensor = network(photo)
        scaled = logits.float() / self.config.temperature
        found = np.asarray(scaled.softmax(dim=1)[:, 1:].cpu().numpy(), np.float32)
        return found, pooled_maps(maps, *tiles.shape[1:3])
