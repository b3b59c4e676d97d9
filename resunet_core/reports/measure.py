"""Areas per photo and per building, counted from the mask and nothing else."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from resunet_core.defects import DEFAULT_CLASSES, DefectClasses
from resunet_core.mask.regions import Region


@dataclass(frozen=True)
class ClassArea:
    """How much of one class there is.

    Attributes:
        key: Class key.
        area_px: Pixels.
        share: Of the assessed pixels, 0 to 1.
        regions: How many connected regions.
        area_mm2: Square millimetres; None without a scale.
    """

    key: str
    area_px: int
    share: float
    regions: int
    area_mm2: float | None = None


@dataclass(frozen=True)
class PhotoMeasure:
    """What was counted on one photo.

    Attributes:
        name: Unique name of the photo's results.
        path: The photo as the person named it.
        building: Building it is reported with; may be empty.
        width: Pixels, upright.
        height: Pixels, upright.
        assessed_px: The denominator of shares; today every pixel of the photo.
        mm_per_px: Scale, or None.
        person_px: Pixels that a person set.
        areas: One for each defect class, in their order.
        regions: All regions, in reading order.
    """

    name: str
    path: str
    building: str
    width: int
    height: int
    assessed_px: int
    mm_per_px: float | None
    person_px: int
    areas: tuple[ClassArea, ...]
    regions: tuple[Region, ...]

    @property
    def assessed_mm2(self) -> float | None:
        """Square millimetres assessed; None without a scale."""
        return px_to_mm2(self.assessed_px, self.mm_per_px)


@dataclass(frozen=True)
class BuildingMeasure:
    """Sums over a building's photos: sums over sums, never a mean of percentages."""

    name: str
    photos: int
    assessed_px: int
    assessed_mm2: float | None
    areas: tuple[ClassArea, ...]


def px_to_mm2(area_px: int, mm_per_px: float | None) -> float | None:
    """Square millimetres of an area; None without a scale."""
    return None if mm_per_px is None else area_px * mm_per_px**2


def class_areas(
    regions: Sequence[Region],
    assessed_px: int,
    mm_per_px: float | None,
    classes: DefectClasses = DEFAULT_CLASSES,
) -> tuple[ClassArea, ...]:
    """Areas per class; regions are exact, so their sum is the mask's count."""
    pixels: Counter[int] = Counter()
    counts: Counter[int] = Counter()
    for region in regions:
        pixels[region.class_id] += region.area_px
        counts[region.class_id] += 1
    return tuple(
        ClassArea(
            key=defect.key,
            area_px=pixels[defect.id],
            share=pixels[defect.id] / assessed_px if assessed_px else 0.0,
            regions=counts[defect.id],
            area_mm2=px_to_mm2(pixels[defect.id], mm_per_px),
        )
        for defect in classes
    )


def measure_buildings(photos: Iterable[PhotoMeasure]) -> tuple[BuildingMeasure, ...]:
    """One sum for each building name, in the order they first appear.

    Square millimetres are given only where every photo of a building has a scale:
    a sum over some of them would look like the whole.
    """
    groups: dict[str, list[PhotoMeasure]] = {}
    for photo in photos:
        groups.setdefault(photo.building, []).append(photo)
    return tuple(_sum_up(name, group) for name, group in groups.items())


def _sum_up(name: str, group: list[PhotoMeasure]) -> BuildingMeasure:
    assessed = sum(photo.assessed_px for photo in group)
    areas = []
    for same_class in zip(*(photo.areas for photo in group), strict=True):
        pixels = sum(area.area_px for area in same_class)
        areas.append(
            ClassArea(
                key=same_class[0].key,
                area_px=pixels,
                share=pixels / assessed if assessed else 0.0,
                regions=sum(area.regions for area in same_class),
                area_mm2=_sum_known([area.area_mm2 for area in same_class]),
            )
        )
    return BuildingMeasure(
        name=name,
        photos=len(group),
        assessed_px=assessed,
        assessed_mm2=_sum_known([photo.assessed_mm2 for photo in group]),
        areas=tuple(areas),
    )


def _sum_known(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
