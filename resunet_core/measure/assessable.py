"""Parts of a photo where damage cannot be seen: blurred, blown out, black.

A suggestion for the scope plane that a person accepts or not.
"""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

TILE_PX = 128

BLOWN_LEVEL = 250
BLACK_LEVEL = 6
LOST_SHARE = 0.5
"""A tile whose pixels are lost to this share cannot be assessed."""

BLURRED_RATIO = 0.12
"""Of the detail that the sharp tiles of a photo of this contrast have."""

_LEAST_CONTRAST = 4.0  # grey levels; flatter paint has no detail to be missed
_SHARP_QUANTILE = 0.9

Reason = Literal["blurred", "blown out", "black"]
REASONS: tuple[Reason, ...] = ("blurred", "blown out", "black")


@dataclass(frozen=True)
class TileLook:
    """What a tile tells about itself; those of a photo are compared with each other.

    Attributes:
        detail: Standard deviation of the Laplacian, noise taken off.
        contrast: Standard deviation of the grey levels.
        blown: Share of pixels at the white end, 0 to 1.
        black: Share at the black end.
    """

    detail: float
    contrast: float
    blown: float
    black: float


def look_at(pixels: NDArray[np.uint8]) -> TileLook:
    """Look at one tile, RGB uint8 [h, w, 3]."""
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))
    # Detail two pixels wide: single pixels are mostly noise, however sharp the photo.
    smooth = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), 1.0)
    detail = cv2.Laplacian(smooth, cv2.CV_32F)
    return TileLook(
        detail=float(np.std(detail)),
        contrast=float(np.std(smooth)),
        blown=float(np.mean(pixels.min(axis=2) >= BLOWN_LEVEL)),
        black=float(np.mean(pixels.max(axis=2) <= BLACK_LEVEL)),
    )


def suggest(looks: dict[tuple[int, int], TileLook]) -> dict[tuple[int, int], Reason]:
    """The tiles of a photo that cannot be assessed, and why.

    A tile is blurred when it has far less detail for its contrast than the sharpest
    tenth of the photo; a flat, unpainted tile is not called blurred.
    """
    ratios = [
        _ratio(look) for look in looks.values() if look.contrast > _LEAST_CONTRAST
    ]
    sharp = float(np.quantile(ratios, _SHARP_QUANTILE)) if ratios else 0.0
    found: dict[tuple[int, int], Reason] = {}
    for place, look in looks.items():
        if look.blown >= LOST_SHARE:
            found[place] = "blown out"
        elif look.black >= LOST_SHARE:
            found[place] = "black"
        elif look.contrast > _LEAST_CONTRAST and _ratio(look) < BLURRED_RATIO * sharp:
            found[place] = "blurred"
    return found


def _ratio(look: TileLook) -> float:
    return look.detail / look.contrast
