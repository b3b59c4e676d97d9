"""From a photo with its mask to its entry in a condition report."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from resunet_core.box import Box
from resunet_core.defects import CRAQUELURE, DEFAULT_CLASSES, PAINT_LOSS, DefectClasses
from resunet_core.formats.mask_png import LevelReader
from resunet_core.imaging.photo import Photo
from resunet_core.mask.threshold import Probabilities
from resunet_core.measure.craquelure import measure_craquelure
from resunet_core.measure.losses import measure_losses
from resunet_core.measure.sampling import count_strata
from resunet_core.measure.scale import Scale
from resunet_core.measure.sensitivity import areas_at_thresholds, rim_band
from resunet_core.measure.surface import Surface, count_surface
from resunet_core.measure.totals import PhotoFigures
from resunet_core.measure.uncertainty import Answers, estimate_area
from resunet_core.progress import Progress, Steps
from resunet_core.reports.condition import PhotoEntry
from resunet_core.reports.pictures import make_pictures
from resunet_core.reports.run import ModelUse

GRID_MM = 100.0
"""Side of a cell of heat maps."""

_CELLS = 12  # along the longer side, where the scale is unknown
_LEAST_CELLS, _MOST_CELLS = 10, 40


@dataclass(frozen=True)
class PhotoToReport:
    """A photo with all that is known of it.

    Attributes:
        name: Unique name of the photo in the report.
        photo: The file.
        levels: Its pyramid.
        surface: Its mask, and where it counts.
        place: Site, building, elevation, bay, component; each may be empty.
        scale: None where nobody measured it.
        is_primary: Whether a person chose it to stand for its component.
        checked: Boxes that a person checked, none over another.
        answers: Of a point check; empty where there was none.
        probabilities: Kept ones of the model; None where there are none.
        model: Behind the mask; None where a person drew everything.
        person_px: Pixels that a person set.
        taken: When, ISO date; may be empty.
        camera: Body and lens; may be empty.
        review: How far it was looked over; empty for a draft.
        reviewed_by: Who; may be empty.
        reviewed_on: ISO date; may be empty.
        note: What a person noted.
    """

    name: str
    photo: Photo
    levels: LevelReader
    surface: Surface
    place: tuple[str, str, str, str, str] = ("", "", "", "", "")
    scale: Scale | None = None
    is_primary: bool = False
    checked: tuple[Box, ...] = ()
    answers: Answers = field(default_factory=dict)
    probabilities: Probabilities | None = None
    model: ModelUse | None = None
    person_px: int = 0
    taken: str = ""
    camera: str = ""
    review: str = ""
    reviewed_by: str = ""
    reviewed_on: str = ""
    note: str = ""


def make_entry(
    job: PhotoToReport, classes: DefectClasses = DEFAULT_CLASSES
) -> Steps[PhotoEntry]:
    """Measure a photo and make its pictures."""
    figures = yield from measure_photo(job, classes)
    yield Progress(0, 1, "Pictures")
    keys = [defect.key for defect in classes]
    return PhotoEntry(
        figures=figures,
        path=str(job.photo.path),
        sha256=job.photo.sha256,
        width=job.photo.width,
        height=job.photo.height,
        pictures=make_pictures(job.levels, job.surface, figures, classes),
        taken=job.taken,
        camera=job.camera,
        model=job.model,
        person_px=job.person_px,
        review=job.review,
        reviewed_by=job.reviewed_by,
        reviewed_on=job.reviewed_on,
        thresholds={}
        if job.probabilities is None
        else {
            key: areas_at_thresholds(job.probabilities, key, job.surface)
            for key in keys
        },
        rims={defect.key: rim_band(job.surface, defect.id) for defect in classes},
        note=job.note,
    )


def measure_photo(
    job: PhotoToReport, classes: DefectClasses = DEFAULT_CLASSES
) -> Steps[PhotoFigures]:
    """Everything that is measured on one photo."""
    craquelure = yield from measure_craquelure(
        job.surface, CRAQUELURE.id, cell_px=cell_px(job)
    )
    yield Progress(0, 1, "Paint loss")
    losses = measure_losses(job.surface, PAINT_LOSS.id, classes)
    checked, checked_loss = _in_boxes(job.surface, job.checked)
    return PhotoFigures(
        name=job.name,
        levels=job.place,
        surface=count_surface(job.surface),
        craquelure=craquelure,
        losses=losses,
        scale=job.scale,
        is_primary=job.is_primary,
        checked_px=checked,
        checked_loss_px=checked_loss,
        loss_check=estimate_area(
            _with_sound(count_strata(job.surface)), job.answers, PAINT_LOSS.id
        )
        if job.answers
        else None,
    )


def cell_px(job: PhotoToReport) -> float:
    """Side of a cell of the heat map: 10 cm, where that is neither huge nor tiny."""
    longer = max(job.photo.width, job.photo.height)
    if job.scale is None:
        return longer / _CELLS
    side = GRID_MM / job.scale.mm_per_px
    return min(max(side, longer / _MOST_CELLS), longer / _LEAST_CELLS)


def _in_boxes(surface: Surface, boxes: tuple[Box, ...]) -> tuple[int, int]:
    """Assessed pixels in boxes, and those of paint loss."""
    assessed, loss = 0, 0
    for box in boxes:
        assessed += int(surface.assessed(box).sum())
        loss += int(surface.of_class(PAINT_LOSS.id, box).sum())
    return assessed, loss


def _with_sound(strata: Mapping[int, int]) -> dict[int, int]:
    return {0: 0} | dict(strata)
