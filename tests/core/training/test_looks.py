"""Each number of a look does what its name says, to its own picture alone."""

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from resunet_core.training.looks import (
    LOOK_SIZE,
    ORDERS,
    PLAIN_LOOK,
    STOP,
    Look,
    apply_looks,
    draw_look,
    make_look,
)
from tests.builders import painted_pixels

RED, GREEN, BLUE, YELLOW = (1.0, 0, 0), (0, 1.0, 0), (0, 0, 1.0), (1.0, 1.0, 0)


def _flat(*colour: float, side: int = 12) -> Tensor:
    return torch.tensor(colour)[None, :, None, None].repeat(1, 1, side, side)


def _wall(count: int = 1, side: int = 40) -> Tensor:
    pictures = [painted_pixels(side, side, seed=seed) for seed in range(count)]
    return torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2) / 255


def _looked(
    photos: Tensor, seeds: Sequence[int] | Tensor = (0,), **values: float
) -> Tensor:
    look = torch.from_numpy(make_look(**values))
    return apply_looks(photos, look.repeat(len(photos), 1), seeds)


def _colour(shown: Tensor) -> list[float]:
    return [round(float(v), 3) for v in shown[0].mean((1, 2))]


def _drawn(count: int, seed: int = 0) -> Tensor:
    looks = [draw_look(np.random.default_rng((seed, k))) for k in range(count)]
    return torch.from_numpy(np.stack(looks))


def test_the_plain_look_changes_nothing() -> None:
    photos = torch.rand((3, 3, 17, 23), generator=torch.Generator().manual_seed(0))
    assert PLAIN_LOOK.shape == (LOOK_SIZE,)
    shown = apply_looks(photos, torch.from_numpy(PLAIN_LOOK).repeat(3, 1), [1, 2, 3])
    torch.testing.assert_close(shown, photos, rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("before", "degrees", "after"),
    [(RED, 120, GREEN), (RED, 240, BLUE), (GREEN, 120, BLUE), (YELLOW, 360, YELLOW)],
)
def test_hue_turns_through_the_primaries(
    before: tuple[float, ...], degrees: float, after: tuple[float, ...]
) -> None:
    shown = _looked(_flat(*before), hue=degrees)
    assert _colour(shown) == pytest.approx(after, abs=1e-3)


def test_colour_numbers_do_what_they_are_called() -> None:
    paint = _flat(0.6, 0.4, 0.2)
    assert _colour(_looked(paint, saturation=0)) == pytest.approx([0.4] * 3)
    assert _colour(_looked(paint, saturation=1.5)) == pytest.approx([0.7, 0.4, 0.1])
    assert _colour(_looked(paint, inverted=1)) == pytest.approx([0.4, 0.6, 0.8])
    twice = _looked(_looked(_wall(), inverted=1), inverted=1)
    torch.testing.assert_close(twice, _wall(), rtol=0, atol=1e-6)
    assert _colour(_looked(paint, red=1.1, blue=0.5)) == pytest.approx([0.66, 0.4, 0.1])
    for number, order in enumerate(ORDERS):
        expected = [(0.6, 0.4, 0.2)[channel] for channel in order]
        assert _colour(_looked(paint, order=number)) == pytest.approx(expected)
    # Greys have no hue and no saturation.
    grey = _looked(_flat(0.3, 0.3, 0.3), hue=77, saturation=1.7)
    assert _colour(grey) == pytest.approx([0.3] * 3)


def test_tone_numbers_do_what_they_are_called() -> None:
    assert _colour(_looked(_flat(0.5, 0.5, 0.5), gamma=2))[0] == pytest.approx(0.25)
    assert _colour(_looked(_flat(0.4, 0.4, 0.4), stops=1))[0] == pytest.approx(
        0.4 * STOP, abs=1e-3
    )
    assert _colour(_looked(_flat(0.4, 0.4, 0.4), stops=-1))[0] == pytest.approx(
        0.4 / STOP, abs=1e-3
    )
    grey = _flat(0.5, 0.5, 0.5)
    assert _colour(_looked(grey, brightness=0.1))[0] == pytest.approx(0.6)
    wall = _wall()
    flatter = _looked(wall, contrast=0.5)
    assert float(flatter.mean()) == pytest.approx(float(wall.mean()), abs=1e-4)
    assert float(flatter.std() / wall.std()) == pytest.approx(0.5, abs=1e-3)


def test_no_exposure_makes_the_damage_vanish() -> None:
    for level, stops, brightness in [(0.8, 1.0, 0.15), (0.04, -1.0, -0.15)]:
        paint = _flat(level, level, level)
        paint[..., 5, :] *= 0.6
        shown = _looked(paint, stops=stops, brightness=brightness)
        assert shown[0, 0, 5, 0] < 0.8 * shown[0, 0, 0, 0]


def test_light_falls_where_it_is_sent() -> None:
    paint = _flat(0.5, 0.5, 0.5, side=40)
    shown = _looked(paint, slope=0.4)[0, 0]
    assert (shown.diff(dim=1) > 0).all()
    assert float(shown[0, -1] / shown[0, 0]) == pytest.approx(1.195 / 0.805)
    downwards = _looked(paint, slope=0.4, slope_angle=np.pi / 2)[0, 0]
    torch.testing.assert_close(downwards, shown.T)
    shaded = _looked(paint, shadow=0.4, shadow_at=0.1, shadow_softness=0.01)[0, 0]
    assert shaded[:, 0].tolist() == pytest.approx([0.5] * 40)
    assert shaded[:, -1].tolist() == pytest.approx([0.3] * 40)
    assert int((shaded[0] > 0.4).sum()) == 24  # the edge: a tenth beyond the middle


def test_blur_is_gaussian_and_sharpening_its_opposite() -> None:
    spot = torch.zeros(1, 3, 15, 15)
    spot[..., 7, 7] = 1
    blurred = _looked(spot, detail=-1, detail_px=1.0)[0, 0]
    axis = torch.arange(15) - 7.0
    spread = (blurred.sum(0) * axis**2).sum()
    assert float(blurred.sum()) == pytest.approx(1)
    assert float(spread) == pytest.approx(1, abs=0.01)
    edge = _flat(0.4, 0.4, 0.4)
    edge[..., 6:] = 0.6
    sharp = _looked(edge, detail=0.8)[0, 0, 0]
    assert sharp.min() < 0.37
    assert sharp.max() > 0.63
    assert sharp[[0, -1]].tolist() == pytest.approx([0.4, 0.6], abs=1e-3)


def test_noise_is_as_strong_as_said_and_of_its_own_seed() -> None:
    paint = _flat(0.5, 0.5, 0.5, side=64)
    one, same, other = (
        _looked(paint, seeds, noise=0.03) for seeds in ([4], torch.tensor([4]), [5])
    )
    assert float((one - paint).std()) == pytest.approx(0.03, rel=0.05)
    assert float((one - paint).mean()) == pytest.approx(0, abs=2e-3)
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


@given(
    seed=st.integers(0, 9999),
    order=st.permutations(range(4)),
    count=st.integers(1, 4),
)
def test_a_crop_is_the_same_in_any_batch(
    seed: int, order: list[int], count: int
) -> None:
    photos, looks = _wall(4, side=21), _drawn(4, seed)
    seeds = torch.arange(4) + seed
    together = apply_looks(photos, looks, seeds)
    chosen = torch.tensor(order[:count])
    others = apply_looks(photos[chosen], looks[chosen], seeds[chosen])
    assert torch.equal(others, together[chosen])


@given(seed=st.integers(0, 9999), height=st.integers(1, 30), width=st.integers(1, 30))
def test_results_are_pictures_and_the_photos_stay(
    seed: int, height: int, width: int
) -> None:
    photos = torch.rand((2, 3, height, width), generator=torch.Generator())
    before = photos.clone()
    shown = apply_looks(photos, _drawn(2, seed), [1, 2])
    assert shown.shape == photos.shape
    assert shown.dtype == photos.dtype
    assert bool(((shown >= 0) & (shown <= 1)).all())
    assert torch.equal(photos, before)


def test_drawn_looks_vary_within_reason() -> None:
    looks = Look(*_drawn(400).unbind(1))
    assert torch.equal(_drawn(3, seed=7), _drawn(3, seed=7))
    assert 0.05 < float(looks.inverted.mean()) < 0.2
    assert float(looks.stops.abs().max()) <= 1
    assert 0.3 < float((looks.stops != 0).float().mean()) < 0.7
    assert float(looks.gamma.min()) > 0
    blurred, sharpened = looks.detail < 0, looks.detail > 0
    assert 0.15 < float(blurred.float().mean()) < 0.35
    assert 0.08 < float(sharpened.float().mean()) < 0.25
    for column in looks:
        assert len(set(column.tolist())) > 1


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_gpu_gives_the_same_pictures_but_for_noise() -> None:
    photos, looks = _wall(8, side=48), _drawn(8)
    looks[:, Look._fields.index("noise")] = 0
    here = apply_looks(photos, looks, range(8))
    there = apply_looks(photos.cuda(), looks, range(8))
    assert there.is_cuda
    torch.testing.assert_close(there.cpu(), here, rtol=0, atol=1e-4)
