"""Points for a person to check: where, how many, and how they are drawn."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resunet_core.defects import SOUND_ID
from resunet_core.measure.surface import AssessedMask, Surface

SOUND_SHARE = 0.5
"""Of all points: what was missed lies in the sound stratum, by far the largest."""

LEAST_POINTS = 30
"""A stratum with fewer says nothing."""

_OUTSIDE = 255


@dataclass(frozen=True)
class CheckPoint:
    """One pixel that a person says the class of, without being told the mask's."""

    y: int
    x: int
    mapped: int


def count_strata(surface: Surface) -> dict[int, int]:
    """Assessed pixels of each class id of the mask, sound paint first."""
    found = np.zeros(256, np.int64)
    for band in surface.bands():
        ids = surface.mask.read(band)[surface.assessed(band)]
        found += np.bincount(ids, minlength=256)
    return {int(k): int(found[k]) for k in np.flatnonzero(found)}


def allocate(strata: Mapping[int, int], total: int) -> dict[int, int]:
    """How many points each stratum gets: half the sound one, the others alike.

    None gets fewer than 30, or more than it has pixels.
    """
    others = [k for k in strata if k != SOUND_ID]
    sound = total if not others else round(total * SOUND_SHARE)
    if SOUND_ID not in strata:
        sound = 0
    each = (total - sound) // max(1, len(others))
    wanted = dict.fromkeys(others, each)
    if SOUND_ID in strata:
        wanted[SOUND_ID] = sound
    return {k: min(strata[k], max(LEAST_POINTS, n)) for k, n in sorted(wanted.items())}


def draw_points(surface: Surface, total: int, *, seed: int) -> tuple[CheckPoint, ...]:
    """Random pixels of each stratum, none twice, in random order.

    The same seed, mask and total always give the same points.
    """
    rng = np.random.default_rng(seed)
    strata = count_strata(surface)
    wanted = {
        k: np.sort(rng.choice(strata[k], n, replace=False))
        for k, n in allocate(strata, total).items()
    }
    points: list[CheckPoint] = []
    passed = dict.fromkeys(wanted, 0)
    mask = AssessedMask(surface)
    for band in surface.bands():
        ids = mask.read(band)
        ids[~surface.assessed(band)] = _OUTSIDE
        for class_id, numbers in wanted.items():
            there = np.flatnonzero(ids == class_id)
            here = numbers - passed[class_id]
            here = here[(here >= 0) & (here < len(there))]
            passed[class_id] += len(there)
            rows, columns = np.divmod(there[here], surface.width)
            points += _as_points(rows + band.top, columns, class_id)
    order = rng.permutation(len(points))
    return tuple(points[k] for k in order)


def _as_points(
    rows: NDArray[np.int64], columns: NDArray[np.int64], class_id: int
) -> list[CheckPoint]:
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    return [CheckPoint(y, x, class_id) for y, x in pairs]
