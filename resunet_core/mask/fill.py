"""A person sets many pixels at once: a region, a polygon, an imported mask."""

import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.mask.edit import Draft, MaskEdit
from resunet_core.mask.tile import Pixels
from resunet_core.mask.tiled import (
    MAX_CLASS_ID,
    DefectMask,
    Key,
    PlaneName,
    tiles_meeting,
)


def fill(
    mask: DefectMask,
    box: Box,
    class_ids: int | Pixels,
    where: NDArray[np.bool],
    name: str,
    *,
    plane: PlaneName = "person",
) -> MaskEdit | None:
    """Make the pixels of `where` the person's; None when nothing changed.

    Args:
        mask: Changed at once.
        box: Which pixels of the photo; the part outside the photo is left out.
        class_ids: One class id for all, or uint8 of the box's shape; 0 to 254.
        where: Bool of the box's shape; pixels elsewhere stay as they are.
        name: Of the edit, as the history shows it.
        plane: The person's, or the scope: then the ids are its values.
    """
    shape = (box.height, box.width)
    values = np.broadcast_to(np.asarray(class_ids), shape)
    if where.shape != shape:
        raise ValueError(f"{where.shape} does not fit the box of {shape}")
    if values.size and not 0 <= int(values.min()) <= int(values.max()) <= MAX_CLASS_ID:
        raise ValueError(f"a class id is not in 0 to {MAX_CLASS_ID}")
    draft, shift = Draft(mask, plane), int(plane == "person")
    painted = box.clip(Box.of(mask.height, mask.width))
    for key in tiles_meeting(painted):
        part = draft.tile_box(key).clip(painted)
        inside = part.within(box).slices
        if where[inside].any():
            _set(draft, key, part, values[inside] + shift, where[inside])
    return draft.finish(name, painted)


def _set(
    draft: Draft,
    key: Key,
    part: Box,
    values: NDArray[np.integer],
    where: NDArray[np.bool],
) -> None:
    frame = draft.tile_box(key)

    def paint(pixels: Pixels) -> None:
        target = pixels[part.within(frame).slices]
        np.copyto(target, values.astype(np.uint8), where=where)

    draft.draw(key, paint)
