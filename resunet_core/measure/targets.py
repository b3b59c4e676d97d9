"""Targets in a photo that tell its scale: ArUco markers and bars between them."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.measure.scale import Scale

DICTIONARY = cv2.aruco.DICT_4X4_50
"""The markers that are asked for: 4 x 4 fields, numbers 0 to 49."""

_CORNER_SE_PX = 0.5
_PRINT_SE = 0.003  # paper shrinks, printers stretch


@dataclass(frozen=True)
class Marker:
    """A marker found: its number and its corners (x, y), clockwise."""

    number: int
    corners: tuple[tuple[float, float], ...]

    @property
    def side_px(self) -> float:
        """Mean of its four sides."""
        return _mean_side(self.corners)

    @property
    def middle(self) -> tuple[float, float]:
        """Mean of its corners."""
        x, y = np.mean(self.corners, axis=0)
        return float(x), float(y)

    @property
    def is_askew(self) -> bool:
        """Whether its sides differ so much that the photo should be rectified."""
        sides = _sides(self.corners)
        return max(sides) > 1.05 * min(sides)


def find_markers(pixels: NDArray[np.uint8]) -> tuple[Marker, ...]:
    """The markers in a photo, RGB uint8 [H, W, 3], by number."""
    dictionary = cv2.aruco.getPredefinedDictionary(DICTIONARY)
    settings = cv2.aruco.DetectorParameters()
    settings.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    corners, numbers, _ = cv2.aruco.ArucoDetector(dictionary, settings).detectMarkers(
        grey
    )
    found = [
        Marker(int(number), tuple((float(x), float(y)) for x, y in quad.reshape(4, 2)))
        for number, quad in _numbered(numbers, corners)
    ]
    return tuple(sorted(found, key=lambda marker: marker.number))


def _numbered(
    numbers: NDArray[Any] | None, corners: Sequence[NDArray[Any]]
) -> Iterable[Any]:
    # None where nothing was found, whatever OpenCV's type information says.
    return () if numbers is None else zip(np.ravel(numbers), corners, strict=True)


def scale_of_markers(
    markers: tuple[Marker, ...], side_mm: float, *, operator: str = ""
) -> Scale | None:
    """The scale of markers of a known side; None where there are none."""
    if not markers:
        return None
    side_px = float(np.mean([marker.side_px for marker in markers]))
    corner = _CORNER_SE_PX / side_px / math.sqrt(2 * len(markers))
    note = f"{len(markers)} markers of {side_mm:g} mm"
    error = math.hypot(corner, _PRINT_SE)
    return Scale(side_mm / side_px, error, "target", operator, note)


def scale_of_bar(
    markers: tuple[Marker, ...],
    ends: tuple[int, int],
    mm: float,
    *,
    operator: str = "",
) -> Scale | None:
    """The scale of a bar with a marker at each end, `mm` between their middles.

    Returns:
        None where one of the two was not found.
    """
    by_number = {marker.number: marker.middle for marker in markers}
    if ends[0] not in by_number or ends[1] not in by_number:
        return None
    px = math.dist(by_number[ends[0]], by_number[ends[1]])
    error = math.hypot(_CORNER_SE_PX / px, _PRINT_SE / 3)
    return Scale(mm / px, error, "target", operator, f"scale bar of {mm:g} mm")


def _sides(corners: tuple[tuple[float, float], ...]) -> list[float]:
    return [math.dist(corners[k], corners[(k + 1) % 4]) for k in range(4)]


def _mean_side(corners: tuple[tuple[float, float], ...]) -> float:
    return sum(_sides(corners)) / 4
