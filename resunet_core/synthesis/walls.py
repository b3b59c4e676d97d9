"""Painted walls as a camera frames them, sound: pigment over plaster, aged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from resunet_core.synthesis.canvas import Canvas
from resunet_core.synthesis.light import photographed
from resunet_core.synthesis.noise import Field, fractal_noise, grains, smooth_noise
from resunet_core.synthesis.recipe import Light
from resunet_core.synthesis.wall_motifs import MOTIFS, PIGMENTS, WHITES, some

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FINE = 2  # drawn so much larger, then averaged down


def painted_wall(
    height_px: int, width_px: int, *, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Return a sound painted wall, uint8 [H, W, 3] RGB.

    Args:
        height_px: Rows.
        width_px: Columns.
        rng: Source of chance.
    """
    height, width = height_px * _FINE, width_px * _FINE
    ground = some(WHITES if rng.random() < 0.4 else PIGMENTS, rng)
    canvas = Canvas.blank(height, width, ground)
    _composed(canvas, rng)
    small = cv2.resize(
        canvas.pixels, (width_px, height_px), interpolation=cv2.INTER_AREA
    )
    painted = _by_brush(np.asarray(small, np.float32), rng)
    aged = _aged(painted, rng)
    shown = np.clip(aged + np.float32(0.5), 0, 255).astype(np.uint8)
    return photographed(shown, Light.random(rng), rng=rng)


def _composed(canvas: Canvas, rng: np.random.Generator) -> None:
    """Draw motifs over one another, the wide ones first."""
    sides = canvas.height, canvas.width
    unit = min(sides)
    count = int(rng.integers(20, 90))
    sizes = np.sort(unit * np.exp(rng.uniform(np.log(0.03), np.log(0.4), count)))[::-1]
    for size in sizes:
        motif = MOTIFS[int(rng.integers(len(MOTIFS)))]
        x, y = rng.uniform(0, sides[1]), rng.uniform(0, sides[0])
        motif(canvas, x, y, float(size) * 0.6, rng)


def _by_brush(flat: Field, rng: np.random.Generator) -> Field:
    """Return colour laid by hand: bent outlines, streaks, uneven washes."""
    height, width = flat.shape[:2]
    x = np.arange(width, dtype=np.float32)[None, :]
    y = np.arange(height, dtype=np.float32)[:, None]
    sway = np.float32(rng.uniform(0.3, 2.0))
    map_x = x + sway * fractal_noise(height, width, 18.0, rng)
    map_y = y + sway * fractal_noise(height, width, 18.0, rng)
    shown = np.asarray(
        cv2.remap(flat, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    )
    streak = smooth_noise(height, width, 2.0, rng, stretch=rng.uniform(4, 16))
    if rng.random() < 0.5:
        streak = np.ascontiguousarray(
            smooth_noise(width, height, 2.0, rng, stretch=10.0).T
        )
    wash = fractal_noise(height, width, 50.0, rng, octaves=5)
    tone = 1 + rng.uniform(0.0, 0.035) * streak + rng.uniform(0.02, 0.09) * wash
    tone += rng.uniform(0.005, 0.04) * grains(height, width, rng)
    return np.asarray(shown * tone[..., None].astype(np.float32), np.float32)


def _aged(painted: Field, rng: np.random.Generator) -> Field:
    """Return the painting faded, worn thin, stained, sooted: none of it is loss."""
    height, width = painted.shape[:2]
    plaster = np.array(some(WHITES + PIGMENTS[11:13], rng), np.float32)
    thin = np.clip(
        rng.uniform(0.0, 0.2) + 0.16 * fractal_noise(height, width, 60.0, rng), 0, 0.42
    )
    # Where paint is thin, the grain of the plaster shows through it.
    thin = thin * (1 + 0.3 * smooth_noise(height, width, 3.0, rng))
    shown = painted + (plaster - painted) * thin[..., None].astype(np.float32)
    soot = 1 - rng.uniform(0, 0.3) * np.clip(
        fractal_noise(height, width, 120.0, rng, octaves=3), 0, 1.5
    )
    shown *= soot[..., None].astype(np.float32)
    if rng.random() < 0.5:
        stain = np.clip(fractal_noise(height, width, 70.0, rng) - 0.7, 0, 0.8)
        brown = np.array((122, 92, 60), np.float32)
        shown += (brown - shown) * (rng.uniform(0.2, 0.7) * stain)[..., None]
    if rng.random() < 0.5:
        dirt = smooth_noise(height, width, 2.4, rng) > rng.uniform(1.7, 2.2)
        soft = cv2.GaussianBlur(dirt.astype(np.float32), (0, 0), 0.6)
        shown *= 1 - np.float32(rng.uniform(0.2, 0.7)) * soft[..., None]
    tint = np.array([1.0, rng.uniform(0.93, 1.0), rng.uniform(0.8, 1.0)], np.float32)
    return np.asarray(shown * tint * np.float32(rng.uniform(0.6, 1.05)), np.float32)
