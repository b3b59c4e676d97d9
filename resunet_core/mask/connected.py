"""What hangs together with a pixel of a mask, found without looking at all of it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.defects import SOUND_ID
from resunet_core.mask.regions import MaskReader

_FIRST_PX = 256
_ALL = 8 | cv2.FLOODFILL_MASK_ONLY | (1 << 8)
_SIDES = 4 | cv2.FLOODFILL_MASK_ONLY | (1 << 8)


@dataclass(frozen=True)
class Patch:
    """Connected pixels of one class.

    Attributes:
        class_id: Sound paint's, or a defect's.
        box: The smallest around them, in photo pixels.
        where: Which pixels of the box: bool [h, w].
        is_cut: Whether they may go on beyond what was looked at.
    """

    class_id: int
    box: Box
    where: NDArray[np.bool_]
    is_cut: bool


def connected_at(mask: MaskReader, x: int, y: int, within: Box) -> Patch | None:
    """The patch that holds a pixel; None outside the photo or outside `within`.

    A defect hangs together over corners; sound paint does not, so that it cannot leak
    through a crack of one pixel.
    """
    frame = Box.of(mask.height, mask.width)
    limit = within.clip(frame)
    if Box(y, x, y + 1, x + 1).clip(limit).is_empty:
        return None
    reach = _FIRST_PX
    while True:
        window = Box(y, x, y + 1, x + 1).grow(reach).clip(limit)
        patch = _in_window(mask, x, y, window)
        cut = _reaches_out(patch.box, window, frame)
        if not cut or window == limit:
            return Patch(patch.class_id, patch.box, patch.where, cut)
        reach *= 2


def holes_of(patch: Patch) -> NDArray[np.bool_]:
    """What a patch encloses: bool of its box's shape."""
    free = np.pad(~patch.where, 1, constant_values=True).astype(np.uint8)
    outside = np.zeros((free.shape[0] + 2, free.shape[1] + 2), np.uint8)
    cv2.floodFill(free, outside, (0, 0), 0, 0, 0, _SIDES)
    inside = outside[2:-2, 2:-2] == 0
    return np.asarray(inside & ~patch.where)


def _in_window(mask: MaskReader, x: int, y: int, window: Box) -> Patch:
    ids = np.ascontiguousarray(mask.read(window))
    row, column = y - window.top, x - window.left
    class_id = int(ids[row, column])
    found = np.zeros((ids.shape[0] + 2, ids.shape[1] + 2), np.uint8)
    flags = _SIDES if class_id == SOUND_ID else _ALL
    _, _, _, rect = cv2.floodFill(ids, found, (column, row), 0, 0, 0, flags)
    left, top, width, height = rect
    box = Box(top, left, top + height, left + width)
    where = found[1:-1, 1:-1][box.slices] > 0
    return Patch(class_id, box.move(window.top, window.left), where, is_cut=False)


def _reaches_out(box: Box, window: Box, frame: Box) -> bool:
    """Whether a box touches a side of the window that is not the photo's own edge."""
    return (
        (box.top == window.top > frame.top)
        or (box.left == window.left > frame.left)
        or (box.bottom == window.bottom < frame.bottom)
        or (box.right == window.right < frame.right)
    )
