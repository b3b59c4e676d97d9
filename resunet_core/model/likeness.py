"""How like a photo is to what a model learned from.

A network says something of any picture, a page of text included. Mahalanobis' distance
between a picture's features and those of the training crops, at each scale of the
encoder, tells apart the pictures that it knows nothing of (Lee et al. 2018, "A Simple
Unified Framework for Detecting Out-of-Distribution Samples and Adversarial Attacks").
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resunet_core.model.config import ModelConfig

PREFIX = "likeness."
"""Of the names of its arrays in a model file; no weight is called so."""

CELL_PX = 128
"""A photo is compared in cells of about this side."""

FAR_PERCENT = 99.0
"""A cell is far where this share of the training-like crops is nearer."""

UNLIKE = (
    "This photo is unlike what the model learned from: "
    "check all that was found before you rely on it."
)

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Likeness:
    """How far a photo is from what the model learned from.

    Attributes:
        percentile: Of its middle cell's distance among held-back training-like
            crops: 50 is as usual as can be, 100 farther than all of them.
        far_share: Share of its cells that are farther than 99 % of those crops.
        distance: Its middle cell's, of the model's limit: above 1 it is warned of.
    """

    percentile: float
    far_share: float
    distance: float

    @property
    def is_unlike(self) -> bool:
        """Whether a person must be told."""
        return self.distance > 1


def warnings_of(
    config: ModelConfig, likeness: Likeness | None, mm_per_px: float | None
) -> tuple[str, ...]:
    """What to tell of a photo that is not what the model learned from, in sentences.

    What is not known is not warned of.
    """
    said = []
    if likeness is not None and likeness.is_unlike:
        said.append(UNLIKE)
    if config.mm_per_px is not None and config.scale_in_range(mm_per_px) is False:
        low, high = config.mm_per_px
        said.append(
            f"This photo has {mm_per_px:.3g} mm per pixel, but the model learned from "
            f"{low:.3g} to {high:.3g}: check all that was found."
        )
    return tuple(said)


@dataclass(frozen=True)
class LevelStatistics:
    """What is kept of the features of one scale of the encoder.

    Attributes:
        centre: Their mean over the training crops, float32 [F].
        scale: Their deviation, float32 [F].
        axes: The main directions in which the crops differ, float32 [F, K], K < F.
        variances: Along each of them and, last, along any other, float32 [K + 1].
    """

    centre: Floats
    scale: Floats
    axes: Floats
    variances: Floats

    def distances_of(self, features: Floats) -> Floats:
        """Of pooled features, float32 [N, F]: [N].

        The main directions weigh as much as all the others together: what no crop
        has is seen there.
        """
        apart = (features - self.centre) / self.scale
        along = np.square(apart @ self.axes)
        rest = np.square(apart).sum(axis=1) - along.sum(axis=1)
        others = self.axes.shape[0] - self.axes.shape[1]
        main = (along / self.variances[:-1]).mean(axis=1)
        squares = main + np.maximum(rest, 0) / (others * self.variances[-1])
        return np.asarray(np.sqrt(squares / 2), np.float32)

    @property
    def fits(self) -> bool:
        """Whether the arrays are of one size and can be computed with."""
        parts = (self.centre, self.scale, self.axes, self.variances)
        if self.axes.ndim != 2 or not all(np.isfinite(part).all() for part in parts):
            return False
        count, kept = self.axes.shape
        return (
            self.centre.shape == self.scale.shape == (count,)
            and self.variances.shape == (kept + 1,)
            and kept < count
            and min(self.scale.min(), self.variances.min()) > 0
        )


@dataclass(frozen=True)
class LikenessStatistics:
    """What a model file keeps of the features of its training crops.

    Attributes:
        levels: Per scale of the encoder, finest first.
        distances: Quantiles of the distances of held-back training-like crops,
            evenly from the least to the greatest, float32 [Q].
        limit: The distance of a photo's middle cell above which to warn.
    """

    levels: tuple[LevelStatistics, ...]
    distances: Floats
    limit: float

    def distances_of(self, features: Sequence[Floats]) -> Floats:
        """Of pooled features, per level [N, F_k]: [N], about 1 for training crops."""
        apart = [
            level.distances_of(part)
            for level, part in zip(self.levels, features, strict=True)
        ]
        least = np.finfo(np.float32).tiny
        logs = np.log(np.maximum(apart, least))
        return np.asarray(np.exp(logs.mean(axis=0)), np.float32)

    def likeness_of(self, distances: Floats) -> Likeness | None:
        """What a photo's cells, [N], say together; None of no cells."""
        if not len(distances):
            return None
        percents = np.linspace(0, 100, len(self.distances))
        middle = float(np.median(distances))
        far = np.interp(FAR_PERCENT, percents, self.distances)
        return Likeness(
            percentile=round(float(np.interp(middle, self.distances, percents)), 1),
            far_share=round(float(np.mean(distances > far)), 3),
            distance=round(middle / self.limit, 3),
        )

    def arrays(self) -> dict[str, Floats]:
        """By their names in a model file."""
        found = {
            f"{PREFIX}{number}.{name}": getattr(level, name)
            for number, level in enumerate(self.levels)
            for name in LevelStatistics.__dataclass_fields__
        }
        found[f"{PREFIX}distances"] = self.distances
        found[f"{PREFIX}limit"] = np.array([self.limit], np.float32)
        return found

    @staticmethod
    def from_arrays(arrays: Mapping[str, Floats]) -> "LikenessStatistics | None":
        """Read what `arrays` gave; None where some are missing or do not fit.

        A model works as well without them: it only cannot tell.
        """
        levels: list[LevelStatistics] = []
        names = LevelStatistics.__dataclass_fields__
        while f"{PREFIX}{len(levels)}.centre" in arrays:
            parts = [arrays.get(f"{PREFIX}{len(levels)}.{name}") for name in names]
            known = [np.asarray(p, np.float32) for p in parts if p is not None]
            if len(known) < len(names) or not LevelStatistics(*known).fits:
                return None
            levels.append(LevelStatistics(*known))
        distances = np.asarray(arrays.get(f"{PREFIX}distances", ()), np.float32)
        limit = np.asarray(arrays.get(f"{PREFIX}limit", ()), np.float32)
        if not levels or distances.ndim != 1 or len(distances) < 2:
            return None
        if limit.shape != (1,) or not 0 < limit[0] < np.inf:
            return None
        return LikenessStatistics(tuple(levels), distances, float(limit[0]))
