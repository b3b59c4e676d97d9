"""A loss from one click: what is like the place clicked, in colour and in texture."""

import cv2
import numpy as np
from numpy.typing import NDArray

_TEXTURE_PX = 5
_LIGHTNESS_WEIGHT = 0.7  # shading counts for less than another colour
_TEXTURE_WEIGHT = 1.5
_SEED_PX = 2  # around the click
_FILLED_SHARE = 0.02
"""Holes up to this share of a grown region are specks in the loss, not islands."""


class Surroundings:
    """A part of a photo, RGB uint8 [h, w, 3], as it is told apart by."""

    def __init__(self, pixels: NDArray[np.uint8]) -> None:
        self._looks = _looks(pixels)

    def grow(self, x: int, y: int) -> "Growth":
        """Begin at a column and row; those outside are moved to the edge."""
        height, width = self._looks.shape[:2]
        seed = (min(max(x, 0), width - 1), min(max(y, 0), height - 1))
        return Growth(_unlikeness(self._looks, seed), seed)


class Growth:
    """How unlike the place clicked each pixel is; a tolerance then decides at once."""

    def __init__(self, unlike: NDArray[np.float32], seed: tuple[int, int]) -> None:
        self._unlike, self._seed = unlike, seed

    def at(self, tolerance: float) -> NDArray[np.bool_]:
        """What hangs together with the place clicked and differs by at most that.

        Args:
            tolerance: In units of CIE Lab, about; 5 is strict, 40 takes nearly all.

        Returns:
            Bool [h, w]; small holes are filled and the edge is smoothed.
        """
        like = (self._unlike <= tolerance).astype(np.uint8)
        like[self._seed[1], self._seed[0]] = 1
        found = np.zeros((like.shape[0] + 2, like.shape[1] + 2), np.uint8)
        flags = 4 | cv2.FLOODFILL_MASK_ONLY | (1 << 8)
        cv2.floodFill(like, found, self._seed, 0, 0, 0, flags)
        region = found[1:-1, 1:-1]
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
        closed = cv2.morphologyEx(region, cv2.MORPH_CLOSE, kernel)
        return _without_specks(np.asarray(closed, np.uint8))


def _looks(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Lightness, two colours and roughness of each pixel: float32 [h, w, 4]."""
    calm = cv2.medianBlur(np.ascontiguousarray(pixels), 3)
    lab = cv2.cvtColor(np.asarray(calm, np.float32) / 255, cv2.COLOR_RGB2Lab)
    lightness = np.ascontiguousarray(lab[..., 0])
    side = (_TEXTURE_PX, _TEXTURE_PX)
    mean = cv2.blur(lightness, side)
    square = cv2.blur(lightness * lightness, side)
    rough = np.sqrt(np.maximum(square - mean * mean, 0))
    looks = np.dstack([lab, _TEXTURE_WEIGHT * rough]).astype(np.float32)
    looks[..., 0] *= np.float32(_LIGHTNESS_WEIGHT)
    return looks


def _unlikeness(
    looks: NDArray[np.float32], seed: tuple[int, int]
) -> NDArray[np.float32]:
    x, y = seed
    around = looks[
        max(0, y - _SEED_PX) : y + _SEED_PX + 1, max(0, x - _SEED_PX) : x + _SEED_PX + 1
    ]
    like = np.median(around.reshape(-1, looks.shape[2]), axis=0)
    apart = looks - like.astype(np.float32)
    # At the edge of a loss every pixel is rough: only what is rougher than the place
    # clicked and still of its colour would be kept out by that alone.
    apart[..., 3] = np.minimum(np.maximum(apart[..., 3], 0), 8)
    return np.asarray(np.sqrt(np.einsum("ijk,ijk->ij", apart, apart)), np.float32)


def _without_specks(region: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The region with its smaller holes filled, uint8 to bool [h, w]."""
    outside = np.pad(1 - region, 1, constant_values=1)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(outside, connectivity=4)
    areas = stats[:, cv2.CC_STAT_AREA]
    small = areas <= _FILLED_SHARE * float(region.sum())
    small[[0, int(labels[0, 0])]] = False  # the region itself, and all around it
    return np.asarray((region > 0) | small[labels[1:-1, 1:-1]])
