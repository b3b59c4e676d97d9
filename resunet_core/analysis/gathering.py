"""What came back from a cluster, put into a project by the command itself."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace

from resunet_core.analysis.orders import Done, PhotoTask
from resunet_core.analysis.photo import (
    Analysis,
    PhotoOutcome,
    job_of,
    put_into_mask,
    write_results,
)
from resunet_core.exchange.reporting import photo_to_report
from resunet_core.exchange.sources import project_sources
from resunet_core.imaging.photo import Photo
from resunet_core.imaging.pyramid import build_pyramid
from resunet_core.mask.tile import unpack
from resunet_core.mask.tiled import DefectMask, TiledPlane, tiles_meeting
from resunet_core.progress import Steps
from resunet_core.project.checked import ModelTile
from resunet_core.project.store import Project
from resunet_core.reports.assemble import PhotoToReport, make_entry
from resunet_core.reports.condition import PhotoEntry


def known_of(project: Project, tasks: Sequence[PhotoTask]) -> list[PhotoTask]:
    """Tasks with what the project knows of their photos and the call does not say."""
    known = {record.path: record for record in project.photos()}
    return [
        task
        if (record := known.get(task.path)) is None
        else replace(
            task,
            building=task.building or record.building,
            mm_per_px=task.mm_per_px or record.mm_per_px,
        )
        for task in tasks
    ]


def keep_in_project(
    analysis: Analysis, project: Project, task: PhotoTask, done: Done
) -> Steps[PhotoOutcome]:
    """Put a worker's result into the project; the outcome as the project sees it.

    A photo of which the project knows more than the worker did (a person drew on it,
    its scope, another scale) is written anew, from the mask in the project.

    Raises:
        CaihuaError: The project or the results cannot be written.
    """
    outcome, run = done.outcome, done.outcome.run
    photo = Photo(task.path, run.width, run.height, run.sha256, run.notes)
    mask, record = put_into_mask(analysis, project, photo, _tiles(photo, done))
    (source,) = project_sources(project, [record.id])
    told = replace(photo_to_report(project, record, source, mask, None), name=task.name)
    if _worker_knew_all(told, outcome):
        return replace(outcome, entry=_with_place(outcome.entry, told))
    with closing((yield from build_pyramid(photo))) as pyramid:
        job = job_of(analysis, pyramid, mask, task.name, record)
        page, rows = write_results(analysis.out, job)
        entry = yield from make_entry(replace(told, levels=pyramid))
    page = replace(page, warnings=outcome.page.warnings)
    return replace(outcome, page=page, region_rows=rows, entry=entry)


def _worker_knew_all(told: PhotoToReport, outcome: PhotoOutcome) -> bool:
    """Whether pixels and figures are those of the model's plane alone."""
    mask = told.surface.mask
    drawn = isinstance(mask, DefectMask) and [*mask.person.tiles(), *mask.scope.tiles()]
    figures, measure = outcome.entry.figures, outcome.page.measure
    return not (drawn or told.checked or told.geometry or told.loss_check) and (
        (told.scale, told.place[1]) == (figures.scale, measure.building)
    )


def _with_place(entry: PhotoEntry, told: PhotoToReport) -> PhotoEntry:
    """A worker's entry with what is no pixel: places, review, notes."""
    figures = replace(
        entry.figures,
        levels=told.place,
        campaign=told.campaign,
        is_primary=told.is_primary,
    )
    return replace(
        entry,
        figures=figures,
        model=told.model,
        review=told.review,
        reviewed_by=told.reviewed_by,
        reviewed_on=told.reviewed_on,
        note=told.note,
    )


def _tiles(photo: Photo, done: Done) -> Iterator[ModelTile]:
    """All tiles of the model's plane, those without damage as well."""
    plane = TiledPlane(photo.height, photo.width)
    found = {(row, col): data for row, col, data in done.tiles}
    for row, col in tiles_meeting(photo.box):
        box, data = plane.tile_box(row, col), found.get((row, col))
        pixels = None if data is None else unpack(data, (box.height, box.width))
        yield row, col, pixels
