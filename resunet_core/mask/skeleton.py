"""Centre lines of thin classes."""

import numpy as np
from numpy.typing import NDArray


def _removable(*, southern: bool) -> NDArray[np.bool_]:
    """For each neighbourhood byte: may the pixel go in this half of an iteration.

    Guo and Hall (1989), Parallel thinning with two-subiteration algorithms, A1. A bit
    each for n, ne, e, se, s, sw, w, nw, from the lowest.
    """
    table = np.zeros(256, np.bool_)
    for byte in range(256):
        ring = [bool(byte >> k & 1) for k in range(8)]
        if southern:  # the same conditions, the picture turned by 180 degrees
            ring = ring[4:] + ring[:4]
        n, ne, e, se, s, sw, w, nw = ring
        runs = sum(
            not side and (corner or next_side)
            for side, corner, next_side in (
                (n, ne, e),
                (e, se, s),
                (s, sw, w),
                (w, nw, n),
            )
        )
        pairs = (nw or n) + (ne or e) + (se or s) + (sw or w)
        other_pairs = (n or ne) + (e or se) + (s or sw) + (w or nw)
        kept_side = (n or ne or not se) and e
        table[byte] = runs == 1 and 2 <= min(pairs, other_pairs) <= 3 and not kept_side
    return table


_HALVES = (_removable(southern=False), _removable(southern=True))


def skeletonise(of_class: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The one pixel wide centre line of a binary picture, bool [H, W].

    Pieces (8 neighbours) and holes (4 neighbours) stay as many as they were, lines of
    two pixels' width included, which other thinnings break or lose. Equal to
    `skimage.morphology.thin`; our own because models are scored where only torch, numpy
    and OpenCV are. Time follows the pixels of the class, however thick it is.
    """
    thin = np.pad(of_class, 1)
    flat = thin.ravel()
    row = thin.shape[1]
    around = np.array([-row, 1 - row, 1, row + 1, row, row - 1, -1, -row - 1])
    bits = (1 << np.arange(8)).astype(np.uint8)
    inside = np.flatnonzero(flat)
    # For each half: pixels whose neighbours changed since that half looked at them,
    # each once; `listed` has a bit for each half. Sorting them would take ten times as
    # long as thinning.
    listed = flat.astype(np.uint8) * np.uint8(3)
    waiting = [inside, inside]
    half = 0
    while len(waiting[0]) or len(waiting[1]):
        listed[waiting[half]] &= np.uint8(2 - half)
        looked_at = waiting[half][flat[waiting[half]]]
        seen = np.zeros(len(looked_at), np.uint8)
        for step, bit in zip(around, bits, strict=True):
            seen |= flat[looked_at + step] * bit
        gone = looked_at[_HALVES[half][seen]]
        flat[gone] = False
        waiting[half] = np.zeros(0, np.int64)
        for k in (0, 1):
            near = _newly_listed(gone, around, flat, listed, np.uint8(1 << k))
            waiting[k] = np.concatenate([waiting[k], near])
        half = 1 - half
    return thin[1:-1, 1:-1]


def _newly_listed(
    gone: NDArray[np.int64],
    around: NDArray[np.int64],
    flat: NDArray[np.bool_],
    listed: NDArray[np.uint8],
    bit: np.uint8,
) -> NDArray[np.int64]:
    """Pixels of the class beside those gone that had not `bit` in `listed`, now do."""
    found = []
    for step in around:
        near = gone + step
        near = near[flat[near] & (listed[near] & bit == 0)]
        listed[near] |= bit
        found.append(near)
    return np.concatenate(found)
