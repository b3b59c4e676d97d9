"""Exports and imports of labels in the formats of other programs."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from app.jobs.export import ExportResult
from app.jobs.labels import (
    FormatChoice,
    FormatRequest,
    ImportRequest,
    ImportResult,
    LabelsFound,
)
from resunet_core.errors import CaihuaError
from resunet_core.exchange.export import FORMATS, export
from resunet_core.exchange.importing import import_labels, label_files, read_incoming
from resunet_core.exchange.incoming import ImportOptions
from resunet_core.exchange.options import TILE_PX, ExportOptions
from resunet_core.exchange.sources import project_sources
from resunet_core.formats.label_names import UnknownLabels, label_names
from resunet_core.progress import Progress, Steps
from resunet_core.project.records import Who
from resunet_core.project.store import Project


def formats() -> tuple[FormatChoice, ...]:
    """The formats there are, in the order in which they are offered."""
    return tuple(
        FormatChoice(f.name, f.title, f.simplifies, f.tiles, f.takes_part)
        for f in FORMATS.values()
    )


def export_as(project: Project, request: FormatRequest) -> Steps[ExportResult]:
    """Write photos of a project in a format.

    Raises:
        CaihuaError: The folder cannot be written to.
    """
    yield Progress(0, 0)
    sources = project_sources(project, request.photo_ids)
    if request.mm_per_px is not None:
        sources = [
            replace(s, mm_per_px=s.mm_per_px or request.mm_per_px) for s in sources
        ]
    options = ExportOptions(
        request.tolerance_px, request.tile_px or TILE_PX[1], request.part
    )
    done = yield from export(sources, request.format, request.folder, options)
    failed = tuple(f"{one.name}: {one.reason}" for one in done.failed)
    return ExportResult(
        request.folder,
        done.written,
        slow_in_labelme=False,
        failed=failed,
        notes=done.notes,
        damage=next((one.damage for one in done.failed if one.damage), None),
    )


def look_at_labels(paths: Sequence[Path]) -> Steps[LabelsFound]:
    """Read labels without taking them: which of them are not known.

    Raises:
        WrongUsage: There is no label in what was named.
    """
    files, unknown = label_files(paths), set[str]()
    for done, file in enumerate(files):
        yield Progress(done, len(files), file.name)
        try:
            read_incoming(file, ImportOptions())
        except UnknownLabels as error:
            unknown.update(error.labels)
        except CaihuaError:  # named when it is really imported
            continue
    return LabelsFound(tuple(paths), len(files), tuple(sorted(unknown)))


def bring_in(project: Project, request: ImportRequest, who: Who) -> Steps[ImportResult]:
    """Bring labels in: one step to undo for each photo.

    Raises:
        CaihuaError: There is nothing to import, or the project is read-only.
    """
    project.require_writable()
    names = label_names(mapping=request.mapping)
    options = ImportOptions(names, request.line_width_px)
    done = yield from import_labels(project, request.paths, options, who=who)
    return ImportResult(
        len({one.photo for one in done.imported}),
        sum(one.changed_px for one in done.imported),
        tuple(reason for _, reason in done.failed),
        tuple(note for one in done.imported for note in one.notes),
    )
