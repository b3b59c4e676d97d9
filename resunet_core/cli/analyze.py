"""`caihua analyze`: photos in; masks, overlays, labels, tables and a report out."""

import argparse
import os
import sys
import time
import traceback
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from resunet_core.cli.options import add_device, add_model, make_folder
from resunet_core.cli.progress_bar import run_with_bar
from resunet_core.errors import CaihuaError, WrongUsage
from resunet_core.files import unique_stems
from resunet_core.formats.labelme import SLOW_IN_LABELME_MP
from resunet_core.formats.mask_png import overlay
from resunet_core.formats.tables import Cell
from resunet_core.imaging.photo import find_photos, open_photo
from resunet_core.imaging.pyramid import Pyramid, build_pyramid
from resunet_core.mask.replace import replace_model_plane
from resunet_core.mask.threshold import DetectionSettings, model_tiles
from resunet_core.mask.tiled import DefectMask
from resunet_core.model.likeness import warnings_of
from resunet_core.project.checked import checked_tiles, sparing_checked
from resunet_core.project.records import Detection, PhotoRecord, Who
from resunet_core.project.store import Project
from resunet_core.reports.html import PICTURE_MAX_PX, picture_base64, write_html
from resunet_core.reports.measure import PhotoMeasure
from resunet_core.reports.report import PhotoPage, Report
from resunet_core.reports.results import (
    SUMMARY_STEMS,
    PhotoToWrite,
    is_result,
    write_photo,
    write_summary,
)
from resunet_core.reports.run import FailedPhoto, ModelUse, PhotoRun, Run

if TYPE_CHECKING:
    from resunet_core.inference.probability import ProbabilityMap
    from resunet_core.model.model_file import LoadedModel
    from resunet_core.reports.condition import PhotoEntry

HELP = "Detect defects on photos and write masks, labels, tables and a report."
EXAMPLE = 'caihua analyze photos/ --out results --building "Well Pavilion"'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("photos", nargs="+", type=Path, metavar="PHOTO|FOLDER")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR")
    parser.add_argument(
        "--project", type=Path, metavar="FILE", help="also keep it here"
    )
    add_model(parser)
    add_device(parser)
    parser.add_argument(
        "--mm-per-px", type=float, metavar="X", help="scale of all photos"
    )
    parser.add_argument("--building", default="", metavar="NAME")


@dataclass
class _Analysis:
    """One call: what stays the same for all photos, and what has come out so far."""

    out: Path
    model: "LoadedModel"
    use: ModelUse
    building: str
    mm_per_px: float | None
    project: Project | None
    debug: bool
    pages: list[PhotoPage] = field(default_factory=list)
    region_rows: list[dict[str, Cell]] = field(default_factory=list)
    entries: list["PhotoEntry"] = field(default_factory=list)
    runs: list[PhotoRun] = field(default_factory=list)
    failed: list[FailedPhoto] = field(default_factory=list)


def run(arguments: argparse.Namespace) -> int:
    """Analyse all photos; 1 when some failed, 0 when all went well."""
    from resunet_core.model.device import choose_device
    from resunet_core.model.model_file import load_model

    paths = _photos_of(arguments.photos)
    if not paths:
        raise WrongUsage("There is no photo in what was named.", "Name another folder.")
    _refuse_wrong_values(arguments)
    started = datetime.now().astimezone()
    device = choose_device(arguments.device)
    model = load_model(arguments.model, device.torch_device)
    config = model.config
    use = ModelUse(
        model.info.name,
        config.architecture,
        model.info.sha256,
        dict(config.thresholds),
        dict(config.min_area_px),
    )
    with ExitStack() as stack:
        project = None
        if arguments.project is not None:
            project = stack.enter_context(Project.open(arguments.project))
            project.require_writable()
        analysis = _Analysis(
            arguments.out,
            model,
            use,
            arguments.building,
            arguments.mm_per_px,
            project,
            arguments.debug,
        )
        names = unique_stems(paths, reserved=SUMMARY_STEMS)
        for number, (path, name) in enumerate(zip(paths, names, strict=True), start=1):
            _one_photo(analysis, path, name, f"{number}/{len(paths)} {path.name}")
    record = Run(
        started=started.isoformat(timespec="seconds"),
        finished=datetime.now().astimezone().isoformat(timespec="seconds"),
        device=device.name,
        engine="PyTorch",
        model=use,
        photos=tuple(analysis.runs),
        failed=tuple(analysis.failed),
    )
    _write_all(analysis, record)
    return 1 if analysis.failed else 0


def _refuse_wrong_values(arguments: argparse.Namespace) -> None:
    """Everything that can be known to fail fails before the work begins."""
    scale = arguments.mm_per_px
    if scale is not None and not 0 < scale < float("inf"):
        raise WrongUsage(
            f"--mm-per-px {scale} is no scale.", "Give millimetres per pixel, above 0."
        )
    # Made now: the project may be meant to lie in it.
    make_folder(arguments.out)


def _photos_of(named: Sequence[Path]) -> list[Path]:
    """Every photo once, however it is named; earlier results in a folder are none."""
    found: dict[Path, Path] = {}
    for path in find_photos(named):
        if path in named or not is_result(path):
            found.setdefault(path.resolve(), path)
    return list(found.values())


def _one_photo(analysis: _Analysis, path: Path, name: str, title: str) -> None:
    try:
        _analyse(analysis, path, name, title)
    except CaihuaError as error:
        failed = FailedPhoto(str(path), error.message, error.hint)
    except Exception as error:  # noqa: BLE001 - the other photos of a night are done
        if analysis.debug:
            traceback.print_exc()
        message = f"Unexpected {type(error).__name__}: {error}."
        failed = FailedPhoto(str(path), message, "Please report it, with --debug.")
    else:
        return
    analysis.failed.append(failed)
    print(f"{title}: {failed.message} {failed.hint}".rstrip(), file=sys.stderr)


def _analyse(analysis: _Analysis, path: Path, name: str, title: str) -> None:
    from resunet_core.cli.analysis_report import make_entry, photo_of_analysis

    began = time.monotonic()
    photo = open_photo(path)
    with closing(run_with_bar(build_pyramid(photo), title)) as pyramid:
        probabilities, tiles = _probabilities(analysis.model, pyramid, title)
        page, rows, job = _written(analysis, pyramid, probabilities, name)
        to_report = photo_of_analysis(job, probabilities, analysis.project)
        entry = run_with_bar(make_entry(to_report), title)
    seconds = round(time.monotonic() - began, 2)
    analysis.pages.append(page)
    analysis.region_rows += rows
    analysis.entries.append(entry)
    analysis.runs.append(
        PhotoRun(
            name,
            str(path),
            photo.sha256,
            photo.width,
            photo.height,
            tiles,
            seconds,
            photo.notes,
            likeness=probabilities.likeness,
            scale_in_range=analysis.model.config.scale_in_range(page.measure.mm_per_px),
            warnings=page.warnings,
        )
    )
    print(f"{title}: {_found(page.measure)}, {seconds:.1f} s")
    for warning in page.warnings:
        print(f"  {warning}")
    if photo.megapixels > SLOW_IN_LABELME_MP:
        print(f"  {name}.json: LabelMe is slow on masks of more than 4 megapixels.")


def _written(
    analysis: _Analysis, pyramid: Pyramid, probabilities: "ProbabilityMap", name: str
) -> tuple[PhotoPage, list[dict[str, Cell]], PhotoToWrite]:
    """One photo's files, written; its page, its regions, and the photo."""
    mask, record = _into_mask(analysis, pyramid, probabilities)
    job = PhotoToWrite(
        photo=pyramid.photo,
        levels=pyramid,
        mask=mask,
        name=name,
        building=analysis.building or (record.building if record else ""),
        mm_per_px=analysis.mm_per_px or (record.mm_per_px if record else None),
        model=analysis.use,
    )
    measure, rows = write_photo(analysis.out, job)
    picture = picture_base64(overlay(pyramid, mask, max_px=PICTURE_MAX_PX))
    warnings = warnings_of(
        analysis.model.config, probabilities.likeness, measure.mm_per_px
    )
    page = PhotoPage(measure, picture, warnings)
    return page, rows, job


def _probabilities(
    model: "LoadedModel", pyramid: Pyramid, title: str
) -> tuple["ProbabilityMap", int]:
    """Kept probabilities of this photo and model, or new ones and their tiles."""
    from resunet_core.cache import prune
    from resunet_core.inference.detect import detect, grid_for
    from resunet_core.inference.probability import ProbabilityMap, probability_path

    photo = pyramid.photo
    path = probability_path(photo.sha256, model.info.sha256)
    if path.is_file():
        try:
            kept = ProbabilityMap.open(path, model.config.classes)
        except CaihuaError:
            path.unlink()  # damaged in the cache: computed anew below
        else:
            os.utime(path)  # the least recently used goes first
            return kept, 0
    size = (photo.height, photo.width)
    found = run_with_bar(detect(model, pyramid, size, path), title)
    prune(keep=path)
    return found, len(grid_for(model, *size))


def _into_mask(
    analysis: _Analysis, pyramid: Pyramid, probabilities: "ProbabilityMap"
) -> tuple[DefectMask, PhotoRecord | None]:
    """The model's plane; with a project, under what a person drew there."""
    photo, use = pyramid.photo, analysis.use
    settings = DetectionSettings(use.thresholds, use.min_area_px)
    tiles = model_tiles(probabilities, settings)
    project = analysis.project
    if project is None:
        mask = DefectMask(photo.height, photo.width)
        replace_model_plane(mask, tiles, "Detect")
        return mask, None
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


def _found(measure: PhotoMeasure) -> str:
    return ", ".join(f"{a.key} {100 * a.share:.2f} %" for a in measure.areas)


def _write_all(analysis: _Analysis, record: Run) -> None:
    measures = [page.measure for page in analysis.pages]
    buildings = write_summary(analysis.out, measures, analysis.region_rows, record)
    title = analysis.building or "Condition of painted surfaces"
    report = Report(title, record, buildings, tuple(analysis.pages))
    write_html(analysis.out / "report.html", report)
    if analysis.entries:
        from resunet_core.cli.analysis_report import write_analysis_pdf

        write_analysis_pdf(analysis.out, analysis.entries, record)
    failed = f", {len(record.failed)} failed" if record.failed else ""
    print(f"{len(record.photos)} done{failed}. Results in {analysis.out}")
    if report.warning:
        print(report.warning)
    if record.failed:
        print("Failed:", *(f"\n  {f.path}: {f.message}" for f in record.failed))
