"""Everything that is written for one photo, and once for all of them."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from resunet_core.defects import DEFAULT_CLASSES, DefectClasses
from resunet_core.files import write_text
from resunet_core.formats.labelme import LabelmePhoto, write_labelme
from resunet_core.formats.mask_png import LevelReader, write_mask_png, write_overlay
from resunet_core.formats.tables import Cell, write_table
from resunet_core.imaging.photo import Photo
from resunet_core.mask.regions import RegionMap, RegionPiece
from resunet_core.mask.tiled import DefectMask
from resunet_core.reports.measure import (
    BuildingMeasure,
    ClassArea,
    PhotoMeasure,
    class_areas,
    measure_buildings,
    px_to_mm2,
)
from resunet_core.reports.run import ModelUse, Run

SUMMARY_STEMS = ("run",)
"""Stems that no photo's results may have: `run.json` is about all of them."""

REGION_COLUMNS = (
    "building",
    "photo",
    "region_id",
    "class_key",
    "class_en",
    "class_zh",
    "origin",
    "model_sha256",
    "area_px",
    "area_mm2",
    "box_left_px",
    "box_top_px",
    "box_width_px",
    "box_height_px",
    "centroid_x_px",
    "centroid_y_px",
    "mm_per_px",
)


def is_result(path: Path) -> bool:
    """Whether a picture is a mask or overlay of `write_photo`, not a photo."""
    for ending in (".mask.png", ".overlay.jpg"):
        if path.name.endswith(ending):
            return path.with_name(path.name.removesuffix(ending) + ".json").is_file()
    return False


@dataclass(frozen=True)
class PhotoToWrite:
    """A photo with its corrected mask, ready to be written.

    Attributes:
        photo: The photo.
        levels: Its pyramid.
        mask: What the model and the person say together.
        name: Unique name of its results.
        building: Building it is reported with.
        mm_per_px: Scale, or None.
        model: The model behind the mask; None where a person drew everything.
    """

    photo: Photo
    levels: LevelReader
    mask: DefectMask
    name: str
    building: str = ""
    mm_per_px: float | None = None
    model: ModelUse | None = None


def write_photo(
    folder: Path, job: PhotoToWrite, classes: DefectClasses = DEFAULT_CLASSES
) -> tuple[PhotoMeasure, list[dict[str, Cell]]]:
    """Write NAME.json, NAME.mask.png and NAME.overlay.jpg; return what was counted.

    Returns:
        The measures, and the photo's rows of `regions.csv`.

    Raises:
        CaihuaError: The folder cannot be written to.
    """
    found = RegionMap(job.mask, classes)
    by_person: Counter[int] = Counter()
    write_labelme(
        folder / f"{job.name}.json",
        LabelmePhoto(job.photo.path, job.photo.width, job.photo.height),
        _counting_origin(found.pieces(), job.mask, by_person),
        classes=classes,
        metadata=_metadata(job),
    )
    write_mask_png(folder / f"{job.name}.mask.png", job.mask, classes)
    write_overlay(
        folder / f"{job.name}.overlay.jpg", job.levels, job.mask, classes=classes
    )
    assessed = job.photo.width * job.photo.height
    measure = PhotoMeasure(
        name=job.name,
        path=str(job.photo.path),
        building=job.building,
        width=job.photo.width,
        height=job.photo.height,
        assessed_px=assessed,
        mm_per_px=job.mm_per_px,
        person_px=_person_px(job.mask),
        areas=class_areas(found.regions, assessed, job.mm_per_px, classes),
        regions=found.regions,
    )
    return measure, _region_rows(measure, job, by_person, classes)


def write_summary(
    folder: Path,
    photos: Sequence[PhotoMeasure],
    region_rows: Sequence[dict[str, Cell]],
    run: Run | None = None,
    classes: DefectClasses = DEFAULT_CLASSES,
) -> tuple[BuildingMeasure, ...]:
    """Write regions.csv, photos.csv, buildings.csv and, of an analysis, run.json.

    Raises:
        CaihuaError: The folder cannot be written to.
    """
    buildings = measure_buildings(photos)
    write_table(folder / "regions.csv", region_rows, REGION_COLUMNS)
    columns = _class_columns(classes)
    write_table(
        folder / "photos.csv",
        [_photo_row(photo) for photo in photos],
        (
            "building",
            "photo",
            "path",
            "width_px",
            "height_px",
            "mm_per_px",
            "assessed_px",
            "assessed_mm2",
            "person_px",
            *columns,
        ),
    )
    write_table(
        folder / "buildings.csv",
        [_building_row(building) for building in buildings],
        ("building", "photos", "assessed_px", "assessed_mm2", *columns),
    )
    if run is not None:
        text = json.dumps(run.to_json(), ensure_ascii=False, indent=2)
        write_text(folder / "run.json", text + "\n")
    return buildings


def _counting_origin(
    pieces: Iterator[RegionPiece], mask: DefectMask, by_person: Counter[int]
) -> Iterator[RegionPiece]:
    for piece in pieces:
        drawn = mask.read_origin(piece.box)[piece.pixels]
        by_person[piece.region.id] += int(drawn.sum())
        yield piece


def _person_px(mask: DefectMask) -> int:
    total = 0
    for row, column in mask.person.tiles():
        box = mask.person.tile_box(row, column)
        total += int(mask.read_origin(box).sum())
    return total


def _metadata(job: PhotoToWrite) -> dict[str, object]:
    known: dict[str, object] = {"photo_sha256": job.photo.sha256}
    if job.mm_per_px is not None:
        known["mm_per_px"] = job.mm_per_px
    if job.building:
        known["building"] = job.building
    if job.model is not None:
        known["model"] = {"name": job.model.name, "sha256": job.model.sha256}
    return known


def _region_rows(
    measure: PhotoMeasure,
    job: PhotoToWrite,
    by_person: Counter[int],
    classes: DefectClasses,
) -> list[dict[str, Cell]]:
    rows: list[dict[str, Cell]] = []
    for region in measure.regions:
        defect = classes.by_id(region.class_id)
        box = region.box
        rows.append(
            {
                "building": measure.building or None,
                "photo": measure.name,
                "region_id": region.id,
                "class_key": defect.key,
                "class_en": defect.name_en,
                "class_zh": defect.name_zh,
                "origin": _origin(by_person[region.id], region.area_px),
                "model_sha256": None if job.model is None else job.model.sha256,
                "area_px": region.area_px,
                "area_mm2": px_to_mm2(region.area_px, measure.mm_per_px),
                "box_left_px": box.left,
                "box_top_px": box.top,
                "box_width_px": box.width,
                "box_height_px": box.height,
                "centroid_x_px": round(region.centroid_x, 1),
                "centroid_y_px": round(region.centroid_y, 1),
                "mm_per_px": measure.mm_per_px,
            }
        )
    return rows


def _origin(by_person_px: int, area_px: int) -> str:
    if by_person_px == 0:
        return "model"
    return "person" if by_person_px == area_px else "edited"


def _class_columns(classes: DefectClasses) -> list[str]:
    return [
        f"{key}_{what}"
        for key in classes.keys
        for what in ("regions", "area_px", "pct", "area_mm2")
    ]


def _class_cells(areas: Sequence[ClassArea]) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for area in areas:
        cells[f"{area.key}_regions"] = area.regions
        cells[f"{area.key}_area_px"] = area.area_px
        cells[f"{area.key}_pct"] = 100 * area.share
        cells[f"{area.key}_area_mm2"] = area.area_mm2
    return cells


def _photo_row(photo: PhotoMeasure) -> dict[str, Cell]:
    return {
        "building": photo.building or None,
        "photo": photo.name,
        "path": photo.path,
        "width_px": photo.width,
        "height_px": photo.height,
        "mm_per_px": photo.mm_per_px,
        "assessed_px": photo.assessed_px,
        "assessed_mm2": photo.assessed_mm2,
        "person_px": photo.person_px,
        **_class_cells(photo.areas),
    }


def _building_row(building: BuildingMeasure) -> dict[str, Cell]:
    return {
        "building": building.name or None,
        "photos": building.photos,
        "assessed_px": building.assessed_px,
        "assessed_mm2": building.assessed_mm2,
        **_class_cells(building.areas),
    }
