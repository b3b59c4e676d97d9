"""Craquelure: networks of islands with T and Y junctions, and how they look."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from resunet_core.synthesis.noise import (
    Field,
    cell_labels,
    luminance,
    shifted,
    smooth_noise,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from resunet_core.synthesis.recipe import DamageRecipe, Light

_FINE = 2  # networks are laid out at twice the resolution, then averaged down
_TABLE = 4096
_THINNEST_PX, _THICKEST_PX = 1.1, 6.0  # thinner leaves gaps in slanting labels
_LEAST_CONTRAST = 15.0  # grey levels; less is labelled but not seen
_LEVELS = 32  # steps of one pixel of distance


@dataclass(frozen=True)
class CrackField:
    """A network before it is painted.

    Attributes:
        coverage: float32 [H, W], share of each pixel inside a crack, 0..1.
        width_px: float32 [H, W], width of the nearest crack in pixels.
        islands: int32 [H, W], id of the paint island of each pixel.
    """

    coverage: Field
    width_px: Field
    islands: NDArray[np.int32]


def crack_field(
    height: int,
    width: int,
    *,
    rng: np.random.Generator,
    recipe: DamageRecipe,
    envelope: Field | None = None,
) -> CrackField:
    """Return a random network; where `envelope` is 0 there is none."""
    tall, wide = height * _FINE, width * _FINE
    island = float(_between(rng, recipe.island_px, log=True)) * _FINE
    main_px = float(_between(rng, recipe.crack_width_px, log=True)) * _FINE
    main_px = min(main_px, 0.08 * island + 1.2)  # fine networks have fine cracks
    map_x, map_y, canvas = _lookup(tall, wide, island, rng, recipe)
    strength = _spread(tall, wide, island, rng, recipe, envelope)
    edges, islands = _islands(map_x, map_y, canvas, island, main_px, rng)
    if rng.random() < 0.55:
        _draw_runs(edges, island, main_px, rng, recipe)
    along = smooth_noise(tall, wide, max(island * 0.4, 12.0), rng)
    edges *= strength * (1 + np.float32(0.2) * along)
    # The net stays whole down to hairlines and ends only where its strength does.
    ends = edges < 0.4 * _THINNEST_PX * _FINE
    np.clip(edges, _THINNEST_PX * _FINE, _THICKEST_PX * _FINE, out=edges)
    edges[ends] = 0
    coverage, width_px = _coverage(edges)
    size = (width, height)
    return CrackField(
        coverage=_shrunk(coverage, size),
        width_px=_shrunk(width_px, size),
        islands=np.ascontiguousarray(islands[::_FINE, ::_FINE]),
    )


def paint_cracks(
    pixels: Field,
    field: CrackField,
    light: Light,
    *,
    rng: np.random.Generator,
    recipe: DamageRecipe,
) -> tuple[Field, NDArray[np.bool_]]:
    """Return the pixels (float32 RGB, 0..255) with the cracks in them, and the truth.

    A pixel is true where at least half of it is crack.
    """
    cover = field.coverage
    if not cover.any():
        return pixels, cover >= 0.5
    depth = _depth(field, rng, recipe)
    base = np.asarray(cv2.GaussianBlur(pixels, (0, 0), 1.2), dtype=np.float32)
    bright = luminance(base)
    lighter = rng.random() < recipe.light_cracks + 0.5 * float(bright.mean() < 60)
    shown = pixels * _island_tone(field, rng)[..., None]
    lift = np.float32(rng.uniform(0.0, 0.28))
    if lift > 0.05:
        # Islands curl: the far rim of a crack faces the light, the near one does not.
        reach = 0.6 + 0.25 * float(np.clip(field.width_px.mean(), 1, 4))
        ahead = shifted(cover, -light.x * reach, -light.y * reach)
        behind = shifted(cover, light.x * reach, light.y * reach)
        shown *= (1 + lift * (ahead - behind) * (1 - cover) * depth)[..., None]
    # Few pixels hold cracks: only those are worked out.
    at = np.flatnonzero(cover)
    shown = np.ascontiguousarray(shown, dtype=np.float32)
    flat = shown.reshape(-1, 3)
    inside = _filling(
        base.reshape(-1, 3)[at],
        bright.ravel()[at],
        depth.ravel()[at],
        rng=rng,
        lighter=lighter,
    )
    flat[at] += (inside - flat[at]) * cover.ravel()[at][:, None]
    return shown, cover >= 0.5


def _depth(field: CrackField, rng: np.random.Generator, recipe: DamageRecipe) -> Field:
    """Return how far the paint is hidden at each pixel: wide cracks are deeper."""
    height, width = field.coverage.shape
    level = float(_between(rng, recipe.crack_depth))
    vary = smooth_noise(height, width, 14.0, rng) * np.float32(0.13)
    widen = np.float32(0.06) * (field.width_px - np.float32(1.5))
    depth = np.clip(np.float32(level) + widen + vary, 0.25, 1.0)
    return np.asarray(depth, dtype=np.float32)


def _filling(
    base: Field,
    bright: Field,
    depth: Field,
    *,
    rng: np.random.Generator,
    lighter: bool,
) -> Field:
    """Return the colour inside the cracks: shade, dirt, or the pale ground below."""
    dirt = np.array([1.0, 0.9, 0.78], np.float32) * np.float32(rng.uniform(8, 42))
    dark = base + (dirt - base) * depth[..., None]
    pale_level = np.float32(rng.uniform(38, 105))
    tint = np.array([1.04, 1.0, 0.93], np.float32) ** np.float32(rng.uniform(-0.5, 1.6))
    pale = base * (1 - 0.4 * depth[..., None]) + (pale_level * depth)[..., None] * tint
    # On paint as pale as the dirt only a dark crack shows, and the other way round.
    low, fall = (170.0, -40.0) if lighter else (41.0, -22.0)
    share = np.clip((bright - low) / fall + 0.5, 0, 1)
    inside = dark + (pale - dark) * share[..., None]
    sign = np.where(share > 0.5, 1, -1).astype(np.float32)
    change = luminance(inside[:, None])[:, 0] - bright
    inside += (sign * np.maximum(sign * change, _LEAST_CONTRAST) - change)[:, None]
    return np.asarray(inside, dtype=np.float32)


def _island_tone(field: CrackField, rng: np.random.Generator) -> Field:
    """Return a slight difference in brightness from island to island."""
    amount = rng.uniform(0.0, 0.035)
    table = (1 + amount * rng.standard_normal(_TABLE)).astype(np.float32)
    near = cv2.GaussianBlur(field.coverage, (0, 0), 6)
    tone = table[field.islands & (_TABLE - 1)] - 1
    return np.asarray(1 + tone * np.minimum(near * 8, 1), dtype=np.float32)


def _lookup(
    tall: int,
    wide: int,
    island: float,
    rng: np.random.Generator,
    recipe: DamageRecipe,
) -> tuple[Field, Field, tuple[int, int]]:
    """Return where each pixel looks on the round-celled canvas, and its size."""
    stretch = float(_between(rng, recipe.stretch))
    angle = recipe.grain_angle
    if angle is None:
        angle = float(rng.uniform(0, np.pi))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    # The canvas is laid out at half the size: its steps vanish in the waves.
    squeeze = 0.5 * np.array([[stretch**-0.5, 0], [0, stretch**0.5]])
    matrix = (squeeze @ turn).astype(np.float32)
    x = np.arange(wide, dtype=np.float32)[None, :]
    y = np.arange(tall, dtype=np.float32)[:, None]
    corners = matrix @ np.array([[0, wide, 0, wide], [0, 0, tall, tall]], np.float32)
    low = corners.min(axis=1)
    canvas_w, canvas_h = np.ceil(corners.max(axis=1) - low).astype(int) + 1
    wave = np.float32(island * rng.uniform(0.025, 0.065))
    ripple = np.float32(rng.uniform(0.12, 0.4) * _FINE)
    map_x = matrix[0, 0] * x + matrix[0, 1] * y - low[0]
    map_y = matrix[1, 0] * x + matrix[1, 1] * y - low[1]
    map_x += wave * smooth_noise(tall, wide, island * 0.8, rng)
    map_y += wave * smooth_noise(tall, wide, island * 0.8, rng)
    map_x += ripple * smooth_noise(tall, wide, 5.0 * _FINE, rng)
    map_y += ripple * smooth_noise(tall, wide, 5.0 * _FINE, rng)
    return map_x, map_y, (int(canvas_h), int(canvas_w))


def _islands(
    map_x: Field,
    map_y: Field,
    canvas: tuple[int, int],
    island: float,
    main_px: float,
    rng: np.random.Generator,
) -> tuple[Field, NDArray[np.int32]]:
    """Return crack widths on centre lines (0 elsewhere) and the island ids."""
    grow = rng.uniform(1.7, 2.6)
    big = _looked_up(map_x, map_y, canvas, island * grow, rng)
    # Each big island looks elsewhere for its own small ones: these cracks end at
    # the older, wider crack in a T, as in a real network.
    jump = rng.uniform(0, island * 4.5, (2, int(big.max()) + 1)).astype(np.float32)
    there_x, there_y = map_x + jump[0].take(big), map_y + jump[1].take(big)
    small = _looked_up(there_x, there_y, canvas, island, rng)
    edges = _borders(
        small, main_px * rng.uniform(0.35, 0.75), rng, rng.uniform(0, 0.35)
    )
    older = _borders(big, main_px, rng, rng.uniform(0, 0.12))
    np.maximum(edges, older, out=edges)
    return edges, small + big * np.int32(131)


def _looked_up(
    map_x: Field,
    map_y: Field,
    canvas: tuple[int, int],
    cell: float,
    rng: np.random.Generator,
) -> NDArray[np.int32]:
    """Return the ids of random cells at the looked-up places."""
    height, width = canvas
    half = cell_labels(height, width, max(cell / 2, 2.0), rng)
    ids = cv2.remap(
        half.astype(np.float32),
        map_x,
        map_y,
        cv2.INTER_NEAREST,
        borderMode=cv2.BORDER_REFLECT,
    )
    return np.asarray(ids, dtype=np.float32).astype(np.int32)


def _borders(
    ids: NDArray[np.int32], width_px: float, rng: np.random.Generator, missing: float
) -> Field:
    """Return a width on pixels that border another cell; some borders stay whole."""
    chance = rng.random(_TABLE, np.float32)
    table = np.where(chance < missing, 0, width_px * (0.55 + 0.75 * chance))
    table = table.astype(np.float32)
    edges = np.zeros(ids.shape, np.float32)
    for here, there, at in (
        (ids[:, :-1], ids[:, 1:], (slice(None), slice(None, -1))),
        (ids[:-1], ids[1:], (slice(None, -1), slice(None))),
    ):
        differ = np.flatnonzero((here != there).ravel())
        y, x = np.divmod(differ.astype(np.int32), np.int32(here.shape[1]))
        one, two = here[y, x], there[y, x]
        # Unordered, so that both sides agree; overflow wraps and is welcome.
        pair = (one * two + (one + two) * np.int32(7919)) & np.int32(_TABLE - 1)
        view = edges[at]
        view[y, x] = np.maximum(view[y, x], table[pair])
    return edges


def _draw_runs(
    edges: Field,
    island: float,
    main_px: float,
    rng: np.random.Generator,
    recipe: DamageRecipe,
) -> None:
    """Add long cracks that wander along the grain."""
    height, width = edges.shape
    count = int(rng.integers(1, 4 + int(height * width / (island * 30) ** 2)))
    angle = recipe.grain_angle
    main = float(rng.uniform(0, np.pi)) if angle is None else angle
    for _ in range(min(count, 60)):
        steps = int(rng.uniform(0.4, 2.2) * max(width, height) / 8)
        if steps < 4:
            continue
        bend = np.cumsum(rng.normal(0, 0.11, steps)) * 0.6
        heading = main + rng.normal(0, 0.15) + bend + rng.normal(0, 0.3, steps)
        x = rng.uniform(0, width) + np.cumsum(np.cos(heading)) * 8
        y = rng.uniform(0, height) + np.cumsum(np.sin(heading)) * 8
        run = np.stack([x, y], axis=1)
        run -= (run[-1] - run[0]) / 2
        points = np.round(run * 8).astype(np.int32)
        size = main_px * rng.uniform(0.6, 1.5)
        for part in np.array_split(np.arange(steps), 6):
            low, high = int(part[0]), min(int(part[-1]) + 2, steps)
            taper = min(low + 1, steps - high + 1) / steps * 3 + 0.45
            value = float(size * min(1.0, taper))
            cv2.polylines(
                edges, [points[low:high]], isClosed=False, color=value, shift=3
            )


def _spread(
    tall: int,
    wide: int,
    island: float,
    rng: np.random.Generator,
    recipe: DamageRecipe,
    envelope: Field | None,
) -> Field:
    """Return 0..1.2: how strong the network is at each place."""
    share = float(_between(rng, recipe.crack_share))
    field = smooth_noise(tall, wide, max(island * 4, min(tall, wide) / 2), rng)
    field += np.float32(0.2) * smooth_noise(tall, wide, island * 1.6, rng)
    edge = float(np.quantile(field[::4, ::4], 1 - min(share, 1.0)))
    strength = np.clip((field - np.float32(edge)) * 4 + 0.5, 0, 1)
    if envelope is not None:
        strength *= cv2.resize(envelope, (wide, tall), interpolation=cv2.INTER_LINEAR)
    return np.asarray(strength, dtype=np.float32)


def _coverage(edges: Field) -> tuple[Field, Field]:
    """Return (share inside a crack, width of the nearest crack in photo pixels)."""
    thickest = float(edges.max())
    # What is left of a crack's half width falls by one with each pixel of distance:
    # a chamfer distance, spread in 8 bit, which is far faster than an exact one.
    half = (edges * np.float32(_LEVELS / 2)).astype(np.uint8)
    reach = half + (half > 0).astype(np.uint8) * np.uint8(_LEVELS // 2)
    widest = np.asarray(half)
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    square = np.ones((3, 3), np.uint8)
    for _ in range(math.ceil(thickest / 2 + 0.5)):
        near = _less(cv2.dilate(reach, cross), _LEVELS)
        corner = _less(cv2.dilate(reach, square), round(_LEVELS * 1.414))
        reach = np.maximum(reach, np.maximum(near, corner))
        widest = np.asarray(cv2.dilate(widest, square), dtype=np.uint8)
    cover = np.minimum(reach, _LEVELS).astype(np.float32) / np.float32(_LEVELS)
    width_px = widest.astype(np.float32) * np.float32(2 / _LEVELS / _FINE)
    return np.asarray(cover, np.float32), np.asarray(width_px, np.float32)


def _less(levels: NDArray[Any], amount: int) -> NDArray[np.uint8]:
    """Return 8 bit levels lowered by an amount, never below 0."""
    return np.asarray(np.maximum(levels, amount) - amount, dtype=np.uint8)


def _shrunk(field: Field, size: tuple[int, int]) -> Field:
    """Return the field averaged down to (width, height)."""
    small = cv2.resize(field, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.float32)


def _between(
    rng: np.random.Generator, limits: tuple[float, float], *, log: bool = False
) -> float:
    """Return a value between two limits, evenly or evenly in the logarithm."""
    low, high = limits
    if log:
        return float(np.exp(rng.uniform(np.log(low), np.log(high))))
    return float(rng.uniform(low, high))
