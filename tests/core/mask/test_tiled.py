"""Sparse planes and the mask of two of them."""

import tracemalloc

import numpy as np
import pytest

from resunet_core.box import Box
from resunet_core.mask import tiled
from resunet_core.mask.tile import DamagedTile, Tile, pack, unpack
from resunet_core.mask.tiled import DefectMask, TiledPlane, tiles_meeting

WHOLE = Box.of(700, 1100)


def random_plane(seed: int, top: int) -> TiledPlane:
    plane = TiledPlane(700, 1100)
    values = np.random.default_rng(seed).integers(0, top, (700, 1100), np.uint8)
    for row, col in tiles_meeting(WHOLE):
        plane.set_tile(row, col, values[plane.tile_box(row, col).slices].copy())
    return plane


def test_a_plane_reads_any_box_and_zero_outside_the_photo() -> None:
    plane = random_plane(1, 9)
    whole = plane.read(WHOLE)
    assert whole.any()
    for box in (Box(500, 500, 530, 1030), Box(-7, -9, 3, 2), Box(690, 1090, 720, 1150)):
        expected = np.pad(whole, 60)[box.move(60, 60).slices]
        np.testing.assert_array_equal(plane.read(box), expected)
    assert plane.read(Box(5, 5, 5, 9)).shape == (0, 4)


def test_only_what_is_not_zero_is_kept() -> None:
    plane = TiledPlane(32_000, 31_000)
    plane.set_tile(60, 60, np.ones((512, 31_000 - 60 * 512), np.uint8)[:, :280])
    plane.set_tile(0, 0, np.zeros((512, 512), np.uint8))
    assert list(plane.tiles()) == [(60, 60)]
    plane.set_tile(60, 60, None)
    assert list(plane.tiles()) == []
    assert plane.tile(60, 60) is None


@pytest.mark.parametrize(
    ("row", "col", "shape", "kind"),
    [
        (0, 2, (512, 512), np.uint8),
        (2, 0, (512, 512), np.uint8),
        (-1, 0, (512, 512), np.uint8),
        (0, 0, (512, 512), np.bool),
        (0, 0, (512,), np.uint8),
    ],
)
def test_a_tile_that_does_not_fit_is_refused(
    row: int, col: int, shape: tuple[int, ...], kind: type
) -> None:
    plane = TiledPlane(700, 1100)
    with pytest.raises(ValueError, match="tile"):
        plane.set_tile(row, col, np.ones(shape, kind))
    assert list(plane.tiles()) == []


def test_tiles_that_rest_are_packed_and_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tiled, "HOT_TILES", 2)
    plane = random_plane(2, 2)
    raw = 700 * 1100
    kept = [plane.get(*key) for key in plane.tiles()]
    assert sum(tile.nbytes for tile in kept if tile) < raw
    expected = np.random.default_rng(2).integers(0, 2, (700, 1100), np.uint8)
    np.testing.assert_array_equal(plane.read(WHOLE), expected)


def test_a_tile_is_read_only() -> None:
    pixels = random_plane(3, 9).tile(0, 0)
    assert pixels is not None
    with pytest.raises(ValueError, match="read-only"):
        pixels[0, 0] = 1


def test_a_person_is_over_the_model_and_counts_follow() -> None:
    mask = DefectMask(700, 1100)
    assert mask.counts() == {0: 770_000}
    mask.model, mask.person = random_plane(4, 3), random_plane(5, 4)
    model, person = mask.model.read(WHOLE), mask.person.read(WHOLE)
    expected = np.where(person > 0, person - 1, model)
    np.testing.assert_array_equal(mask.read(WHOLE), expected)
    np.testing.assert_array_equal(mask.read_origin(WHOLE), person > 0)
    assert [mask.counts()[k] for k in range(4)] == np.bincount(
        expected.ravel(), minlength=4
    ).tolist()
    mask.person.set_tile(1, 2, None)
    mask.model.set_tile(0, 1, None)
    again = mask.read(WHOLE)
    assert [mask.counts()[k] for k in range(3)] == np.bincount(again.ravel()).tolist()
    assert mask.counts()[200] == 0


def test_a_snapshot_stays_while_the_mask_changes() -> None:
    mask = DefectMask(700, 1100)
    mask.model = random_plane(6, 3)
    before = mask.read(WHOLE)
    frozen = mask.snapshot()
    for key in list(mask.tiles()):
        mask.model.set_tile(*key, None)
    np.testing.assert_array_equal(frozen.read(WHOLE), before)
    assert frozen.counts()[0] == int((before == 0).sum())
    assert mask.counts() == {0: 770_000}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no zlib at all",
        pack(np.ones((8, 8), np.uint8))[:-3],
        pack(np.ones((8, 9), np.uint8)),
    ],
)
def test_damaged_packed_pixels_are_told(data: bytes) -> None:
    with pytest.raises(DamagedTile):
        Tile.from_packed(data, (8, 8))


def test_a_tile_that_unpacks_to_far_too_much_takes_no_memory() -> None:
    data = pack(np.zeros((8000, 8000), np.uint8))
    tracemalloc.start()
    try:
        with pytest.raises(DamagedTile):
            unpack(data, (8, 8))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2**20


def test_packing_is_exact() -> None:
    pixels = np.random.default_rng(7).integers(0, 256, (512, 300), np.uint8)[:, ::3]
    np.testing.assert_array_equal(unpack(pack(pixels), (512, 100)), pixels)
