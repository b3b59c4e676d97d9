"""A crop depends on the seed and its number, and batches on nothing else either."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from resunet_core.training.crops import (
    Classes,
    CropBatches,
    CropStream,
    DamagePicker,
    Labelled,
    Picture,
    Source,
)
from resunet_core.training.pack import Pack, PackedPicture, _blocks_with
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
        stream = CropStream([source], 32, seed=0, augmentation="none")
        assert (stream.crop(number).classes == 2).sum() == 16


@pytest.mark.parametrize("loaders", [0, 1, 2])
def test_batches_do_not_depend_on_how_many_processes_make_them(loaders: int) -> None:
    """From the third batch on, as a resumed training asks for them."""
    stream = _stream()
    loader = DataLoader(
        CropBatches(stream, size=3, first=2), batch_size=None, num_workers=loaders
    )
    for number, batch in zip(range(2, 5), loader, strict=False):
        assert batch.pixels.shape == (3, 3, 32, 32)
        photos, classes = batch.on(torch.device("cpu"))
        assert photos.dtype == torch.float32
        assert classes.dtype == torch.int64
        for k in range(3):
            crop = stream.crop(number * 3 + k)
            found = batch.pixels[k].permute(1, 2, 0).numpy()
            np.testing.assert_array_equal(found, crop.pixels)
            np.testing.assert_array_equal(batch.looks[k].numpy(), crop.look)
            np.testing.assert_array_equal(classes[k].numpy(), crop.classes)


def test_trainings_side_by_side_share_each_batch() -> None:
    stream = _stream()
    whole = CropBatches(stream, size=5).batch(3)
    parts = [CropBatches(stream, size=5, part=(k, 2)).batch(3) for k in (0, 1)]
    assert [len(part.pixels) for part in parts] == [3, 2]
    for k in (0, 1):
        assert torch.equal(parts[k].pixels, whole.pixels[k::2])
        assert torch.equal(parts[k].seeds, whole.seeds[k::2])


def test_an_expanded_set_comes_again() -> None:
    stream = CropStream([Source("a", 1.0, 5, _load)], 32, seed=1, expand=3)
    seen = [stream.crop(n).pixels.tobytes() for n in range(7)]
    assert seen[:3] == seen[3:6]
    assert seen[6] == seen[0]
    assert len(set(seen)) == 3


def test_without_augmentation_a_crop_is_a_part_of_its_picture() -> None:
    source = Source("a", 1.0, 1, _load, scales=(1.0, 1.0))
    crop = CropStream([source], 32, seed=1, augmentation="none").crop(4)
    pixels, _ = _load(0)
    windows = np.lib.stride_tricks.sliding_window_view(pixels, (32, 32, 3))
    assert (windows == crop.pixels).all(axis=(-1, -2, -3)).any()


def test_a_share_of_the_crops_shows_damage() -> None:
    sound = np.zeros((400, 400), np.uint8)
    cracked, lost = sound.copy(), sound.copy()
    cracked[200:203, 200:230] = 1
    lost[20:40, 300:320] = 2
    masks = [sound] * 20 + [cracked, lost]
    picker = DamagePicker(_packed(masks), tuple(range(len(masks))), 0.5)
    rng = np.random.default_rng(0)
    picks = [picker(rng) for _ in range(600)]
    aimed = [pick for pick in picks if pick[1] is not None]
    assert 0.4 < len(aimed) / len(picks) < 0.6
    assert {index for index, _ in aimed} == {20, 21}
    # Each class as often, however many pictures show it.
    assert 0.4 < sum(index == 20 for index, _ in aimed) / len(aimed) < 0.6


def _packed(masks: list[Classes]) -> Pack:
    """A pack whose files are not there: only its places are asked for."""
    pictures = tuple(
        PackedPicture(
            name=str(n),
            key=str(n),
            height=mask.shape[0],
            width=mask.shape[1],
            start=0,
            counts=tuple(int((mask == c).sum()) for c in (0, 1, 2)),
            digest="",
        )
        for n, mask in enumerate(masks)
    )
    packed = Pack(Path(), pictures)
    for n, mask in enumerate(masks):
        for class_id in (1, 2):
            if (mask == class_id).any():
                packed._blocks[n, class_id] = _blocks_with(mask, class_id)
    return packed
