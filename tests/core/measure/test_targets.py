"""Targets laid beside the paint are found, and tell the scale."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from resunet_core.measure.targets import (
    DICTIONARY,
    find_markers,
    scale_of_bar,
    scale_of_markers,
)
from tests.builders import painted_pixels

_SIDE_PX = 80


def _with_bar() -> NDArray[np.uint8]:
    """Markers 3 and 7 on white, 400 px from middle to middle, turned by 7 degrees."""
    photo = painted_pixels(400, 640)
    photo[140:280, 60:600] = 255
    dictionary = cv2.aruco.getPredefinedDictionary(DICTIONARY)
    for number, left in ((3, 90), (7, 490)):
        marker = cv2.aruco.generateImageMarker(dictionary, number, _SIDE_PX)
        photo[170 : 170 + _SIDE_PX, left : left + _SIDE_PX] = marker[..., np.newaxis]
    turn = cv2.getRotationMatrix2D((320, 200), 7, 1)
    return np.asarray(cv2.warpAffine(photo, turn, (640, 400)), np.uint8)


def test_a_bar_with_two_markers() -> None:
    markers = find_markers(_with_bar())
    assert [marker.number for marker in markers] == [3, 7]
    assert not any(marker.is_askew for marker in markers)
    scale = scale_of_bar(markers, (3, 7), 200, operator="李工")
    assert scale is not None
    assert scale.mm_per_px == pytest.approx(0.5, rel=0.003)
    assert (scale.method, scale.operator) == ("target", "李工")
    alone = scale_of_markers(markers, 40)
    assert alone is not None
    assert alone.mm_per_px == pytest.approx(0.5, rel=0.02)
    assert alone.relative_se > scale.relative_se  # the longer, the better
    assert scale_of_bar(markers, (3, 8), 200) is None


def test_paint_alone_is_no_target() -> None:
    photo = painted_pixels(300, 400)
    assert find_markers(photo) == ()
    assert scale_of_markers((), 40) is None
