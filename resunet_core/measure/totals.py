"""Sums over photos: by component, bay, elevation, building and site.

Sums of areas over sums of assessed surface, never a mean of percentages, and no part of
a component twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from resunet_core.measure.craquelure import Craquelure
from resunet_core.measure.losses import PaintLoss
from resunet_core.measure.orientation import EMPTY_ROSE, Rose
from resunet_core.measure.scale import Scale
from resunet_core.measure.surface import SurfaceCounts
from resunet_core.measure.uncertainty import AreaEstimate, Interval
from resunet_core.measure.widths import Widths, joined

Depth = Literal[1, 2, 3, 4, 5]
"""How many levels a sum goes down: 1 site, 2 building ... 5 component."""

RankedBy = Literal["paint loss", "craquelure"]


@dataclass(frozen=True)
class PhotoFigures:
    """What was measured on one photo; pixels, and a scale where there is one.

    Attributes:
        name: Unique name of the photo.
        levels: Site, building, elevation, bay and component; each may be empty.
        surface: What is assessed.
        craquelure: Of the crack class.
        losses: Of the loss class.
        scale: None where nobody measured it.
        is_primary: Whether a person chose it to stand for its component, or for a
            part of it that no other chosen photo shows.
        checked_px: Assessed pixels in tiles that a person checked.
        loss_check: Paint loss as a point check corrects it.
        checked_loss_px: Pixels of paint loss in tiles that a person checked.
        campaign: Which survey it belongs to; names sort as time goes on.
    """

    name: str
    levels: tuple[str, str, str, str, str]
    surface: SurfaceCounts
    craquelure: Craquelure
    losses: PaintLoss
    scale: Scale | None = None
    is_primary: bool = False
    checked_px: int = 0
    loss_check: AreaEstimate | None = None
    checked_loss_px: int = 0
    campaign: str = ""


@dataclass(frozen=True)
class Total:
    """Sums over the photos of one place.

    Lengths are in mm and areas in mm2 where every photo that counts has a scale, else
    in px and px2: then `in_mm` is False and nothing may be told in millimetres.

    Attributes:
        levels: Names from the site down to where the sum is made.
        photos: Names of the photos that count.
        left_out: Names of other views of components that are counted already.
        in_mm: Whether the unit is the millimetre.
        assessed: Area.
        painted: Area, with what could not be assessed.
        out_of_scope: Area that is no painted surface.
        loss: Area.
        loss_range: The same with its 95 % interval, where a point check was made on
            every photo that counts.
        loss_regions: How many.
        loss_areas: Of each region, largest first.
        crack_area: Area of the craquelure mask.
        crack_length: Length.
        junctions: How many.
        free_ends: How many.
        branch_ends: How many.
        islands: How many closed ones.
        widths: Of branches.
        rose: Of directions.
        checked: Area in tiles that a person checked.
        checked_loss: Area of loss in such tiles.
    """

    levels: tuple[str, ...]
    photos: tuple[str, ...]
    left_out: tuple[str, ...]
    in_mm: bool
    assessed: float
    painted: float
    out_of_scope: float
    loss: float
    loss_range: Interval | None
    loss_regions: int
    loss_areas: tuple[float, ...]
    crack_area: float
    crack_length: float
    junctions: int
    free_ends: int
    branch_ends: int
    islands: int
    widths: Widths
    rose: Rose
    checked: float
    checked_loss: float

    @property
    def name(self) -> str:
        """The last name that is not empty; empty where none is known."""
        return next((name for name in reversed(self.levels) if name), "")

    @property
    def loss_share(self) -> float:
        """Paint loss over assessed surface, 0 to 1."""
        return self.loss / self.assessed if self.assessed else 0.0

    @property
    def crack_density(self) -> float:
        """Crack length over assessed surface, per mm or per px."""
        return self.crack_length / self.assessed if self.assessed else 0.0

    @property
    def coverage(self) -> float:
        """Assessed over painted surface, 0 to 1."""
        return self.assessed / self.painted if self.painted else 0.0

    @property
    def checked_share(self) -> float:
        """Share of the assessed surface that a person checked, 0 to 1."""
        return self.checked / self.assessed if self.assessed else 0.0


def split_views(
    photos: Sequence[PhotoFigures],
) -> tuple[list[PhotoFigures], list[PhotoFigures]]:
    """The photos that count, and other views of components that are counted already.

    Of a component that several photos show, the newest campaign counts, and of that
    those that a person chose as primary views; where nobody chose, the one with the
    most pixels on it. Photos without a component all count: nothing says that they
    show the same.
    """
    groups: dict[tuple[str, ...], list[PhotoFigures]] = {}
    for photo in photos:
        key = photo.levels if photo.levels[4] else (*photo.levels, photo.name)
        groups.setdefault(key, []).append(photo)
    counted: set[str] = set()
    for group in groups.values():
        newest = max(photo.campaign for photo in group)
        latest = [photo for photo in group if photo.campaign == newest]
        chosen = [photo for photo in latest if photo.is_primary]
        largest = max(latest, key=lambda photo: photo.surface.assessed_px)
        counted.update(photo.name for photo in chosen or [largest])
    others = [photo for photo in photos if photo.name not in counted]
    return [photo for photo in photos if photo.name in counted], others


def total(photos: Sequence[PhotoFigures], levels: tuple[str, ...] = ()) -> Total:
    """The sum over some photos."""
    counted, others = split_views(photos)
    in_mm = bool(counted) and all(photo.scale is not None for photo in counted)
    parts = [_Part(photo, photo.scale if in_mm else None) for photo in counted]
    cracks = [photo.craquelure for photo in counted]
    return Total(
        levels=levels,
        photos=tuple(photo.name for photo in counted),
        left_out=tuple(photo.name for photo in others),
        in_mm=in_mm,
        assessed=sum(p.area(p.photo.surface.assessed_px) for p in parts),
        painted=sum(p.area(p.photo.surface.painted_px) for p in parts),
        out_of_scope=sum(p.area(p.photo.surface.out_of_scope_px) for p in parts),
        loss=sum(p.area(p.photo.losses.area_px) for p in parts),
        loss_range=_loss_range(parts),
        loss_regions=sum(len(photo.losses.regions) for photo in counted),
        loss_areas=_loss_areas(parts),
        crack_area=sum(p.area(p.photo.craquelure.area_px) for p in parts),
        crack_length=sum(p.photo.craquelure.length_px * p.side for p in parts),
        junctions=sum(crack.junctions for crack in cracks),
        free_ends=sum(crack.free_ends for crack in cracks),
        branch_ends=sum(crack.branch_ends for crack in cracks),
        islands=sum(len(crack.islands) for crack in cracks),
        widths=joined([p.photo.craquelure.widths.scaled(p.side) for p in parts]),
        rose=_rose(parts),
        checked=sum(p.area(p.photo.checked_px) for p in parts),
        checked_loss=sum(p.area(p.photo.checked_loss_px) for p in parts),
    )


def totals(photos: Sequence[PhotoFigures], depth: Depth) -> tuple[Total, ...]:
    """A sum for each place of a depth, in the order the places first appear."""
    groups: dict[tuple[str, ...], list[PhotoFigures]] = {}
    for photo in photos:
        groups.setdefault(photo.levels[:depth], []).append(photo)
    return tuple(total(group, levels) for levels, group in groups.items())


def worst_first(found: Iterable[Total], by: RankedBy = "paint loss") -> list[Total]:
    """Places by the share of paint loss, or by the density of cracks, worst first.

    Places in millimetres come before those in pixels, whose densities mean nothing
    beside the others'.
    """

    def badness(place: Total) -> tuple[bool, float]:
        value = place.loss_share if by == "paint loss" else place.crack_density
        return place.in_mm or by == "paint loss", value

    return sorted(found, key=badness, reverse=True)


@dataclass(frozen=True)
class _Part:
    """A photo and the unit it is summed in; without a scale that is the pixel."""

    photo: PhotoFigures
    scale: Scale | None

    @property
    def side(self) -> float:
        return 1.0 if self.scale is None else self.scale.mm_per_px

    def area(self, px: float) -> float:
        return px * self.side**2


def _loss_areas(parts: Sequence[_Part]) -> tuple[float, ...]:
    areas = [
        part.area(loss.region.area_px)
        for part in parts
        for loss in part.photo.losses.regions
    ]
    return tuple(sorted(areas, reverse=True))


def _loss_range(parts: Sequence[_Part]) -> Interval | None:
    """The checked losses together: independent errors add in quadrature."""
    found = [_checked_loss(part) for part in parts]
    known = [interval for interval in found if interval is not None]
    if not known or len(known) < len(found):
        return None
    value = sum(interval.value for interval in known)
    below = float(np.hypot.reduce([i.value - i.low for i in known]))
    above = float(np.hypot.reduce([i.high - i.value for i in known]))
    return Interval(value, max(0.0, value - below), value + above)


def _checked_loss(part: _Part) -> Interval | None:
    check = part.photo.loss_check
    if check is None:
        return None
    scale_se = 0.0 if part.scale is None else part.scale.relative_area_se
    in_px = Interval(check.area_px, check.low_px, check.high_px)
    return in_px.scaled(part.side**2).with_relative_error(scale_se)


def _rose(parts: Sequence[_Part]) -> Rose:
    rose = EMPTY_ROSE
    for part in parts:
        rose = rose + part.photo.craquelure.rose.scaled(part.side)
    return rose
