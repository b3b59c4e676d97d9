"""What the window asks of the core, as functions that a test can replace.

Only here does the program reach code that imports torch, and only when it is needed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.jobs.export import ExportRequest, ExportResult, export_photos
from app.jobs.labels import (
    FormatChoice,
    FormatRequest,
    ImportRequest,
    ImportResult,
    LabelsFound,
)
from app.jobs.measuring import Measuring, make_measuring
from app.jobs.record import (
    LogPage,
    Then,
    as_then,
    compare_with,
    log_page,
    photo_snapshots,
)
from app.jobs.recovery import Examined, look_at_damage
from app.jobs.survey import add_photos, matching, missing_paths
from app.session.authors import ME
from app.session.comparison import Comparison
from app.session.entry import Detected, ModelTile, OpenedPhoto
from resunet_core.box import Box
from resunet_core.cache import prune
from resunet_core.errors import CaihuaError
from resunet_core.imaging.decode import read_header
from resunet_core.imaging.photo import Photo, find_photos, open_photo, thumbnail
from resunet_core.imaging.pyramid import Pyramid, build_pyramid
from resunet_core.inference.probability import (
    ProbabilityMap,
    kept_path,
    probability_path,
)
from resunet_core.mask.regions import Region, RegionMap
from resunet_core.mask.threshold import (
    BLOCK_TILES,
    DetectionSettings,
    Probabilities,
    model_tiles,
)
from resunet_core.mask.tiled import DefectMask
from resunet_core.model.model_file import ModelInfo, installed_models
from resunet_core.progress import Progress, Steps
from resunet_core.project import query
from resunet_core.project.audit import LogQuery, write_csv
from resunet_core.project.backups import keep_up, restore_backup
from resunet_core.project.checked import checked_tiles
from resunet_core.project.collect import Collected, collect
from resunet_core.project.query import FoundPhoto, PhotoQuery
from resunet_core.project.recovery import open_safely
from resunet_core.project.relink import Relinked, allow_outside, relink
from resunet_core.project.salvage import Salvaged, salvage
from resunet_core.project.snapshots import Snapshot
from resunet_core.project.store import Detection, Notice, PhotoRecord, Project, Who

T = TypeVar("T")
_PREVIEW_PX = 1600

if TYPE_CHECKING:
    from resunet_core.inference.engine import Engine


@dataclass(frozen=True)
class Preview:
    """A small picture, RGB uint8 [h, w, 3], of a photo of `height` by `width` px."""

    pixels: NDArray[np.uint8]
    height: int
    width: int


@dataclass(frozen=True)
class DetectionRequest:
    """Detect on one photo; without settings those of the project or model hold."""

    path: Path
    model: str
    device: str
    settings: DetectionSettings | None = None


@dataclass(frozen=True)
class DetectionResult:
    """What a detection found, on which photo, and where it was really computed.

    Attributes:
        record: Of the photo.
        found: On it.
        device: With the engine and its precision, as a person reads them.
        notice: Why another engine computed than should have; mostly empty.
    """

    record: PhotoRecord
    found: Detected
    device: str
    notice: str = ""


@dataclass(frozen=True)
class Tasks:
    """The work that runs beside the window's thread."""

    find_photos: Callable[[Sequence[Path]], list[Path]]
    thumbnail: Callable[[Path, int], NDArray[np.uint8]]
    preview: Callable[[Path], Preview]
    open_project: Callable[[Path], Project]
    open_photo: Callable[[Project, Path], Steps[OpenedPhoto]]
    models: Callable[[], list[ModelInfo]]
    detect: Callable[[Project, DetectionRequest], Steps[DetectionResult]]
    classify: Callable[
        [ProbabilityMap, DetectionSettings, Box], Iterator[tuple[ModelTile, ...]]
    ]
    regions: Callable[[DefectMask], tuple[Region, ...]]
    export: Callable[[Project, ExportRequest], Steps[ExportResult]]
    formats: Callable[[], tuple[FormatChoice, ...]]
    export_as: Callable[[Project, FormatRequest], Steps[ExportResult]]
    look_at_labels: Callable[[Sequence[Path]], Steps[LabelsFound]]
    bring_in: Callable[[Project, ImportRequest, Who], Steps[ImportResult]]
    log_page: Callable[[Project, LogQuery, int], LogPage]
    write_log: Callable[[Project, Path, LogQuery], int]
    snapshots: Callable[[Project, int], tuple[Snapshot, ...]]
    as_then: Callable[[Project, int, Snapshot], Then]
    compare: Callable[[Project, int, Snapshot, DefectMask], Steps[Comparison]]
    survey: Callable[[Project], list[FoundPhoto]]
    matching: Callable[[Project, PhotoQuery], frozenset[int]]
    missing: Callable[[Project], frozenset[Path]]
    add_photos: Callable[[Project, Sequence[Path], Who], Steps[list[str]]]
    relink: Callable[[Project, Path], Steps[Relinked]]
    allow_outside: Callable[[Project], list[PhotoRecord]]
    collect: Callable[[Project, Path], Steps[Collected]]
    keep_up: Callable[[Project], tuple[Notice, ...]]
    look_at_damage: Callable[[Path], Steps[Examined]]
    open_safely: Callable[[Path], Steps[Project]]
    restore_backup: Callable[[Path, Path], Path | None]
    salvage: Callable[[Path, Path], Steps[Salvaged]]
    measuring: Measuring


def make_tasks() -> Tasks:
    """The real work, with one network kept in memory between detections."""
    return Tasks(
        find_photos=find_photos,
        thumbnail=thumbnail,
        preview=preview,
        open_project=Project.open,
        open_photo=open_in_project,
        models=installed_models,
        detect=_Detector(),
        classify=classify_in_parts,
        regions=find_regions,
        export=export_photos,
        formats=formats,
        export_as=export_as,
        look_at_labels=look_at_labels,
        bring_in=bring_in,
        log_page=log_page,
        write_log=write_csv,
        snapshots=photo_snapshots,
        as_then=as_then,
        compare=compare_with,
        survey=query.find_photos,
        matching=matching,
        missing=missing_paths,
        add_photos=add_photos,
        relink=partial(relink, who=ME),
        allow_outside=allow_outside,
        collect=partial(collect, who=ME),
        keep_up=keep_up,
        look_at_damage=look_at_damage,
        open_safely=open_safely,
        restore_backup=restore_backup,
        salvage=salvage,
        measuring=make_measuring(),
    )


# The code of all formats takes a while to load, so it does when it is needed first.


def formats() -> tuple[FormatChoice, ...]:
    """The formats that labels can be exported to."""
    from app.jobs import exchange

    return exchange.formats()


def export_as(project: Project, request: FormatRequest) -> Steps[ExportResult]:
    """Write photos of a project in one of the formats."""
    from app.jobs import exchange

    return (yield from exchange.export_as(project, request))


def look_at_labels(paths: Sequence[Path]) -> Steps[LabelsFound]:
    """Read labels without taking them."""
    from app.jobs import exchange

    return (yield from exchange.look_at_labels(paths))


def bring_in(project: Project, request: ImportRequest, who: Who) -> Steps[ImportResult]:
    """Bring labels into a project."""
    from app.jobs import exchange

    return (yield from exchange.bring_in(project, request, who))


def preview(path: Path) -> Preview:
    """A picture to show at once, until the tiles of the photo can be read."""
    header = read_header(path)
    return Preview(thumbnail(path, _PREVIEW_PX), header.height, header.width)


def find_regions(mask: DefectMask) -> tuple[Region, ...]:
    """The regions of a mask that nobody changes any more."""
    return RegionMap(mask).regions


def open_in_project(project: Project, path: Path) -> Steps[OpenedPhoto]:
    """Everything the window needs of a photo, which the project knows afterwards."""
    photo = open_photo(path)
    pyramid = yield from build_pyramid(photo)
    record = _record_of(project, photo)
    detection = project.detection(record.id)
    return OpenedPhoto(
        photo,
        pyramid,
        record,
        project.load_mask(record.id),
        detection,
        kept_probabilities(photo, detection),
        project.undo_name(record.id),
        project.redo_name(record.id),
        checked_tiles(project, record.id),
    )


def kept_probabilities(
    photo: Photo, detection: Detection | None
) -> ProbabilityMap | None:
    """The probabilities a detection was made from; None when they were cleared away."""
    if detection is None:
        return None
    path = kept_path(photo.sha256, detection.model_sha256)
    try:
        return ProbabilityMap.open(path, tuple(detection.thresholds))
    except CaihuaError:
        return None


def classify_all(
    probabilities: ProbabilityMap, settings: DetectionSettings
) -> tuple[ModelTile, ...]:
    """The model's plane of a whole photo under these settings."""
    return tuple(model_tiles(probabilities, settings))


def classify_in_parts(
    probabilities: Probabilities, settings: DetectionSettings, seen: Box
) -> Iterator[tuple[ModelTile, ...]]:
    """The same some tiles at a time, those that meet `seen` first."""
    tiles = model_tiles(probabilities, settings, first=seen)
    while part := tuple(islice(tiles, BLOCK_TILES**2)):
        yield part


class _Detector:
    """Detects, and keeps the network that it used last."""

    def __init__(self) -> None:
        self._kept: tuple[tuple[str, str], Engine] | None = None

    def __call__(
        self, project: Project, request: DetectionRequest
    ) -> Steps[DetectionResult]:
        """Detect on one photo; the project knows the photo afterwards, not the mask."""
        photo = open_photo(request.path)
        yield Progress(0, 0, f"Loading the model {request.model}")
        model = self._load(request.model, request.device)
        pyramid = yield from _unmeasured(build_pyramid(photo))
        try:
            probabilities = yield from _probabilities(model, pyramid)
        finally:
            pyramid.close()
        record = _record_of(project, photo)
        settings = request.settings or _settings_of(project, record, model.info)
        detection = Detection(
            model.info.name,
            model.info.sha256,
            settings.thresholds,
            settings.min_area_px,
        )
        tiles = classify_all(probabilities, settings)
        return DetectionResult(
            record,
            Detected(detection, probabilities, tiles),
            str(model.use),
            model.notice,
        )

    def _load(self, model: str, wanted_device: str) -> "Engine":
        from resunet_core.inference.engine import load_engine

        key = (model, wanted_device)
        if self._kept is None or self._kept[0] != key:
            self._kept = None  # two networks may not fit into a GPU's memory
            self._kept = (key, load_engine(model, wanted_device))
        return self._kept[1]


def _unmeasured(steps: Steps[T]) -> Steps[T]:
    """Work that tells no share, so that a bar does not fill twice."""
    try:
        while True:
            yield Progress(0, 0, next(steps).note)
    except StopIteration as finished:
        value: T = finished.value
        return value
    finally:
        steps.close()


def _probabilities(model: "Engine", pyramid: Pyramid) -> Steps[ProbabilityMap]:
    """Those that are kept of this photo and model, else new ones."""
    from resunet_core.inference.detect import detect

    photo = pyramid.photo
    path = probability_path(photo.sha256, model.info.sha256, model.use.precision)
    if path.is_file():
        try:
            return ProbabilityMap.open(path, model.config.classes)
        except CaihuaError:
            path.unlink()  # damaged in the cache: computed anew below
    found = yield from detect(model, pyramid, (photo.height, photo.width), path)
    prune(keep=path)
    return found


def _record_of(project: Project, photo: Photo) -> PhotoRecord:
    return project.add_photo(
        photo.path,
        sha256=photo.sha256,
        width=photo.width,
        height=photo.height,
        who=ME,
    )


def _settings_of(
    project: Project, record: PhotoRecord, model: ModelInfo
) -> DetectionSettings:
    """What was set for the photo with this model, else what the model recommends."""
    before = project.detection(record.id)
    if before is not None and before.model_sha256 == model.sha256:
        return DetectionSettings(before.thresholds, before.min_area_px)
    return DetectionSettings(model.config.thresholds, model.config.min_area_px)
