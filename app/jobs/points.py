"""The points of a check as they are asked, without the code that draws them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from resunet_core.project.point_checks import PointCheck

CROP_PX = 320
"""Side of what is seen around a point, in pixels of the photo; even."""


@dataclass(frozen=True)
class PointsAsked:
    """A check, and the picture around each of its points.

    Attributes:
        check: With the answers so far.
        crops: By number of the point, RGB uint8 [CROP_PX, CROP_PX, 3].
        mm_per_px: Of the photo; None where nobody measured it.
    """

    check: "PointCheck"
    crops: Mapping[int, NDArray[np.uint8]]
    mm_per_px: float | None
