"""Paint loss: ragged flaked areas and the layers that they lay bare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from resunet_core.synthesis.layers import exposed
from resunet_core.synthesis.noise import (
    Field,
    cell_labels,
    fractal_noise,
    shifted,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from resunet_core.synthesis.recipe import DamageRecipe, Light

_TABLE = 4096


def loss_depth(
    paint: Field,
    *,
    rng: np.random.Generator,
    recipe: DamageRecipe,
    islands: NDArray[np.int32] | None = None,
    envelope: Field | None = None,
    shapes: Sequence[NDArray[np.uint8]] = (),
) -> Field:
    """Return how deep the loss is at each pixel: float32, above 0 where lost.

    Args:
        paint: The picture, float32 RGB: one pigment may flake more than others.
        rng: Source of chance.
        recipe: Limits of the shares.
        islands: Craquelure islands: paint leaves by whole islands, too.
        envelope: Where 0, nothing is lost.
        shapes: Grey shapes (uint8) of which some may be used instead.
    """
    height, width = paint.shape[:2]
    way = rng.random()
    if len(shapes) and way < 0.3:
        return _from_shapes(height, width, shapes, rng)
    if envelope is None and way > 0.92:
        return _scratches(height, width, rng)
    share = float(np.exp(rng.uniform(*np.log(recipe.loss_share))))
    field = _field(height, width, rng, islands)
    if rng.random() < 0.5:
        field += _weakness(paint, rng)
    if envelope is not None:
        field += (envelope - 1) * np.float32(6)
        share *= float(envelope.mean())
    edge = np.float32(np.quantile(field[::3, ::3], 1 - share))
    depth = field - edge
    if rng.random() < 0.5:
        depth = _with_flakes(depth, rng)
    return depth


def paint_losses(
    pixels: Field,
    depth: Field,
    light: Light,
    *,
    rng: np.random.Generator,
) -> tuple[Field, NDArray[np.bool_]]:
    """Return the pixels (float32 RGB, 0..255) with the losses, and exactly where."""
    lost = _cleaned(depth)
    if not lost.any():
        return pixels, lost
    left, top, wide, tall = cv2.boundingRect(lost.astype(np.uint8))
    height, width = lost.shape
    margin = 8  # room for the blurs, so that the frame cuts nothing
    part = (
        slice(max(top - margin, 0), min(top + tall + margin, height)),
        slice(max(left - margin, 0), min(left + wide + margin, width)),
    )
    shown = pixels.copy()
    shown[part] = _laid_bare(pixels[part], depth[part], lost[part], light, rng)
    return shown, lost


def _laid_bare(
    pixels: Field,
    depth: Field,
    lost: NDArray[np.bool_],
    light: Light,
    rng: np.random.Generator,
) -> Field:
    """Return the pixels with the exposed layers, rims and shadows of the losses."""
    mask = lost.astype(np.float32)
    below = exposed(pixels, depth, lost, light, rng)
    thick = float(rng.uniform(0.6, 2.6))
    blurred = cv2.GaussianBlur(mask, (0, 0), 0.5 + thick * 0.35)
    soft = np.asarray(blurred, dtype=np.float32)
    # The rim towards the light throws its shadow into the hollow; the far rim is lit.
    shade = (1 - shifted(soft, -light.x * thick, -light.y * thick)) * mask
    glow = (1 - shifted(soft, light.x * thick, light.y * thick)) * mask
    # Thin paint on a wall has no height that would throw a shadow.
    relief = 1.0 if rng.random() < 0.5 else rng.uniform(0, 0.3)
    dark, lit = rng.uniform(0.25, 0.7) * relief, rng.uniform(0.1, 0.5) * relief
    below *= (1 - np.float32(dark) * shade)[..., None]
    below += (np.float32(lit * 90) * np.maximum(glow - shade, 0))[..., None]
    alpha = cv2.GaussianBlur(mask, (0, 0), rng.uniform(0.35, 0.8))[..., None]
    rim = (soft - mask) * (1 - mask)
    edge = np.float32(rng.uniform(-0.12, 0.22) * relief)
    around = pixels * (1 + edge * rim)[..., None]
    return np.asarray(around + (below - around) * alpha, dtype=np.float32)


def _field(
    height: int,
    width: int,
    rng: np.random.Generator,
    islands: NDArray[np.int32] | None,
) -> Field:
    """Return a field whose high parts are shaped like losses."""
    size = min(height, width)
    cell = float(np.exp(rng.uniform(np.log(max(size / 10, 8)), np.log(size / 1.6 + 9))))
    rough = rng.uniform(0.52, 0.78)
    stretch = float(np.exp(rng.uniform(0, 1.0)))
    field = fractal_noise(
        height, width, cell, rng, octaves=7, gain=rough, stretch=stretch
    )
    # Paint breaks, it does not melt: every border is rough near to.
    chips = fractal_noise(height, width, 22.0, rng, octaves=4, gain=0.7)
    field += np.float32(rng.uniform(0.06, 0.2)) * chips
    if rng.random() < 0.75:
        if islands is None or rng.random() < 0.3:
            side = float(rng.uniform(7, 30))
            islands = _wobbly_cells(height, width, side, rng)
        table = rng.standard_normal(_TABLE).astype(np.float32)
        field += np.float32(rng.uniform(0.2, 0.8)) * table[islands & (_TABLE - 1)]
    return field


def _weakness(paint: Field, rng: np.random.Generator) -> Field:
    """Return how much more one pigment flakes than the rest: 0..2.5."""
    height, width = paint.shape[:2]
    soft = cv2.blur(paint, (5, 5))
    pigment = soft[int(rng.integers(height)), int(rng.integers(width))]
    away = np.square(soft - pigment).sum(axis=2) / np.float32(rng.uniform(28, 60) ** 2)
    return np.asarray(np.float32(rng.uniform(0.5, 2.5)) * np.exp(-away), np.float32)


def _scratches(height: int, width: int, rng: np.random.Generator) -> Field:
    """Return the depth of scratches and of drips that washed the paint away."""
    lines = np.zeros((height, width), np.uint8)
    way = rng.uniform(0, np.pi)
    for _ in range(int(rng.integers(1, 9))):
        start = rng.uniform(0, 1, 2) * (width, height)
        angle = way + rng.normal(0, 0.25)
        steps = rng.normal(0, 0.5, (24, 2)).cumsum(axis=0)
        along = np.linspace(0, rng.uniform(0.1, 0.7) * max(height, width), 24)
        path = start + steps + along[:, None] * (np.cos(angle), np.sin(angle))
        thick = int(rng.integers(1, 6))
        trace = [path.round().astype(np.int32)]
        cv2.polylines(lines, trace, isClosed=False, color=255, thickness=thick)
    level = cv2.GaussianBlur(lines.astype(np.float32), (0, 0), 0.8) / np.float32(255)
    # A scratch skips: paint stays in the hollows of the wall.
    kept = fractal_noise(height, width, 9.0, rng, octaves=3)
    return np.asarray(level - np.float32(0.22) * kept - np.float32(0.35), np.float32)


def _wobbly_cells(
    height: int, width: int, side: float, rng: np.random.Generator
) -> NDArray[np.int32]:
    """Return flake-like cells with uneven borders."""
    cells = cell_labels(height, width, side, rng).astype(np.float32)
    x = np.arange(width, dtype=np.float32)[None, :]
    y = np.arange(height, dtype=np.float32)[:, None]
    amount = np.float32(side * 0.16)
    wave_x = x + amount * fractal_noise(height, width, side * 0.6, rng, octaves=3)
    wave_y = y + amount * fractal_noise(height, width, side * 0.6, rng, octaves=3)
    bent = cv2.remap(
        cells, wave_x, wave_y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT
    )
    return np.asarray(bent, dtype=np.float32).astype(np.int32)


def _with_flakes(depth: Field, rng: np.random.Generator) -> Field:
    """Return the depth with small flakes off around the big losses."""
    height, width = depth.shape
    fine = fractal_noise(height, width, float(rng.uniform(5, 14)), rng, octaves=3)
    near = np.clip(1 + depth / np.float32(rng.uniform(0.5, 1.4)), 0, 1)
    flakes = fine - np.float32(rng.uniform(1.9, 2.7)) + near * np.float32(0.7)
    return np.asarray(np.maximum(depth, flakes * np.float32(0.6)), dtype=np.float32)


def _from_shapes(
    height: int,
    width: int,
    shapes: Sequence[NDArray[np.uint8]],
    rng: np.random.Generator,
) -> Field:
    """Return a depth made of one to three of the given grey shapes."""
    depth = np.full((height, width), -1.0, np.float32)
    for _ in range(int(rng.integers(1, 4))):
        shape = shapes[int(rng.integers(len(shapes)))]
        scale = float(rng.uniform(0.35, 1.3)) * max(height, width) / max(shape.shape)
        angle = float(rng.uniform(0, 360))
        middle = (shape.shape[1] / 2, shape.shape[0] / 2)
        turn = cv2.getRotationMatrix2D(middle, angle, scale)
        turn[:, 2] += rng.uniform(0, (width, height)) - middle
        level = cv2.warpAffine(shape, turn, (width, height), flags=cv2.INTER_LINEAR)
        level = level.astype(np.float32) / max(float(shape.max()), 1.0)
        np.maximum(depth, level * 2 - np.float32(rng.uniform(0.7, 1.2)), out=depth)
    depth += np.float32(0.25) * fractal_noise(height, width, 12.0, rng, octaves=3)
    return depth


def _cleaned(depth: Field) -> NDArray[np.bool_]:
    """Return where paint is lost, without single-pixel grit."""
    lost = (depth > 0).astype(np.uint8)
    return np.asarray(cv2.medianBlur(lost, 3) > 0)
