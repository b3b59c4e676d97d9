"""Collects, as an engine looks at tiles, how like a photo is to what was learned."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from resunet_core.model.likeness import Floats, Likeness, LikenessStatistics


@dataclass
class LikenessMeter:
    """Collects, tile by tile, how far a photo is from what the model learned from."""

    statistics: LikenessStatistics
    _distances: list[Floats] = field(default_factory=list)

    def add(self, features: Sequence[Floats]) -> None:
        """Take in the pooled features of some tiles, as an engine's `look` gives."""
        self._distances.append(self.statistics.distances_of(features))

    @property
    def result(self) -> Likeness | None:
        """Of all tiles so far; None before the first."""
        if not self._distances:
            return None
        return self.statistics.likeness_of(np.concatenate(self._distances))
