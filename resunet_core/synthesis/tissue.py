"""Where cells lie in tissue: their sizes, their membranes, and how they join."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from resunet_core.synthesis.noise import Field, smooth_noise

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FINE = 2  # borders are laid out at twice the resolution, then averaged down
_MARGIN_PX = 40  # cells at the edge of the picture are cut off, not squeezed in
_SIDE_PX = (21.0, 50.0)
_MEMBRANE_PX = (1.8, 5.0)
_THINNEST_PX, _THICKEST_PX = 1.5, 6.0


@dataclass(frozen=True)
class Tissue:
    """Cells before anything is stained.

    Attributes:
        ids: int32 [H, W], which cell each pixel belongs to.
        cover: float32 [H, W], share of each pixel inside a membrane, 0..1.
        away_px: float32 [H, W], distance to the nearest membrane's middle.
    """

    ids: NDArray[np.int32]
    cover: Field
    away_px: Field


def grown_tissue(height: int, width: int, *, rng: np.random.Generator) -> Tissue:
    """Return random cells of mixed sizes with wobbly membranes of uneven width."""
    side = float(np.exp(rng.uniform(*np.log(_SIDE_PX))))
    fine = _wobbled(height, width, side, rng)
    away = _shrunk(_from_borders(fine), (width, height)) / np.float32(_FINE)
    away = _rounded(away, rng.uniform(1.2, 2.8))
    main = min(float(np.exp(rng.uniform(*np.log(_MEMBRANE_PX)))), 0.12 * side)
    uneven = 1 + np.float32(0.3) * smooth_noise(height, width, 18.0, rng)
    width_px = np.clip(np.float32(main) * uneven, _THINNEST_PX, _THICKEST_PX)
    return Tissue(
        ids=np.ascontiguousarray(fine[::_FINE, ::_FINE], dtype=np.int32),
        cover=np.clip(width_px / 2 - away + np.float32(0.5), 0, 1).astype(np.float32),
        away_px=away,
    )


def _wobbled(height: int, width: int, side: float, rng: np.random.Generator) -> Field:
    """Return cell numbers at the fine resolution, their borders bent."""
    margin = _MARGIN_PX
    cells = _cells(height + 2 * margin, width + 2 * margin, side, rng)
    tall, wide = height * _FINE, width * _FINE
    x = np.arange(wide, dtype=np.float32)[None, :] / _FINE + np.float32(margin)
    y = np.arange(tall, dtype=np.float32)[:, None] / _FINE + np.float32(margin)
    bend, ripple = side * rng.uniform(0.05, 0.12), rng.uniform(0.4, 1.3)
    looks = [
        np.float32(bend) * smooth_noise(tall, wide, side * 0.7 * _FINE, rng)
        + np.float32(ripple) * smooth_noise(tall, wide, 9.0 * _FINE, rng)
        for _ in range(2)
    ]
    bent = cv2.remap(
        cells,
        x + looks[0],
        y + looks[1],
        cv2.INTER_NEAREST,
        borderMode=cv2.BORDER_REFLECT,
    )
    return np.asarray(bent, dtype=np.float32)


def _rounded(away: Field, sigma: float) -> Field:
    """Return distances from a net whose meshes have round corners.

    Blurred, a distance is too large on the line itself by a known amount, and too
    small in a corner: the first is taken off, the second is wanted.
    """
    soft = cv2.GaussianBlur(away, (0, 0), sigma)
    least = np.float32(sigma * sigma * 2 / np.pi)
    return np.asarray(np.sqrt(np.maximum(soft * soft - least, 0)), dtype=np.float32)


def _cells(height: int, width: int, side: float, rng: np.random.Generator) -> Field:
    """Return the number of each pixel's cell, from large cells down to small ones.

    Each pixel belongs to the nearest of many rods: round where the rods are short,
    long and side by side where they are long.
    """
    empty = np.full((height, width), 255, np.uint8)
    stretch = rng.uniform(0.0, 2.4)
    turn = rng.uniform(0, np.pi) + smooth_noise(height, width, side * 4, rng)
    crowd = 0.45 * smooth_noise(height, width, side * 3, rng)
    radius = side * rng.uniform(0.8, 1.8)
    share = rng.uniform(0.25, 0.7)
    while radius > 0.18 * side:
        _place_rods(empty, radius, stretch, turn, crowd + share, rng)
        radius *= 0.62
    if empty.all():  # a tissue has at least one cell
        empty[height // 2, width // 2] = 0
    _, labels = cv2.distanceTransformWithLabels(
        empty, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_CCOMP
    )
    return np.asarray(labels, dtype=np.float32)


def _place_rods(
    empty: NDArray[np.uint8],
    radius: float,
    stretch: float,
    turn: Field,
    share: Field,
    rng: np.random.Generator,
) -> None:
    """Draw rods of one size (0 on 255) where there is room for them, in place."""
    height, width = empty.shape
    half_size = np.ascontiguousarray(empty[::2, ::2])  # a quarter of the work
    half_room = cv2.distanceTransform(half_size, cv2.DIST_L2, cv2.DIST_MASK_3)
    pitch = radius * (2.4 + stretch)
    rows, cols = int(height / pitch) + 1, int(width / pitch) + 1
    spot = np.mgrid[0:rows, 0:cols].reshape(2, -1).T + rng.random((rows * cols, 2))
    middle = spot * pitch
    middle = middle[(middle < (height, width)).all(axis=1)]
    at = middle.astype(np.intp)
    angle = turn[at[:, 0], at[:, 1]]
    half = radius * stretch * rng.random((len(middle), 1))
    reach = half * np.stack([np.sin(angle), np.cos(angle)], axis=1)
    fits = rng.random(len(middle)) < share[at[:, 0], at[:, 1]]
    for point in (middle - reach, middle, middle + reach):
        near = np.clip(point, 0, (height - 1, width - 1)).astype(np.intp)
        fits &= half_room[near[:, 0] // 2, near[:, 1] // 2] > radius * 0.58
    ends = np.stack([middle - reach, middle + reach], axis=1)[fits][..., ::-1]
    thick = max(1, round(radius * 1.5))
    for start, stop in np.round(ends).astype(int).tolist():
        cv2.line(empty, start, stop, 0, thick)


def _from_borders(cells: Field) -> Field:
    """Return the distance from the border between cells, in pixels."""
    inside = np.full(cells.shape, 255, np.uint8)
    across = (cells[:, 1:] == cells[:, :-1]).astype(np.uint8)
    down = (cells[1:] == cells[:-1]).astype(np.uint8)
    inside[:, 1:] *= across
    inside[1:] *= down
    away = cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_5)
    return np.asarray(away, dtype=np.float32)


def _shrunk(field: Field, size: tuple[int, int]) -> Field:
    """Return the field averaged down to (width, height)."""
    small = cv2.resize(field, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.float32)
