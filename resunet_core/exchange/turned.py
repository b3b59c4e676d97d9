"""Labels made on a photo as it lies in its file, not as EXIF turns it."""

from pathlib import Path

import numpy as np
import pyvips
from numpy.typing import NDArray

from resunet_core.imaging.decode import STREAMED_SUFFIXES

QUARTER_TURNS = (5, 6, 7, 8)


def turned_size(photo: Path) -> int:
    """The EXIF orientation if it swaps width and height, else 0."""
    if photo.suffix.lower() not in STREAMED_SUFFIXES or not photo.is_file():
        return 0
    tag = "orientation"
    try:
        image = pyvips.Image.new_from_file(str(photo), access="sequential")
        found = int(image.get(tag)) if image.get_typeof(tag) else 1
    except pyvips.Error:
        return 0  # whoever opens the photo says what is wrong with it
    return found if found in QUARTER_TURNS else 0


def upright(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Pixels [H, W] of the file, turned as EXIF says: [W, H]."""
    turned = {
        5: pixels.T,
        6: np.rot90(pixels, -1),
        7: np.rot90(pixels, 2).T,
        8: np.rot90(pixels),
    }[orientation]
    return np.ascontiguousarray(turned)
