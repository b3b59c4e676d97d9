"""Writing label files, masks, overlays and tables of photos of the project."""

from dataclasses import dataclass
from pathlib import Path

from resunet_core.errors import CaihuaError, DamagedProject
from resunet_core.files import unique_stems
from resunet_core.formats.labelme import SLOW_IN_LABELME_MP
from resunet_core.formats.tables import Cell
from resunet_core.imaging.photo import open_photo
from resunet_core.imaging.pyramid import build_pyramid
from resunet_core.progress import Progress, Steps
from resunet_core.project.store import Detection, PhotoRecord, Project
from resunet_core.reports.measure import PhotoMeasure
from resunet_core.reports.results import PhotoToWrite, write_photo, write_summary
from resunet_core.reports.run import ModelUse


@dataclass(frozen=True)
class ExportRequest:
    """Which photos of a project to write into which folder."""

    folder: Path
    photos: tuple[PhotoRecord, ...]


@dataclass(frozen=True)
class ExportResult:
    """What was written, and which photos could not be, each with its sentence."""

    folder: Path
    written: tuple[str, ...]
    slow_in_labelme: bool  # masks of so many pixels take LabelMe long to show
    failed: tuple[str, ...]
    notes: tuple[str, ...] = ()
    damage: DamagedProject | None = None  # that was found on the way


def export_photos(project: Project, request: ExportRequest) -> Steps[ExportResult]:
    """Write every photo that can be read; the tables are about those.

    Raises:
        CaihuaError: The folder cannot be written to.
    """
    names = unique_stems([record.path for record in request.photos])
    measures: list[PhotoMeasure] = []
    rows: list[dict[str, Cell]] = []
    failed: list[str] = []
    damage: DamagedProject | None = None
    for number, (name, record) in enumerate(zip(names, request.photos, strict=True)):
        yield Progress(number, len(names), record.path.name)
        try:
            measure, regions = yield from _export_one(
                project, record, name, request.folder
            )
        except CaihuaError as error:
            failed.append(str(error))
            damage = error if isinstance(error, DamagedProject) else damage
            continue
        measures.append(measure)
        rows += regions
    write_summary(request.folder, measures, rows)
    written = tuple(measure.name for measure in measures)
    slow = any(m.width * m.height > SLOW_IN_LABELME_MP * 1e6 for m in measures)
    return ExportResult(request.folder, written, slow, tuple(failed), damage=damage)


def _export_one(
    project: Project, record: PhotoRecord, name: str, folder: Path
) -> Steps[tuple[PhotoMeasure, list[dict[str, Cell]]]]:
    photo = open_photo(record.path)
    pyramid = yield from build_pyramid(photo)
    try:
        to_write = PhotoToWrite(
            photo,
            pyramid,
            project.load_mask(record.id),
            name,
            record.building,
            record.mm_per_px,
            _model_use(project.detection(record.id)),
        )
        return write_photo(folder, to_write)
    finally:
        pyramid.close()


def _model_use(detection: Detection | None) -> ModelUse | None:
    if detection is None:
        return None
    return ModelUse(
        detection.model_name,
        "",
        detection.model_sha256,
        dict(detection.thresholds),
        dict(detection.min_area_px),
    )
