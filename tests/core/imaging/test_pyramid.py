"""The pyramid: lossless, halved, made once, stoppable, remade when damaged."""

import os
from pathlib import Path

import numpy as np
import pytest

from resunet_core import cache
from resunet_core.box import Box
from resunet_core.imaging import pyramid
from resunet_core.imaging.photo import open_photo
from resunet_core.imaging.pyramid import build_pyramid, pyramid_path
from resunet_core.progress import Progress, run_to_end
from tests.builders import a_photo, painted_pixels


def test_levels_halve_and_level_zero_is_the_photo(tmp_path: Path) -> None:
    photo = open_photo(a_photo(tmp_path, height=1100, width=1501))
    levels = run_to_end(build_pyramid(photo))
    assert levels.levels == ((1100, 1501), (550, 750), (275, 375))
    whole = painted_pixels(1100, 1501)
    box = Box(500, 1000, 620, 1501)
    np.testing.assert_array_equal(levels.read(0, box), whole[box.slices])
    small = levels.read(2, Box.of(275, 375)).astype(float)
    blocks = whole[:1100, :1500].reshape(275, 4, 375, 4, 3).mean(axis=(1, 3))
    assert np.abs(small - blocks).mean() < 2


def test_the_second_time_it_is_there_at_once(tmp_path: Path) -> None:
    photo = open_photo(a_photo(tmp_path))
    run_to_end(build_pyramid(photo))
    made = pyramid_path(photo).read_bytes()
    steps: list[Progress] = []
    run_to_end(build_pyramid(photo), steps.append)
    assert steps == []
    assert pyramid_path(photo).read_bytes() == made


def test_a_damaged_copy_is_made_anew(tmp_path: Path) -> None:
    photo = open_photo(a_photo(tmp_path))
    path = pyramid_path(photo)
    path.write_bytes(b"II*\0 nonsense")
    pixels = run_to_end(build_pyramid(photo)).read(0, photo.box)
    np.testing.assert_array_equal(pixels, painted_pixels())


def test_stopping_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pyramid, "POLL_SECONDS", 0.0)
    photo = open_photo(a_photo(tmp_path, height=2000, width=2000))
    steps = build_pyramid(photo)
    next(steps)
    steps.close()
    assert list(pyramid_path(photo).parent.iterdir()) == []


def test_the_least_recently_used_copies_go_first(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("old", "newer", "kept")]
    for age, path in enumerate(files):
        path.write_bytes(bytes(100))
        os.utime(path, (1000 + age, 1000 + age))
    cache.prune(files[2], limit_bytes=250)
    assert [path.exists() for path in files] == [False, True, True]


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (700, 2), (17, 33), (511, 600)])
def test_any_size_makes_a_pyramid(tmp_path: Path, size: tuple[int, int]) -> None:
    photo = open_photo(a_photo(tmp_path, height=size[0], width=size[1]))
    levels = run_to_end(build_pyramid(photo))
    np.testing.assert_array_equal(levels.read(0, photo.box), painted_pixels(*size))
