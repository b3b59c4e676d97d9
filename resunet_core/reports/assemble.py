"""From a photo with its mask to its entry in a condition report."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.defects import CRAQUELURE, DEFAULT_CLASSES, PAINT_LOSS, DefectClasses
from resunet_core.formats.mask_png import LevelReader
from resunet_core.imaging.photo import Photo
from resunet_core.mask.regions import MaskReader
from resunet_core.mask.threshold import Probabilities
from resunet_core.measure.craquelure import measure_craquelure
from resunet_core.measure.flat import flatten
from resunet_core.measure.geometry import Geometry
from resunet_core.measure.losses import measure_losses
from resunet_core.measure.scale import Scale
from resunet_core.measure.sensitivity import areas_at_thresholds, rim_band
from resunet_core.measure.surface import Surface, count_surface
from resunet_core.measure.totals import PhotoFigures
from resunet_core.measure.uncertainty import AreaEstimate
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
        levels: Its pyramid; None where it is measured alone, without pictures.
        surface: Its mask, and where it counts.
        place: Site, building, elevation, bay, component; each may be empty.
        scale: None where nobody measured it.
        is_primary: Whether a person chose it to stand for its component.
        checked: Boxes that a person checked, none over another.
        geometry: Of a surface that the camera did not look at squarely: everything is
            then measured and shown as it lies on that surface.
        loss_check: Paint loss as a point check corrects it, in pixels of the photo;
            None where there was none.
        campaign: Which survey it belongs to; may be empty.
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
    levels: LevelReader | None
    surface: Surface
    place: tuple[str, str, str, str, str] = ("", "", "", "", "")
    scale: Scale | None = None
    is_primary: bool = False
    checked: tuple[Box, ...] = ()
    geometry: Geometry | None = None
    loss_check: AreaEstimate | None = None
    campaign: str = ""
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
    ground = _ground(job)
    if ground.levels is None:
        raise ValueError("an entry needs the pixels of its photo")
    figures = yield from _measure(job, ground, classes)
    yield Progress(0, 1, "Pictures")
    surface, flat = ground.surface, job.geometry is not None
    return PhotoEntry(
        figures=figures,
        path=str(job.photo.path),
        sha256=job.photo.sha256,
        width=job.photo.width,
        height=job.photo.height,
        pictures=make_pictures(ground.levels, surface, figures, classes),
        taken=job.taken,
        camera=job.camera,
        model=job.model,
        person_px=job.person_px,
        review=job.review,
        reviewed_by=job.reviewed_by,
        reviewed_on=job.reviewed_on,
        # Kept probabilities lie in the photo, not on a surface rolled out.
        thresholds={}
        if job.probabilities is None or flat
        else {
            defect.key: areas_at_thresholds(job.probabilities, defect.key, surface)
            for defect in classes
        },
        rims={defect.key: rim_band(surface, defect.id) for defect in classes},
        note=job.note,
    )


def measure_photo(
    job: PhotoToReport, classes: DefectClasses = DEFAULT_CLASSES
) -> Steps[PhotoFigures]:
    """Everything that is measured on one photo."""
    return (yield from _measure(job, _ground(job), classes))


@dataclass(frozen=True)
class _Ground:
    """Where a photo is measured: as it was taken, or as it lies on its surface."""

    surface: Surface
    levels: LevelReader | None
    checked: MaskReader


def _ground(job: PhotoToReport) -> _Ground:
    checked = _InBoxes(job.surface, job.checked)
    if job.geometry is None or job.scale is None:
        return _Ground(job.surface, job.levels, checked)
    flat = flatten(job.geometry, job.scale.mm_per_px, job.surface)
    levels = None if job.levels is None else flat.levels(job.levels)
    return _Ground(flat.surface, levels, flat.plane(checked))


def _measure(
    job: PhotoToReport, ground: _Ground, classes: DefectClasses
) -> Steps[PhotoFigures]:
    surface = ground.surface
    craquelure = yield from measure_craquelure(
        surface, CRAQUELURE.id, cell_px=cell_px(surface, job.scale)
    )
    yield Progress(0, 1, "Paint loss")
    losses = measure_losses(surface, PAINT_LOSS.id, classes)
    checked, checked_loss = _count_checked(surface, ground.checked)
    counts = count_surface(surface)
    return PhotoFigures(
        name=job.name,
        levels=job.place,
        surface=counts,
        craquelure=craquelure,
        losses=losses,
        scale=job.scale,
        is_primary=job.is_primary,
        checked_px=checked,
        checked_loss_px=checked_loss,
        loss_check=None
        if job.loss_check is None
        else job.loss_check.on(counts.assessed_px, losses.area_px),
        campaign=job.campaign,
    )


def cell_px(surface: Surface, scale: Scale | None) -> float:
    """Side of a cell of the heat map: 10 cm, where that is neither huge nor tiny."""
    longer = max(surface.width, surface.height)
    if scale is None:
        return longer / _CELLS
    side = GRID_MM / scale.mm_per_px
    return min(max(side, longer / _MOST_CELLS), longer / _LEAST_CELLS)


def _count_checked(surface: Surface, checked: MaskReader) -> tuple[int, int]:
    """Assessed pixels that a person checked, and those of paint loss."""
    assessed, loss = 0, 0
    for band in surface.bands():
        seen = checked.read(band).astype(bool) & surface.assessed(band)
        assessed += int(np.count_nonzero(seen))
        loss += int(np.count_nonzero(surface.mask.read(band)[seen] == PAINT_LOSS.id))
    return assessed, loss


class _InBoxes:
    """1 in some boxes of a photo, else 0."""

    def __init__(self, surface: Surface, boxes: tuple[Box, ...]) -> None:
        self.height, self.width = surface.height, surface.width
        self._boxes = boxes

    def read(self, box: Box) -> NDArray[np.uint8]:
        found = np.zeros((box.height, box.width), np.uint8)
        for one in self._boxes:
            part = one.clip(box)
            if not part.is_empty:
                found[part.within(box).slices] = 1
        return found
