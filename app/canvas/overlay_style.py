"""Class ids to outlines, hatches and centre lines: pure functions on arrays.

Patterns are drawn in pixels of the picture that is shown, so that they are as dense at
every zoom, and go on from tile to tile.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from app.canvas.overlay_paint import Argb, ClassLook, Ids
from app.session.view_state import OverlayStyle
from resunet_core.mask.skeleton import skeletonise

HALO_PX = 3
"""So far around a part its edges and lines depend on what is there."""

_EDGE_PX = 2
_PITCH_PX, _STROKE_PX = 10, 2  # of a hatch
_TINT = 0.16  # of the opacity, between the strokes of a hatch
_SEEN_FROM = 36  # of 255: the share from which a class is seen in a smaller picture
_CRAQUELURE_ID = 1
_CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.uint8)


def seen_ids(planes: NDArray[np.uint8], looks: Sequence[ClassLook]) -> Ids:
    """The class that covers most of each pixel of coverage [C, h, w], if it is seen."""
    shown = np.array([look.opacity > 0 for look in looks])
    seen = np.where(shown[:, None, None], planes, 0)
    ids = np.array([look.class_id for look in looks], np.uint8)
    return np.where(seen.max(axis=0) >= _SEEN_FROM, ids[seen.argmax(axis=0)], 0)


def styled(
    ids: Ids, looks: Sequence[ClassLook], style: OverlayStyle, corner: tuple[int, int]
) -> Argb:
    """Class ids uint8 [h, w] in a style, as premultiplied ARGB [h, w].

    `corner` is the row and column of the first pixel in the whole picture.
    """
    colours = np.zeros(ids.shape, np.uint32)
    for number, look in enumerate(looks):
        of_class = ids == look.class_id
        if look.opacity <= 0 or not of_class.any():
            continue
        line = _line(of_class, look.class_id, style)
        strong = min(1.0, 0.35 + look.opacity)
        if style is OverlayStyle.HATCH:
            colours[of_class] = _argb(look.colour, _TINT * look.opacity)
            line |= of_class & _hatch(ids.shape, number, corner)
        colours[line] = _argb(look.colour, strong)
    return colours


def _line(
    of_class: NDArray[np.bool_], class_id: int, style: OverlayStyle
) -> NDArray[np.bool_]:
    """Which pixels of a class carry its line."""
    if style is OverlayStyle.LINE and class_id == _CRAQUELURE_ID:
        thin = skeletonise(of_class).astype(np.uint8)
        return np.asarray(cv2.dilate(thin, _CROSS) > 0)
    kernel = np.ones((2 * _EDGE_PX + 1,) * 2, np.uint8)
    inner = cv2.erode(of_class.astype(np.uint8), kernel)  # no edge at the part's own
    return np.asarray(of_class & (inner == 0))


def _hatch(
    shape: tuple[int, ...], number: int, corner: tuple[int, int]
) -> NDArray[np.bool_]:
    """Strokes in a direction of their own for each class."""
    row = np.arange(shape[0])[:, None] + corner[0]
    column = np.arange(shape[1])[None, :] + corner[1]
    along = (row + column, row - column, row + 0 * column, column + 0 * row)
    strokes = along[number % len(along)] % _PITCH_PX < _STROKE_PX
    return np.asarray(strokes)


def _argb(colour: tuple[int, int, int], opacity: float) -> np.uint32:
    red, green, blue = (round(value * opacity) for value in colour)
    return np.uint32(round(255 * opacity) << 24 | red << 16 | green << 8 | blue)


def heat_colour(value: int) -> QColor:
    """The colour of a probability times 255, without its opacity."""
    ramp = cv2.applyColorMap(np.array([[value]], np.uint8), cv2.COLORMAP_INFERNO)
    blue, green, red = (int(v) for v in ramp[0, 0])
    return QColor(red, green, blue)


def heat_table() -> Argb:
    """Premultiplied ARGB for each probability times 255: from nothing to yellow."""
    ramp = np.arange(256, dtype=np.uint8).reshape(1, -1)
    blue, green, red = cv2.applyColorMap(ramp, cv2.COLORMAP_INFERNO)[0].T.astype(float)
    alpha = np.clip((np.arange(256) - 12) / 140, 0, 0.85)
    parts = [np.round(v * alpha).astype(np.uint32) for v in (red, green, blue)]
    alpha8 = np.round(255 * alpha).astype(np.uint32)
    return np.asarray(
        alpha8 << 24 | parts[0] << 16 | parts[1] << 8 | parts[2], np.uint32
    )


def largest_in_squares(values: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    """The largest value in squares of `factor` px, uint8 [h, w] to [h', w']."""
    height, width = values.shape
    rows, columns = -(-height // factor), -(-width // factor)
    padded = np.zeros((rows * factor, columns * factor), np.uint8)
    padded[:height, :width] = values
    down = padded.reshape(rows, factor, -1).max(axis=1)
    return np.asarray(down.reshape(rows, columns, factor).max(axis=2))
