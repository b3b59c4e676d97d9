"""Motifs of Qing official painting: whorls, frets, pearls, clouds, brocade, scrolls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resunet_core.synthesis.canvas import (
    BLUE,
    BLUES,
    CREAM,
    DARK_BLUE,
    DARK_GREEN,
    DEEP_RED,
    GREEN,
    GREENS,
    INK,
    MID_GREEN,
    PALE_GREEN,
    RED,
    REDS,
    ROSE,
    WHITE,
    Canvas,
    Path2,
    Rgb,
    arc,
    beside,
    circle,
    rectangle,
    smooth,
    spiral,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


def outlined(
    canvas: Canvas, path: Path2, colours: Sequence[Rgb], step: float, line: float
) -> None:
    """Fill with stepped bands and close with a raised gold line, white inside it."""
    canvas.stepped(path, colours, step, rim=line * 1.3)
    canvas.raised(path, line, closed=True)


def whorl(canvas: Canvas, x: float, y: float, radius: float, *, swap: bool) -> None:
    """Draw a whorl flower: rings of curled petals about a gilded heart."""
    outer, inner = (GREENS, BLUES) if swap else (BLUES, GREENS)
    thin = max(radius * 0.012, 1.0)
    canvas.stepped(circle(x, y, radius, 120), (INK, *outer), radius * 0.02)
    _petals(canvas, x, y, radius * 0.985, 14, outer)
    canvas.stepped(circle(x, y, radius * 0.64, 96), (INK, *inner), radius * 0.018)
    _petals(canvas, x, y, radius * 0.645, 11, inner)
    canvas.stepped(circle(x, y, radius * 0.38, 72), (INK, *outer), radius * 0.016)
    _petals(canvas, x, y, radius * 0.385, 8, outer)
    heart = radius * 0.185
    outlined(
        canvas, circle(x, y, heart, 48), (WHITE, ROSE, RED), heart * 0.16, thin * 2
    )
    for at in np.linspace(0, 2 * np.pi, 6, endpoint=False) + np.pi / 6:
        petal = circle(
            x + np.cos(at) * heart * 0.5, y + np.sin(at) * heart * 0.5, heart * 0.27
        )
        canvas.leaf(petal)
    canvas.fill(circle(x, y, heart * 0.22), GREEN)


def _petals(
    canvas: Canvas,
    x: float,
    y: float,
    radius: float,
    count: int,
    colours: Sequence[Rgb],
) -> None:
    """Draw one ring of petals, each a lobe with a curl, mirrored left and right."""
    lobe = radius * np.sin(np.pi / count) * 1.02
    ring = radius - lobe
    thin = max(lobe * 0.055, 1.0)
    for index in range(count):
        at = 2 * np.pi * (index + 0.5) / count - np.pi / 2
        px, py = x + ring * np.cos(at), y + ring * np.sin(at)
        # A pointed throat towards the heart makes the disc a petal.
        rim = arc(px, py, lobe, at - np.pi * 0.62, at + np.pi * 0.62, 30)
        root = np.array([[x + ring * 0.72 * np.cos(at), y + ring * 0.72 * np.sin(at)]])
        petal = np.concatenate([rim, root])
        white, pale, middle, deep = colours
        canvas.stepped(
            petal, (INK, white, pale, middle, deep), lobe * 0.15, rim=thin * 1.5
        )
        hand = 1.0 if np.cos(at) >= 0 else -1.0
        curl = spiral(px, py, lobe * 0.56, at + hand * 1.2, hand * 1.3)
        canvas.stroke(curl, pale, thin * 4.2)
        canvas.stroke(curl, WHITE, thin * 1.9)
        canvas.stroke(beside(curl, hand * thin * 1.3), INK, thin * 1.3)


def pearls(canvas: Canvas, ground: Rgb, *, upright: bool) -> None:
    """Fill the canvas with a string of painted pearls."""
    canvas.fill(rectangle(-9, -9, canvas.width + 9, canvas.height + 9), ground)
    short, long = canvas.width, canvas.height
    if not upright:
        short, long = long, short
    size = short * 0.36
    count = max(1, round(long / (short * 0.92)))
    bodies = (BLUES, GREENS) if ground == INK else (BLUES, REDS)
    for index in range(count):
        along, across = (index + 0.5) * long / count, short / 2
        x, y = (across, along) if upright else (along, across)
        canvas.fill(circle(x, y, size * 1.12, 40), WHITE)
        white, pale, middle, deep = bodies[index % 2]
        canvas.fill(circle(x, y, size * 0.96, 40), deep)
        canvas.fill(circle(x - size * 0.1, y - size * 0.12, size * 0.7, 36), middle)
        canvas.fill(circle(x - size * 0.2, y - size * 0.22, size * 0.4, 30), pale)
        canvas.fill(circle(x - size * 0.28, y - size * 0.32, size * 0.2, 24), white)


_FRET = np.array(
    [
        (0, 7), (0, 0), (7, 0), (7, 6), (2, 6), (2, 2), (5, 2), (5, 4), (4, 4)
    ],
    float,
)  # fmt: skip


def key_fret(canvas: Canvas, colours: Sequence[Rgb], *, upright: bool) -> None:
    """Fill the canvas with the key-fret: a dark line, its light twin, on colour."""
    _, pale, middle, deep = colours
    canvas.fill(rectangle(-9, -9, canvas.width + 9, canvas.height + 9), deep)
    short, long = canvas.width, canvas.height
    if not upright:
        short, long = long, short
    unit = short / 9.4
    pitch = 9 * unit
    count = int(long / pitch) + 2
    start = (long - count * pitch) / 2
    for index in range(count):
        fret = _FRET * unit + (start + index * pitch + unit, 1.2 * unit)
        if index % 2:
            fret[:, 1] = short - fret[:, 1]
        path = fret[:, ::-1] if upright else fret
        canvas.stroke(
            path + unit * 0.34, DARK_BLUE if deep == BLUE else INK, unit * 1.1
        )
        canvas.stroke(path, middle, unit * 1.12)
        canvas.stroke(path - unit * 0.16, pale, unit * 0.72)
        canvas.stroke(path - unit * 0.3, WHITE, unit * 0.3)


def ruyi_cloud(
    canvas: Canvas,
    x: float,
    y: float,
    size: float,
    colours: Sequence[Rgb],
    *,
    hand: float,
) -> None:
    """Draw a cloud of curled lobes with a drawn-out tail."""
    tail = smooth(
        [
            (x, y + size * 0.2),
            (x + hand * size * 0.7, y + size * 0.34),
            (x + hand * size * 1.35, y + size * 0.12),
            (x + hand * size * 2.05, y + size * 0.3),
        ]
    )
    line = max(size * 0.045, 1.0)
    half = np.linspace(size * 0.26, size * 0.01, len(tail))
    normal = beside(tail, 1.0) - tail
    band = np.concatenate(
        [tail + normal * half[:, None], (tail - normal * half[:, None])[::-1]]
    )
    lobes = (
        (0.5, 0.02, 0.3),
        (-0.55, 0.12, 0.36),
        (0.0, 0.28, 0.32),
        (-0.05, -0.2, 0.46),
    )
    canvas.stepped(band, colours, size * 0.06, rim=line)
    canvas.raised(band, line, closed=True)
    for dx, dy, part in lobes:
        cx, cy, radius = x + hand * dx * size, y + dy * size, part * size
        disc = circle(cx, cy, radius)
        canvas.stepped(disc, colours, radius * 0.2, rim=line * 1.4)
        canvas.raised(disc, line, closed=True)
        turn = hand if dx >= -0.2 else -hand
        curl = spiral(cx, cy, radius * 0.66, np.pi / 2, turn * 1.3)
        canvas.raised(curl, line)


def brocade(canvas: Canvas, unit: float) -> None:
    """Fill the canvas with Song brocade: a lattice with medallions and flowers."""
    canvas.fill(rectangle(-9, -9, canvas.width + 9, canvas.height + 9), (150, 74, 58))
    rows = int(canvas.height / unit * 2) + 4
    cols = int(canvas.width / unit) + 3
    for row in range(-1, rows):
        for col in range(-1, cols):
            x, y = (col + 0.5 * (row % 2)) * unit, row * unit * 0.5
            lattice = np.array(
                [
                    (x, y - unit * 0.5),
                    (x + unit * 0.5, y),
                    (x, y + unit * 0.5),
                    (x - unit * 0.5, y),
                ]
            )
            canvas.stroke(lattice, PALE_GREEN, unit * 0.085, closed=True)
            canvas.stroke(lattice, DARK_GREEN, unit * 0.03, closed=True)
    for row in range(-1, rows):
        for col in range(-1, cols):
            x, y = (col + 0.5 * (row % 2)) * unit, row * unit * 0.5
            _medallion(canvas, x, y, unit, even=row % 2 == 0)


def _medallion(canvas: Canvas, x: float, y: float, unit: float, *, even: bool) -> None:
    """Draw one knot of the brocade."""
    colours = BLUES if even else GREENS
    canvas.stepped(circle(x, y, unit * 0.22, 40), (INK, *colours), unit * 0.03)
    canvas.raised(circle(x, y, unit * 0.215, 40), unit * 0.025, closed=True)
    for at in np.linspace(0, 2 * np.pi, 6, endpoint=False):
        px, py = x + np.cos(at) * unit * 0.095, y + np.sin(at) * unit * 0.095
        canvas.fill(circle(px, py, unit * 0.05, 20), WHITE if even else ROSE)
        canvas.fill(circle(px, py, unit * 0.028, 16), RED)
    canvas.leaf(circle(x, y, unit * 0.045, 20))


def scroll_board(canvas: Canvas, rng: np.random.Generator) -> None:
    """Fill the canvas with a red board and a running scroll of leaves and flowers."""
    height, width = canvas.height, canvas.width
    canvas.fill(rectangle(-9, -9, width + 9, height + 9), RED)
    period = height * 2.6
    x = np.arange(-period, width + period, max(height / 30, 1.0))
    phase = float(rng.uniform(0, period))
    y = height * (0.5 + 0.24 * np.sin((x + phase) * 2 * np.pi / period))
    stem = np.stack([x, y], axis=1)
    canvas.stroke(stem, DARK_GREEN, height * 0.05)
    canvas.stroke(stem, MID_GREEN, height * 0.03)
    first = -phase % (period / 2) - period
    for index in range(int((width + 2 * period) / (period / 2)) + 2):
        at = first + index * period / 2
        sign = np.sin((at + period * 0.25 + phase) * 2 * np.pi / period)
        up = 1.0 if sign > 0 else -1.0
        centre = at + period * 0.25, height * (0.5 - 0.06 * up)
        _leaves(canvas, *centre, height * 0.4, up)
        _blossom(canvas, *centre, height * 0.2, BLUES if index % 2 else GREENS)


def _leaves(canvas: Canvas, x: float, y: float, size: float, up: float) -> None:
    """Draw the curled leaves beside a flower."""
    line = max(size * 0.022, 1.0)
    for hand in (-1.0, 1.0):
        for reach, lift, colours in (
            (1.55, -0.1, GREENS),
            (1.2, 0.42, BLUES),
            (1.05, -0.52, REDS),
        ):
            rise = -up * size * lift
            path = smooth(
                [
                    (x + hand * size * 0.2, y),
                    (x + hand * size * reach * 0.55, y + rise * 0.5 - up * size * 0.14),
                    (x + hand * size * reach * 0.95, y + rise),
                    (x + hand * size * reach, y + rise - up * size * 0.16),
                    (x + hand * size * reach * 0.88, y + rise - up * size * 0.17),
                ],
                10,
            )
            canvas.brush(path, INK, size * 0.36)
            canvas.brush(path, colours[1], size * 0.33)
            canvas.brush(path[1:-1], colours[2], size * 0.24)
            canvas.brush(path[3:-3], colours[3], size * 0.12)
            end_x, end_y = (float(value) for value in path[-6])
            curl = spiral(end_x, end_y, size * 0.11, np.pi / 2, hand * up * 1.3)
            canvas.stroke(curl, colours[1], line * 2.4)
            canvas.raised(path[: len(path) // 2], line)


def _blossom(
    canvas: Canvas, x: float, y: float, size: float, colours: Sequence[Rgb]
) -> None:
    """Draw a round flower with a gold heart."""
    for ring, count, steps in ((0.62, 9, colours), (0.3, 6, (WHITE, WHITE, ROSE, RED))):
        for at in np.linspace(0, 2 * np.pi, count, endpoint=False):
            px, py = x + np.cos(at) * size * ring, y + np.sin(at) * size * ring
            petal = circle(px, py, size * 0.36 * (0.5 + ring), 28)
            canvas.stepped(petal, (INK, *steps), size * 0.07, rim=size * 0.04)
    canvas.leaf(circle(x, y, size * 0.17, 24))


def diamond(
    canvas: Canvas, x: float, y: float, wide: float, tall: float, line: float
) -> None:
    """Draw a gilded lozenge, as in the gaps between whorls."""
    path = np.array([(x, y - tall), (x + wide, y), (x, y + tall), (x - wide, y)])
    canvas.leaf(path)
    canvas.raised(path, line, closed=True)
    canvas.stroke(
        path * 0.6 + np.array([x, y]) * 0.4, DEEP_RED, line * 0.6, closed=True
    )


def quatrefoil(canvas: Canvas, line: float) -> None:
    """Fill the canvas with a box: a four-lobed ruyi flower in a frame."""
    height, width = canvas.height, canvas.width
    x, y = width / 2, height / 2
    outlined(canvas, rectangle(0, -9, width, height + 9), BLUES, height * 0.022, line)
    for px in (0.0, width):
        for py in (0.0, height):
            for reach, colours in ((0.34, GREENS), (0.2, REDS)):
                disc = circle(px, py, width * reach)
                outlined(canvas, disc, colours, width * 0.028, line * 0.8)
            hand = 1.0 if (px > 0) == (py > 0) else -1.0
            at = float(np.arctan2(y - py, x - px))
            curl = spiral(
                px + np.cos(at) * width * 0.44,
                py + np.sin(at) * width * 0.44,
                width * 0.075,
                at,
                hand * 1.4,
            )
            canvas.raised(curl, line * 0.8)
    size = min(width, height * 0.8) * 0.46
    for at in np.array([0.25, 0.75, 1.25, 1.75]) * np.pi:
        px, py = x + np.cos(at) * size * 0.86, y + np.sin(at) * size * 0.86
        outlined(canvas, circle(px, py, size * 0.34), REDS, size * 0.06, line * 0.8)
    for at in np.arange(4) * np.pi / 2:
        px, py = x + np.cos(at) * size * 0.58, y + np.sin(at) * size * 0.58
        outlined(canvas, circle(px, py, size * 0.44), GREENS, size * 0.07, line)
        for hand in (-1.0, 1.0):
            sx = px + np.cos(at + hand * 0.95) * size * 0.2
            sy = py + np.sin(at + hand * 0.95) * size * 0.2
            canvas.raised(spiral(sx, sy, size * 0.15, at, hand * 1.2), line * 0.7)
    outlined(canvas, circle(x, y, size * 0.4), BLUES, size * 0.06, line)
    _blossom(canvas, x, y, size * 0.34, (WHITE, CREAM, ROSE, RED))
