"""What a person can choose about an export, and what an export says back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from resunet_core.box import Box
from resunet_core.defects import DEFAULT_CLASSES, DefectClasses
from resunet_core.errors import CaihuaError, DamagedProject
from resunet_core.exchange.delivery import Delivery
from resunet_core.exchange.sources import PhotoSource
from resunet_core.imaging.photo import Photo, open_photo
from resunet_core.mask.regions import MaskReader
from resunet_core.progress import Progress, Steps

TILE_PX = (256, 1024)
"""The least and the most that a tile of a pack may measure; LabelMe is slow beyond."""


@dataclass(frozen=True)
class ExportOptions:
    """Choices of an export.

    Attributes:
        tolerance_px: How far a polygon may stray; None for what the format takes.
        tile_px: The longest side of a tile of a tile pack, within `TILE_PX`.
        part: Rectangle of the photo that alone is exported; None for all of it.
        classes: The classes in use.
    """

    tolerance_px: float | None = None
    tile_px: int = TILE_PX[1]
    part: Box | None = None
    classes: DefectClasses = DEFAULT_CLASSES


@dataclass(frozen=True)
class FailedExport:
    """A photo that could not be exported, and why in a sentence or two.

    Attributes:
        name: Of its files.
        reason: For a person.
        damage: Where it is the project that is damaged.
    """

    name: str
    reason: str
    damage: DamagedProject | None = None


@dataclass(frozen=True)
class ExportOutcome:
    """What an export wrote: names of photos, those that failed, remarks."""

    written: tuple[str, ...] = ()
    failed: tuple[FailedExport, ...] = ()
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class PhotoJob:
    """One photo of an export under way."""

    source: PhotoSource
    delivery: Delivery
    options: ExportOptions

    def tolerance(self, usual_px: float) -> float:
        """The tolerance chosen, or the format's own."""
        chosen = self.options.tolerance_px
        return usual_px if chosen is None else chosen

    def mask(self) -> MaskReader:
        """The mask, of the size that the source says.

        Raises:
            CaihuaError: It cannot be read.
        """
        return self.source.load_mask()

    def photo(self) -> Photo:
        """The photo, for its pixels.

        Raises:
            UnreadablePhoto: It is not there or damaged.
            CaihuaError: It is another picture than the one the mask is about.
        """
        found, source = open_photo(self.source.path), self.source
        same_size = (found.height, found.width) == (source.height, source.width)
        if not same_size or source.sha256 not in {"", found.sha256}:
            raise CaihuaError(
                f"{source.path} is not the picture any more that the mask is about.",
                "Bring back the photo as it was, or add the new one to the project.",
            )
        return found


WritePhoto = Callable[[PhotoJob], Steps[Sequence[str]]]
"""Writes one photo's files and returns remarks."""

Exporter = Callable[
    [Delivery, Sequence[PhotoSource], ExportOptions], Steps[ExportOutcome]
]
"""Writes all photos' files into a delivery."""


def each_photo(write: WritePhoto) -> Exporter:
    """The exporter that writes photo by photo; one that fails does not stop others."""

    def export(
        delivery: Delivery, sources: Sequence[PhotoSource], options: ExportOptions
    ) -> Steps[ExportOutcome]:
        written: list[str] = []
        failed: list[FailedExport] = []
        notes: list[str] = []
        for number, source in enumerate(sources):
            yield Progress(number, len(sources), source.name)
            before = delivery.placed
            try:
                remarks = yield from _within(
                    write(PhotoJob(source, delivery, options)), number, len(sources)
                )
            except CaihuaError as error:
                delivery.forget(delivery.placed - before)
                damage = error if isinstance(error, DamagedProject) else None
                failed.append(FailedExport(source.name, str(error), damage))
                continue
            written.append(source.name)
            notes += [f"{source.name}: {remark}" for remark in remarks]
        return ExportOutcome(tuple(written), tuple(failed), tuple(notes))

    return export


def _within(
    steps: Steps[Sequence[str]], number: int, total: int
) -> Steps[Sequence[str]]:
    """The steps of one photo as steps of all: thousandths of the whole."""
    while True:
        try:
            progress = next(steps)
        except StopIteration as finished:
            remarks: Sequence[str] = finished.value
            return remarks
        done = (number + progress.fraction) / total
        yield Progress(round(1000 * done), 1000, progress.note)
