"""An encoder's maps, pooled over a photo's cells: what likeness is judged by.

By numpy, for engines that have no torch; `torch_engine` has the same for a GPU.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from resunet_core.model.likeness import CELL_PX, Floats

LEVELS = 4
"""So many of an encoder's maps count, the deepest: of a ResNet those from 1/4 on."""

MARGIN_PX = 64
"""At the borders of a tile the network sees an end that the photo has not: its
features there are of every tile and of no photo, and are left aside."""


def cells_of(height: int, width: int) -> tuple[int, int]:
    """Rows and columns of cells of a tile: as many as come nearest to `CELL_PX`."""
    down, across = margin(height), margin(width)
    return (
        max(1, round((height - 2 * down) / CELL_PX)),
        max(1, round((width - 2 * across) / CELL_PX)),
    )


def inner_of(sides: Sequence[int], height: int, width: int) -> tuple[slice, slice]:
    """The part of a map, of `sides` rows and columns, that is no margin of its tile."""
    rows, columns = sides
    top = round(margin(height) * rows / height)
    left = round(margin(width) * columns / width)
    return slice(top, rows - top), slice(left, columns - left)


def margin(side_px: int) -> int:
    """None of a picture that is no larger than a cell."""
    return max(0, min(MARGIN_PX, (side_px - CELL_PX) // 2))


def pooled_features(
    maps: Sequence[NDArray[np.float32]], height: int, width: int
) -> list[Floats]:
    """Mean and spread of each channel over each cell of N tiles: per level [N n, F_k].

    Args:
        maps: Of an encoder, [N, C_k, h_k, w_k], for tiles of `height` x `width` px.
        height: Of a tile.
        width: Of a tile.
    """
    cells = cells_of(height, width)
    levels = []
    for features in maps[-LEVELS:]:
        rows, columns = inner_of(features.shape[-2:], height, width)
        inner = features[:, :, rows, columns]
        mean, squares = _means(inner, cells)
        spread = np.sqrt(np.maximum(squares - mean * mean, 0))
        both = np.concatenate([mean, spread], axis=1).transpose(0, 2, 3, 1)
        levels.append(both.reshape(-1, both.shape[-1]).astype(np.float32))
    return levels


def _means(
    values: NDArray[np.float32], cells: tuple[int, int]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Means of values and of their squares over each cell, [N, C, *cells].

    Cells reach from the last whole number at or before their start to the first at or
    after their end, as torch has them: where the sides are no multiple, they overlap.
    """
    count, channels, *sides = values.shape
    means = np.empty((2, count, channels, *cells))
    for row, down in enumerate(_spans(sides[0], cells[0])):
        for column, across in enumerate(_spans(sides[1], cells[1])):
            part = values[:, :, down, across]
            flat = np.ascontiguousarray(part).reshape(count, channels, -1)
            means[0, :, :, row, column] = flat.mean(axis=2)
            squares = np.einsum("nci,nci->nc", flat, flat)
            means[1, :, :, row, column] = squares / flat.shape[2]
    return means[0], means[1]


def _spans(length: int, count: int) -> list[slice]:
    return [
        slice(number * length // count, -(-(number + 1) * length // count))
        for number in range(count)
    ]
