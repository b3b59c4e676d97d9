"""A condition report of a project: what it knows of its photos, measured."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from resunet_core.defects import PAINT_LOSS
from resunet_core.errors import CaihuaError
from resunet_core.exchange.campaigns import changes_of
from resunet_core.exchange.sources import PhotoSource, project_sources
from resunet_core.formats.mask_png import LevelReader
from resunet_core.imaging.photo import Photo, open_photo
from resunet_core.imaging.pyramid import build_pyramid
from resunet_core.mask.tiled import DefectMask
from resunet_core.measure.surface import Surface
from resunet_core.measure.totals import Depth, PhotoFigures, Total, totals
from resunet_core.measure.uncertainty import AreaEstimate
from resunet_core.model.model_file import look_at_models
from resunet_core.progress import Progress, Steps, T
from resunet_core.project.looked_at import is_looked_at
from resunet_core.project.point_checks import point_check_of
from resunet_core.project.records import Detection, PhotoRecord
from resunet_core.project.report_settings import report_settings
from resunet_core.project.scales import scale_of
from resunet_core.project.store import Project
from resunet_core.reports.assemble import PhotoToReport, make_entry, measure_photo
from resunet_core.reports.camera import taken_with
from resunet_core.reports.condition import (
    ConditionReport,
    ModelCard,
    PhotoEntry,
    worded_title,
)
from resunet_core.reports.run import ModelUse

_SCORES = ("iou", "f1", "precision", "recall", "centerline_f1")


@dataclass(frozen=True)
class ReportWish:
    """What a person wants reported; what is left as it is comes from the project.

    Attributes:
        building: This one alone; None for all.
        title: Else the building's name.
        operator: Who assessed.
        reviewer: Who looked it over.
        made: Time on the report; None for now.
        sizes_mm2: Edges of the size bins of paint loss.
    """

    building: str | None = None
    title: str = ""
    operator: str = ""
    reviewer: str = ""
    made: datetime | None = None
    sizes_mm2: tuple[float, ...] = ()


@dataclass(frozen=True)
class ReportOutcome:
    """A report, and sentences on the photos that could not be reported on."""

    report: ConditionReport
    failed: tuple[str, ...]


def project_report(project: Project, wish: ReportWish) -> Steps[ReportOutcome]:
    """Measure the photos of a project and make a report of them; nothing is written.

    Raises:
        CaihuaError: No photo can be reported on.
    """
    pairs = zip(project.photos(), project_sources(project), strict=True)
    chosen = [pair for pair in pairs if wish.building in (None, pair[0].building)]
    entries: list[PhotoEntry] = []
    failed: list[str] = []
    unseen: list[str] = []
    for number, (record, source) in enumerate(chosen):
        if not is_looked_at(project, record):
            unseen.append(source.name)
            continue
        place = Progress(number, len(chosen), f"{number + 1}/{len(chosen)}")
        try:
            entries.append(
                (yield from _within(photo_entry(project, record, source), place))
            )
        except CaihuaError as error:
            failed.append(f"{record.path.name}: {error}")
    if not entries and not failed and unseen:
        raise CaihuaError(
            "None of the photos has been assessed yet.",
            "Let the program detect damage on them, or draw it, and report then.",
        )
    if not entries:
        raise CaihuaError(
            "No photo could be reported on. " + " ".join(failed[:1]),
            "Link the photos of the project again, or name another building.",
        )
    unseen_names = set(unseen)
    chosen_ids = {r.id for r, source in chosen if source.name not in unseen_names}
    changes = yield from changes_of(project, chosen_ids)
    settings = report_settings(project)
    buildings = {entry.figures.levels[1] for entry in entries}
    report = ConditionReport(
        title=wish.title or worded_title(buildings),
        made=wish.made or datetime.now().astimezone(),
        photos=tuple(entries),
        photos_taken=len(chosen),
        operator=wish.operator or settings.operator,
        reviewer=wish.reviewer or settings.reviewer,
        cards=cards_of(entries),
        size_bins_mm2=wish.sizes_mm2 or settings.size_bins_mm2,
        changes=changes,
        unseen=tuple(unseen),
    )
    return ReportOutcome(report, tuple(failed))


def photo_entry(
    project: Project, record: PhotoRecord, source: PhotoSource
) -> Steps[PhotoEntry]:
    """A photo of a project, measured and with its pictures.

    Raises:
        CaihuaError: Its file is gone, or another one than was assessed.
    """
    photo = open_photo(record.path)
    if photo.sha256 != record.sha256:
        raise CaihuaError(
            f"{record.path} is not the photo that was assessed.",
            "Put the original back, or link the photo again.",
        )
    mask = project.load_mask(record.id)
    with closing((yield from build_pyramid(photo))) as pyramid:
        job = photo_to_report(project, record, source, mask, pyramid)
        entry = yield from make_entry(job)
    return replace(entry, path=_shown(record.path, project.path.parent))


def measure_project_photo(
    project: Project, photo_id: int, mask: DefectMask | None = None
) -> Steps[PhotoFigures]:
    """What is measured on a photo of a project, whose file need not be there.

    Args:
        project: The photo's.
        photo_id: Of the photo.
        mask: As it is on the screen; None for the one that the project holds.
    """
    (source,) = project_sources(project, [photo_id])
    record = project.photo(photo_id)
    drawn = project.load_mask(photo_id) if mask is None else mask
    return (
        yield from measure_photo(photo_to_report(project, record, source, drawn, None))
    )


def project_totals(
    project: Project, figures: Mapping[int, PhotoFigures], depth: Depth
) -> tuple[Total, ...]:
    """The sums over each place of a depth, as places and primary views are now."""
    photos = [
        replace(
            figures[record.id],
            levels=record.place.levels,
            is_primary=record.is_primary,
            campaign=record.campaign,
        )
        for record in project.photos()
        if record.id in figures
    ]
    return totals(photos, depth)


def cards_of(entries: Sequence[PhotoEntry]) -> tuple[ModelCard, ...]:
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


def photo_to_report(
    project: Project,
    record: PhotoRecord,
    source: PhotoSource,
    mask: DefectMask,
    pyramid: LevelReader | None,
) -> PhotoToReport:
    """All that a project knows of a photo; without a pyramid, to measure it alone."""
    kept = scale_of(project, record.id)
    taken, camera = taken_with(record.path) if record.path.is_file() else ("", "")
    names, at = source.checked_by
    return PhotoToReport(
        name=source.name,
        photo=Photo(record.path, record.width, record.height, record.sha256),
        levels=pyramid,
        surface=Surface(mask, mask.scope),
        place=record.place.levels,
        scale=None if kept is None else kept.scale,
        geometry=None if kept is None else kept.geometry,
        is_primary=record.is_primary,
        campaign=record.campaign or taken[:4],
        checked=source.checked or (),
        loss_check=_loss_check(project, record.id),
        model=_use(project.detection(record.id)),
        person_px=_person_px(mask),
        taken=taken,
        camera=camera,
        review=record.review,
        reviewed_by=names,
        reviewed_on=at[:10],
        note=record.note,
    )


def _loss_check(project: Project, photo_id: int) -> AreaEstimate | None:
    check = point_check_of(project, photo_id)
    if check is None or not check.answered:
        return None
    return check.estimate(PAINT_LOSS.id)


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


def _within(steps: Steps[T], place: Progress) -> Steps[T]:
    """Work on one of many photos: how far the whole has come, what is done to it."""
    with closing(steps):
        while True:
            try:
                step = next(steps)
            except StopIteration as finished:
                value: T = finished.value
                return value
            yield Progress(place.done, place.total, f"{place.note} {step.note}")
