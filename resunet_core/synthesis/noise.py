"""Smooth random fields: the raw material of every texture and every damage."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
Pixels = NDArray[np.uint8]

_TILE_PX = 512


def smooth_noise(
    height: int,
    width: int,
    cell: float,
    rng: np.random.Generator,
    *,
    stretch: float = 1.0,
) -> Field:
    """Return float32 [height, width] noise, mean 0, deviation about 0.7.

    Args:
        height: Rows.
        width: Columns.
        cell: Wave length down the picture, in pixels.
        rng: Source of chance.
        stretch: How much longer the waves are across the picture than down it.
    """
    # Long waves need few samples: laid out coarsely, then enlarged.
    step = 4 if cell >= 12 else 2 if cell >= 5 else 1
    tall, wide = -(-height // step) + 1, -(-width // step) + 1
    down = max(cell / step, 1.0)
    across = max(cell * stretch / step, 1.0)
    rows = int(np.ceil(tall / down)) + 3
    cols = int(np.ceil(wide / across)) + 3
    grid = rng.standard_normal((rows, cols), dtype=np.float32)
    start_y, start_x = rng.random(2)
    lookup = np.array(
        [[1 / across, 0, 0.5 + start_x], [0, 1 / down, 0.5 + start_y]], np.float32
    )
    field = cv2.warpAffine(
        grid,
        lookup,
        (wide, tall),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REFLECT_101,
    )
    if step > 1:
        field = cv2.resize(field, (wide * step, tall * step))
    return np.ascontiguousarray(field[:height, :width], dtype=np.float32)


def fractal_noise(  # noqa: PLR0913 - a texture has as many knobs
    height: int,
    width: int,
    cell: float,
    rng: np.random.Generator,
    *,
    octaves: int = 4,
    gain: float = 0.5,
    stretch: float = 1.0,
) -> Field:
    """Return noise of several octaves, each half as long and `gain` as strong."""
    total = np.zeros((height, width), np.float32)
    power, norm = 1.0, 0.0
    for octave in range(octaves):
        size = cell / 2**octave
        if size < 1.0:
            break
        total += np.float32(power) * smooth_noise(
            height, width, size, rng, stretch=stretch
        )
        norm += power * power
        power *= gain
    total /= np.float32(max(norm, 1e-6) ** 0.5)
    return total


def grains(height: int, width: int, rng: np.random.Generator) -> Field:
    """Return pixel-fine noise, float32, mean 0, deviation 1, cheaply."""
    tile = _grain_tile()
    # Windows of one fixed tile, mirrored by chance: drawing fresh numbers for each
    # pixel costs more than all the rest.
    if height <= _TILE_PX and width <= _TILE_PX:
        top = int(rng.integers(_TILE_PX - height + 1))
        left = int(rng.integers(_TILE_PX - width + 1))
        window = tile[top : top + height, left : left + width]
        return np.ascontiguousarray(_turned(window, int(rng.integers(4))))
    turns = rng.integers(0, 4, (-(-height // _TILE_PX), -(-width // _TILE_PX)))
    rows = [np.hstack([_turned(tile, int(code)) for code in row]) for row in turns]
    return np.ascontiguousarray(np.vstack(rows)[:height, :width])


@lru_cache(maxsize=1)
def _grain_tile() -> Field:
    """Return the fixed tile behind `grains`, the same in every process."""
    tile = np.random.default_rng(1).standard_normal((_TILE_PX, _TILE_PX), np.float32)
    tile.setflags(write=False)
    return tile


def _turned(tile: Field, code: int) -> Field:
    """Return the tile mirrored in one of four ways, so that copies do not show."""
    return tile[:: 1 - 2 * (code & 1), :: 1 - (code & 2)]


def cell_labels(
    height: int, width: int, cell: float, rng: np.random.Generator
) -> NDArray[np.int32]:
    """Return a Voronoi partition as int32 [height, width] with ids from 1.

    Args:
        height: Rows.
        width: Columns.
        cell: Mean side of a cell in pixels.
        rng: Source of chance.
    """
    rows = max(2, round(height / cell))
    cols = max(2, round(width / cell))
    # One jittered site per grid square: even enough to look like drying paint.
    site_y, site_x = np.mgrid[0:rows, 0:cols].astype(np.float32)
    site_y += 0.5 + rng.uniform(-0.62, 0.62, site_y.shape)
    site_x += 0.5 + rng.uniform(-0.62, 0.62, site_x.shape)
    at_y = np.clip(site_y * (height / rows), 0, height - 1).astype(np.intp)
    at_x = np.clip(site_x * (width / cols), 0, width - 1).astype(np.intp)
    ground = np.full((height, width), 255, np.uint8)
    ground[at_y, at_x] = 0
    _, labels = cv2.distanceTransformWithLabels(
        ground, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    return np.asarray(labels, dtype=np.int32)


def shifted(field: Field, dx: float, dy: float) -> Field:
    """Return the field moved by (dx, dy) pixels, its border repeated."""
    matrix = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
    height, width = field.shape[:2]
    moved = cv2.warpAffine(
        field, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(moved, dtype=np.float32)


def luminance(pixels: Field) -> Field:
    """Return the brightness of float32 RGB pixels, same range."""
    weights = np.array([[0.299, 0.587, 0.114]], np.float32)
    return np.asarray(cv2.transform(pixels, weights), dtype=np.float32).reshape(
        pixels.shape[:2]
    )
