"""Cell tissue as under an electron microscope: a thin connected network on grey.

The paper trains first on thirty such pictures, whose labels are the membranes. These
are made, so that the stage can run anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from resunet_core.synthesis.noise import (
    Field,
    Pixels,
    fractal_noise,
    grains,
    smooth_noise,
)
from resunet_core.synthesis.recipe import CRAQUELURE
from resunet_core.synthesis.tissue import Tissue, grown_tissue

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TABLE = 4096
_SUB = 4
_ONE = 1 << _SUB


def cell_picture(
    height: int, width: int, *, rng: np.random.Generator
) -> tuple[Pixels, NDArray[np.uint8]]:
    """Return a picture of cells, and which of its pixels are membrane.

    Args:
        height: Rows.
        width: Columns.
        rng: Source of chance; the same state gives the same bytes.

    Returns:
        Pixels, grey as uint8 RGB [H, W, 3], and class ids, uint8 [H, W]: a membrane
        is 1, the thin class, everything else 0. Organelles are not labelled.
    """
    tissue = grown_tissue(height, width, rng=rng)
    stain = _plasm(tissue, rng)
    _dots(stain, tissue, rng)
    _vesicles(stain, tissue, rng)
    _mitochondria(stain, tissue, rng)
    _densities(stain, tissue, rng)
    vary = smooth_noise(height, width, 45.0, rng) * np.float32(0.13)
    level = np.clip(np.float32(rng.uniform(0.6, 1.0)) + vary, 0.45, 1.1)
    stain += (np.maximum(level, stain) - stain) * tissue.cover
    grey = _developed(stain, rng)
    classes = (tissue.cover >= 0.5).astype(np.uint8) * np.uint8(CRAQUELURE)
    return np.repeat(grey[..., None], 3, axis=2), classes


def _plasm(tissue: Tissue, rng: np.random.Generator) -> Field:
    """Return the stain inside the cells: clouds and grain, darker cell by cell."""
    height, width = tissue.ids.shape
    table = rng.gamma(1.2, rng.uniform(0.01, 0.07), _TABLE).astype(np.float32)
    stain = table[tissue.ids & (_TABLE - 1)]
    cloud, grain = rng.uniform(0.05, 0.14), rng.uniform(0.4, 1.4)
    stain += np.float32(cloud) * fractal_noise(
        height, width, 30.0, rng, octaves=3, gain=0.8
    )
    stain += np.float32(grain) * _soft_grains(height, width, rng.uniform(1, 1.9), rng)
    return np.asarray(stain, dtype=np.float32)


def _spots(
    tissue: Tissue, count: int, clear_px: float, rng: np.random.Generator
) -> list[tuple[float, float]]:
    """Return places (x, y) inside cells, at least so far from any membrane."""
    height, width = tissue.away_px.shape
    spots = rng.random((count, 2)) * (width, height)
    at = spots.astype(np.intp)
    kept: list[tuple[float, float]] = spots[
        tissue.away_px[at[:, 1], at[:, 0]] > clear_px
    ].tolist()
    return kept


def _dots(stain: Field, tissue: Tissue, rng: np.random.Generator) -> None:
    """Stain small dark grains, in place."""
    per_px = rng.uniform(0.0, 1 / 250)
    layer = np.zeros(stain.shape, np.uint8)
    for x, y in _spots(tissue, int(per_px * stain.size), 4.0, rng):
        radius = rng.uniform(0.7, 2.2)
        _disc(layer, x, y, radius, int(rng.uniform(60, 255)))
    stain += layer.astype(np.float32) * np.float32(rng.uniform(0.2, 0.5) / 255)


def _vesicles(stain: Field, tissue: Tissue, rng: np.random.Generator) -> None:
    """Stain crowds of small bubbles with dark rims, in place."""
    height, width = stain.shape
    crowd = smooth_noise(height, width, 90.0, rng) - np.float32(rng.uniform(-0.4, 0.7))
    typical = rng.uniform(2.0, 4.0)
    rims, lumens = np.zeros((2, height, width), np.uint8)
    count = int(stain.size / 160 * rng.uniform(0.1, 1))
    for x, y in _spots(tissue, count, typical + 3, rng):
        if crowd[int(y), int(x)] > 0:
            radius = typical * rng.uniform(0.7, 1.3)
            _disc(lumens, x, y, radius, 255)
            _disc(rims, x, y, radius, 255, thick=1)
    stain -= lumens.astype(np.float32) * np.float32(rng.uniform(0.0, 0.1) / 255)
    stain += rims.astype(np.float32) * np.float32(rng.uniform(0.2, 0.55) / 255)


def _mitochondria(stain: Field, tissue: Tissue, rng: np.random.Generator) -> None:
    """Stain large dark bodies with a rim and folds inside, in place."""
    matrix, folds = rng.uniform(0.3, 0.75), rng.uniform(0.1, 0.25)
    spots = _spots(tissue, int(stain.size / 2500), 11.0, rng)
    # Mostly in the middle of large cells.
    room = np.array([tissue.away_px[int(y), int(x)] - 3 for x, y in spots])
    order = np.argsort(-room * rng.uniform(0.5, 1, len(spots)))
    wanted = int(rng.integers(0, 3 + stain.size // 30_000))
    placed: list[tuple[float, float]] = []
    for index in order.tolist():
        x, y = spots[index]
        near = (np.hypot(x - a, y - b) < 50 for a, b in placed)
        if len(placed) < wanted and not any(near):
            short = min(float(room[index]), 28.0) * float(rng.uniform(0.65, 0.95))
            long = min(short * float(rng.uniform(1.0, 1.8)), float(room[index]) + 2)
            _body(stain, (x, y), (long, short), (matrix, folds), rng)
            placed.append((x, y))


def _body(
    stain: Field,
    middle: tuple[float, float],
    radii: tuple[float, float],
    levels: tuple[float, float],
    rng: np.random.Generator,
) -> None:
    """Stain one dark oval, (level, depth of its folds) in `levels`, in place."""
    (x, y), (long, short), (matrix, folds) = middle, radii, levels
    reach = int(long) + 4
    left, top = max(int(x) - reach, 0), max(int(y) - reach, 0)
    part = stain[top : int(y) + reach, left : int(x) + reach]
    turn = rng.uniform(0, np.pi)
    cos, sin = np.float32(np.cos(turn)), np.float32(np.sin(turn))
    across = np.arange(left, left + part.shape[1], dtype=np.float32)[None, :] - x
    down = np.arange(top, top + part.shape[0], dtype=np.float32)[:, None] - y
    along, aside = across * cos + down * sin, down * cos - across * sin
    bend = 0.12 * smooth_noise(part.shape[0], part.shape[1], short, rng)
    radius = np.hypot(along / long, aside / short) + bend
    inside = np.clip((1 - radius) * short, 0, 1)
    edge = np.exp(-(((radius - 1) * short + 1.5) ** 2) / 2)
    wave = along * (2 * np.pi / rng.uniform(4.5, 8.0)) + bend * 50
    level = matrix + folds * np.sin(wave) * (radius < 0.8) + 0.3 * edge
    # Its own grain stays, half as strong.
    part += (level - part * 0.5) * inside


def _densities(stain: Field, tissue: Tissue, rng: np.random.Generator) -> None:
    """Lay soft dark smears over some membranes, in place."""
    height, width = stain.shape
    layer = np.zeros(stain.shape, np.uint8)
    spots = rng.random((int(stain.size / 2500), 2)) * (width, height)
    kept = int(stain.size / 26_000 * rng.uniform(0, 2))
    at = spots.astype(np.intp)
    near = spots[tissue.away_px[at[:, 1], at[:, 0]] < 4][:kept]
    for x, y in near.tolist():
        _disc(layer, x, y, rng.uniform(3, 12), int(rng.uniform(90, 255)))
    soft = cv2.GaussianBlur(layer, (0, 0), 4.5).astype(np.float32)
    stain += soft * np.float32(rng.uniform(0.3, 0.8) / 255)


def _developed(stain: Field, rng: np.random.Generator) -> Pixels:
    """Return the stain as a microscope records it: uneven, soft, noisy, grey."""
    height, width = stain.shape
    soft = cv2.GaussianBlur(stain, (0, 0), float(rng.uniform(0.5, 1.2)))
    if rng.random() < 0.6:
        # Where the cut grazes a membrane its picture is smeared.
        smeared = cv2.GaussianBlur(soft, (0, 0), float(rng.uniform(1.5, 2.5)))
        where = smooth_noise(height, width, 60.0, rng) - np.float32(rng.uniform(0.4, 1))
        soft += (smeared - soft) * np.clip(where * 2, 0, 0.8)
    light = np.float32(rng.uniform(0.03, 0.1)) * smooth_noise(
        height, width, max(height, width) / 2.5, rng
    )
    noise = _soft_grains(height, width, 0.55, rng)
    if rng.random() < 0.2:  # fluorescence: what is stained shines on black
        glow = np.float32(rng.uniform(110, 215)) * (1 + 2 * light)
        grey = np.float32(rng.uniform(4, 30)) + glow * soft
        grey += noise * np.float32(rng.uniform(0.4, 1.6)) * np.sqrt(np.maximum(grey, 1))
    else:
        white, span = rng.uniform(120, 195), rng.uniform(85, 160)
        grey = np.float32(white) * (1 + light) - np.float32(span) * soft
        grey += noise * np.float32(rng.uniform(10, 48))
    done: Pixels = np.clip(grey + np.float32(0.5), 0, 255).astype(np.uint8)
    return done


def _soft_grains(
    height: int, width: int, sigma: float, rng: np.random.Generator
) -> Field:
    """Return fine noise, blurred, whose deviation falls as it is blurred more."""
    fine = grains(height, width, rng)
    # Rolled, or a picture of the tile's own size would always have the same grains.
    fine = np.roll(fine, rng.integers(0, 512, 2), axis=(0, 1))
    return np.asarray(cv2.GaussianBlur(fine, (0, 0), sigma), dtype=np.float32)


def _disc(
    layer: NDArray[np.uint8],
    x: float,
    y: float,
    radius: float,
    level: int,
    *,
    thick: int = -1,
) -> None:
    """Draw a soft-edged disc or ring, in place."""
    at = (round(x * _ONE), round(y * _ONE))
    cv2.circle(layer, at, round(radius * _ONE), level, thick, cv2.LINE_AA, _SUB)
