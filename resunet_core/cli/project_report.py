"""The photos of a project, measured and ready for a condition report."""

import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from resunet_core.cli.progress_bar import run_with_bar
from resunet_core.errors import CaihuaError, WrongUsage
from resunet_core.exchange.sources import PhotoSource, project_sources
from resunet_core.imaging.photo import open_photo
from resunet_core.imaging.pyramid import build_pyramid
from resunet_core.mask.tiled import DefectMask
from resunet_core.measure.scale import given_scale
from resunet_core.measure.surface import Surface
from resunet_core.model.model_file import look_at_models
from resunet_core.project.records import Detection, PhotoRecord
from resunet_core.project.store import Project
from resunet_core.reports.assemble import PhotoToReport, make_entry
from resunet_core.reports.camera import taken_with
from resunet_core.reports.condition import ModelCard, PhotoEntry
from resunet_core.reports.run import ModelUse

_SCORES = ("iou", "f1", "precision", "recall", "centerline_f1")


def chosen_photos(
    project: Project, building: str | None
) -> list[tuple[PhotoRecord, PhotoSource]]:
    """The photos of a building, or all, with their masks to be read.

    Raises:
        WrongUsage: There is none.
    """
    records = project.photos()
    pairs = list(zip(records, project_sources(project), strict=True))
    chosen = [pair for pair in pairs if building in (None, pair[0].building)]
    if not chosen:
        raise WrongUsage(
            f"The project has no photo of {building!r}."
            if building
            else "The project has no photo.",
            "Name a building as the project does, or add photos.",
        )
    return chosen


def entries_of(
    project: Project, chosen: list[tuple[PhotoRecord, PhotoSource]]
) -> tuple[list[PhotoEntry], int]:
    """The photos measured, and how many failed: those are named on the way."""
    entries: list[PhotoEntry] = []
    failed = 0
    for number, (record, source) in enumerate(chosen, start=1):
        title = f"{number}/{len(chosen)} {record.path.name}"
        try:
            entries.append(_entry(project, record, source, title))
        except CaihuaError as error:
            failed += 1
            print(f"{title}: {error}", file=sys.stderr)
    return entries, failed


def _entry(
    project: Project, record: PhotoRecord, source: PhotoSource, title: str
) -> PhotoEntry:
    photo = open_photo(record.path)
    if photo.sha256 != record.sha256:
        raise CaihuaError(
            f"{record.path} is not the photo that was assessed.",
            "Put the original back, or link the photo again.",
        )
    mask = project.load_mask(record.id)
    taken, camera = taken_with(record.path)
    names, at = source.checked_by
    with closing(run_with_bar(build_pyramid(photo), title)) as pyramid:
        job = PhotoToReport(
            name=source.name,
            photo=photo,
            levels=pyramid,
            surface=Surface(mask),
            place=record.place.levels,
            scale=None if record.mm_per_px is None else given_scale(record.mm_per_px),
            checked=source.checked or (),
            model=_use(project.detection(record.id)),
            person_px=_person_px(mask),
            taken=taken,
            camera=camera,
            review=record.review,
            reviewed_by=names,
            reviewed_on=at[:10],
            note=record.note,
        )
        entry = run_with_bar(make_entry(job), title)
    return replace(entry, path=_shown(record.path, project.path.parent))


def _shown(path: Path, folder: Path) -> str:
    """Where a photo is, seen from the project: reports are handed on."""
    return path.relative_to(folder).as_posix() if folder in path.parents else path.name


def _use(detection: Detection | None) -> ModelUse | None:
    if detection is None:
        return None
    return ModelUse(
        detection.model_name,
        "",
        detection.model_sha256,
        dict(detection.thresholds),
        dict(detection.min_area_px),
    )


def _person_px(mask: DefectMask) -> int:
    boxes = (mask.person.tile_box(row, column) for row, column in mask.person.tiles())
    return sum(int(mask.read_origin(box).sum()) for box in boxes)


def cards_of(entries: list[PhotoEntry]) -> tuple[ModelCard, ...]:
    """What is known here of the models behind the masks."""
    used = {entry.model.sha256: entry.model for entry in entries if entry.model}
    known = {info.sha256: info for info in look_at_models()[0]}
    cards = []
    for sha256, use in sorted(used.items()):
        config = known[sha256].config if sha256 in known else None
        scores: dict[str, dict[str, float]] = {}
        name = use.name
        if config is not None and config.figures:
            tested_on, found = next(iter(sorted(config.figures.items())))
            name = f"{use.name} (scores on {tested_on})"
            scores = _scores(found)
        trained_on = "" if config is None else config.data_hash
        cards.append(ModelCard(name, sha256, trained_on, scores))
    return tuple(cards)


def _scores(found: object) -> dict[str, dict[str, float]]:
    classes = found.get("classes", found) if isinstance(found, dict) else {}
    return {
        key: {n: float(v) for n, v in one.items() if n in _SCORES and v is not None}
        for key, one in classes.items()
        if isinstance(one, dict)
    }
