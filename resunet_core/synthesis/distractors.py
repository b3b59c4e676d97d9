"""Things that look like damage and are not: their truth is sound paint."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.synthesis.noise import Field, Pixels, fractal_noise, smooth_noise

_SUB = 4  # fractional bits of the drawing calls
_ONE = 1 << _SUB

_GOLD = (206, 164, 78)
_LINES = (
    _GOLD,
    (178, 136, 60),
    (28, 26, 26),
    (46, 34, 28),
    (238, 232, 218),
    (150, 40, 30),
    (40, 62, 96),
)
_FLATS = (
    (238, 232, 220),
    (214, 200, 172),
    (150, 142, 132),
    (112, 84, 60),
    (34, 32, 32),
    (38, 70, 128),
    (52, 120, 88),
    (166, 52, 36),
)

Colour = tuple[float, float, float]
Fixed = NDArray[np.int32]
Maker = Callable[[Field, np.random.Generator], None]


def add_distractors(
    pixels: NDArray[np.uint8], *, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Return the picture (uint8 RGB) with sound details that resemble damage."""
    shown = pixels.astype(np.float32)
    makers: tuple[Maker, ...] = (
        _outlines,
        _outlines,
        _key_fret,
        _strokes,
        _strokes,
        _pearls,
        _patch,
        _patch,
        _folds,
        _grain_lines,
        _hairs,
        _script,
        _soft_shadow,
        _stain,
        _scroll,
    )
    count = int(rng.integers(1, 4))
    for index in rng.choice(len(makers), count, replace=False):
        makers[int(index)](shown, rng)
    done: Pixels = np.clip(shown + np.float32(0.5), 0, 255).astype(np.uint8)
    return done


def curve(
    rng: np.random.Generator, height: int, width: int, *, length: float, bend: float
) -> NDArray[np.float32]:
    """Return a smooth random path, float32 [n, 2] of (x, y) in pixels."""
    steps = max(int(length / 3), 6)
    turn = np.cumsum(rng.normal(0, bend, steps)) * 0.3 + rng.normal(0, bend * 0.6)
    heading = rng.uniform(0, 2 * np.pi) + np.cumsum(turn) * 0.2
    path = np.stack([np.cumsum(np.cos(heading)), np.cumsum(np.sin(heading))], axis=1)
    path = path * 3 - path[steps // 2] * 3
    path += rng.uniform(0, 1, 2) * (width, height)
    return np.asarray(path, dtype=np.float32)


def _trace(
    layer: NDArray[np.uint8], points: Fixed, thick: int, *, closed: bool = False
) -> None:
    """Draw a soft-edged line through fixed-point points, in place."""
    cv2.polylines(
        layer,
        [points],
        isClosed=closed,
        color=255,
        thickness=thick,
        lineType=cv2.LINE_AA,
        shift=_SUB,
    )


def _pick(
    colours: tuple[tuple[int, int, int], ...], rng: np.random.Generator
) -> Colour:
    """Return one of the colours, a little off."""
    base = colours[int(rng.integers(len(colours)))]
    red, green, blue = np.clip(np.array(base) + rng.normal(0, 8, 3), 0, 255)
    return float(red), float(green), float(blue)


def _layered(pixels: Field, layer: NDArray[np.uint8], colour: Colour) -> None:
    """Blend one colour over the pixels, in place, by a coverage layer of 0..255."""
    alpha = layer.astype(np.float32)[..., None] / np.float32(255)
    pixels += (np.array(colour, np.float32) - pixels) * alpha


def _layer(pixels: Field) -> NDArray[np.uint8]:
    """Return an empty coverage layer; drawing of lines is only soft in 8 bit."""
    return np.zeros(pixels.shape[:2], np.uint8)


def _raised(
    pixels: Field, layer: NDArray[np.uint8], colour: Colour, rng: np.random.Generator
) -> None:
    """Blend a raised line: lit above, shaded below."""
    height, width = layer.shape
    down = np.array([[1, 0, 0.8], [0, 1, 1.2]], np.float32)
    up = np.array([[1, 0, -0.6], [0, 1, -0.9]], np.float32)
    shade = cv2.warpAffine(layer, down, (width, height)).astype(np.float32)
    pixels *= (1 - shade / 255 * np.float32(rng.uniform(0.2, 0.5)))[..., None]
    _layered(pixels, layer, colour)
    bright = cv2.subtract(layer, cv2.warpAffine(layer, down, (width, height)))
    dim = cv2.subtract(layer, cv2.warpAffine(layer, up, (width, height)))
    pixels += (bright.astype(np.float32) * np.float32(0.22))[..., None]
    pixels -= (dim.astype(np.float32) * np.float32(0.16))[..., None]


def _outlines(pixels: Field, rng: np.random.Generator) -> None:
    """Draw smooth outline curves in gold, ink or white, some raised, some doubled."""
    height, width = pixels.shape[:2]
    layer = _layer(pixels)
    twin = _layer(pixels)
    thick = int(rng.integers(1, 5))
    gap = thick + float(rng.uniform(1, 4))
    bend = float(rng.uniform(0.1, 0.6))
    for _ in range(int(rng.integers(1, 7))):
        length = float(rng.uniform(0.3, 1.5)) * max(height, width)
        path = curve(rng, height, width, length=length, bend=bend)
        points = np.round(path * _ONE).astype(np.int32)
        _trace(layer, points, thick)
        beside = points + round(gap * _ONE)
        _trace(twin, beside, max(thick - 1, 1))
    colour = _pick(_LINES, rng)
    if rng.random() < 0.4:
        _layered(pixels, twin, (236.0, 231.0, 220.0))
    if rng.random() < 0.5:
        _raised(pixels, layer, colour, rng)
    else:
        _layered(pixels, layer, colour)


def _key_fret(pixels: Field, rng: np.random.Generator) -> None:
    """Draw a band of key-fret lines."""
    height, width = pixels.shape[:2]
    unit = float(rng.uniform(3, 9))
    fret = np.array(
        [[0, 6], [0, 0], [5, 0], [5, 4], [2, 4], [2, 2], [3, 2]], np.float32
    )
    layer = _layer(pixels)
    origin = rng.uniform(0, 1, 2) * (width, height)
    angle = float(rng.choice([0.0, np.pi / 2]) + rng.normal(0, 0.06))
    turn = np.array(
        [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]], np.float32
    )
    thick = int(rng.integers(1, 4))
    reach = int(1.5 * max(height, width) / (unit * 7)) + 1
    for index in range(-reach, reach):
        path = ((fret + np.array([index * 7, 0], np.float32)) * unit) @ turn + origin
        points = np.round(path * _ONE).astype(np.int32)
        _trace(layer, points, thick)
    _layered(pixels, layer, _pick(_LINES, rng))


def _strokes(pixels: Field, rng: np.random.Generator) -> None:
    """Draw thin dry brush strokes that lie like cracks but taper and run together."""
    height, width = pixels.shape[:2]
    layer = _layer(pixels)
    heading = float(rng.uniform(0, 2 * np.pi))
    for _ in range(int(rng.integers(4, 22))):
        start = rng.uniform(0, 1, 2) * (width, height)
        reach = float(rng.uniform(0.04, 0.22)) * max(height, width)
        along = np.linspace(0, 1, 12)
        angle = heading + rng.normal(0, 0.25) + rng.normal(0, 0.5) * along
        path = start + np.cumsum(
            np.stack([np.cos(angle), np.sin(angle)], axis=1) * reach / 12, axis=0
        )
        points = np.round(path * _ONE).astype(np.int32)
        for low, thick in ((0, 1), (2, 2), (4, int(rng.integers(1, 5)))):
            part = points[low : 12 - low]
            _trace(layer, part, thick)
    dry = smooth_noise(height, width, 3.0, rng) * 60 + float(rng.uniform(150, 255))
    alpha = cv2.multiply(layer.astype(np.float32), dry, scale=1 / 255)
    _layered(pixels, np.clip(alpha, 0, 255).astype(np.uint8), _pick(_LINES, rng))


def _pearls(pixels: Field, rng: np.random.Generator) -> None:
    """Draw white painted dots in a row, a cluster, or scattered."""
    height, width = pixels.shape[:2]
    layer, rings = _layer(pixels), _layer(pixels)
    count = int(rng.integers(3, 26))
    radius = float(rng.uniform(1.2, 7.0))
    if rng.random() < 0.6:
        length = count * radius * float(rng.uniform(2.3, 4.0))
        path = curve(rng, height, width, length=length, bend=0.25)
        spots = path[np.linspace(0, len(path) - 1, count).astype(int)]
    else:
        middle = rng.uniform(0, 1, 2) * (width, height)
        spots = middle + rng.normal(0, radius * 6, (count, 2))
    for x, y in spots:
        size = max(radius * float(rng.uniform(0.8, 1.2)), 1.0)
        at = (round(float(x) * _ONE), round(float(y) * _ONE))
        cv2.circle(rings, at, round((size + 1.2) * _ONE), 255, -1, cv2.LINE_AA, _SUB)
        cv2.circle(layer, at, round(size * _ONE), 255, -1, cv2.LINE_AA, _SUB)
    if rng.random() < 0.6:
        _layered(pixels, rings, _pick(_LINES, rng))
    _layered(pixels, layer, _pick(_FLATS[:2], rng))


def _patch(pixels: Field, rng: np.random.Generator) -> None:
    """Draw a flat painted shape in a colour that lost paint may have, too."""
    height, width = pixels.shape[:2]
    size = float(rng.uniform(0.06, 0.3)) * max(height, width)
    around = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    radius = np.ones(48)
    for wave in range(1, int(rng.integers(2, 6))):
        radius += rng.normal(0, 0.16) * np.cos(wave * around + rng.uniform(0, 6.3))
    path = np.stack([np.cos(around) * rng.uniform(0.6, 1.5), np.sin(around)], axis=1)
    path = path * (np.abs(radius) * size)[:, None]
    path += rng.uniform(0, 1, 2) * (width, height)
    points = np.round(path * _ONE).astype(np.int32)
    layer = _layer(pixels)
    cv2.fillPoly(layer, [points], 255, cv2.LINE_AA, _SUB)
    colour = np.array(_pick(_FLATS, rng), np.float32)
    paint = colour * (1 + 0.06 * fractal_noise(height, width, 24.0, rng))[..., None]
    alpha = layer.astype(np.float32)[..., None] / np.float32(255)
    # Modelling of the picture below stays visible, as under a thin glaze.
    keep = np.float32(rng.uniform(0.0, 0.3))
    pixels += (paint - pixels) * (alpha * (1 - keep))
    if rng.random() < 0.55:
        rim = _layer(pixels)
        thick = int(rng.integers(1, 4))
        _trace(rim, points, thick, closed=True)
        _layered(pixels, rim, _pick(_LINES, rng))


def _folds(pixels: Field, rng: np.random.Generator) -> None:
    """Draw white cloth with soft folds and thin fold lines."""
    height, width = pixels.shape[:2]
    turn = float(rng.uniform(0, np.pi))
    x = np.arange(width, dtype=np.float32)[None, :]
    y = np.arange(height, dtype=np.float32)[:, None]
    across = x * np.cos(turn, dtype=np.float32) + y * np.sin(turn, dtype=np.float32)
    bent = across + 16 * smooth_noise(height, width, 70.0, rng)
    pitch = float(rng.uniform(14, 46))
    wave = np.sin(bent * np.float32(2 * np.pi / pitch))
    zone = smooth_noise(height, width, max(height, width) / 2.5, rng)
    alpha = np.clip((zone - 0.35) * 8, 0, 1)[..., None]
    cloth = np.array(_pick(_FLATS[:2], rng), np.float32)
    line = np.clip(wave - 0.93, 0, 1) * float(rng.uniform(300, 1500))
    tone = 0.88 + 0.1 * wave
    pixels += (cloth * tone[..., None] - line[..., None] - pixels) * alpha
    np.clip(pixels, 0, 255, out=pixels)


def _grain_lines(pixels: Field, rng: np.random.Generator) -> None:
    """Let long lines of the timber show through the paint."""
    height, width = pixels.shape[:2]
    upright = rng.random() < 0.3
    tall, wide = (width, height) if upright else (height, width)
    grain = smooth_noise(tall, wide, float(rng.uniform(2.5, 7)), rng, stretch=24)
    grain += np.float32(0.6) * smooth_noise(tall, wide, 2.0, rng, stretch=30)
    if upright:
        grain = np.ascontiguousarray(grain.T)
    pixels *= (1 - np.float32(rng.uniform(0.04, 0.16)) * np.abs(grain))[..., None]


def _hairs(pixels: Field, rng: np.random.Generator) -> None:
    """Lay hairs, lint and cobweb on the paint."""
    height, width = pixels.shape[:2]
    layer = _layer(pixels)
    for _ in range(int(rng.integers(1, 5))):
        length = float(rng.uniform(0.1, 0.9)) * max(height, width)
        path = curve(rng, height, width, length=length, bend=float(rng.uniform(0.3, 1)))
        points = np.round(path * _ONE).astype(np.int32)
        _trace(layer, points, 1)
    soft = cv2.GaussianBlur(layer, (0, 0), float(rng.uniform(0.3, 0.9)))
    dark = rng.random() < 0.5
    shade = (30.0, 28.0, 27.0) if dark else (222.0, 220.0, 214.0)
    faint = np.asarray(soft * rng.uniform(0.5, 1.0), dtype=np.uint8)
    _layered(pixels, faint, shade)


def _script(pixels: Field, rng: np.random.Generator) -> None:
    """Write columns of strokes, like an ink inscription."""
    height, width = pixels.shape[:2]
    layer = _layer(pixels)
    size = float(rng.uniform(9, 24))
    left, top = rng.uniform(0, width * 0.8), rng.uniform(0, height * 0.6)
    thick = max(1, round(size / 10))
    for row in range(int(rng.integers(2, 9))):
        corner = np.array([left, top + row * size * 1.25])
        for _ in range(int(rng.integers(4, 10))):
            one = corner + rng.uniform(0.05, 0.95, 2) * size
            kind = int(rng.integers(4))
            step = ((1, 0), (0, 1), (0.7, 0.7), (-0.7, 0.7))[kind]
            two = one + np.array(step) * size * rng.uniform(0.25, 0.7)
            ends = np.round(np.stack([one, two]) * _ONE).astype(np.int32)
            _trace(layer, ends, thick)
    _layered(pixels, layer, _pick(_LINES[2:6], rng))


def _soft_shadow(pixels: Field, rng: np.random.Generator) -> None:
    """Cast the soft straight shadow of an edge or a cable."""
    height, width = pixels.shape[:2]
    layer = _layer(pixels)
    ends = rng.uniform(-0.2, 1.2, (2, 2)) * (width, height)
    points = np.round(ends * _ONE).astype(np.int32)
    thick = int(rng.integers(1, 9))
    _trace(layer, points, thick)
    soft = cv2.GaussianBlur(layer, (0, 0), float(rng.uniform(0.8, 4.0)))
    deep = np.float32(rng.uniform(0.25, 0.7) / 255)
    pixels *= (1 - soft.astype(np.float32) * deep)[..., None]


def _stain(pixels: Field, rng: np.random.Generator) -> None:
    """Stain the paint: its colour changes and its detail stays."""
    height, width = pixels.shape[:2]
    field = fractal_noise(height, width, max(height, width) / 3, rng, octaves=6)
    edge = field - np.float32(rng.uniform(0.2, 1.0))
    inside = np.clip(edge * float(rng.uniform(3, 14)), 0, 1)
    tide = np.exp(-((edge * 14) ** 2)) * np.float32(rng.uniform(0, 0.35))
    tint = np.array([1.0, 0.93, 0.8], np.float32) ** np.float32(rng.uniform(0.3, 2.5))
    pale = rng.random() < 0.3
    if pale:
        haze = np.float32(rng.uniform(0.12, 0.4)) * inside[..., None]
        pixels += (np.array([206, 202, 192], np.float32) - pixels) * haze
    else:
        pixels *= (
            1 + (tint * np.float32(rng.uniform(0.6, 0.98)) - 1) * inside[..., None]
        )
    pixels *= (1 - tide)[..., None]


def _scroll(pixels: Field, rng: np.random.Generator) -> None:
    """Draw cloud scrolls: nested spirals with a light band beside the line."""
    height, width = pixels.shape[:2]
    dark, light = _layer(pixels), _layer(pixels)
    for _ in range(int(rng.integers(1, 6))):
        turns = float(rng.uniform(1.2, 2.6)) * 2 * np.pi
        angle = np.linspace(0, turns, 60)
        size = float(rng.uniform(0.04, 0.16)) * max(height, width)
        spread = size * (0.08 + angle / turns)
        start = float(rng.uniform(0, 6.3))
        sign = float(rng.choice([-1.0, 1.0]))
        middle = rng.uniform(0, 1, 2) * (width, height)
        path = middle + np.stack(
            [
                np.cos(start + sign * angle) * spread,
                np.sin(start + sign * angle) * spread,
            ],
            axis=1,
        )
        points = np.round(path * _ONE).astype(np.int32)
        thick = max(1, round(size / 12))
        _trace(light, points, thick * 3)
        _trace(dark, points, thick)
    _layered(pixels, light, _pick(_FLATS[:2], rng))
    _layered(pixels, dark, _pick(_LINES, rng))
