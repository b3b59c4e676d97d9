"""Colours of the overlays, whole and reduced."""

import numpy as np
import pytest

from app.canvas.overlay_paint import (
    ClassLook,
    coloured,
    coverage,
    full_size_table,
    halved,
)

MAGENTA = ClassLook(1, (255, 0, 200), 0.5)
CYAN = ClassLook(2, (0, 215, 255), 1.0)
LOOKS = (MAGENTA, CYAN)


def channels(argb: np.ndarray) -> tuple[np.ndarray, ...]:
    return tuple((argb >> shift) & 255 for shift in (24, 16, 8, 0))


def test_colours_are_premultiplied_and_sound_paint_is_bare() -> None:
    table = full_size_table(LOOKS)
    assert table[0] == 0
    assert [int(c) for c in channels(table[1])] == [128, 128, 0, 100]
    assert [int(c) for c in channels(table[2])] == [255, 0, 215, 255]


def test_coverage_is_the_share_of_each_class() -> None:
    ids = np.zeros((8, 8), np.uint8)
    ids[:4, :4], ids[4:, :2] = 1, 2
    found = coverage(ids, (1, 2), 4)
    assert found[0].tolist() == [[255, 0], [0, 0]]
    assert found[1].tolist() == [[0, 0], [128, 0]]


@pytest.mark.parametrize("shape", [(64, 64), (52, 37)])
def test_halving_coverage_is_coverage_of_twice_the_size(shape: tuple[int, int]) -> None:
    ids = np.random.default_rng(4).integers(0, 3, shape).astype(np.uint8)
    inside = (slice(None), slice(shape[0] // 16), slice(shape[1] // 16))
    step = halved(coverage(ids, (1, 2), 8))[inside].astype(int)
    direct = coverage(ids, (1, 2), 16)[inside].astype(int)
    assert np.abs(step - direct).max() <= 1


def test_a_crack_of_one_pixel_is_seen_from_afar() -> None:
    ids = np.zeros((512, 512), np.uint8)
    ids[:, 256] = 1
    alpha = channels(coloured(coverage(ids, (1, 2), 32), LOOKS))[0]
    assert alpha[:, 8].min() >= 20
    assert alpha[:, 7].max() == 0


def test_no_colour_outweighs_its_alpha() -> None:
    planes = np.random.default_rng(1).integers(0, 256, (2, 40, 40)).astype(np.uint8)
    alpha, *rest = channels(coloured(planes, LOOKS))
    assert all((channel <= alpha).all() for channel in rest)
