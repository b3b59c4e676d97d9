"""A report as one frozen value, before it is rendered to any format."""

from dataclasses import dataclass

from resunet_core.defects import DEFAULT_CLASSES, DefectClasses
from resunet_core.reports.measure import BuildingMeasure, PhotoMeasure
from resunet_core.reports.run import Run


@dataclass(frozen=True)
class PhotoPage:
    """One photo of a report.

    Attributes:
        measure: Its figures.
        picture: A small JPEG as base64 text.
        warnings: Why its results must be checked more closely than others.
    """

    measure: PhotoMeasure
    picture: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """Everything a rendered report says."""

    title: str
    run: Run
    buildings: tuple[BuildingMeasure, ...]
    pages: tuple[PhotoPage, ...]
    classes: DefectClasses = DEFAULT_CLASSES

    @property
    def has_scale(self) -> bool:
        """Whether any area is known in square millimetres."""
        return any(page.measure.mm_per_px is not None for page in self.pages)

    @property
    def person_share(self) -> float:
        """Share of all pixels that a person set, 0 to 1."""
        total = sum(page.measure.assessed_px for page in self.pages)
        by_person = sum(page.measure.person_px for page in self.pages)
        return by_person / total if total else 0.0

    @property
    def sentences(self) -> tuple[str, ...]:
        """What a reader wants first: one sentence for each building."""
        return tuple(self._sentence(building) for building in self.buildings)

    @property
    def warning(self) -> str:
        """How many photos are not what the model learned from; empty of none."""
        return warned_of(sum(bool(page.warnings) for page in self.pages))

    @property
    def likeness_known(self) -> bool:
        """Whether the model could tell photos that are unlike what it learned from."""
        photos = self.run.photos
        return not photos or any(photo.likeness is not None for photo in photos)

    def name(self, key: str) -> str:
        """The English name of a class key."""
        return self.classes.by_key(key).name_en

    def colour(self, key: str) -> str:
        """The CSS colour of a class key."""
        return "rgb({}, {}, {})".format(*self.classes.by_key(key).colour)

    def cm2(self, area_mm2: float) -> str:
        """An area in square centimetres, to three figures at least."""
        return _figures(area_mm2 / 100)

    def _sentence(self, building: BuildingMeasure) -> str:
        name = building.name or "All photos"
        if building.assessed_mm2 is None:
            assessed = f"{building.assessed_px / 1e6:.1f} megapixels assessed"
        else:
            assessed = f"{_figures(building.assessed_mm2 / 1e6)} m² assessed"
        found = []
        for area in building.areas:
            said = f"{self.name(area.key).lower()} {100 * area.share:.2f} %"
            if area.area_mm2 is not None:
                said += f" ({self.cm2(area.area_mm2)} cm²)"
            found.append(said)
        photos = f"{building.photos} photo{'' if building.photos == 1 else 's'}"
        return f"{name}, {photos}, {assessed}: {', '.join(found)}."


def warned_of(photos: int) -> str:
    """So many photos are not what the model learned from, as a sentence."""
    if not photos:
        return ""
    are = "1 photo is" if photos == 1 else f"{photos} photos are"
    return f"{are} outside what the model learned from: check the results there."


def _figures(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
