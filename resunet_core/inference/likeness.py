"""A network's features, pooled as it looks at tiles: what likeness is judged by."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own customary name
from torch import Tensor, nn

from resunet_core.model.likeness import (
    CELL_PX,
    Floats,
    Likeness,
    LikenessStatistics,
)
from resunet_core.model.model_file import LoadedModel

LEVELS = 4
"""So many of an encoder's maps count, the deepest: of a ResNet those from 1/4 on."""

MARGIN_PX = 64
"""At the borders of a tile the network sees an end that the photo has not: its
features there are of every tile and of no photo, and are left aside."""


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


def pooled_features(maps: Sequence[Tensor], height: int, width: int) -> list[Floats]:
    """Mean and spread of each channel over each cell of N tiles: per level [N n, F_k].

    Args:
        maps: Of an encoder, [N, C_k, h_k, w_k], for tiles of `height` x `width` px.
        height: Of a tile; it has as many rows of cells as come nearest to `CELL_PX`.
        width: Of a tile, likewise.
    """
    down, across = _margin(height), _margin(width)
    cells = (
        max(1, round((height - 2 * down) / CELL_PX)),
        max(1, round((width - 2 * across) / CELL_PX)),
    )
    levels = []
    for features in maps[-LEVELS:]:
        rows, columns = features.shape[2:]
        top, left = round(down * rows / height), round(across * columns / width)
        inner = features[:, :, top : rows - top, left : columns - left]
        values = inner.float()  # squares overflow the half precision of a GPU
        mean = F.adaptive_avg_pool2d(values, cells)
        squares = F.adaptive_avg_pool2d(values.square(), cells)
        spread = (squares - mean.square()).clamp_min(0).sqrt()
        both = torch.cat([mean, spread], dim=1)
        levels.append(both.permute(0, 2, 3, 1).flatten(0, 2).cpu().numpy())
    return levels


def _margin(side_px: int) -> int:
    """None of a picture that is no larger than a cell."""
    return max(0, min(MARGIN_PX, (side_px - CELL_PX) // 2))


@dataclass
class LikenessMeter:
    """Collects, tile by tile, how far a photo is from what the model learned from."""

    statistics: LikenessStatistics
    _distances: list[Floats] = field(default_factory=list)

    @staticmethod
    def of(model: LoadedModel) -> "LikenessMeter | None":
        """For one photo; None where the model cannot tell."""
        return LikenessMeter(model.likeness) if model.likeness else None

    def add(self, maps: Sequence[Tensor], height: int, width: int) -> None:
        """Take in what the encoder gave for tiles of `height` x `width` px."""
        features = pooled_features(maps, height, width)
        self._distances.append(self.statistics.distances_of(features))

    @property
    def result(self) -> Likeness | None:
        """Of all tiles so far; None before the first."""
        if not self._distances:
            return None
        return self.statistics.likeness_of(np.concatenate(self._distances))
