"""The sample photos: beam, age, damage, light and camera, from one seed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from resunet_core.synthesis.beams import STYLES, lit_beam, timbers
from resunet_core.synthesis.cracks import crack_field, paint_cracks
from resunet_core.synthesis.light import aged, photographed
from resunet_core.synthesis.losses import loss_depth, paint_losses
from resunet_core.synthesis.noise import Field, Pixels, fractal_noise
from resunet_core.synthesis.recipe import (
    CRAQUELURE,
    PAINT_LOSS,
    DamageRecipe,
    Light,
    SyntheticPhoto,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_JPEG_QUALITY = 92
_SMALLEST_PX = 24

_FINE_NET = DamageRecipe(
    island_px=(18.0, 46.0),
    crack_width_px=(1.2, 2.8),
    crack_depth=(0.55, 0.9),
    crack_share=(0.7, 1.2),
    light_cracks=0.12,
    grain_angle=0.0,
    stretch=(1.2, 2.4),
)
_WIDE_NET = replace(
    _FINE_NET,
    island_px=(46.0, 90.0),
    crack_width_px=(2.0, 3.9),
    crack_depth=(0.6, 0.85),
    light_cracks=0.0,
    stretch=(1.6, 3.0),
)
_LOSSES = DamageRecipe(loss_share=(0.1, 0.45), grain_angle=0.0)


@dataclass(frozen=True)
class Sample:
    """One sample photo to make.

    Attributes:
        name: File stem.
        style: Style of the beam.
        seed: Where its chance starts.
        width_px: Columns.
        height_px: Rows.
    """

    name: str
    style: str
    seed: int
    width_px: int
    height_px: int


SAMPLES = (
    Sample("01-xuanzi-beam", "xuanzi", 8, 1920, 1040),
    Sample("02-hexi-dragon", "hexi", 3, 1920, 1040),
    Sample("03-suzhou-bundle", "suzhou", 1, 1920, 1040),
)
BIG_SAMPLES = (
    Sample("24mp-xuanzi-hall", "xuanzi", 51, 6000, 4000),
    Sample("150mp-hexi-hall", "hexi", 67, 14204, 10652),
)


def sample_photo(
    *, seed: int, width_px: int, height_px: int, style: str
) -> SyntheticPhoto:
    """Return a made photo of a damaged painted beam; the same seed, the same bytes.

    Damage has the same size in pixels whatever the photo's size: cracks are 1 to 6
    pixels wide. Memory stays near fifteen bytes per pixel on large photos.
    """
    rng = np.random.default_rng(seed)
    light = Light.random(rng)
    pixels = lit_beam(height_px, width_px, rng=rng, style=style, light=light)
    aged(pixels, rng=rng)
    classes = np.zeros((height_px, width_px), np.uint8)
    _damage(pixels, classes, light, rng)
    return SyntheticPhoto(photographed(pixels, light, rng=rng), classes)


def numbered_samples(
    count: int, *, width_px: int, height_px: int, seed: int
) -> tuple[Sample, ...]:
    """Return `count` samples of one size, the styles in turn."""
    return tuple(
        Sample(
            f"beam-{number + 1:04d}",
            STYLES[number % len(STYLES)],
            seed + number,
            width_px,
            height_px,
        )
        for number in range(count)
    )


def write_samples(out: Path, samples: Sequence[Sample] = SAMPLES) -> list[Path]:
    """Write images/NAME.jpg and masks/NAME.png, a data folder; return the photos."""
    for folder in ("images", "masks"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    written = []
    for sample in samples:
        photo = sample_photo(
            seed=sample.seed,
            width_px=sample.width_px,
            height_px=sample.height_px,
            style=sample.style,
        )
        path = out / "images" / f"{sample.name}.jpg"
        _write(
            path,
            np.ascontiguousarray(photo.pixels[..., ::-1]),
            (cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY),
        )
        _write(out / "masks" / f"{sample.name}.png", photo.classes, ())
        written.append(path)
    return written


def _write(path: Path, pixels: NDArray[np.uint8], options: tuple[int, ...]) -> None:
    """Encode and write a picture; works for any path, which `cv2.imwrite` does not."""
    done, data = cv2.imencode(path.suffix, pixels, list(options))
    if not done:
        raise OSError(f"could not encode {path.name}")
    path.write_bytes(data.tobytes())


@dataclass(frozen=True)
class _Window:
    """A place for damage: a part of the photo, with its envelope."""

    top: int
    left: int
    height: int
    width: int

    @property
    def part(self) -> tuple[slice, slice]:
        """The rows and columns."""
        return (
            slice(self.top, self.top + self.height),
            slice(self.left, self.left + self.width),
        )


def _damage(
    pixels: Pixels, classes: NDArray[np.uint8], light: Light, rng: np.random.Generator
) -> None:
    """Put networks of cracks, then losses over them, in place."""
    nets = _windows(classes.shape, rng, side=(520, 1050), most=90, crowd=0.75)
    islands = []
    for index, window in enumerate(nets):
        recipe = _WIDE_NET if index % 3 == 2 else _FINE_NET
        field = crack_field(
            window.height,
            window.width,
            rng=rng,
            recipe=recipe,
            envelope=_envelope(window, rng),
        )
        part = pixels[window.part].astype(np.float32)
        shown, cracked = paint_cracks(part, field, light, rng=rng, recipe=recipe)
        pixels[window.part] = _whole(shown)
        classes[window.part][cracked] = CRAQUELURE
        islands.append(field.islands.astype(np.int32))
    alone = _windows(classes.shape, rng, side=(260, 760), most=110, crowd=0.9)
    for window in alone:
        _lose(pixels, classes, window, None, light, rng)
    # Where paint has cracked it also leaves, island by island.
    for window, ids in zip(nets[::2], islands[::2], strict=True):
        _lose(pixels, classes, window, ids, light, rng)


def _lose(
    pixels: Pixels,
    classes: NDArray[np.uint8],
    window: _Window,
    islands: NDArray[np.int32] | None,
    light: Light,
    rng: np.random.Generator,
) -> None:
    """Put paint loss in one window, in place."""
    recipe = _LOSSES if islands is None else replace(_LOSSES, loss_share=(0.03, 0.12))
    part = pixels[window.part].astype(np.float32)
    depth = loss_depth(
        part,
        rng=rng,
        recipe=recipe,
        islands=islands,
        envelope=_envelope(window, rng),
    )
    shown, lost = paint_losses(part, depth, light, rng=rng)
    pixels[window.part] = _whole(shown)
    classes[window.part][lost] = PAINT_LOSS


def _whole(shown: Field) -> Pixels:
    """Return float pixels as bytes; untouched ones keep their value."""
    done: Pixels = np.clip(shown + np.float32(0.5), 0, 255).astype(np.uint8)
    return done


def _windows(
    shape: tuple[int, ...],
    rng: np.random.Generator,
    *,
    side: tuple[int, int],
    most: int,
    crowd: float,
) -> list[_Window]:
    """Return places for damage, apart from each other, each on one timber."""
    height, width = shape
    mean = (side[0] + side[1]) / 2
    count = min(most, max(1, round(0.55 * (height * width) / mean**2 + 2)))
    rows = timbers(height, width)
    odds = np.array([low - top for top, low in rows], float) + 1e-9
    placed: list[_Window] = []
    middles: list[tuple[float, float]] = []
    for _ in range(count * 20):
        if len(placed) >= count:
            break
        first, last = rows[int(rng.choice(len(rows), p=odds / odds.sum()))]
        tall = min(int(rng.uniform(*side) * 0.8), last - first)
        wide = min(int(rng.uniform(*side) * 1.3), width)
        if tall < _SMALLEST_PX or wide < _SMALLEST_PX:
            continue
        y, x = rng.uniform(first, last), rng.uniform(0, width)
        near = (np.hypot(x - a, (y - b) * 1.4) for a, b in middles)
        if any(gap < crowd * mean for gap in near):
            continue
        top = int(np.clip(y - tall / 2, first, last - tall))
        left = int(np.clip(x - wide / 2, 0, width - wide))
        middles.append((x, y))
        placed.append(_Window(top, left, tall, wide))
    return placed


def _envelope(window: _Window, rng: np.random.Generator) -> Field:
    """Return 0..1: one in the middle, an uneven fall, nothing at the frame."""
    x = np.linspace(-1, 1, window.width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, window.height, dtype=np.float32)[:, None]
    # Long windows end softly; above and below the timber's own edge is the end.
    far = (np.abs(x) ** 2.5 + np.abs(y) ** 6) ** np.float32(0.4)
    cell = min(window.height, window.width) / 2.5
    uneven = np.float32(0.33) * fractal_noise(
        window.height, window.width, cell, rng, octaves=6, gain=0.6
    )
    inside = np.clip((1 - far) * 6, 0, 1)
    return np.asarray(np.clip((0.85 - far + uneven) * 3, 0, 1) * inside, np.float32)
