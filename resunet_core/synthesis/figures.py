"""Pictures within the panels: a misty landscape, a flowering branch."""

from __future__ import annotations

import numpy as np

from resunet_core.synthesis.canvas import (
    CREAM,
    DARK_GREEN,
    DEEP_RED,
    INK,
    MID_GREEN,
    ROSE,
    WHITE,
    Canvas,
    Rgb,
    circle,
    ribbon,
    smooth,
)


def landscape(canvas: Canvas, rng: np.random.Generator) -> None:
    """Fill the canvas with misty mountains, water and pines."""
    height, width = canvas.height, canvas.width
    sky = np.linspace(0, 1, height)[:, None, None]
    top, low = np.array([196, 204, 194.0]), np.array([226, 214, 182.0])
    canvas.pixels[:] = (top + (low - top) * sky).astype(np.uint8)
    canvas.gold[:] = 0
    canvas.relief[:] = 0
    tones: tuple[Rgb, ...] = (
        (168, 184, 180),
        (120, 152, 150),
        (84, 126, 118),
        (62, 100, 84),
    )
    for level, tone in enumerate(tones):
        base = height * (0.5 + 0.13 * level)
        _ridge(canvas, base, height * (0.34 - 0.03 * level), tone, rng)
    shore = height * 0.86
    for _ in range(16):
        x, y = rng.uniform(0, width), rng.uniform(shore, height)
        wave = smooth(
            [(x, y), (x + height * 0.05, y - height * 0.008), (x + height * 0.12, y)]
        )
        canvas.stroke(wave, (150, 166, 160), max(height * 0.004, 1.0))
    for _ in range(7):
        _pine(
            canvas,
            rng.uniform(0, width),
            rng.uniform(0.72, 0.9) * height,
            height * 0.2,
            rng,
        )


def _ridge(
    canvas: Canvas, base: float, rise: float, tone: Rgb, rng: np.random.Generator
) -> None:
    """Draw one range with ink outlines, creases, and mist at its foot."""
    width = canvas.width
    x = np.linspace(-0.1 * width, 1.1 * width, 240)
    y = np.zeros_like(x)
    for wave in range(1, 9):
        phase = rng.uniform(0, 2 * np.pi)
        y += np.abs(np.sin(x / width * np.pi * wave * 1.35 + phase)) / wave**0.9
    y = base - rise * (y / y.max()) ** 1.3
    ridge = np.stack([x, y], axis=1)
    foot = np.array([[1.1 * width, base + rise], [-0.1 * width, base + rise]])
    before = canvas.pixels.copy()
    canvas.fill(np.concatenate([ridge, foot]), tone)
    ink: Rgb = (tone[0] // 2, tone[1] // 2, tone[2] // 2)
    thin = max(canvas.height * 0.0035, 1.0)
    canvas.stroke(ridge, ink, thin)
    wash: Rgb = (tone[0] * 3 // 4, tone[1] * 3 // 4, tone[2] * 3 // 4)
    for index in rng.integers(4, 236, 260):
        start = ridge[index] + (0, abs(rng.normal(0, 0.22)) * rise)
        drop = rng.uniform(0.04, 0.16) * rise
        lean = rng.normal(0.2, 0.5) * drop
        crease = smooth(
            [
                (start[0], start[1]),
                (start[0] + lean * 0.2, start[1] + drop * 0.6),
                (start[0] + lean, start[1] + drop),
            ]
        )
        canvas.brush(crease, wash if rng.random() < 0.7 else ink, thin * 2.0)
    rows = np.arange(canvas.height, dtype=np.float32)[:, None, None]
    mist = np.clip((rows - (base - rise * 0.3)) / (rise * 0.6), 0, 0.85)
    veil = before.astype(np.float32) * 0.4 + np.array([222, 216, 196], np.float32) * 0.6
    mixed = canvas.pixels + (veil - canvas.pixels) * mist
    canvas.pixels[:] = np.clip(mixed, 0, 255).astype(np.uint8)


def _pine(
    canvas: Canvas, x: float, y: float, size: float, rng: np.random.Generator
) -> None:
    """Draw a leaning pine with fans of needles."""
    lean = rng.normal(0, 0.25) * size
    trunk = smooth([(x, y), (x + lean * 0.2, y - size * 0.5), (x + lean, y - size)])
    canvas.fill(
        ribbon(trunk, np.linspace(size * 0.05, size * 0.015, len(trunk))), (74, 52, 40)
    )
    for _ in range(9):
        share = rng.uniform(0.35, 1.0)
        root = trunk[int(share * (len(trunk) - 1))]
        cx, cy = root + rng.normal(0, 0.2, 2) * size * (1, 0.35)
        for angle in np.linspace(np.pi * 1.02, np.pi * 1.98, 13):
            tip = (cx + np.cos(angle) * size * 0.17, cy + np.sin(angle) * size * 0.12)
            canvas.stroke(np.array([(cx, cy), tip]), DARK_GREEN, max(size * 0.012, 1.0))
        canvas.brush(
            smooth(
                [(cx - size * 0.16, cy), (cx, cy - size * 0.04), (cx + size * 0.16, cy)]
            ),
            MID_GREEN,
            size * 0.05,
        )


def flowering_branch(
    canvas: Canvas,
    start: tuple[float, float],
    stop: tuple[float, float],
    size: float,
    *,
    rng: np.random.Generator,
) -> None:
    """Draw a plum branch with blossoms between two points."""
    steps = np.linspace(0, 1, 7)[:, None]
    knots = np.array(start) + (np.array(stop) - np.array(start)) * steps
    knots[1:-1] += rng.normal(0, 0.22, (5, 2)) * size
    branch = smooth([tuple(knot) for knot in knots], 10)
    canvas.fill(
        ribbon(branch, np.linspace(size * 0.13, size * 0.02, len(branch))), (84, 60, 46)
    )
    canvas.stroke(branch, INK, max(size * 0.02, 1.0))
    for _ in range(7):
        index = int(rng.integers(8, len(branch) - 4))
        angle = rng.uniform(0, 2 * np.pi)
        reach = rng.uniform(0.5, 1.3) * size
        tip = branch[index] + reach * np.array([np.cos(angle), -abs(np.sin(angle))])
        bend = (branch[index] + tip) / 2 + rng.normal(0, 0.1, 2) * size
        twig = smooth([tuple(branch[index]), tuple(bend), tuple(tip)])
        canvas.fill(
            ribbon(twig, np.linspace(size * 0.045, size * 0.012, len(twig))),
            (92, 66, 50),
        )
        for spot in (twig[-1], twig[len(twig) // 2]):
            _plum(canvas, spot[0], spot[1], size * rng.uniform(0.2, 0.3), rng)
    for _ in range(9):
        spot = branch[int(rng.integers(6, len(branch)))] + rng.normal(0, 0.12, 2) * size
        _plum(canvas, spot[0], spot[1], size * rng.uniform(0.2, 0.32), rng)


def _plum(
    canvas: Canvas, x: float, y: float, size: float, rng: np.random.Generator
) -> None:
    """Draw one blossom of five petals."""
    tint = (WHITE, (232, 196, 184), ROSE)[int(rng.integers(3))]
    turn = rng.uniform(0, 2 * np.pi)
    for at in turn + np.linspace(0, 2 * np.pi, 5, endpoint=False):
        petal = circle(
            x + np.cos(at) * size * 0.55, y + np.sin(at) * size * 0.55, size * 0.46, 24
        )
        inner = tuple(int(value * 0.86) for value in tint)
        tones = ((146, 92, 80), WHITE, tint, tint, (inner[0], inner[1], inner[2]))
        canvas.stepped(petal, tones, size * 0.08, rim=max(size * 0.03, 1.0))
    for at in np.linspace(0, 2 * np.pi, 9, endpoint=False):
        tip = (x + np.cos(at) * size * 0.45, y + np.sin(at) * size * 0.45)
        canvas.stroke(np.array([(x, y), tip]), DEEP_RED, max(size * 0.03, 1.0))
        canvas.fill(circle(*tip, size * 0.06, 10), CREAM)
    canvas.fill(circle(x, y, size * 0.12, 14), (196, 168, 70))
