"""Small pictures of masks, to tell photos apart without opening them."""

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.defects import DEFAULT_CLASSES, DefectClasses
from resunet_core.mask.tiled import DefectMask
from resunet_core.project.store import Project

_PAINT = (205, 205, 205)
_OTHER = (255, 140, 0)  # of a class that has no colour here


def mask_thumbnail(
    project: Project,
    photo_id: int,
    max_px: int = 192,
    classes: DefectClasses = DEFAULT_CLASSES,
) -> NDArray[np.uint8]:
    """The mask of a photo as RGB uint8 [h, w, 3] within `max_px`, on grey."""
    mask = project.load_mask(photo_id)
    return picture_of(mask, max_px, classes)


def picture_of(
    mask: DefectMask, max_px: int, classes: DefectClasses = DEFAULT_CLASSES
) -> NDArray[np.uint8]:
    """A mask as RGB uint8 [h, w, 3] within `max_px`, on grey.

    Each pixel shows the highest class of its part of the mask: a fine crack is seen,
    and looks wider than it is.
    """
    scale = min(1.0, max_px / max(mask.height, mask.width))
    height = max(1, round(mask.height * scale))
    width = max(1, round(mask.width * scale))
    small = np.zeros((height, width), np.uint8)
    for row, col in mask.tiles():
        frame = mask.model.tile_box(row, col)
        rows, columns = np.nonzero(pixels := mask.read(frame))
        target = (
            (rows + frame.top) * height // mask.height,
            (columns + frame.left) * width // mask.width,
        )
        np.maximum.at(small, target, pixels[rows, columns])
    return cv2.LUT(cv2.merge([small] * 3), _colours(classes)).astype(np.uint8)


def _colours(classes: DefectClasses) -> NDArray[np.uint8]:
    table = np.full((1, 256, 3), _OTHER, np.uint8)
    table[0, 0] = _PAINT
    for defect in classes:
        table[0, defect.id] = defect.colour
    return table
