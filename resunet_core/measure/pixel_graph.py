"""A centre line as a graph: its pixels, and the steps between neighbours."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from resunet_core.mask.length import DIAGONAL_PX, ORTHOGONAL_PX

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Steps:
    """Steps between neighbouring pixels, each pair once.

    Attributes:
        a: Index of one pixel, int64 [m].
        b: Index of the other.
        length_px: Kulpa's weight of the step, float32 [m].
    """

    a: Indices
    b: Indices
    length_px: NDArray[np.float32]

    def only(self, which: NDArray[np.bool_]) -> "Steps":
        """The steps chosen, bool [m]."""
        return Steps(self.a[which], self.b[which], self.length_px[which])

    def degrees(self, pixels: int) -> Indices:
        """How many steps meet at each pixel, int64 [n]."""
        return np.bincount(self.a, minlength=pixels) + np.bincount(
            self.b, minlength=pixels
        )

    def pixel_lengths(self, pixels: int) -> NDArray[np.float64]:
        """Length of line at each pixel, half of every step that meets there."""
        found = np.bincount(self.a, self.length_px, pixels)
        found += np.bincount(self.b, self.length_px, pixels)
        return np.asarray(found / 2, np.float64)


def steps_between(y: Indices, x: Indices, width: int) -> Steps:
    """The steps of a line's pixels, given in reading order.

    As in `mask.length`: a diagonal pair that two orthogonal steps join has no step of
    its own.
    """
    stride = width + 2  # no pixel is beside one of the next row
    place = y * stride + x
    right = _find(place, place + 1)
    below = _find(place, place + stride)
    left_below = _find(place, place + stride - 1)
    right_below = _find(place, place + stride + 1)
    left = np.full(len(place), -1)
    has_right = np.flatnonzero(right >= 0)
    left[right[has_right]] = has_right
    right_below[(right >= 0) | (below >= 0)] = -1
    left_below[(left >= 0) | (below >= 0)] = -1
    a, b, length = [], [], []
    for there, px in (
        (right, ORTHOGONAL_PX),
        (below, ORTHOGONAL_PX),
        (left_below, DIAGONAL_PX),
        (right_below, DIAGONAL_PX),
    ):
        here = np.flatnonzero(there >= 0)
        a.append(here)
        b.append(there[here])
        length.append(np.full(len(here), px, np.float32))
    return Steps(np.concatenate(a), np.concatenate(b), np.concatenate(length))


def groups(count: int, a: Indices, b: Indices) -> tuple[int, Indices]:
    """How many groups `count` things form when a[k] is joined to b[k], and whose."""
    joined = coo_array((np.ones(len(a), np.bool_), (a, b)), shape=(count, count))
    number, labels = connected_components(joined, directed=False)
    return int(number), labels.astype(np.int64)


def far_ends(steps: Steps, pixels: int, doublings: int) -> tuple[Indices, Indices]:
    """The pixels reached by walking on from a step over its b, and over its a.

    The walk is 2 ** doublings steps long and ends early where the line ends or forks.

    Returns:
        Two int64 [m]: from a over b and on; from b over a and on.
    """
    m = len(steps.a)
    tail = np.concatenate([steps.a, steps.b])
    head = np.concatenate([steps.b, steps.a])
    goes_on = steps.degrees(pixels) == 2
    # Of each pixel with two steps: the sum of the two half steps that leave it; taking
    # away the one that leads back leaves the one that leads on.
    leaving = np.zeros(pixels, np.int64)
    np.add.at(leaving, tail, np.arange(2 * m))
    back = np.concatenate([np.arange(m, 2 * m), np.arange(m)])
    following = np.where(goes_on[head], leaving[head] - back, np.arange(2 * m))
    for _ in range(doublings):
        following = following[following]
    reached = head[following]
    return reached[:m], reached[m:]


def _find(places: Indices, wanted: Indices) -> Indices:
    """Where each wanted place stands in the sorted places; -1 where it does not."""
    at = np.searchsorted(places, wanted)
    at[at == len(places)] = 0
    return np.where(places[at] == wanted, at, -1) if len(places) else at
