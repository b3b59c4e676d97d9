"""From flat colour to a painted surface: pigment, brush, timber, gold, dust."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from resunet_core.synthesis.canvas import Canvas
from resunet_core.synthesis.noise import Field, Pixels, fractal_noise, grains, luminance

if TYPE_CHECKING:
    from resunet_core.synthesis.recipe import Light

_STRIP = 384


def material(
    canvas: Canvas, light: Light, *, rng: np.random.Generator, line_px: float
) -> Pixels:
    """Return the canvas as painted timber, uint8 RGB, worked strip by strip.

    Args:
        canvas: The flat design.
        light: Where the light comes from.
        rng: Source of chance.
        line_px: Width of the raised lines, which sets the roundness of their relief.
    """
    height, width = canvas.height, canvas.width
    fields = _Wide(height, width, rng)
    done = np.empty_like(canvas.pixels)
    halo = 16 + int(line_px)  # reaches past the blur of the relief
    for top in range(0, height, _STRIP):
        stop = min(top + _STRIP, height)
        low, high = max(top - halo, 0), min(stop + halo, height)
        strip = _by_hand(canvas, fields, low, high, line_px)
        shown = _strip(strip, light, fields, low, line_px, rng)
        done[top:stop] = shown[top - low : stop - low]
    return done


class _Wide:
    """Slow fields over the whole picture, kept coarse and read strip by strip."""

    def __init__(self, height: int, width: int, rng: np.random.Generator) -> None:
        self.step = 4 if height * width < 6_000_000 else 16
        self.width = width
        tall, wide = height // self.step + 8, width // self.step + 8
        base = max(height, width) / self.step

        def slow(cell: float, octaves: int, stretch: float = 1.0) -> Field:
            return fractal_noise(
                tall, wide, cell, rng, octaves=octaves, stretch=stretch
            )

        self.fade = slow(base / 5, 5)
        self.dust = slow(base / 9, 6)
        self.mottle = slow(26, 5)
        self.grain = slow(7, 3, 26.0)
        self.sway_x, self.sway_y = slow(base / 9, 2), slow(base / 9, 2)
        self.shake_x, self.shake_y = slow(5, 2), slow(5, 2)

    def rows(self, field: Field, top: int, stop: int) -> Field:
        """Return float32 [stop - top, width] of a field."""
        scale = 1 / self.step
        lookup = np.array([[scale, 0, 2], [0, scale, 2 + top * scale]], np.float32)
        size = (self.width, stop - top)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(
            cv2.warpAffine(field, lookup, size, flags=flags), dtype=np.float32
        )


def _by_hand(
    canvas: Canvas, fields: _Wide, low: int, high: int, line_px: float
) -> Canvas:
    """Return rows of the canvas with the unsteadiness of a hand."""
    x = np.arange(canvas.width, dtype=np.float32)[None, :]
    y = np.arange(high - low, dtype=np.float32)[:, None]
    sway = np.float32(min(line_px * 0.2, 8.0))
    shake = np.float32(min(0.1 * line_px, 1.5))
    reach = 24
    first, last = max(low - reach, 0), min(high + reach, canvas.height)
    map_x = x + sway * fields.rows(fields.sway_x, low, high)
    map_x += shake * fields.rows(fields.shake_x, low, high)
    map_y = y + sway * fields.rows(fields.sway_y, low, high) + np.float32(low - first)
    map_y += shake * fields.rows(fields.shake_y, low, high)
    layers = [
        cv2.remap(
            layer[first:last],
            map_x,
            map_y,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT,
        )
        for layer in (canvas.pixels, canvas.relief, canvas.gold)
    ]
    return Canvas(*(np.asarray(layer, dtype=np.uint8) for layer in layers))


def _strip(
    strip: Canvas,
    light: Light,
    fields: _Wide,
    top: int,
    line_px: float,
    rng: np.random.Generator,
) -> Pixels:
    """Return one strip of the painted surface."""
    height, width = strip.height, strip.width
    stop = top + height
    shown = strip.pixels.astype(np.float32)
    gold = strip.gold.astype(np.float32) / np.float32(255)
    fine = grains(height, width, rng)
    soft = cv2.GaussianBlur(grains(height, width, rng), (0, 0), 1.1) * 3.2
    streak = cv2.GaussianBlur(grains(height, width, rng), (0, 0), 26, sigmaY=1.3) * 11
    mottle = fields.rows(fields.mottle, top, stop)
    grain = fields.rows(fields.grain, top, stop)
    fade = fields.rows(fields.fade, top, stop)
    # Ground mineral is coarse: darker pigments show their grains most.
    tone = 1 + 0.034 * soft + 0.018 * fine + 0.022 * streak + 0.045 * mottle
    tone -= 0.035 * np.clip(grain, 0.3, 2.2) + 0.01
    shown *= (1 + (tone - 1) * (1 - 0.5 * gold))[..., None]
    grey = luminance(shown)[..., None]
    paler = np.clip(0.17 + 0.12 * fade + 0.06 * mottle + 0.05 * grain, 0.0, 0.5)[
        ..., None
    ]
    chalk = grey * 0.62 + np.array([78, 72, 62], np.float32)
    shown += (chalk - shown) * paler * (1 - 0.7 * gold[..., None])
    _gild(shown, strip, light, line_px, mottle, soft)
    dust = np.clip(0.14 + 0.17 * fields.rows(fields.dust, top, stop), 0.02, 0.42)
    shown += (np.array([104, 94, 80], np.float32) - shown) * (dust * 0.55)[..., None]
    done: Pixels = np.clip(shown + 0.5, 0, 255).astype(np.uint8)
    return done


def _gild(
    shown: Field,
    strip: Canvas,
    light: Light,
    line_px: float,
    mottle: Field,
    soft: Field,
) -> None:
    """Light the raised lines and wear the leaf on them, in place."""
    gold = strip.gold.astype(np.float32) / np.float32(255)
    round_px = max(line_px * 0.24, 0.7)
    raised = cv2.GaussianBlur(strip.relief, (0, 0), round_px).astype(np.float32)
    raised += 2.0 * soft * gold
    slope_x = cv2.Sobel(raised, cv2.CV_32F, 1, 0, ksize=3)
    slope_y = cv2.Sobel(raised, cv2.CV_32F, 0, 1, ksize=3)
    facing = (slope_x * light.x + slope_y * light.y) * np.float32(round_px / 255 * 0.42)
    # Facing is above 0 where the surface rises away from the light: its shaded side.
    lit = np.clip(-facing, 0, 1)
    shade = np.clip(facing, 0, 1)
    worn = np.clip(0.12 + 0.35 * mottle, 0, 0.75) * gold
    shown += (np.array([138, 96, 46], np.float32) - shown) * worn[..., None]
    glint = np.array([255, 226, 160], np.float32)
    shine = np.clip(lit * 1.1, 0, 0.75) * (0.25 + 0.75 * gold)
    shown += (glint - shown) * shine[..., None]
    shown *= (1 - 0.62 * shade)[..., None]
    far = max(1.0, line_px * 0.45)
    matrix = np.array([[1, 0, -light.x * far], [0, 1, -light.y * far]], np.float32)
    size = (strip.width, strip.height)
    cast = cv2.warpAffine(raised, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    cast = np.clip(cast - raised, 0, 255) * np.float32(0.45 / 255)
    shown *= (1 - cast)[..., None]
