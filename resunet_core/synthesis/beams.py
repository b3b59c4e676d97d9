"""Painted timbers as a camera frames them, sound: boards, beams, joints."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import cv2
import numpy as np

from resunet_core.synthesis.canvas import (
    BLUE,
    GREENS,
    INK,
    RED,
    REDS,
    Canvas,
    rectangle,
)
from resunet_core.synthesis.layouts import DRAWERS, lesser_beam
from resunet_core.synthesis.motifs import key_fret, ruyi_cloud, scroll_board
from resunet_core.synthesis.recipe import Light
from resunet_core.synthesis.surface import material

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FINE_BELOW = 5_000_000  # pixels; smaller pictures are drawn at twice the size
_JOINTS = (0.11, 0.7, 0.83)  # where timbers meet, in shares of a tier
_LINE = 0.0125  # width of a gold line, in beam heights
STYLES = ("hexi", "xuanzi", "suzhou")


def painted_beam(
    height_px: int, width_px: int, *, rng: np.random.Generator, style: str = "xuanzi"
) -> NDArray[np.uint8]:
    """Return sound painted timber, uint8 [H, W, 3] RGB.

    Args:
        height_px: Rows.
        width_px: Columns.
        rng: Source of chance.
        style: "hexi" (dragons), "xuanzi" (whorls) or "suzhou" (picture panels).

    Raises:
        ValueError: The style is none of the three.
    """
    return lit_beam(height_px, width_px, rng=rng, style=style, light=Light(-0.6, -0.8))


def lit_beam(
    height_px: int,
    width_px: int,
    *,
    rng: np.random.Generator,
    style: str,
    light: Light,
) -> NDArray[np.uint8]:
    """Do as `painted_beam`, with the relief lit from one side."""
    if style not in STYLES:
        raise ValueError(f"style is {style!r}; it must be one of {', '.join(STYLES)}")
    fine = 2 if height_px * width_px < _FINE_BELOW else 1
    canvas = Canvas.blank(height_px * fine, width_px * fine, INK)
    line = _stack(canvas, style, rng)
    canvas = _askew(canvas, rng)
    if fine > 1:
        canvas = _halved(canvas, width_px, height_px)
    return material(canvas, light, rng=rng, line_px=max(line / fine, 1.0))


def _askew(canvas: Canvas, rng: np.random.Generator) -> Canvas:
    """Return the canvas as a camera on the ground sees it: not quite square."""
    height, width = canvas.height, canvas.width
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    inset = np.array([(1, 1), (-1, 1), (-1, -1), (1, -1)]) * rng.uniform(
        0, 0.006, (4, 2)
    )
    seen = corners + (inset * max(height, width)).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(seen.astype(np.float32), corners)
    layers = [
        cv2.warpPerspective(layer, matrix, (width, height), flags=cv2.INTER_LINEAR)
        for layer in (canvas.pixels, canvas.relief, canvas.gold)
    ]
    return Canvas(*(np.asarray(layer, dtype=np.uint8) for layer in layers))


def _halved(canvas: Canvas, width: int, height: int) -> Canvas:
    """Return the canvas averaged down."""
    small = [
        np.asarray(cv2.resize(layer, (width, height), interpolation=cv2.INTER_AREA))
        for layer in (canvas.pixels, canvas.relief, canvas.gold)
    ]
    return Canvas(*(layer.astype(np.uint8) for layer in small))


def _stack(canvas: Canvas, style: str, rng: np.random.Generator) -> float:
    """Draw board, beam and board, more tiers on tall photos; return the line width."""
    height, width = canvas.height, canvas.width
    line = 1.0
    for top, low in _tiers(height, width):
        part = canvas.view(0, top, width, low)
        upper, main, board = (round(share * part.height) for share in _JOINTS)
        _board(part.view(0, 0, width, upper), style, rng)
        beam = part.view(0, upper, width, main)
        line = max(beam.height * _LINE, 1.0)
        DRAWERS[style](beam, line, rng)
        _rounded(beam)
        _board(part.view(0, main, width, board), "", rng)
        # The next timber below, cut by the frame of the photo.
        lower = Canvas.blank(round(0.32 * part.height), width, BLUE)
        lesser_beam(lower, line, rng)
        _rounded(lower)
        shown = part.view(0, board, width, part.height)
        shown.pixels[:] = lower.pixels[: shown.height]
        shown.relief[:] = lower.relief[: shown.height]
        shown.gold[:] = lower.gold[: shown.height]
        for at, reach in ((upper, 0.02), (main, 0.04), (board, 0.022)):
            _gap(part, at, part.height * reach)
        if top > 0:
            _gap(part, 0, part.height * 0.03)
    return line


def _tiers(height: int, width: int) -> list[tuple[int, int]]:
    """Return rows (top, low) of each tier of timbers: tall photos show several."""
    count = max(1, round(height / width / 0.42))
    edges = [round(index * height / count) for index in range(count + 1)]
    return list(itertools.pairwise(edges))


def timbers(height: int, width: int) -> list[tuple[int, int]]:
    """Return rows (top, low) of every timber on a photo of that size."""
    rows = []
    for top, low in _tiers(height, width):
        cuts = [0.0, *_JOINTS, 1.0]
        edges = [top + round(share * (low - top)) for share in cuts]
        rows += list(itertools.pairwise(edges))
    return rows


def _board(canvas: Canvas, style: str, rng: np.random.Generator) -> None:
    """Draw a board between beams."""
    if style == "suzhou":
        key_fret(canvas, GREENS, upright=False)
    elif style == "hexi":
        _plain_board(canvas, rng)
    else:
        scroll_board(canvas, rng)


def _plain_board(canvas: Canvas, rng: np.random.Generator) -> None:
    """Draw a red board with gilded clouds far apart."""
    height, width = canvas.height, canvas.width
    canvas.fill(rectangle(-9, -9, width + 9, height + 9), RED)
    gap = height * 2.2
    start = float(rng.uniform(0, gap))
    for index in range(int(width / gap) + 2):
        x = start + (index - 1) * gap
        hand = 1.0 if index % 2 else -1.0
        ruyi_cloud(canvas, x, height * 0.45, height * 0.22, REDS, hand=hand)


def _rounded(beam: Canvas) -> None:
    """Shade the beam's face as a slightly rounded timber."""
    across = np.linspace(-1, 1, beam.height, dtype=np.float32)[:, None, None]
    tone = 1.03 - 0.10 * across - 0.25 * np.abs(across) ** 9
    for start in range(0, beam.height, 256):
        rows = slice(start, start + 256)
        shaded = beam.pixels[rows].astype(np.float32) * tone[rows]
        beam.pixels[rows] = np.clip(shaded, 0, 255).astype(np.uint8)


def _gap(part: Canvas, at: float, reach: float) -> None:
    """Draw the dark joint between two timbers and its soft shadow below."""
    first, last = round(at - reach * 0.12), round(at + reach)
    rows = slice(max(first, 0), min(last, part.height))
    count = rows.stop - rows.start
    if count <= 0:
        return
    fall = np.linspace(0, 1, count, dtype=np.float32)[:, None, None]
    shaded = part.pixels[rows].astype(np.float32) * np.clip(0.12 + fall**0.7, 0, 1)
    part.pixels[rows] = shaded.astype(np.uint8)
