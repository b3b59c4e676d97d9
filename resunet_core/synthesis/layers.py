"""What lies below lost paint: plaster, clay, brick ash, hemp, timber, older paint."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from resunet_core.synthesis.noise import (
    Field,
    fractal_noise,
    grains,
    shifted,
    smooth_noise,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from resunet_core.synthesis.recipe import Light

_LEAST_DIFFERENCE = 26.0
_LEAST_SHARE = 0.0005

# Mean colours seen under lost paint on northern Chinese timber.
_PLASTER = ((226, 219, 203), (205, 196, 178), (186, 178, 164), (214, 196, 160))
_CLAY = (
    (176, 146, 108),
    (152, 122, 86),
    (192, 164, 124),
    (132, 108, 82),
    (108, 88, 68),
)
_BRICK_ASH = ((118, 110, 102), (92, 84, 78), (142, 131, 117), (70, 62, 56))
_HEMP = ((150, 130, 104), (124, 106, 84), (170, 152, 124))
_WOOD = ((128, 100, 74), (104, 82, 62), (146, 126, 102), (120, 110, 98), (80, 62, 48))
_OLD_PAINT = (
    (66, 92, 120),
    (74, 118, 98),
    (140, 62, 48),
    (196, 168, 120),
    (58, 60, 58),
)
_WARM = (1.0, 0.98, 0.92)  # how a texture acts on red, green and blue

Texture = Callable[[int, int, np.random.Generator], Field]


def exposed(
    pixels: Field,
    depth: Field,
    lost: NDArray[np.bool_],
    light: Light,
    rng: np.random.Generator,
) -> Field:
    """Return float32 RGB of what lies below: one to three layers, each a step deeper.

    Args:
        pixels: The paint, float32 RGB: the first layer differs from it.
        depth: How deep the loss is, above 0 where lost.
        lost: Where paint is lost.
        light: Each layer throws its shadow on the one below.
        rng: Source of chance.
    """
    height, width = depth.shape
    paint = cv2.mean(pixels, lost.astype(np.uint8))[:3]
    first, *others = _order(rng)
    first, colour = _visible(first, paint, rng)
    relief = first.texture(height, width, rng)
    planes = [np.full((height, width), level, np.float32) for level in colour]
    wander = np.float32(0.25) * fractal_noise(height, width, 22.0, rng, octaves=4)
    step = float(rng.uniform(0.15, 0.7))
    for level, layer in enumerate(others, start=1):
        hard = (depth + wander > step * level).astype(np.float32)
        if float(hard.mean()) < _LEAST_SHARE:
            break
        gone = np.asarray(cv2.GaussianBlur(hard, (0, 0), 0.5), dtype=np.float32)
        drop = shifted(gone, -light.x * 1.2, -light.y * 1.2)
        rim = np.clip(gone - drop, 0, 1) * np.float32(-40)
        relief += (layer.texture(height, width, rng) + rim - relief) * gone
        colour = _colour(layer, rng)
        planes = [
            plane + (target - plane) * gone
            for plane, target in zip(planes, colour, strict=True)
        ]
    soot = 1 + np.float32(0.09) * smooth_noise(height, width, 30.0, rng)
    shown = [
        np.clip((plane + relief * np.float32(warm)) * soot, 3, 250)
        for plane, warm in zip(planes, _WARM, strict=True)
    ]
    return np.asarray(cv2.merge(shown), dtype=np.float32)


@dataclass(frozen=True)
class _Layer:
    """One material: the colours that it may have and its texture about 0."""

    colours: tuple[tuple[int, int, int], ...]
    texture: Texture


def _order(rng: np.random.Generator) -> list[_Layer]:
    """Return one order of layers, from the paint down."""
    orders = (
        (PLASTER, ASH, HEMP),
        (PLASTER, HEMP, WOOD),
        (PLASTER, ASH),
        (ASH, HEMP, WOOD),
        (ASH, PLASTER),
        (OLD_PAINT, PLASTER, ASH),
        (PLASTER, WOOD),
        (PLASTER, CLAY),
        (CLAY, PLASTER),
        (OLD_PAINT, CLAY),
        (WOOD,),
        (PLASTER,),
        (PLASTER,),
        (CLAY,),
        (CLAY,),
        (ASH,),
    )
    return list(orders[int(rng.integers(len(orders)))])


def _visible(
    layer: _Layer, paint: Sequence[float], rng: np.random.Generator
) -> tuple[_Layer, Field]:
    """Return the layer and a colour, or another that differs from the paint."""
    before = np.asarray(paint, np.float32)
    for candidate in (layer, layer, PLASTER, ASH, PLASTER):
        colour = _colour(candidate, rng)
        if float(np.abs(colour - before).max()) > _LEAST_DIFFERENCE:
            return candidate, colour
    other = ASH if float(before.mean()) > 120 else PLASTER
    return other, np.array(other.colours[0], np.float32)


def _colour(layer: _Layer, rng: np.random.Generator) -> Field:
    """Return one of the layer's colours, a little brighter or warmer."""
    colour = np.array(layer.colours[int(rng.integers(len(layer.colours)))], np.float32)
    colour *= np.float32(rng.uniform(0.8, 1.06))
    colour += np.array([2.0, 0.5, -3.0], np.float32) * np.float32(rng.uniform(-0.5, 2))
    return colour


def _plaster(height: int, width: int, rng: np.random.Generator) -> Field:
    """Return the pale ground: chalky, stained, pitted."""
    texture = np.float32(9) * fractal_noise(height, width, 40.0, rng, octaves=4)
    pits = smooth_noise(height, width, 2.8, rng)
    texture += 4 * pits - 30 * np.clip(pits - 1.15, 0, 0.7)
    texture -= 16 * np.clip(smooth_noise(height, width, 60.0, rng) - 0.3, 0, 1)
    texture += 2.5 * grains(height, width, rng)
    return texture


def _ash(height: int, width: int, rng: np.random.Generator) -> Field:
    """Return the grey brick-ash ground: coarse and speckled."""
    texture = 10 * fractal_noise(height, width, 26.0, rng, octaves=4, gain=0.6)
    speck = smooth_noise(height, width, 2.6, rng)
    texture += 18 * np.clip(np.abs(speck) - 0.9, 0, 1) * np.sign(speck)
    texture += 3.5 * grains(height, width, rng)
    return texture


def _clay(height: int, width: int, rng: np.random.Generator) -> Field:
    """Return clay mixed with straw: lumps, hollows, short pale fibres."""
    texture = 11 * fractal_noise(height, width, 34.0, rng, octaves=5, gain=0.62)
    lumps = smooth_noise(height, width, 4.0, rng)
    texture -= 12 * np.clip(lumps - 0.8, 0, 1)
    count = int(height * width * rng.uniform(0, 0.0006))
    straw = np.zeros((height, width), np.uint8)
    for _ in range(count):
        x, y = int(rng.integers(width)), int(rng.integers(height))
        reach, way = rng.uniform(4, 12), rng.uniform(0, np.pi)
        end = (int(x + reach * np.cos(way)), int(y + reach * np.sin(way)))
        cv2.line(straw, (x, y), end, 255, 1, cv2.LINE_AA)
    texture += straw.astype(np.float32) * np.float32(rng.uniform(0.04, 0.14))
    texture += 3.0 * grains(height, width, rng)
    return np.asarray(texture, np.float32)


def _hemp(height: int, width: int, rng: np.random.Generator) -> Field:
    """Return hemp cloth: threads over and under, uneven, some torn."""
    pitch = float(rng.uniform(3.2, 6.5))
    x = np.arange(width, dtype=np.float32)[None, :]
    y = np.arange(height, dtype=np.float32)[:, None]
    sway = pitch * 0.35
    over = np.sin(
        (x + sway * smooth_noise(height, width, 25, rng)) * (2 * np.pi / pitch)
    )
    under = np.sin(
        (y + sway * smooth_noise(height, width, 25, rng)) * (2 * np.pi / pitch)
    )
    weave = 17 * over * under + 8 * np.abs(over) - 8 * np.abs(under)
    texture = weave * (0.7 + 0.4 * smooth_noise(height, width, 18, rng))
    texture += 6 * smooth_noise(height, width, 3, rng) + 3 * grains(height, width, rng)
    return np.asarray(texture, dtype=np.float32)


def _wood(height: int, width: int, rng: np.random.Generator) -> Field:
    """Return bare timber: streaks and dark checks along the grain."""
    upright = rng.random() < 0.15
    tall, wide = (width, height) if upright else (height, width)
    texture = 13 * fractal_noise(tall, wide, 14.0, rng, octaves=4, gain=0.7, stretch=14)
    check = smooth_noise(tall, wide, 5.0, rng, stretch=22)
    texture -= 34 * np.clip(check - 0.9, 0, 1)
    if upright:
        texture = np.ascontiguousarray(texture.T)
    texture += 2.5 * grains(height, width, rng)
    return texture


def _old_paint(height: int, width: int, rng: np.random.Generator) -> Field:
    """Return an older, faded scheme of paint."""
    texture = 8 * fractal_noise(height, width, 30.0, rng, octaves=4)
    texture += 6 * smooth_noise(height, width, 2.0, rng, stretch=4)
    return texture


PLASTER = _Layer(_PLASTER, _plaster)
CLAY = _Layer(_CLAY, _clay)
ASH = _Layer(_BRICK_ASH, _ash)
HEMP = _Layer(_HEMP, _hemp)
WOOD = _Layer(_WOOD, _wood)
OLD_PAINT = _Layer(_OLD_PAINT, _old_paint)
