"""A condition report as one frozen value, before it is rendered to any format."""

from dataclasses import dataclass, field
from datetime import datetime

from resunet_core import __version__
from resunet_core.box import Box
from resunet_core.defects import DEFAULT_CLASSES, DefectClasses
from resunet_core.measure.compare import Comparison
from resunet_core.measure.sensitivity import RimBand, ThresholdArea
from resunet_core.measure.totals import PhotoFigures, Total, total, totals
from resunet_core.reports.run import ModelUse

SIZE_BINS_MM2 = (100.0, 1_000.0, 10_000.0)
"""Sizes of paint loss that are counted apart unless a person sets others."""

SIZE_BINS_PX = (100.0, 1_000.0, 10_000.0)


@dataclass(frozen=True)
class Crop:
    """A place worth a close look: as it is and with its damage outlined, JPEG each."""

    box: Box
    plain: bytes
    outlined: bytes


@dataclass(frozen=True)
class Pictures:
    """What a reader sees of a photo.

    Attributes:
        plain: JPEG.
        overlay: JPEG with the damage coloured, a scale bar where the scale is known.
        crops: The worst places, worst first.
        heat_map: JPEG of crack density on a grid; None where there is no crack.
        rose: PNG of crack directions; None where there is no crack.
        aspect: Width over height of the photo as it is shown.
    """

    plain: bytes
    overlay: bytes
    crops: tuple[Crop, ...] = ()
    heat_map: bytes | None = None
    rose: bytes | None = None
    aspect: float = 1.5


@dataclass(frozen=True)
class PhotoEntry:
    """One photo of a report.

    Attributes:
        figures: What was measured.
        path: The file, as a person would look for it.
        sha256: Of its bytes.
        width: Pixels, upright.
        height: Pixels, upright.
        pictures: What a reader sees of it.
        taken: When, ISO date; empty where the file does not say.
        camera: Body and lens; empty where the file does not say.
        model: The model behind the mask; None where a person drew everything.
        person_px: Pixels that a person set.
        review: How far it was looked over, and by whom; empty for a draft.
        reviewed_by: Who; empty where nobody did.
        reviewed_on: ISO date; empty where nobody did.
        thresholds: Areas of each class key at other thresholds.
        rims: Of each class key, what a pixel at the rim is worth.
        note: What a person noted.
    """

    figures: PhotoFigures
    path: str
    sha256: str
    width: int
    height: int
    pictures: Pictures
    taken: str = ""
    camera: str = ""
    model: ModelUse | None = None
    person_px: int = 0
    review: str = ""
    reviewed_by: str = ""
    reviewed_on: str = ""
    thresholds: dict[str, tuple[ThresholdArea, ...]] = field(default_factory=dict)
    rims: dict[str, RimBand] = field(default_factory=dict)
    note: str = ""

    @property
    def person_share(self) -> float:
        """Share of all pixels that a person set, 0 to 1."""
        return self.person_px / (self.width * self.height)


@dataclass(frozen=True)
class ModelCard:
    """What is known of a model: printed beside whatever it found.

    Attributes:
        name: Of the model.
        sha256: Of its file.
        trained_on: Hash of its training data; empty where it does not say.
        scores: Of each class key: score name to value, 0 to 1.
    """

    name: str
    sha256: str
    trained_on: str = ""
    scores: dict[str, dict[str, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class ComponentChange:
    """A component that two campaigns show.

    Attributes:
        name: Of the component.
        before: Of the earlier photo, with its campaign.
        after: Of the later one.
        comparison: What became of it.
        earlier: JPEG of the earlier photo, laid over the later one.
        later: JPEG of the later photo with its changes.
        years: Between the two; None where their dates are not known.
    """

    name: str
    before: str
    after: str
    comparison: Comparison
    earlier: bytes
    later: bytes
    years: float | None = None


@dataclass(frozen=True)
class ConditionReport:
    """Everything that a condition report says.

    Attributes:
        title: Of the report; names of places are in the photos.
        made: When; with a fixed time the same report gives the same bytes.
        photos: In the order of the report.
        photos_taken: How many there are of the place, reported on or not.
        operator: Who assessed.
        reviewer: Who looked it over.
        cards: Of the models used.
        size_bins_mm2: Edges of size bins, for losses in square millimetres.
        classes: Names and colours.
        app_version: Of this program.
        changes: Of components that two campaigns show.
        unseen: Names of photos that nobody has assessed yet: in no figure.
    """

    title: str
    made: datetime
    photos: tuple[PhotoEntry, ...]
    photos_taken: int = 0
    operator: str = ""
    reviewer: str = ""
    cards: tuple[ModelCard, ...] = ()
    size_bins_mm2: tuple[float, ...] = SIZE_BINS_MM2
    classes: DefectClasses = DEFAULT_CLASSES
    app_version: str = __version__
    changes: tuple[ComponentChange, ...] = ()
    unseen: tuple[str, ...] = ()

    @property
    def figures(self) -> list[PhotoFigures]:
        """Of all photos."""
        return [entry.figures for entry in self.photos]

    @property
    def whole(self) -> Total:
        """The sum over everything."""
        return total(self.figures)

    @property
    def buildings(self) -> tuple[Total, ...]:
        """The sum of each building."""
        return totals(self.figures, 2)

    @property
    def components(self) -> tuple[Total, ...]:
        """The sum of each component."""
        return totals(self.figures, 5)

    def checks(self, photos: tuple[str, ...]) -> tuple[str, str]:
        """Who looked over these photos, and the last day; empty where nobody did."""
        done = [p for p in self.photos if p.figures.name in photos and p.reviewed_by]
        names = sorted({entry.reviewed_by for entry in done})
        return ", ".join(names), max((entry.reviewed_on for entry in done), default="")


def worded_title(buildings: set[str]) -> str:
    """What a report on these buildings is called."""
    names = buildings - {""}
    return names.pop() if len(names) == 1 else "Condition of painted surfaces"
