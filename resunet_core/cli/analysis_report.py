"""The condition report that an analysis ends with, as PDF."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from resunet_core.cli.progress_bar import run_with_bar
from resunet_core.exchange.reporting import cards_of, photo_to_report
from resunet_core.exchange.sources import project_sources
from resunet_core.measure.scale import given_scale
from resunet_core.measure.surface import Surface
from resunet_core.project.paths import absolute
from resunet_core.project.store import Project
from resunet_core.reports.assemble import PhotoToReport, make_entry
from resunet_core.reports.camera import taken_with
from resunet_core.reports.condition import ConditionReport, PhotoEntry, worded_title
from resunet_core.reports.results import PhotoToWrite
from resunet_core.reports.run import Run
from resunet_core.reports.write import write_report

if TYPE_CHECKING:
    from resunet_core.inference.probability import ProbabilityMap

__all__ = ["make_entry", "photo_of_analysis", "write_analysis_pdf"]


def photo_of_analysis(
    job: PhotoToWrite, probabilities: "ProbabilityMap", project: Project | None
) -> PhotoToReport:
    """A photo that was analysed, with all that the project knows of it."""
    if project is not None:
        file = (absolute(job.photo.path), job.photo.sha256)
        for record in project.photos():
            if (record.path, record.sha256) == file:
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


def write_analysis_pdf(folder: Path, entries: Sequence[PhotoEntry], run: Run) -> None:
    """Write report.pdf of the photos that were analysed.

    Raises:
        CaihuaError: The folder cannot be written to.
    """
    report = ConditionReport(
        title=worded_title({entry.figures.levels[1] for entry in entries}),
        made=datetime.fromisoformat(run.finished),
        photos=tuple(entries),
        photos_taken=len(run.photos) + len(run.failed),
        cards=cards_of(entries),
    )
    run_with_bar(write_report(folder, report, ["pdf"]), "Report")
