"""Paint loss of a photo in figures: areas, sizes, the largest, how near the edge."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from resunet_core.defects import DEFAULT_CLASSES, DefectClasses
from resunet_core.errors import WrongUsage
from resunet_core.mask.regions import Region, RegionMap
from resunet_core.measure.surface import AssessedMask, Surface, count_surface


@dataclass(frozen=True)
class LossRegion:
    """One connected loss.

    Attributes:
        region: Where it is and how large.
        edge_px: From its box to the nearest edge of the photo; 0 when it is cut there.
    """

    region: Region
    edge_px: int

    @property
    def is_cut(self) -> bool:
        """Whether it goes on outside the photo, so that its size is a least size."""
        return self.edge_px == 0


@dataclass(frozen=True)
class SizeBin:
    """Losses of one range of sizes; `upper` is None for the last, open one."""

    lower: float
    upper: float | None
    count: int
    area: float


@dataclass(frozen=True)
class PaintLoss:
    """The losses of a photo, largest first, and the surface they are a share of."""

    area_px: int
    assessed_px: int
    regions: tuple[LossRegion, ...]

    @property
    def share(self) -> float:
        """Of the assessed surface, 0 to 1."""
        return self.area_px / self.assessed_px if self.assessed_px else 0.0

    @property
    def largest(self) -> LossRegion | None:
        """The largest loss; None where there is none."""
        return self.regions[0] if self.regions else None

    @property
    def cut(self) -> int:
        """How many losses the edge of the photo cuts."""
        return sum(loss.is_cut for loss in self.regions)


def measure_losses(
    surface: Surface, class_id: int, classes: DefectClasses = DEFAULT_CLASSES
) -> PaintLoss:
    """The connected losses (8 neighbours) of the assessed surface."""
    found = RegionMap(AssessedMask(surface), classes).regions
    losses = [
        LossRegion(region, _to_edge(region, surface))
        for region in found
        if region.class_id == class_id
    ]
    losses.sort(key=lambda loss: (-loss.region.area_px, loss.region.id))
    return PaintLoss(
        area_px=sum(loss.region.area_px for loss in losses),
        assessed_px=count_surface(surface).assessed_px,
        regions=tuple(losses),
    )


def size_bins(areas: Sequence[float], edges: Sequence[float]) -> tuple[SizeBin, ...]:
    """Count areas between the edges that a person set; both in one unit.

    The first bin begins at 0 and the last one is open, so that the bins add up to all;
    an area equal to an edge belongs to the larger bin.
    """
    bounds = sorted(set(edges))
    counts, sums = [0] * (len(bounds) + 1), [0.0] * (len(bounds) + 1)
    for area in areas:
        at = bisect_right(bounds, area)
        counts[at] += 1
        sums[at] += area
    lower = [0.0, *bounds]
    upper = [*bounds, None]
    return tuple(SizeBin(*row) for row in zip(lower, upper, counts, sums, strict=True))


def parse_edges(text: str) -> tuple[float, ...]:
    """Edges of size bins from `100,1000,10000`, ascending.

    Raises:
        WrongUsage: They are no numbers above 0.
    """
    try:
        edges = sorted({float(part) for part in text.split(",")})
    except ValueError:
        edges = []
    if not edges or not all(0 < edge < float("inf") for edge in edges):
        raise WrongUsage(
            f"{text!r} are no sizes.", "Give square millimetres, as 100,1000,10000."
        )
    return tuple(edges)


def _to_edge(region: Region, surface: Surface) -> int:
    box = region.box
    return min(
        box.top, box.left, surface.height - box.bottom, surface.width - box.right
    )
