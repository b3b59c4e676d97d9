"""A hash by which an import knows whether somebody changed what was exported."""

import hashlib

import numpy as np

from resunet_core.box import Box
from resunet_core.mask.regions import MaskReader

BAND_ROWS = 1024


def mask_digest(mask: MaskReader) -> str:
    """SHA-256 of size and class ids, row by row, as 64 hexadecimal digits."""
    found = hashlib.sha256(f"{mask.height} x {mask.width}".encode())
    for top in range(0, mask.height, BAND_ROWS):
        band = Box(top, 0, min(top + BAND_ROWS, mask.height), mask.width)
        found.update(np.ascontiguousarray(mask.read(band)).data)
    return found.hexdigest()
