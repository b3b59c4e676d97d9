"""What is painted on walls: draped figures, haloes, clouds, leaves, roofs, scrolls.

Rough on purpose: a network is to meet every shape, outline and white dress that a wall
may show, in every size and colour, not to recognise one school's figures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resunet_core.synthesis.canvas import (
    Canvas,
    Path2,
    Rgb,
    arc,
    beside,
    circle,
    rectangle,
    ribbon,
    smooth,
    spiral,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

# Pigments of Chinese wall painting as photos show them: malachite, azurite, ochres,
# red earth, cinnabar, lead white, lead that turned brown, ink.
PIGMENTS: tuple[Rgb, ...] = (
    (62, 128, 98),
    (96, 168, 148),
    (138, 190, 172),
    (48, 84, 66),
    (58, 78, 138),
    (112, 116, 178),
    (150, 168, 190),
    (146, 66, 44),
    (112, 46, 34),
    (186, 88, 58),
    (198, 130, 92),
    (204, 168, 108),
    (176, 140, 96),
    (226, 220, 206),
    (210, 202, 184),
    (216, 184, 156),
    (150, 112, 92),
    (58, 44, 40),
    (36, 34, 36),
    (120, 116, 110),
)
WHITES: tuple[Rgb, ...] = ((230, 226, 214), (218, 212, 196), (206, 204, 200))
LINES: tuple[Rgb, ...] = (
    (34, 30, 30),
    (70, 50, 42),
    (128, 62, 42),
    (226, 220, 206),
    (96, 92, 90),
)
FLESH: tuple[Rgb, ...] = (
    (222, 190, 162),
    (228, 212, 194),
    (170, 120, 96),
    (92, 68, 60),
)


def some(colours: Sequence[Rgb], rng: np.random.Generator) -> Rgb:
    """One of the colours, as another pot of it would be."""
    base = np.array(colours[int(rng.integers(len(colours)))], np.float64)
    mixed = base * rng.uniform(0.86, 1.1) + rng.normal(0, 6, 3)
    red, green, blue = np.clip(mixed, 4, 246).round()
    return int(red), int(green), int(blue)


def blob(
    x: float, y: float, size: float, rng: np.random.Generator, *, long: float = 1.0
) -> Path2:
    """A closed soft outline about a point, `long` times as long as wide."""
    count = int(rng.integers(5, 10))
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    reach = size * rng.uniform(0.65, 1.25, count)
    tilt = rng.uniform(0, np.pi)
    across = np.stack([reach * np.cos(angle) * long, reach * np.sin(angle)], axis=1)
    turn = np.array([[np.cos(tilt), np.sin(tilt)], [-np.sin(tilt), np.cos(tilt)]])
    knots = across @ turn + (x, y)
    closed = [*map(tuple, knots), tuple(knots[0]), tuple(knots[1])]
    return smooth(closed, 10)[:-10]


def wandering(
    x: float, y: float, length: float, rng: np.random.Generator, *, bend: float = 0.5
) -> Path2:
    """An open curve from a point, some lengths long."""
    heading = rng.uniform(0, 2 * np.pi)
    knots = [(x, y)]
    for _ in range(5):
        heading += rng.normal(0, bend)
        x += np.cos(heading) * length / 5
        y += np.sin(heading) * length / 5
        knots.append((x, y))
    return smooth(knots, 12)


def draped(
    canvas: Canvas, x: float, y: float, size: float, rng: np.random.Generator
) -> None:
    """Draw cloth: a shape of one colour, often white, with folds and a hem."""
    colour = some(WHITES if rng.random() < 0.35 else PIGMENTS, rng)
    outline = blob(x, y, size, rng, long=rng.uniform(1.0, 2.4))
    thin = max(size * rng.uniform(0.015, 0.05), 1.0)
    _washed(canvas, outline, colour, size, rng)
    line = some(LINES, rng)
    for _ in range(int(rng.integers(2, 9))):
        start = outline[int(rng.integers(len(outline)))]
        fold = smooth(
            [
                tuple(start),
                tuple(
                    start * 0.6 + np.array([x, y]) * 0.4 + rng.normal(0, size / 6, 2)
                ),
                (x + rng.normal(0, size / 4), y + rng.normal(0, size / 4)),
            ]
        )
        canvas.brush(fold, line, thin * rng.uniform(1, 3))
    if rng.random() < 0.85:
        canvas.stroke(outline, line, thin, closed=True)
    if rng.random() < 0.4:
        half = np.full(len(outline), size * rng.uniform(0.03, 0.1))
        canvas.fill(ribbon(outline, half), some(PIGMENTS, rng))


def _washed(
    canvas: Canvas, outline: Path2, colour: Rgb, size: float, rng: np.random.Generator
) -> None:
    """Fill flat, or with bands of one colour from pale to deep."""
    if rng.random() < 0.5:
        canvas.fill(outline, colour)
        return
    other = np.array(some((WHITES + PIGMENTS), rng), np.float64)
    shares = np.linspace(0, rng.uniform(0.3, 1.0), int(rng.integers(3, 7)))
    bands = [np.array(colour) * (1 - share) + other * share for share in shares]
    if rng.random() < 0.5:
        bands.reverse()
    colours = [(int(r), int(g), int(b)) for r, g, b in bands]
    canvas.stepped(outline, colours, max(size * rng.uniform(0.02, 0.12), 1.0))


def head(
    canvas: Canvas, x: float, y: float, size: float, rng: np.random.Generator
) -> None:
    """Draw a halo of rings, a face with a few features, dark hair."""
    if rng.random() < 0.7:
        reach = size * rng.uniform(1.5, 2.4)
        for _ in range(int(rng.integers(1, 5))):
            canvas.fill(circle(x, y, reach), some(PIGMENTS, rng))
            canvas.stroke(circle(x, y, reach), some(LINES, rng), 1.0 + size * 0.02)
            reach *= rng.uniform(0.65, 0.92)
    flesh = some(FLESH, rng)
    hair = circle(x, y - size * 0.35, size * 0.95)
    canvas.fill(hair, some(LINES[:2], rng))
    face = circle(x, y, size) * (1, 1.15) - (0, y * 0.15)
    canvas.fill(face, flesh)
    line, thin = some(LINES[:3], rng), max(size * 0.05, 1.0)
    canvas.stroke(face, line, thin, closed=True)
    for side in (-1, 1):
        brow = arc(
            x + side * size * 0.4, y, size * 0.32, np.pi * 1.15, np.pi * 1.85, 10
        )
        canvas.brush(brow, line, thin * 2)
        eye = arc(x + side * size * 0.4, y - size * 0.1, size * 0.26, 0.3, 2.8, 10)
        canvas.brush(eye, line, thin * 2)
    canvas.brush(
        arc(x, y + size * 0.45, size * 0.25, 0.3, 2.8, 10),
        some(PIGMENTS, rng),
        thin * 3,
    )


def scarf(
    canvas: Canvas, x: float, y: float, size: float, rng: np.random.Generator
) -> None:
    """Draw a long band that swings, striped or with a border."""
    path = wandering(x, y, size * rng.uniform(2, 5), rng, bend=0.8)
    half = size * rng.uniform(0.05, 0.25)
    swell = half * (0.7 + 0.3 * np.sin(np.linspace(0, rng.uniform(3, 9), len(path))))
    outline = ribbon(path, np.asarray(swell))
    canvas.fill(outline, some(PIGMENTS, rng))
    line, thin = some(LINES, rng), max(half * 0.12, 1.0)
    canvas.stroke(outline, line, thin, closed=True)
    for offset in rng.uniform(-0.7, 0.7, int(rng.integers(0, 4))):
        canvas.stroke(beside(path, half * offset), some(PIGMENTS, rng), thin * 2)


def cloud(
    canvas: Canvas, x: float, y: float, size: float, rng: np.random.Generator
) -> None:
    """Draw lobes with curls, white or stepped from white to a colour."""
    colour, line = some(PIGMENTS, rng), some(LINES, rng)
    thin = max(size * 0.03, 1.0)
    for _ in range(int(rng.integers(3, 8))):
        at = (x + rng.normal(0, size * 0.6), y + rng.normal(0, size * 0.3))
        reach = size * rng.uniform(0.2, 0.5)
        lobe = circle(*at, reach)
        canvas.stepped(lobe, (some(WHITES, rng), colour, some(WHITES, rng)), reach / 3)
        canvas.stroke(lobe, line, thin, closed=True)
        turns = rng.choice((-1, 1)) * rng.uniform(0.8, 1.6)
        canvas.stroke(spiral(*at, reach * 0.7, rng.uniform(0, 6), turns), line, thin)


def leaves(
    canvas: Canvas, x: float, y: float, size: float, rng: np.random.Generator
) -> None:
    """Draw many brush strokes from a stem: leaves, grass, or a beard."""
    colour = some(PIGMENTS, rng)
    stem = wandering(x, y, size * 2.5, rng, bend=0.3)
    canvas.stroke(stem, some(LINES, rng), max(size * 0.04, 1.0))
    for _ in range(int(rng.integers(8, 40))):
        root = stem[int(rng.integers(len(stem)))]
        leaf = wandering(
            float(root[0]), float(root[1]), size * rng.uniform(0.2, 0.7), rng, bend=0.3
        )
        canvas.brush(leaf, colour, size * rng.uniform(0.04, 0.14))


def blossom(
    canvas: Canvas, x: float, y: float, size: float, rng: np.random.Generator
) -> None:
    """Draw petals about a heart."""
    count, colour = int(rng.integers(5, 13)), some(PIGMENTS, rng)
    line = some(LINES, rng)
    for angle in np.linspace(0, 2 * np.pi, count, endpoint=False):
        at = (x + np.cos(angle) * size * 0.6, y + np.sin(angle) * size * 0.6)
        petal = circle(*at, size * 1.8 / count)
        canvas.stepped(petal, (some(WHITES, rng), colour), max(size * 0.08, 1.0))
        canvas.stroke(petal, line, max(size * 0.03, 1.0), closed=True)
    canvas.fill(circle(x, y, size * 0.35), some(PIGMENTS, rng))


def pearl_string(
    canvas: Canvas, x: float, y: float, size: float, rng: np.random.Generator
) -> None:
    """Draw pearls along a curve: white, ringed with a dark line."""
    path = wandering(x, y, size * 3, rng)
    reach = max(size * rng.uniform(0.03, 0.1), 1.6)
    steps = np.hypot(*np.diff(path, axis=0).T).cumsum()
    ground, line = some(PIGMENTS, rng), some(LINES[:3], rng)
    canvas.stroke(path, ground, reach * 2.6)
    for along in np.arange(0, float(steps[-1]), reach * 2.4):
        px, py = path[int(np.searchsorted(steps, along))]
        pearl = circle(px, py, reach, 20)
        canvas.fill(pearl, some(WHITES, rng))
        if rng.random() < 0.8:
            canvas.stroke(pearl, line, max(reach * 0.25, 1.0), closed=True)


def timberwork(
    canvas: Canvas, x: float, y: float, size: float, rng: np.random.Generator
) -> None:
    """Draw straight parallel bands with squares, teeth or bricks between them."""
    tilt = rng.uniform(-0.7, 0.7) + (np.pi / 2 if rng.random() < 0.3 else 0)
    ahead = np.array([np.cos(tilt), np.sin(tilt)])
    side = np.array([-ahead[1], ahead[0]])
    start = np.array([x, y]) - ahead * size * 4
    line = some(LINES, rng)
    for _ in range(int(rng.integers(1, 6))):
        wide = size * rng.uniform(0.08, 0.5)
        corners = [start, start + ahead * size * 8]
        corners += [corner + side * wide for corner in reversed(corners)]
        canvas.fill(np.array(corners), some(PIGMENTS, rng))
        if rng.random() < 0.6:
            canvas.stroke(np.array(corners), line, max(size * 0.02, 1.0), closed=True)
        if rng.random() < 0.45:
            pitch, colour = wide * rng.uniform(0.6, 2.5), some(PIGMENTS, rng)
            for along in np.arange(0, size * 8, pitch):
                root = start + ahead * along
                tooth = [root, root + ahead * pitch / 2, root + ahead * pitch / 4]
                tooth[2] = tooth[2] + side * wide * 0.8
                canvas.fill(np.array(tooth), colour)
        start = start + side * wide


def cartouche(
    canvas: Canvas, x: float, y: float, size: float, rng: np.random.Generator
) -> None:
    """Draw a panel with columns of writing."""
    wide, tall = size * rng.uniform(0.3, 0.8), size * rng.uniform(1.0, 2.2)
    panel = rectangle(x, y, x + wide, y + tall)
    canvas.fill(panel, some(PIGMENTS, rng))
    canvas.stroke(panel, some(LINES, rng), max(size * 0.03, 1.0), closed=True)
    if rng.random() < 0.4:
        return
    sign, ink = wide / int(rng.integers(1, 4)), some(LINES[:2], rng)
    for column in np.arange(x + sign / 2, x + wide, sign):
        for row in np.arange(y + sign / 2, y + tall - sign / 2, sign * 1.15):
            for _ in range(int(rng.integers(3, 7))):
                at = (column + rng.normal(0, sign / 6), row + rng.normal(0, sign / 6))
                mark = wandering(*at, sign * rng.uniform(0.2, 0.6), rng, bend=0.3)
                canvas.brush(mark, ink, max(sign * 0.12, 1.0))


def bare_field(
    canvas: Canvas, x: float, y: float, size: float, rng: np.random.Generator
) -> None:
    """Draw a wide field of one colour: water, hill, floor, a dark ground."""
    outline = blob(x, y, size * 1.6, rng, long=rng.uniform(1, 3))
    canvas.fill(outline, some(PIGMENTS, rng))
    if rng.random() < 0.5:
        canvas.stroke(outline, some(LINES, rng), max(size * 0.03, 1.0), closed=True)


MOTIFS = (
    draped,
    draped,
    draped,
    head,
    head,
    scarf,
    scarf,
    cloud,
    leaves,
    blossom,
    pearl_string,
    timberwork,
    timberwork,
    cartouche,
    bare_field,
    bare_field,
)
