"""A crop depends on the seed and its number, and batches on nothing else either."""

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from resunet_core.training.crops import (
    Classes,
    CropBatches,
    CropStream,
    Labelled,
    Picture,
    Source,
)
from tests.builders import a_mask, painted_pixels


def _load(index: int) -> Labelled:
    return painted_pixels(80, 100, seed=index), a_mask(80, 100)


def _stream(seed: int = 1) -> CropStream:
    common = Source("common", 3.0, 5, _load)
    return CropStream([common, Source("rare", 1.0, 2, _load)], 32, seed)


def test_a_crop_is_a_function_of_seed_and_number() -> None:
    one, other = _stream(), _stream()
    other.crop(3)  # what was asked before changes nothing
    for number in (0, 7, 10**6):
        for mine, theirs in zip(one.crop(number), other.crop(number), strict=True):
            np.testing.assert_array_equal(mine, theirs)
    assert one.crop(0)[0].tobytes() != _stream(seed=2).crop(0)[0].tobytes()
    assert len({one.crop(n)[0].tobytes() for n in range(20)}) == 20


def test_sources_are_drawn_by_their_weight() -> None:
    drawn: list[str] = []

    def noted(name: str) -> Source:
        def load(index: int) -> Labelled:
            drawn.append(name)
            return _load(index)

        return Source(name, {"common": 3.0, "rare": 1.0}[name], 4, load)

    stream = CropStream([noted("common"), noted("rare")], 16, seed=0)
    for number in range(200):
        stream.crop(number)
    assert 125 < drawn.count("common") < 175


def test_damage_is_drawn_at_the_scale_of_the_crop() -> None:
    def spot(pixels: Picture, classes: Classes, _rng: np.random.Generator) -> Labelled:
        classes[10:14, 10:14] = 2
        return pixels, classes

    sound = painted_pixels(), np.zeros((96, 128), np.uint8)
    source = Source("spots", 1.0, 1, lambda _: sound, damage=spot)
    for number in range(5):
        _, classes = CropStream([source], 32, seed=0).crop(number)
        assert (classes == 2).sum() == 16


@pytest.mark.parametrize("loaders", [0, 1, 2])
def test_batches_do_not_depend_on_how_many_processes_make_them(loaders: int) -> None:
    """From the third batch on, as a resumed training asks for them."""
    stream = _stream()
    loader = DataLoader(
        CropBatches(stream, size=3, first=2), batch_size=None, num_workers=loaders
    )
    for number, (pixels, classes) in zip(range(2, 5), loader, strict=False):
        assert pixels.shape == (3, 3, 32, 32)
        assert classes.dtype == torch.int64
        for k in range(3):
            expected, ids = stream.crop(number * 3 + k)
            found = (pixels[k] * 255).round().byte().permute(1, 2, 0).numpy()
            np.testing.assert_array_equal(found, expected)
            np.testing.assert_array_equal(classes[k].numpy(), ids)
