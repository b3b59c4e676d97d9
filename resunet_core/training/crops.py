"""Endless seeded training crops from labelled pictures and generated damage."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import IterableDataset, get_worker_info

from resunet_core.training.augment import (
    random_camera,
    random_colour,
    random_crop,
    random_light,
    random_turn,
)

Picture = NDArray[np.uint8]
Classes = NDArray[np.uint8]
Labelled = tuple[Picture, Classes]


@dataclass(frozen=True)
class Source:
    """Labelled pictures of one origin and how often crops are taken from them.

    Attributes:
        name: Said in logs.
        weight: Share of the crops, relative to the other sources.
        count: How many pictures there are.
        load: Gives picture `index`: RGB uint8 [H, W, 3], class ids uint8 [H, W].
        scales: Range of the scale factor of a crop, drawn log-uniformly.
        damage: Adds generated damage to a crop, after scaling; None adds nothing.
    """

    name: str
    weight: float
    count: int
    load: Callable[[int], Labelled]
    scales: tuple[float, float] = (0.7, 2.0)
    damage: Callable[[Picture, Classes, np.random.Generator], Labelled] | None = None


@dataclass
class CropStream:
    """Endless crops; each is a function of the seed and its number alone."""

    sources: list[Source]
    side_px: int
    seed: int
    _odds: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        weights = np.array([source.weight for source in self.sources])
        self._odds = weights / weights.sum()

    def crop(self, number: int) -> Labelled:
        """Crop number `number` as RGB uint8 [S, S, 3] and class ids uint8 [S, S]."""
        rng = np.random.default_rng((self.seed, number))
        source = self.sources[int(rng.choice(len(self.sources), p=self._odds))]
        low, high = np.log(source.scales)
        scale = float(np.exp(rng.uniform(low, high)))
        pixels, classes = source.load(int(rng.integers(source.count)))
        pixels, classes = random_crop(pixels, classes, self.side_px, scale, rng)
        if source.damage is not None:
            pixels, classes = source.damage(pixels, classes, rng)
        pixels, classes = random_turn(pixels, classes, rng)
        pixels = random_light(random_colour(pixels, rng), rng)
        return random_camera(pixels, rng), classes


@dataclass
class CropBatches(IterableDataset[tuple[Tensor, Tensor]]):
    """Endless batches: float [N, 3, S, S] in 0..1 and class ids int64 [N, S, S].

    Batch k holds the crops k N to (k + 1) N - 1. Loader processes make whole batches in
    turn, so that their number changes nothing: a training that is resumed, even with
    another number, sees what an uninterrupted one would.
    """

    stream: CropStream
    size: int
    first: int = 0

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        worker = get_worker_info()
        own, together = (0, 1) if worker is None else (worker.id, worker.num_workers)
        for number in itertools.count(self.first + own, together):
            yield self.batch(number)

    def batch(self, number: int) -> tuple[Tensor, Tensor]:
        """Batch number `number`."""
        numbers = range(number * self.size, (number + 1) * self.size)
        pixels, classes = zip(*(self.stream.crop(n) for n in numbers), strict=True)
        return (
            torch.from_numpy(np.stack(pixels)).permute(0, 3, 1, 2).float() / 255,
            torch.from_numpy(np.stack(classes)).long(),
        )
