"""One photo of an analysis: from its file to its results, figures and report entry."""

import os
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from resunet_core.cache import prune
from resunet_core.errors import CaihuaError
from resunet_core.exchange.reporting import photo_to_report
from resunet_core.exchange.sources import project_sources
from resunet_core.formats.mask_png import overlay
from resunet_core.formats.tables import Cell
from resunet_core.imaging.photo import Photo, open_photo
from resunet_core.imaging.pyramid import Pyramid, build_pyramid
from resunet_core.inference.detect import detect, grid_for
from resunet_core.inference.engine import Engine
from resunet_core.inference.probability import ProbabilityMap, probability_path
from resunet_core.mask.replace import replace_model_plane
from resunet_core.mask.threshold import DetectionSettings, model_tiles
from resunet_core.mask.tiled import DefectMask
from resunet_core.measure.scale import given_scale
from resunet_core.measure.surface import Surface
from resunet_core.model.likeness import warnings_of
from resunet_core.model.model_file import ModelInfo
from resunet_core.progress import Steps
from resunet_core.project.checked import ModelTile, checked_tiles, sparing_checked
from resunet_core.project.records import Detection, PhotoRecord, Who
from resunet_core.project.store import Project
from resunet_core.reports.assemble import PhotoToReport, make_entry
from resunet_core.reports.camera import taken_with
from resunet_core.reports.condition import PhotoEntry
from resunet_core.reports.html import PICTURE_MAX_PX, picture_base64
from resunet_core.reports.report import PhotoPage
from resunet_core.reports.results import PhotoToWrite, write_photo
from resunet_core.reports.run import ModelUse, PhotoRun


@dataclass(frozen=True)
class Analysis:
    """What stays the same for all photos of one call.

    Attributes:
        out: Folder of the results.
        use: The model, and how its probabilities become classes.
        building: All photos are of it; empty where nobody said.
        mm_per_px: Scale of all photos; None where nobody said.
    """

    out: Path
    use: ModelUse
    building: str = ""
    mm_per_px: float | None = None


@dataclass(frozen=True)
class PhotoOutcome:
    """What one photo adds to the tables, the reports and the record of the run."""

    page: PhotoPage
    region_rows: tuple[dict[str, Cell], ...]
    entry: PhotoEntry
    run: PhotoRun

    def called(self, path: Path) -> "PhotoOutcome":
        """The same of a photo under the path by which the person named it."""
        text = str(path)
        measure = replace(self.page.measure, path=text)
        return replace(
            self,
            page=replace(self.page, measure=measure),
            entry=replace(self.entry, path=text),
            run=replace(self.run, path=text),
        )


def use_of(model: ModelInfo) -> ModelUse:
    """A model with its own thresholds and minimum sizes."""
    config = model.config
    return ModelUse(
        model.name,
        config.architecture,
        model.sha256,
        dict(config.thresholds),
        dict(config.min_area_px),
    )


def analyse(
    analysis: Analysis,
    model: Engine,
    path: Path,
    name: str,
    project: Project | None = None,
) -> Steps[tuple[PhotoOutcome, DefectMask]]:
    """Detect on one photo and write its results under `name`; with its mask.

    With a project the results are kept in it, too, under what a person drew there.

    Raises:
        CaihuaError: It cannot be read, or its results cannot be written.
    """
    began = time.monotonic()
    photo = open_photo(path)
    with closing((yield from build_pyramid(photo))) as pyramid:
        found, tiles = yield from probabilities_of(model, pyramid)
        settings = DetectionSettings(analysis.use.thresholds, analysis.use.min_area_px)
        classes = model_tiles(found, settings)
        record = None
        if project is None:
            mask = DefectMask(photo.height, photo.width)
            replace_model_plane(mask, classes, "Detect")
        else:
            mask, record = put_into_mask(analysis, project, photo, classes)
        job = job_of(analysis, pyramid, mask, name, record)
        page, rows = write_results(analysis.out, job)
        entry = yield from make_entry(_to_report(job, found, project, record))
    page = replace(
        page, warnings=warnings_of(model.config, found.likeness, job.mm_per_px)
    )
    run = PhotoRun(
        name,
        str(path),
        photo.sha256,
        photo.width,
        photo.height,
        tiles,
        round(time.monotonic() - began, 2),
        photo.notes,
        likeness=found.likeness,
        scale_in_range=model.config.scale_in_range(job.mm_per_px),
        warnings=page.warnings,
        busy=None if found.busy is None else round(found.busy, 3),
    )
    return PhotoOutcome(page, rows, entry, run), mask


def probabilities_of(
    model: Engine, pyramid: Pyramid
) -> Steps[tuple[ProbabilityMap, int]]:
    """Kept probabilities of this photo and model, or new ones and their tiles."""
    photo = pyramid.photo
    path = probability_path(photo.sha256, model.info.sha256, model.use.precision)
    if path.is_file():
        try:
            kept = ProbabilityMap.open(path, model.config.classes)
        except CaihuaError:
            path.unlink()  # damaged in the cache: computed anew below
        else:
            os.utime(path)  # the least recently used goes first
            return kept, 0
    size = (photo.height, photo.width)
    found = yield from detect(model, pyramid, size, path)
    prune(keep=path)
    return found, len(grid_for(model, *size))


def put_into_mask(
    analysis: Analysis, project: Project, photo: Photo, tiles: Iterable[ModelTile]
) -> tuple[DefectMask, PhotoRecord]:
    """The model's plane of a photo in a project, under what a person drew there."""
    use = analysis.use
    record = project.add_photo(
        photo.path, sha256=photo.sha256, width=photo.width, height=photo.height
    )
    if analysis.building:
        project.set_building(record.id, analysis.building)
    if analysis.mm_per_px is not None:
        project.set_scale(record.id, analysis.mm_per_px)
    mask = project.load_mask(record.id)
    checked = checked_tiles(project, record.id)
    edit = replace_model_plane(mask, sparing_checked(tiles, checked), "Detect")
    who = Who("model", use.name, use.sha256)
    detection = Detection(use.name, use.sha256, use.thresholds, use.min_area_px)
    if edit is None:
        project.set_detection(record.id, detection, who=who)
    else:
        project.commit(record.id, edit, who=who, detection=detection)
    return mask, project.photo(record.id)


def job_of(
    analysis: Analysis,
    pyramid: Pyramid,
    mask: DefectMask,
    name: str,
    record: PhotoRecord | None,
) -> PhotoToWrite:
    """A photo ready to be written; what the call does not say, the project does."""
    return PhotoToWrite(
        photo=pyramid.photo,
        levels=pyramid,
        mask=mask,
        name=name,
        building=analysis.building or (record.building if record else ""),
        mm_per_px=analysis.mm_per_px or (record.mm_per_px if record else None),
        model=analysis.use,
    )


def write_results(
    out: Path, job: PhotoToWrite
) -> tuple[PhotoPage, tuple[dict[str, Cell], ...]]:
    """Write a photo's files; its page, without warnings, and its regions."""
    measure, rows = write_photo(out, job)
    picture = picture_base64(overlay(job.levels, job.mask, max_px=PICTURE_MAX_PX))
    return PhotoPage(measure, picture), tuple(rows)


def _to_report(
    job: PhotoToWrite,
    probabilities: ProbabilityMap,
    project: Project | None,
    record: PhotoRecord | None,
) -> PhotoToReport:
    """A photo that was analysed, with all that the project knows of it."""
    if project is not None and record is not None:
        (source,) = project_sources(project, [record.id])
        told = photo_to_report(project, record, source, job.mask, job.levels)
        return replace(told, name=job.name, probabilities=probabilities)
    taken, camera = taken_with(job.photo.path)
    return PhotoToReport(
        name=job.name,
        photo=job.photo,
        levels=job.levels,
        surface=Surface(job.mask, job.mask.scope),
        place=("", job.building, "", "", ""),
        scale=None if job.mm_per_px is None else given_scale(job.mm_per_px),
        probabilities=probabilities,
        model=job.model,
        taken=taken,
        camera=camera,
    )
