"""What became of the damage between two campaigns, beyond what the photos can tell."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.defects import CRAQUELURE, PAINT_LOSS
from resunet_core.mask.regions import ArrayMask
from resunet_core.measure.centre_line import find_centre_line
from resunet_core.measure.common_grid import CampaignView, Grid
from resunet_core.measure.network import build_network
from resunet_core.measure.registration import Registration
from resunet_core.measure.surface import ASSESSED, Surface
from resunet_core.progress import Progress, Steps

Change = Literal["new", "grown", "stable", "shrunk", "lost"]
"""What became of a loss; `lost` ones are gone: retouched, or no longer seen."""

BAND = 2.0
"""Changes within so many standard errors of the registration are noise."""

_DRAWN_PX = 2.0
"""How far a detection draws a rim from where it is; both do, independently."""

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class ChangedRegion:
    """A loss that either photo shows.

    Attributes:
        kind: What became of it.
        box: In the later photo.
        before_px: Its area then, in pixels of the comparison.
        after_px: Its area now.
        changed_px: What came or went beyond the noise.
        is_noise: Whether it is too small to be told from the noise: to be greyed.
    """

    kind: Change
    box: Box
    before_px: int
    after_px: int
    changed_px: int
    is_noise: bool


@dataclass(frozen=True)
class ChangedCrack:
    """A piece of crack that only one of the photos shows.

    Attributes:
        is_new: Whether the later one shows it.
        box: In the later photo.
        length_px: Pixels of the comparison.
        is_noise: Whether it is too short to be told from the noise: to be greyed.
    """

    is_new: bool
    box: Box
    length_px: float
    is_noise: bool


@dataclass(frozen=True)
class Comparison:
    """Two photos of one place; areas and lengths in pixels of the comparison.

    Attributes:
        registration: How they lie over each other.
        pixel: Side of such a pixel in pixels of the later photo: 1, or more where the
            earlier one is coarser, as density rises with resolution.
        mm_per_px: Of such a pixel; None where neither photo has a scale.
        common_px: What both show and both assess.
        common_share: Of what the later one assesses, 0 to 1.
        noise_px: Changes narrower than this are noise.
        loss_before_px: Paint loss on the common surface then.
        loss_after_px: Now.
        crack_before_px: Crack length on the common surface then.
        crack_after_px: Now.
        regions: Losses, the largest change first.
        cracks: Pieces of crack, the longest first.
    """

    registration: Registration
    pixel: float
    mm_per_px: float | None
    common_px: int
    common_share: float
    noise_px: float
    loss_before_px: int
    loss_after_px: int
    crack_before_px: float
    crack_after_px: float
    regions: tuple[ChangedRegion, ...]
    cracks: tuple[ChangedCrack, ...]

    @property
    def crack_growth_px(self) -> float:
        """New length less that which is gone, without what is noise."""
        return sum(
            crack.length_px if crack.is_new else -crack.length_px
            for crack in self.cracks
            if not crack.is_noise
        )

    @property
    def crack_growth_mm(self) -> float | None:
        """The same in millimetres; None without a scale."""
        return None if self.mm_per_px is None else self.crack_growth_px * self.mm_per_px

    @property
    def noise_mm(self) -> float | None:
        """The width below which changes are noise; None without a scale."""
        return None if self.mm_per_px is None else self.noise_px * self.mm_per_px

    def count(self, kind: Change) -> int:
        """How many losses of a kind there are, without what is noise."""
        return sum(r.kind == kind and not r.is_noise for r in self.regions)

    def mm2(self, area_px: float) -> float | None:
        """Square millimetres of an area; None without a scale."""
        return None if self.mm_per_px is None else area_px * self.mm_per_px**2


def compare_campaigns(
    before: CampaignView, after: CampaignView, registration: Registration
) -> Steps[Comparison]:
    """Compare the common surface of two photos, on the coarser one's grid."""
    grid = Grid(registration, max(1.0, registration.coarseness))
    yield Progress(0, 4, "Common surface")
    old, old_scope = grid.from_before(before)
    new, new_scope = grid.from_after(after)
    assessed = new_scope == ASSESSED
    common = assessed & (old_scope == ASSESSED)
    laid = BAND * registration.noise_px / grid.pixel
    noise = float(np.hypot(np.sqrt(2) * _DRAWN_PX, laid))
    yield Progress(1, 4, "Paint loss")
    losses = _Pair((old == PAINT_LOSS.id) & common, (new == PAINT_LOSS.id) & common)
    regions = tuple(_regions(losses, noise, grid))
    yield Progress(2, 4, "Craquelure")
    masks = _Pair((old == CRAQUELURE.id) & common, (new == CRAQUELURE.id) & common)
    gone, length_before = yield from _only_there(masks.before, masks.after, noise)
    come, length_after = yield from _only_there(masks.after, masks.before, noise)
    cracks = [_crack(grid, piece, noise, is_new=False) for piece in gone]
    cracks += [_crack(grid, piece, noise, is_new=True) for piece in come]
    return Comparison(
        registration=registration,
        pixel=grid.pixel,
        mm_per_px=_mm(before, after, grid),
        common_px=int(np.count_nonzero(common)),
        common_share=float(np.count_nonzero(common))
        / max(1, int(np.count_nonzero(assessed))),
        noise_px=noise,
        loss_before_px=int(np.count_nonzero(losses.before)),
        loss_after_px=int(np.count_nonzero(losses.after)),
        crack_before_px=length_before,
        crack_after_px=length_after,
        regions=tuple(sorted(regions, key=lambda r: (-r.changed_px, r.box))),
        cracks=tuple(sorted(cracks, key=lambda c: (-c.length_px, c.box))),
    )


@dataclass(frozen=True)
class _Pair:
    before: Bools
    after: Bools


@dataclass(frozen=True)
class _Piece:
    """Pixels of a centre line that the other photo does not show."""

    box: Box
    length: float


def _regions(pair: _Pair, noise: float, grid: Grid) -> Iterator[ChangedRegion]:
    """The connected losses of either photo, and what became of each."""
    either = (pair.before | pair.after).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(either, connectivity=8)
    before = np.bincount(labels[pair.before], minlength=count)
    after = np.bincount(labels[pair.after], minlength=count)
    come = pair.after & (_distance(pair.before) > noise)
    gone = pair.before & (_distance(pair.after) > noise)
    grown = np.bincount(labels[come], minlength=count)
    shrunk = np.bincount(labels[gone], minlength=count)
    depth = np.asarray(cv2.distanceTransform(either, cv2.DIST_L2, 5), np.float32)
    thick = np.zeros(count, np.float32)
    np.maximum.at(thick, np.asarray(labels, np.intp).ravel(), depth.ravel())
    # A tongue at the rim that is no larger than a speck of noise is noise as well.
    least = np.pi * noise**2 / 2
    grown, shrunk = (np.where(px > least, px, 0) for px in (grown, shrunk))
    for n in range(1, count):
        kind = _kind(int(before[n]), int(after[n]), int(grown[n]), int(shrunk[n]))
        left, top, wide, tall = (int(v) for v in stats[n, :4])
        changed = {"stable": 0, "grown": grown[n], "shrunk": shrunk[n]}.get(
            kind, before[n] + after[n]
        )
        yield ChangedRegion(
            kind,
            grid.in_after(Box(top, left, top + tall, left + wide)),
            int(before[n]),
            int(after[n]),
            int(changed),
            is_noise=kind in ("new", "lost") and float(thick[n]) <= noise,
        )


def _kind(before: int, after: int, grown: int, shrunk: int) -> Change:
    if not before:
        return "new"
    if not after:
        return "lost"
    if grown == shrunk == 0:
        return "stable"
    return "grown" if grown >= shrunk else "shrunk"


def _only_there(
    there: Bools, other: Bools, noise: float
) -> Steps[tuple[list[_Piece], float]]:
    """Pieces of the centre line of cracks that the other mask lacks, and all length."""
    surface = Surface(ArrayMask(there.astype(np.uint8)))
    line = yield from find_centre_line(surface, 1)
    network = build_network(line)
    lengths = network.steps.pixel_lengths(len(network.y))
    away = _distance(other)[network.y, network.x]
    alone = away > noise
    drawn = np.zeros(there.shape, np.uint8)
    drawn[network.y[alone], network.x[alone]] = 1
    count, labels, stats, _ = cv2.connectedComponentsWithStats(drawn, connectivity=8)
    of = labels[network.y[alone], network.x[alone]]
    length = np.bincount(of, lengths[alone], minlength=count)
    touching = np.bincount(of, away[alone] <= noise + 1.5, minlength=count) > 0
    pieces = []
    for n in range(1, count):
        left, top, wide, tall = (int(v) for v in stats[n, :4])
        # Where it leaves a crack that both show, its beginning lay in the band.
        whole = float(length[n]) + (noise if touching[n] else 0.0)
        pieces.append(_Piece(Box(top, left, top + tall, left + wide), whole))
    return pieces, network.total_px


def _crack(grid: Grid, piece: _Piece, noise: float, *, is_new: bool) -> ChangedCrack:
    short = piece.length <= 2 * noise
    return ChangedCrack(is_new, grid.in_after(piece.box), piece.length, short)


def _distance(where: Bools) -> NDArray[np.float32]:
    """How far each pixel is from the nearest one of `where`."""
    if not where.any():
        return np.full(where.shape, np.inf, np.float32)
    found = cv2.distanceTransform((~where).astype(np.uint8), cv2.DIST_L2, 5)
    return np.asarray(found, np.float32)


def _mm(before: CampaignView, after: CampaignView, grid: Grid) -> float | None:
    """Of a pixel of the comparison: by the better known of the two scales."""
    known = []
    if after.scale is not None:
        known.append((after.scale.relative_se, after.scale.mm_per_px * grid.pixel))
    if before.scale is not None:
        side = before.scale.mm_per_px / grid.coarseness * grid.pixel
        known.append((before.scale.relative_se, side))
    return min(known)[1] if known else None


__all__ = [
    "CampaignView",
    "Change",
    "ChangedCrack",
    "ChangedRegion",
    "Comparison",
    "compare_campaigns",
]
