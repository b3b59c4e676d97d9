"""Endless seeded training crops from labelled pictures and generated damage."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import IterableDataset, get_worker_info

from resunet_core.defects import DEFAULT_CLASSES
from resunet_core.training.augment import (
    random_crop,
    random_degrees,
    random_jpeg,
    random_turn,
    turn,
    turned_px,
)
from resunet_core.training.looks import PLAIN_LOOK, apply_looks, draw_look
from resunet_core.training.pack import Pack
from resunet_core.training.paper_augment import paper_augment
from resunet_core.training.paste import paste_damage

Picture = NDArray[np.uint8]
Classes = NDArray[np.uint8]
Labelled = tuple[Picture, Classes]
Pick = tuple[int, tuple[int, int] | None]

AUGMENTATIONS = ("modern", "paper", "none")


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
        pick: Draws a picture and a place (row, column) that the crop shall show, or
            None for anywhere; without it any picture, anywhere.
    """

    name: str
    weight: float
    count: int
    load: Callable[[int], Labelled]
    scales: tuple[float, float] = (0.7, 2.0)
    damage: Callable[[Picture, Classes, np.random.Generator], Labelled] | None = None
    pick: Callable[[np.random.Generator], Pick] | None = None


@dataclass(frozen=True)
class DamagePicker:
    """Draws so that a share of the crops shows damage, each class as often.

    Attributes:
        pack: The pictures.
        numbers: Which of them.
        share: Of the crops that are aimed at damage; the rest is taken anywhere, and
            mostly shows sound paint.
    """

    pack: Pack
    numbers: tuple[int, ...]
    share: float

    def __call__(self, rng: np.random.Generator) -> Pick:
        """A position in `numbers` and a place in that picture."""
        by_class = self._with_class
        if by_class and rng.random() < self.share:
            class_id = list(by_class)[int(rng.integers(len(by_class)))]
            position = int(rng.choice(by_class[class_id]))
            number = self.numbers[position]
            return position, self.pack.somewhere(number, class_id, rng)
        return int(rng.integers(len(self.numbers))), None

    @cached_property
    def _with_class(self) -> dict[int, list[int]]:
        pictures = [self.pack.pictures[number] for number in self.numbers]
        found = {
            defect.id: [n for n, p in enumerate(pictures) if p.counts[defect.id]]
            for defect in DEFAULT_CLASSES
        }
        return {class_id: where for class_id, where in found.items() if where}


@dataclass(frozen=True)
class PackLoader:
    """Loads by position in `numbers`; a class, so that loader processes can have it."""

    pack: Pack
    numbers: tuple[int, ...]

    def __call__(self, position: int) -> Labelled:
        """Picture and class ids."""
        return self.pack.load(self.numbers[position])


def pack_source(
    pack: Pack,
    numbers: tuple[int, ...],
    *,
    scales: tuple[float, float],
    damaged_share: float,
    weight: float = 1.0,
) -> Source:
    """Crops of some pictures of a pack, a share of them aimed at damage."""
    return Source(
        "own",
        weight,
        len(numbers),
        PackLoader(pack, numbers),
        scales,
        pick=DamagePicker(pack, numbers, damaged_share) if damaged_share else None,
    )


class Crop(NamedTuple):
    """RGB uint8 [S, S, 3], class ids uint8 [S, S], and the look it is to be given."""

    pixels: Picture
    classes: Classes
    look: NDArray[np.float32]


@dataclass
class CropStream:
    """Endless crops; each is a function of the seed and its number alone.

    Attributes:
        sources: Where from.
        side_px: Side of a crop, S.
        seed: Of everything that is drawn.
        augmentation: One of `AUGMENTATIONS`.
        expand: So many different crops are made, then they come again; None: no end.
            The paper's 600 tiles became 21,000 so.
        paste: Share of the crops that get damage of another crop.
    """

    sources: list[Source]
    side_px: int
    seed: int
    augmentation: str = "modern"
    expand: int | None = None
    paste: float = 0.0
    _odds: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        weights = np.array([source.weight for source in self.sources])
        self._odds = weights / weights.sum()

    def crop(self, number: int) -> Crop:
        """Crop number `number`."""
        drawn = number if self.expand is None else number % self.expand
        rng = np.random.default_rng((self.seed, drawn))
        if self.augmentation == "none":
            return Crop(*self._cut(rng, self.side_px), PLAIN_LOOK)
        if self.augmentation == "paper":
            pixels, classes = self._cut(rng, self.side_px)
            return Crop(*paper_augment(pixels, classes, rng), PLAIN_LOOK)
        pixels, classes = self._cut_turned(rng)
        if self.paste and rng.random() < self.paste:
            donor = self._cut(rng, self.side_px)
            pixels, classes = paste_damage(pixels, classes, *donor, rng)
        pixels, classes = random_turn(pixels, classes, rng)
        return Crop(random_jpeg(pixels, rng), classes, draw_look(rng))

    def _cut_turned(self, rng: np.random.Generator) -> Labelled:
        """Cut so much larger that turned by a free angle it shows no border."""
        degrees = random_degrees(rng)
        pixels, classes = self._cut(rng, turned_px(self.side_px, degrees))
        return turn(pixels, classes, degrees, self.side_px)

    def _cut(self, rng: np.random.Generator, side_px: int) -> Labelled:
        source = self.sources[int(rng.choice(len(self.sources), p=self._odds))]
        low, high = np.log(source.scales)
        scale = float(np.exp(rng.uniform(low, high)))
        if source.pick is None:
            index, centre = int(rng.integers(source.count)), None
        else:
            index, centre = source.pick(rng)
        pixels, classes = source.load(index)
        pixels, classes = random_crop(
            pixels, classes, side_px, scale, rng, centre=centre
        )
        if source.damage is not None:
            pixels, classes = source.damage(pixels, classes, rng)
        return pixels, classes


class Batch(NamedTuple):
    """Crops on their way to the device.

    Attributes:
        pixels: uint8 [N, 3, S, S].
        classes: Class ids, uint8 [N, S, S].
        looks: What the light and the camera do to each, float32 [N, K].
        seeds: Of each one's noise.
    """

    pixels: Tensor
    classes: Tensor
    looks: Tensor
    seeds: Tensor

    def on(self, device: torch.device) -> tuple[Tensor, Tensor]:
        """Float [N, 3, S, S] in 0..1 with its looks, class ids int64 [N, S, S].

        As bytes they cross to a GPU at a quarter of the cost, and change there.
        """
        pixels = self.pixels.to(device, non_blocking=True).float() / 255
        looked = apply_looks(pixels, self.looks, self.seeds)
        classes = self.classes.to(device, non_blocking=True).long()
        return looked.contiguous(memory_format=torch.channels_last), classes


@dataclass
class CropBatches(IterableDataset[Batch]):
    """Endless batches.

    Batch k holds the crops k N to (k + 1) N - 1. Loader processes make whole batches in
    turn, so that their number changes nothing: a training that is resumed, even with
    another number, sees what an uninterrupted one would.

    Attributes:
        stream: The crops.
        size: N.
        first: The batch to begin with.
        part: Of how many trainings side by side this is which: each takes its part of
            every batch.
    """

    stream: CropStream
    size: int
    first: int = 0
    part: tuple[int, int] = (0, 1)

    def __iter__(self) -> Iterator[Batch]:
        worker = get_worker_info()
        own, together = (0, 1) if worker is None else (worker.id, worker.num_workers)
        for number in itertools.count(self.first + own, together):
            yield self.batch(number)

    def batch(self, number: int) -> Batch:
        """This training's part of batch number `number`."""
        own, parts = self.part
        numbers = range(number * self.size, (number + 1) * self.size)[own::parts]
        crops = [self.stream.crop(n) for n in numbers]
        return Batch(
            _stacked([crop.pixels for crop in crops]).permute(0, 3, 1, 2),
            _stacked([crop.classes for crop in crops]),
            torch.from_numpy(np.stack([crop.look for crop in crops])),
            torch.tensor([hash((self.stream.seed, n)) % 2**62 for n in numbers]),
        )


def _stacked(arrays: Sequence[NDArray[np.uint8]]) -> Tensor:
    return torch.from_numpy(np.stack(arrays))
