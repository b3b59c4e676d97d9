"""Targets in a photo that tell its scale: ArUco markers, scale bars, ColorCheckers."""

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

_CHART_COLUMNS, _CHART_ROWS = 6, 4


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


def scale_of_chart(
    pixels: NDArray[np.uint8], pitch_mm: float, *, operator: str = ""
) -> Scale | None:
    """The scale of a ColorChecker of 24 patches, RGB uint8 [H, W, 3].

    Args:
        pixels: The photo.
        pitch_mm: From the middle of a patch to that of its neighbour, measured on the
            chart that was used: makers and sizes differ.
        operator: Who measured.

    Returns:
        None where no chart was found, or where OpenCV has no detector of charts.
    """
    if not hasattr(cv2, "mcc"):
        return None
    px = _chart_pitch(np.ascontiguousarray(pixels[..., ::-1]))
    if px is None:
        return None
    error = math.hypot(_CORNER_SE_PX / (5 * px), _PRINT_SE)
    return Scale(
        pitch_mm / px, error, "target", operator, f"ColorChecker, {pitch_mm:g} mm pitch"
    )


def _chart_pitch(bgr: NDArray[np.uint8]) -> float | None:
    """From patch to patch in px; the detector sees more when it looks twice."""
    for blur_px in (0.0, 1.0, 2.0):
        seen = bgr if blur_px == 0 else cv2.GaussianBlur(bgr, (0, 0), blur_px)
        detector = cv2.mcc.CCheckerDetector.create()
        if not detector.process(seen, 1):
            continue
        chart = detector.getBestColorChecker()
        quads = np.asarray(chart.getColorCharts(), np.float64).reshape(-1, 4, 2)
        if len(quads) != _CHART_ROWS * _CHART_COLUMNS:
            continue
        middles = quads.mean(axis=1).reshape(_CHART_ROWS, _CHART_COLUMNS, 2)
        along = np.linalg.norm(middles[:, -1] - middles[:, 0], axis=1) / 5
        down = np.linalg.norm(middles[-1] - middles[0], axis=1) / 3
        if along.mean() < 1.1 * down.mean() and down.mean() < 1.1 * along.mean():
            return float(np.concatenate([along, down]).mean())
    return None


def _sides(corners: tuple[tuple[float, float], ...]) -> list[float]:
    return [math.dist(corners[k], corners[(k + 1) % 4]) for k in range(4)]


def _mean_side(corners: tuple[tuple[float, float], ...]) -> float:
    return sum(_sides(corners)) / 4
