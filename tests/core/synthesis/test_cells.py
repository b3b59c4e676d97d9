"""Pictures of cells: the label is the membranes, all of them and nothing else."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from resunet_core.synthesis import cells
from resunet_core.synthesis.cells import cell_picture
from resunet_core.synthesis.tissue import grown_tissue

MEMBRANE = 1
SEEDS = range(8)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not() -> None:
    first, again, other = (
        cell_picture(120, 150, rng=np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert np.array_equal(first[0], again[0])
    assert np.array_equal(first[1], again[1])
    assert not np.array_equal(first[1], other[1])


@pytest.mark.parametrize("size", [(1, 1), (2, 9), (31, 33), (64, 200), (530, 70)])
def test_pictures_of_any_size_are_grey_with_one_class(size: tuple[int, int]) -> None:
    pixels, classes = cell_picture(*size, rng=np.random.default_rng(3))
    assert pixels.shape == (*size, 3)
    assert classes.shape == size
    assert pixels.dtype == classes.dtype == np.uint8
    assert np.ptp(pixels, axis=2).max() == 0
    assert set(np.unique(classes)) <= {0, MEMBRANE}


@pytest.mark.parametrize("seed", SEEDS)
def test_membranes_are_one_thin_net_around_many_cells(seed: int) -> None:
    _, classes = cell_picture(384, 384, rng=np.random.default_rng(seed))
    assert 0.05 < classes.mean() < 0.35
    _, _, nets, _ = cv2.connectedComponentsWithStats(classes, connectivity=8)
    assert nets[1:, cv2.CC_STAT_AREA].max() > 0.9 * classes.sum()
    count, _ = cv2.connectedComponents(1 - classes, connectivity=4)
    assert count > 15
    depth = cv2.distanceTransform(classes, cv2.DIST_L2, cv2.DIST_MASK_5)
    # Wide only where several meet.
    assert np.quantile(depth[classes == MEMBRANE], 0.9) <= 4


@pytest.mark.parametrize("seed", SEEDS)
def test_each_membrane_between_two_cells_is_labelled(seed: int) -> None:
    tissue = grown_tissue(256, 256, rng=np.random.default_rng(seed))
    labelled = (tissue.cover >= 0.5).astype(np.uint8)
    near = cv2.dilate(labelled, np.ones((3, 3), np.uint8)) > 0
    ids = tissue.ids
    assert near[:, 1:][ids[:, 1:] != ids[:, :-1]].all()
    assert near[1:][ids[1:] != ids[:-1]].all()
    assert not labelled[tissue.away_px > 3.6].any()


def test_most_membranes_are_dark_some_shine_and_all_are_seen() -> None:
    darker = []
    for seed in range(24):
        pixels, classes = cell_picture(192, 192, rng=np.random.default_rng(seed))
        away = cv2.distanceTransform(1 - classes, cv2.DIST_L2, cv2.DIST_MASK_5)
        beside = pixels[(away > 2) & (away < 7), 0]
        darker.append(np.median(beside) - np.median(pixels[classes == MEMBRANE, 0]))
    assert np.abs(darker).min() > 25
    shining = np.mean(np.array(darker) < 0)
    assert 0 < shining < 0.5


@pytest.mark.parametrize("maker", ["_dots", "_vesicles", "_mitochondria"])
def test_dark_things_lie_inside_cells_where_nothing_is_labelled(maker: str) -> None:
    """Else darkness alone would tell, and nothing would be learned of membranes."""
    stained, labelled = 0, 0
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        tissue = grown_tissue(320, 320, rng=rng)
        stain = np.zeros((320, 320), np.float32)
        getattr(cells, maker)(stain, tissue, rng)
        dark = stain > 0.1
        stained += int(dark.sum())
        labelled += int((dark & (tissue.cover >= 0.5)).sum())
    assert stained > 1000
    assert labelled < 0.03 * stained
