"""What to review first: the unsure and large before the sure and small."""

import numpy as np

from resunet_core.box import Box
from resunet_core.mask.doubt import doubts
from resunet_core.mask.fill import fill
from resunet_core.mask.tiled import OUT_OF_SCOPE, DefectMask
from resunet_core.progress import run_to_end

KEYS: tuple[str, ...] = ("craquelure", "paint_loss")
HEIGHT, WIDTH = 600, 1300


class Invented:
    """Probabilities that lie in memory."""

    keys: tuple[str, ...] = KEYS
    height, width = HEIGHT, WIDTH

    def __init__(self, planes: np.ndarray) -> None:
        self._planes = planes

    def read(self, box: Box) -> np.ndarray:
        return self._planes[(slice(None), *box.slices)]


def a_wall() -> tuple[DefectMask, Invented]:
    """A large loss hardly found, a small one hardly found, a large sure one.

    In the last tile something large was nearly found. All of them 20 or 40 px wide.
    """
    mask = DefectMask(HEIGHT, WIDTH)
    planes = np.zeros((2, HEIGHT, WIDTH), np.uint8)
    losses = ((100, 40, 140), (200, 20, 140), (300, 40, 250))
    for top, side, probability in losses:
        box = Box(top, 100, top + side, 100 + side)
        planes[1][box.slices] = probability
        tile = np.array(mask.model.read(mask.model.tile_box(0, 0)))
        tile[box.slices] = 2
        mask.model.set_tile(0, 0, tile)
    planes[0, 300:360, 1100:1160] = 100
    return mask, Invented(planes)


def test_the_most_at_stake_comes_first_and_what_is_sure_not_at_all() -> None:
    mask, probabilities = a_wall()
    found = run_to_end(doubts(mask, probabilities))
    missed, large, small = found
    assert missed.box == mask.model.tile_box(0, 2)
    assert (missed.class_id, missed.pixel) == (None, None)
    assert missed.at_stake_px == 60 * 60 * 100 / 255
    assert large.box == Box(100, 100, 140, 140)
    assert large.class_id == 2
    assert large.at_stake_px == 40 * 40 * 115 / 255
    assert small.at_stake_px == 20 * 20 * 115 / 255


def test_what_a_person_said_is_in_no_doubt() -> None:
    mask, probabilities = a_wall()
    box = Box(100, 100, 140, 140)
    fill(mask, box, 2, np.ones((40, 40), np.bool_), "Accept")
    nearly = Box(300, 1100, 360, 1160)
    outside = np.ones((60, 60), np.bool_)
    fill(mask, nearly, OUT_OF_SCOPE, outside, "Scope", plane="scope")
    found = run_to_end(doubts(mask, probabilities))
    assert [doubt.box.top for doubt in found] == [200]
    assert run_to_end(doubts(mask, probabilities, checked={(0, 0)})) == ()


def test_a_region_larger_than_a_tile_is_looked_at_tile_by_tile() -> None:
    mask = DefectMask(HEIGHT, WIDTH)
    planes = np.zeros((2, HEIGHT, WIDTH), np.uint8)
    planes[0, 10:14] = 155
    for column in range(3):
        tile = np.zeros(mask.model.read(mask.model.tile_box(0, column)).shape, np.uint8)
        tile[10:14] = 1
        mask.model.set_tile(0, column, tile)
    found = run_to_end(doubts(mask, Invented(planes)))
    assert [doubt.class_id for doubt in found] == [None] * 3
    total = sum(doubt.at_stake_px for doubt in found)
    assert round(total) == round(4 * WIDTH * 100 / 255)
