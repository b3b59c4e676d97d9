"""Two campaigns of one component laid over each other, to be looked at."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from resunet_core.measure.compare import Comparison

SHOWN_PX = 1600
"""Longer side of the pictures, at most."""


@dataclass(frozen=True)
class Swipe:
    """What was found, and both photos as the later one was taken.

    Attributes:
        comparison: What became of the damage.
        before: RGB uint8 [h, w, 3], black where the earlier photo does not reach.
        after: RGB uint8 [h, w, 3].
        shrunk: Pixels of the later photo for one of the pictures'.
    """

    comparison: "Comparison"
    before: NDArray[np.uint8]
    after: NDArray[np.uint8]
    shrunk: float
