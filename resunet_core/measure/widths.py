"""How wide cracks are: area over length of each branch."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MEASURABLE_PX = 3.0
"""Below, a width says more about the drawing than about the crack."""


@dataclass(frozen=True)
class Widths:
    """Widths of branches and their lengths, in one unit, narrowest first.

    Attributes:
        width: float64 [b].
        length: float64 [b].
        too_narrow: Length of the branches under 3 px.
        widest: Local width of the widest place.
    """

    width: NDArray[np.float64]
    length: NDArray[np.float64]
    too_narrow: float
    widest: float

    @property
    def total(self) -> float:
        """Length of all branches."""
        return float(self.length.sum())

    @property
    def mean(self) -> float:
        """Area over length of them all; 0 where there is none."""
        return float((self.width * self.length).sum() / self.total) if self.total else 0

    @property
    def too_narrow_share(self) -> float:
        """Share of the length whose width cannot be measured, 0 to 1."""
        return self.too_narrow / self.total if self.total else 0.0

    def quantile(self, share: float) -> float:
        """The width that `share` of the length does not exceed; 0 where is none."""
        if not self.total:
            return 0.0
        at = np.searchsorted(np.cumsum(self.length), share * self.total)
        return float(self.width[min(int(at), len(self.width) - 1)])

    def histogram(self, edges: Sequence[float]) -> tuple[float, ...]:
        """Length between edges, with all beyond the last one at the end."""
        bounds = np.array([*edges, np.inf])
        found, _ = np.histogram(self.width, bounds, weights=self.length)
        return tuple(float(v) for v in found)

    def scaled(self, factor: float) -> "Widths":
        """The same in another unit."""
        return Widths(
            self.width * factor,
            self.length * factor,
            self.too_narrow * factor,
            self.widest * factor,
        )


def widths_of(
    area_px: NDArray[np.float64], length_px: NDArray[np.float64], widest_px: float
) -> Widths:
    """The widths of branches from their areas and lengths; specks have none."""
    long = length_px >= MEASURABLE_PX
    width, length = area_px[long] / length_px[long], length_px[long]
    order = np.argsort(width, kind="stable")
    too_narrow = float(length[width < MEASURABLE_PX].sum())
    return Widths(width[order], length[order], too_narrow, widest_px)


def joined(parts: Sequence[Widths]) -> Widths:
    """The widths of several photos, in one unit."""
    width = np.concatenate([p.width for p in parts] or [np.zeros(0)])
    length = np.concatenate([p.length for p in parts] or [np.zeros(0)])
    order = np.argsort(width, kind="stable")
    return Widths(
        width[order],
        length[order],
        sum(p.too_narrow for p in parts),
        max((p.widest for p in parts), default=0.0),
    )
