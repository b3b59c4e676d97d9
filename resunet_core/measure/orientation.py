"""Which way cracks run: the rose, and how much one direction prevails."""

from dataclasses import dataclass

import numpy as np

from resunet_core.measure.network import Network
from resunet_core.measure.pixel_graph import far_ends

BINS = 36
"""Of 5 degrees each, over the half circle."""

_DOUBLINGS = 3  # directions are taken over 8 px to either side


@dataclass(frozen=True)
class Rose:
    """Length of cracks by direction; lengths of several photos add up.

    Attributes:
        lengths: One for each 5 degrees from level (0) over upright (90), tuple of 36.
        doubled: Sum of length times exp(2 i angle).
    """

    lengths: tuple[float, ...]
    doubled: complex

    @property
    def total(self) -> float:
        """All length."""
        return sum(self.lengths)

    @property
    def anisotropy(self) -> float:
        """0: all directions alike; 1: all cracks run one way. Over 0.3: wood grain."""
        return abs(self.doubled) / self.total if self.total else 0.0

    @property
    def direction_deg(self) -> float:
        """The prevailing direction, 0 to 180, counter-clockwise from level."""
        return float(np.degrees(np.angle(self.doubled)) / 2 % 180)

    def scaled(self, factor: float) -> "Rose":
        """The rose with all lengths in another unit."""
        return Rose(tuple(v * factor for v in self.lengths), self.doubled * factor)

    def __add__(self, other: "Rose") -> "Rose":
        lengths = zip(self.lengths, other.lengths, strict=True)
        return Rose(tuple(a + b for a, b in lengths), self.doubled + other.doubled)


EMPTY_ROSE = Rose((0.0,) * BINS, 0j)


def rose_of(network: Network) -> Rose:
    """The rose of a network in pixels, each step in the direction of its 16 px."""
    steps = network.steps
    over_b, over_a = far_ends(steps, len(network.y), _DOUBLINGS)
    up = network.y[over_a] - network.y[over_b]  # rows grow downwards
    right = network.x[over_b] - network.x[over_a]
    apart = (up != 0) | (right != 0)
    angle = np.arctan2(up, right)[apart]
    length = steps.length_px[apart].astype(np.float64)
    part = np.floor(angle / np.pi * BINS + 0.5).astype(np.int64) % BINS
    lengths = np.bincount(part, length, BINS)
    doubled = complex((length * np.exp(2j * angle)).sum())
    return Rose(tuple(float(v) for v in lengths), doubled)
