"""Layouts of the three styles: end bands, middle zones, centre panels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from resunet_core.synthesis.canvas import (
    BLUE,
    BLUES,
    CREAM,
    DARK_BLUE,
    DEEP_RED,
    GREEN,
    GREENS,
    INK,
    MID_BLUE,
    PALE_BLUE,
    RED,
    REDS,
    ROSE,
    WHITE,
    Canvas,
    Path2,
    Rgb,
    circle,
    rectangle,
    smooth,
)
from resunet_core.synthesis.dragon import dragon, flaming_pearl
from resunet_core.synthesis.figures import flowering_branch, landscape
from resunet_core.synthesis.motifs import (
    brocade,
    diamond,
    key_fret,
    outlined,
    pearls,
    quatrefoil,
    ruyi_cloud,
    whorl,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_SMOKE: tuple[Rgb, ...] = (
    WHITE,
    (198, 206, 214),
    PALE_BLUE,
    (104, 138, 184),
    MID_BLUE,
    BLUE,
    DARK_BLUE,
)
_EMBER: tuple[Rgb, ...] = (WHITE, (226, 184, 160), ROSE, (184, 84, 62), RED, DEEP_RED)


def lesser_beam(canvas: Canvas, line: float, rng: np.random.Generator) -> None:
    """Draw a lesser beam: stepped bands and one long panel."""
    height, width = canvas.height, canvas.width
    swap = bool(rng.random() < 0.5)
    outer, inner = (GREENS, BLUES) if swap else (BLUES, GREENS)
    outlined(
        canvas,
        rectangle(-height, 0, width + height, height),
        outer,
        height * 0.035,
        line,
    )
    start = float(rng.uniform(0.6, 1.6)) * height
    panel = _panel_path(start, width * 1.4, height * 0.2, height * 0.8, lean=0.4)
    outlined(canvas, panel, inner, height * 0.035, line)
    whorl(canvas, start - height * 0.55, height * 0.5, height * 0.4, swap=not swap)
    kind = int(rng.integers(3))
    if kind == 0:
        _filled_panel(canvas, panel, line, lambda part: brocade(part, height * 0.28))
    elif kind == 1:
        band = canvas.view(start + height * 0.4, height * 0.32, width, height * 0.68)
        key_fret(band, inner, upright=False)
    else:
        for index in range(int(width / height / 0.9)):
            x = start + height * (0.9 + index * 0.95)
            colours = (REDS, outer)[index % 2]
            hand = 1.0 if index % 2 else -1.0
            ruyi_cloud(canvas, x, height * 0.46, height * 0.11, colours, hand=hand)


def _end_band(
    canvas: Canvas, left: float, wide: float, line: float, *, fret: bool, green: bool
) -> float:
    """Draw an end band with strings of pearls; return where it ends."""
    height = canvas.height
    bead = height * 0.075
    _bead_string(canvas, left, bead)
    colours = GREENS if green else BLUES
    middle = canvas.view(left + bead, 0, left + bead + wide, height)
    if fret:
        key_fret(
            middle.view(wide * 0.14, 0, wide * 0.86, height), colours, upright=True
        )
        edges = (-wide, wide * 0.14), (wide * 0.86, wide * 2)
        for start, stop in edges:
            strip = rectangle(start, -height, stop, 2 * height)
            middle.stepped(strip, colours[:3], wide * 0.035)
    else:
        band = rectangle(0, -height, wide, 2 * height)
        middle.stepped(band, (*colours, DARK_BLUE if not green else INK), wide * 0.1)
    right = left + 2 * bead + wide
    _bead_string(canvas, right - bead, bead)
    for x in (left, left + bead, right - bead, right):
        canvas.raised(np.array([(x, -9.0), (x, height + 9.0)]), line)
    return right


def _bead_string(canvas: Canvas, left: float, wide: float) -> None:
    """Draw an upright string of pearls; one that the frame cuts shows its ground."""
    part = canvas.view(left, 0, left + wide, canvas.height)
    if part.width > 0.75 * wide:
        pearls(part, INK, upright=True)
    else:
        part.fill(rectangle(-9, -9, part.width + 9, part.height + 9), INK)


def _panel_path(
    left: float, right: float, top: float, low: float, *, lean: float
) -> Path2:
    """Return a centre panel with pointed ogee ends."""
    tall = low - top
    middle = (top + low) / 2
    tip = tall * lean

    def head(x: float, sign: float) -> Path2:
        knots = [
            (x + sign * tip, top),
            (x + sign * tip * 0.72, top + tall * 0.13),
            (x + sign * tip * 0.8, top + tall * 0.24),
            (x + sign * tip * 0.42, top + tall * 0.37),
            (x, middle),
        ]
        upper = smooth(knots, 10)
        lower = upper[::-1] * (1, -1) + (0, 2 * middle)
        return np.concatenate([upper, lower[1:]])

    near, far = head(left, 1.0), head(right, -1.0)
    return np.concatenate([near, far[::-1]])


def _xuanzi(canvas: Canvas, line: float, rng: np.random.Generator) -> None:
    """Draw end band, box, one whole and two half whorls, centre panel."""
    height, width = canvas.height, canvas.width
    canvas.fill(rectangle(-9, -9, width + 9, height + 9), GREEN)
    left = float(rng.uniform(-0.5, 0.06)) * height
    x = _end_band(canvas, left, height * 0.17, line, fret=False, green=False)
    box = height * 0.72
    quatrefoil(canvas.view(x, 0, x + box, height), line)
    x = _end_band(canvas, x + box, height * 0.17, line, fret=False, green=True)
    zone = height * 1.42
    _whorl_zone(canvas.view(x, 0, x + zone, height), line)
    start = x + zone - height * 0.14
    stop = start + height * 2.9
    for level, colours in enumerate((GREENS, BLUES)):
        out = height * (0.2 - 0.1 * level)
        path = _panel_path(
            start - out,
            stop + out,
            -height * (0.1 - 0.05 * level) + level * height * 0.065,
            height * (1.1 - 0.05 * level) - level * height * 0.065,
            lean=0.36,
        )
        outlined(canvas, path, colours, height * 0.017, line)
    inner = _panel_path(
        start + height * 0.06, stop, height * 0.12, height * 0.88, lean=0.38
    )
    _filled_panel(canvas, inner, line, lambda part: brocade(part, height * 0.21))
    if stop + height * 0.2 < width:
        _whorl_zone(canvas.view(stop + height * 0.2, 0, width, height), line)


def _whorl_zone(canvas: Canvas, line: float) -> None:
    """Draw one whole whorl and two halves, with lozenges in the gaps."""
    height = canvas.height
    canvas.fill(rectangle(-9, -9, canvas.width + 9, height + 9), GREEN)
    radius = height * 0.44
    middle = height * 0.47
    for x, y, swap in (
        (middle, 0.5, False),
        (middle + height * 0.74, 0.0, True),
        (middle + height * 0.74, 1.0, True),
    ):
        whorl(canvas, x, y * height, radius, swap=swap)
    for x, y in ((0.47, 0.025), (0.47, 0.975), (0.045, 0.5)):
        diamond(
            canvas, x * height, y * height, height * 0.06, height * 0.075, line * 0.8
        )
    diamond(
        canvas, middle + height * 0.74, height * 0.5, height * 0.1, height * 0.05, line
    )
    for y in (0.0, 1.0):
        outlined(
            canvas, circle(0, y * height, height * 0.2), BLUES, height * 0.02, line
        )
        outlined(
            canvas,
            circle(0, y * height, height * 0.1),
            REDS,
            height * 0.018,
            line * 0.8,
        )


def _filled_panel(
    canvas: Canvas, path: Path2, line: float, draw: Callable[[Canvas], None]
) -> None:
    """Draw inside a closed path only, then close it with white and gold lines."""
    x0, y0 = np.maximum(np.floor(path.min(axis=0)), 0)
    x1 = min(float(path[:, 0].max()), canvas.width)
    if x0 >= canvas.width or y0 >= canvas.height:
        return
    y1 = min(float(path[:, 1].max()), canvas.height)
    part = canvas.view(x0, y0, x1, y1)
    inside = Canvas.blank(part.height, part.width, INK)
    draw(inside)
    cover = np.zeros(part.relief.shape, np.uint8)
    fixed = np.round((path - (round(x0), round(y0))) * 16).astype(np.int32)
    cv2.fillPoly(cover, [fixed], (255,), cv2.LINE_AA, 4)
    kept = cover > 127
    for layer, new in (
        (part.pixels, inside.pixels),
        (part.relief, inside.relief),
        (part.gold, inside.gold),
    ):
        layer[kept] = new[kept]
    canvas.stroke(path, WHITE, line * 3.2, closed=True)
    canvas.raised(path, line, closed=True)


def _hexi(canvas: Canvas, line: float, rng: np.random.Generator) -> None:
    """Draw end band, zigzag zone and a dragon among clouds in the centre panel."""
    height, width = canvas.height, canvas.width
    canvas.fill(rectangle(-9, -9, width + 9, height + 9), BLUE)
    left = float(rng.uniform(-0.12, 0.02)) * height
    x = _end_band(canvas, left, height * 0.2, line, fret=False, green=True)
    zone = height * 0.7
    _clouds(canvas.view(x, 0, x + zone, height), rng, 9)
    start = x + zone
    stop = max(start + height * 3.2, width + height * 0.2)
    for level, colours in enumerate((BLUES, GREENS, BLUES)):
        out = height * (0.34 - 0.14 * level)
        path = _zigzag(start - out, stop + out, height)
        outlined(canvas, path, colours, height * 0.02, line)
    panel = _panel_path(
        start + height * 0.1, stop, height * 0.1, height * 0.9, lean=0.3
    )
    _filled_panel(canvas, panel, line, lambda part: _dragon_panel(part, height, rng))


def _zigzag(left: float, right: float, height: float) -> Path2:
    """Return a field with the pointed, thrice broken head of hexi painting."""
    tip = height * 0.2
    head = [
        (tip, -9.0),
        (tip * 0.25, 0.25 * height),
        (tip * 0.8, 0.33 * height),
        (0, 0.5 * height),
    ]
    upper = np.array(head) + np.array((left, 0.0))
    lower = upper[::-1][1:] * (1, -1) + (0, height)
    end = np.array([(right, height + 9.0), (right, -9.0)])
    return np.concatenate([upper, lower, end])


def _dragon_panel(canvas: Canvas, unit: float, rng: np.random.Generator) -> None:
    """Draw a dragon chasing its pearl among clouds."""
    height, width = canvas.height, canvas.width
    canvas.fill(rectangle(-9, -9, width + 9, height + 9), GREEN)
    _clouds(canvas, rng, int(width / height * 9))
    flaming_pearl(canvas, height * 0.5, height * 0.55, height * 0.075)
    spine = [
        (1.12, 0.42), (1.27, 0.5), (1.42, 0.68), (1.66, 0.76), (1.86, 0.56),
        (2.0, 0.34), (2.2, 0.28), (2.36, 0.46), (2.5, 0.68), (2.72, 0.74), (2.9, 0.58),
        (3.04, 0.4), (3.2, 0.34),
    ]  # fmt: skip
    scaled = [(x * height, y * height) for x, y in spine]
    dragon(canvas, scaled, unit * 0.125, rng=rng)


def _clouds(canvas: Canvas, rng: np.random.Generator, count: int) -> None:
    """Scatter clouds of several colours, none over another."""
    height, width = canvas.height, canvas.width
    placed: list[tuple[float, float]] = []
    palettes = (BLUES, REDS, GREENS, (WHITE, CREAM, ROSE, RED))
    for _ in range(count * 12):
        x, y = rng.uniform(0, width), rng.uniform(0.05, 0.95) * height
        apart = height * 0.27
        if len(placed) >= count:
            break
        if all(np.hypot((x - a) * 0.7, y - b) > apart for a, b in placed):
            placed.append((x, y))
            hand = 1.0 if rng.random() < 0.5 else -1.0
            colours = palettes[len(placed) % len(palettes)]
            ruyi_cloud(canvas, x, y, height * 0.085, colours, hand=hand)


def _suzhou(canvas: Canvas, line: float, rng: np.random.Generator) -> None:
    """Draw key-fret end band, flowers, and a picture wrapped in smoke-like bands."""
    height, width = canvas.height, canvas.width
    canvas.fill(rectangle(-9, -9, width + 9, height + 9), MID_BLUE)
    left = float(rng.uniform(-0.1, 0.03)) * height
    x = _end_band(canvas, left, height * 0.22, line, fret=True, green=False)
    ground = canvas.view(x, 0, width, height)
    outlined(
        ground,
        rectangle(-height, 0, width * 2, height),
        (WHITE, PALE_BLUE, MID_BLUE, BLUE),
        height * 0.02,
        line,
    )
    box = rectangle(height * 0.12, height * 0.14, height * 1.02, height * 0.86)
    _filled_panel(ground, box, line, lambda part: _flower_panel(part, rng))
    key = ground.view(height * 1.06, height * 0.06, width, height * 0.2)
    key_fret(key, BLUES, upright=False)
    low = ground.view(height * 1.06, height * 0.8, width, height * 0.94)
    key_fret(low, BLUES, upright=False)
    _clouds(ground.view(height * 1.08, height * 0.22, width, height * 0.78), rng, 5)
    middle = x + height * 2.5
    for radius, colours in ((1.2, _EMBER), (1.02, _SMOKE)):
        path = _bundle(middle, height, radius * height)
        outlined(canvas, path, colours, height * 0.024, line)
    inner = _bundle(middle, height, 0.83 * height)
    _filled_panel(canvas, inner, line, lambda part: landscape(part, rng))


def _flower_panel(canvas: Canvas, rng: np.random.Generator) -> None:
    """Draw a plum branch on a pale ground."""
    height, width = canvas.height, canvas.width
    canvas.fill(rectangle(-9, -9, width + 9, height + 9), CREAM)
    flowering_branch(
        canvas,
        (-0.05 * width, 0.8 * height),
        (width, 0.2 * height),
        height * 0.34,
        rng=rng,
    )


def _bundle(middle: float, height: float, radius: float) -> Path2:
    """Return the cusped outline of a bundle that hangs from the beam's top."""
    angle = np.linspace(0, np.pi, 240)
    lobes = 9
    scallop = 1 + 0.055 * np.abs(np.sin(angle * lobes)) - 0.02 * np.cos(angle * 2)
    x = middle + radius * 1.12 * np.cos(angle) * scallop
    y = -0.12 * height + radius * 0.98 * np.sin(angle) * scallop
    end = np.array(
        [
            (middle - radius * 1.12, -height * 0.3),
            (middle + radius * 1.12, -height * 0.3),
        ]
    )
    return np.concatenate([np.stack([x, y], axis=1), end])


DRAWERS: dict[str, Callable[[Canvas, float, np.random.Generator], None]] = {
    "hexi": _hexi,
    "xuanzi": _xuanzi,
    "suzhou": _suzhou,
}
