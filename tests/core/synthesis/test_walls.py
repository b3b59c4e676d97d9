"""Painted walls: any size, the same from the same seed, and sound."""

import cv2
import numpy as np
import pytest

from resunet_core.defects import IGNORE_ID, PAINT_LOSS
from resunet_core.synthesis.walls import painted_wall
from resunet_core.training.generated import damage_wall, sound, wall_source


def test_the_same_seed_paints_the_same_wall_and_another_seed_another() -> None:
    first, again, other = (
        painted_wall(120, 90, rng=np.random.default_rng(seed)) for seed in (3, 3, 4)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("size", [(1, 1), (9, 300), (257, 64)])
def test_odd_and_small_walls(size: tuple[int, int]) -> None:
    wall = painted_wall(*size, rng=np.random.default_rng(1))
    assert wall.shape == (*size, 3)
    assert wall.dtype == np.uint8


def test_walls_carry_many_colours_white_ones_and_dark_lines() -> None:
    walls = [painted_wall(200, 200, rng=np.random.default_rng(s)) for s in range(6)]
    lab = [cv2.cvtColor(wall, cv2.COLOR_RGB2LAB).astype(int) for wall in walls]
    spread = np.mean([np.std(wall[..., 1:], axis=(0, 1)).sum() for wall in lab])
    assert spread > 10
    assert min(wall[..., 0].min() for wall in lab) < 60
    assert max(wall[..., 0].max() for wall in lab) > 190


def test_damage_on_walls_goes_from_none_to_most_of_the_paint() -> None:
    pixels, classes = sound(painted_wall(160, 160, rng=np.random.default_rng(2)))
    shares = []
    for seed in range(24):
        _, truth = damage_wall(pixels, classes, np.random.default_rng(seed))
        shares.append(float((truth == PAINT_LOSS.id).mean()))
    assert min(shares) == 0
    assert max(shares) > 0.3


def test_what_lies_bare_in_the_colour_of_the_paint_is_left_out_of_the_truth() -> None:
    source = wall_source(1.0)
    found = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        pixels, classes = source.load(seed % 4)
        crop = pixels[:160, :160], classes[:160, :160]
        shown, truth = damage_wall(*crop, rng)
        change = np.abs(shown.astype(int) - crop[0]).max(axis=2).astype(np.float32)
        found.append((cv2.blur(change, (7, 7)), truth))
    assert any((truth == IGNORE_ID).any() for _, truth in found)
    for change, truth in found:
        assert not (change[truth == PAINT_LOSS.id] < 5).any()
