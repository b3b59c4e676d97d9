"""The room and the camera: uneven light, run-off streaks, soot, lens and sensor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from resunet_core.synthesis.noise import Field, Pixels, grains, smooth_noise

if TYPE_CHECKING:
    from resunet_core.synthesis.recipe import Light

_STRIP = 384
_HALO = 8
_COARSE = 16


def aged(pixels: Pixels, *, rng: np.random.Generator) -> None:
    """Lay soot, run-off streaks and stains on sound paint, in place."""
    height, width = pixels.shape[:2]
    tall, wide = height // _COARSE + 4, width // _COARSE + 4
    soot = 0.5 + 0.5 * smooth_noise(tall, wide, tall / 2.5, rng)
    soot *= np.linspace(1.0, 0.35, tall, dtype=np.float32)[:, None]
    runs = smooth_noise(1, width, 9.0, rng) + 0.8 * smooth_noise(1, width, 40.0, rng)
    runs = np.clip(runs - 1.1, 0, 1.2)
    reach = np.clip(smooth_noise(tall, wide, tall / 5, rng) - 0.2, 0, 1)
    blotch = np.clip(smooth_noise(tall, wide, tall / 6, rng) - 0.9, 0, 1)
    for top in range(0, height, _STRIP):
        stop = min(top + _STRIP, height)
        size = (width, stop - top)
        part = pixels[top:stop].astype(np.float32)
        dark = 1 - 0.16 * np.clip(_rows(soot, top, size), 0, 1.2)
        dark -= 0.11 * runs * _rows(reach, top, size)
        dark -= 0.14 * _rows(blotch, top, size)
        warm = np.array([1.0, 0.985, 0.95], np.float32)
        part *= np.clip(dark, 0.4, 1)[..., None] * warm
        pixels[top:stop] = np.clip(part + 0.5, 0, 255).astype(np.uint8)


def photographed(pixels: Pixels, light: Light, *, rng: np.random.Generator) -> Pixels:
    """Return the scene as a camera records it: lit unevenly, slightly soft, noisy."""
    height, width = pixels.shape[:2]
    tall, wide = height // _COARSE + 4, width // _COARSE + 4
    room = 0.05 * smooth_noise(tall, wide, max(tall, wide) / 2, rng)
    gain = rng.uniform(0.1, 0.2)
    done = np.empty_like(pixels)
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    for top in range(0, height, _STRIP):
        stop = min(top + _STRIP, height)
        low, high = max(top - _HALO, 0), min(stop + _HALO, height)
        part = pixels[low:high].astype(np.float32)
        rows = y[low:high]
        lit = 1.02 + gain * (x * light.x + rows * light.y)
        lit = lit - 0.11 * (x * x + rows * rows) + _rows(room, low, (width, high - low))
        part *= lit[..., None]
        part *= np.array([1.02, 1.0, 0.95], np.float32)
        part = _toned(np.asarray(cv2.GaussianBlur(part, (0, 0), 0.55), np.float32))
        noise = np.stack([grains(high - low, width, rng) for _ in range(3)], axis=-1)
        noise = 0.7 * noise + 0.5 * noise[..., 1:2]
        part += noise * (1.1 + 0.006 * part)
        shown = np.clip(part + 0.5, 0, 255).astype(np.uint8)
        done[top:stop] = shown[top - low : stop - low]
    return done


def _toned(part: Field) -> Field:
    """Return the values through a gentle film-like curve: no colour quite clips."""
    unit = np.clip(part / np.float32(255), 0, 1.2)
    curved = unit * (1.12 - 0.13 * unit) + 0.012
    return np.asarray(curved * np.float32(255), dtype=np.float32)


def _rows(field: Field, top: int, size: tuple[int, int]) -> Field:
    """Return rows of a coarse field at full size (width, height)."""
    scale = 1 / _COARSE
    lookup = np.array([[scale, 0, 1], [0, scale, 1 + top * scale]], np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(field, lookup, size, flags=flags), np.float32)
