"""The rows of a report's tables: per building, photo, paint loss and parameter."""

from collections.abc import Iterator

from resunet_core.formats.tables import Cell
from resunet_core.measure.losses import LossRegion
from resunet_core.measure.scale import Scale
from resunet_core.measure.totals import Total, total
from resunet_core.measure.uncertainty import Interval
from resunet_core.reports.condition import ConditionReport, PhotoEntry

Row = dict[str, Cell]

_PLACE = ("site", "building", "elevation", "bay", "component")

_SUMS = (
    "assessed_px",
    "assessed_mm2",
    "painted_mm2",
    "coverage_pct",
    "paint_loss_regions",
    "paint_loss_px",
    "paint_loss_mm2",
    "paint_loss_pct",
    "paint_loss_lo95_mm2",
    "paint_loss_hi95_mm2",
    "pct_lo95",
    "pct_hi95",
    "craquelure_px",
    "craquelure_mm2",
    "length_px",
    "length_mm",
    "density_px_per_px2",
    "density_mm_per_cm2",
    "width_median_px",
    "width_mean_px",
    "width_p95_px",
    "width_median_mm",
    "width_mean_mm",
    "width_p95_mm",
    "width_below_measurable_pct",
    "junctions",
    "free_ends",
    "free_end_ratio",
    "islands",
    "anisotropy",
    "direction_deg",
    "checked_pct",
)

BUILDING_COLUMNS = ("site", "building", "photos", "not_counted", *_SUMS)

PHOTO_COLUMNS = (
    *_PLACE,
    "photo",
    "path",
    "sha256",
    "taken",
    "width_px",
    "height_px",
    "mm_per_px",
    "mm_per_px_se",
    "scale_method",
    "scale_operator",
    "out_of_scope_px",
    "not_assessable_px",
    *_SUMS,
    "junctions_y",
    "junctions_t",
    "junctions_x",
    "tortuosity",
    "person_px",
    "status",
    "reviewed_by",
    "reviewed_on",
    "model_sha256",
    "note",
)

LOSS_COLUMNS = (
    *_PLACE,
    "photo",
    "region_id",
    "class_key",
    "class_en",
    "class_zh",
    "area_px",
    "area_mm2",
    "box_left_px",
    "box_top_px",
    "box_width_px",
    "box_height_px",
    "centroid_x_mm",
    "centroid_y_mm",
    "edge_px",
    "mm_per_px",
    "mm_per_px_se",
    "model_sha256",
)

PARAMETER_COLUMNS = ("parameter", "value")


def building_rows(report: ConditionReport) -> list[Row]:
    """A row for each building."""
    return [
        {
            "site": place.levels[0] or None,
            "building": place.levels[1] or None,
            "photos": len(place.photos),
            "not_counted": len(place.left_out),
            **_sums(place),
        }
        for place in report.buildings
    ]


def photo_rows(report: ConditionReport) -> list[Row]:
    """A row for each photo."""
    return [_photo_row(entry) for entry in report.photos]


def loss_rows(report: ConditionReport) -> Iterator[Row]:
    """A row for each connected paint loss, largest first on each photo."""
    names = report.classes
    for entry in report.photos:
        for loss in entry.figures.losses.regions:
            defect = names.by_id(loss.region.class_id)
            yield {
                **_place(entry),
                "photo": entry.figures.name,
                "class_key": defect.key,
                "class_en": defect.name_en,
                "class_zh": defect.name_zh,
                "model_sha256": entry.model.sha256 if entry.model else None,
                **_region(loss, entry.figures.scale),
            }


def parameter_rows(report: ConditionReport) -> list[Row]:
    """How the report was made."""
    found: list[tuple[str, Cell]] = [
        ("title", report.title),
        ("made", report.made.isoformat(timespec="seconds")),
        ("program", f"Caihua {report.app_version}"),
        ("operator", report.operator),
        ("reviewer", report.reviewer),
        ("photos", len(report.photos)),
        ("photos_taken", report.photos_taken or None),
        ("photos_not_yet_assessed", len(report.unseen) or None),
        ("not_yet_assessed", ", ".join(report.unseen)),
    ]
    for card in report.cards:
        found += [("model", card.name), ("model_sha256", card.sha256)]
        found.append(("training_data", card.trained_on))
        for key, scores in sorted(card.scores.items()):
            found += [
                (f"{key} {name}", value) for name, value in sorted(scores.items())
            ]
    for key, value in _thresholds(report):
        found.append((key, value))
    return [{"parameter": name, "value": value} for name, value in found if value]


def _thresholds(report: ConditionReport) -> list[tuple[str, Cell]]:
    """Thresholds and minimum areas, each one that was used anywhere, once."""
    seen: dict[tuple[str, Cell], None] = {}
    for entry in report.photos:
        if entry.model is not None:
            for key, value in sorted(entry.model.thresholds.items()):
                seen[f"threshold {key}", value] = None
            for key, least in sorted(entry.model.min_area_px.items()):
                seen[f"least area px {key}", least] = None
    return list(seen)


def _place(entry: PhotoEntry) -> Row:
    return {
        name: level or None
        for name, level in zip(_PLACE, entry.figures.levels, strict=True)
    }


def _photo_row(entry: PhotoEntry) -> Row:
    figures, scale = entry.figures, entry.figures.scale
    cracks = figures.craquelure
    return {
        **_place(entry),
        "photo": figures.name,
        "path": entry.path,
        "sha256": entry.sha256,
        "taken": entry.taken or None,
        "width_px": entry.width,
        "height_px": entry.height,
        "mm_per_px": scale.mm_per_px if scale else None,
        "mm_per_px_se": scale.mm_per_px_se if scale else None,
        "scale_method": scale.method if scale else None,
        "scale_operator": (scale.operator or None) if scale else None,
        "out_of_scope_px": figures.surface.out_of_scope_px,
        "not_assessable_px": figures.surface.not_assessable_px,
        **_sums(total([figures], figures.levels)),
        "junctions_y": cracks.junctions_y,
        "junctions_t": cracks.junctions_t,
        "junctions_x": cracks.junctions_x,
        "tortuosity": cracks.tortuosity,
        "person_px": entry.person_px,
        "status": entry.review or None,
        "reviewed_by": entry.reviewed_by or None,
        "reviewed_on": entry.reviewed_on or None,
        "model_sha256": entry.model.sha256 if entry.model else None,
        "note": entry.note or None,
    }


def _region(loss: LossRegion, scale: Scale | None) -> Row:
    region = loss.region
    return {
        "region_id": region.id,
        "area_px": region.area_px,
        "area_mm2": scale.mm2(region.area_px) if scale else None,
        "box_left_px": region.box.left,
        "box_top_px": region.box.top,
        "box_width_px": region.box.width,
        "box_height_px": region.box.height,
        "centroid_x_mm": scale.mm(region.centroid_x) if scale else None,
        "centroid_y_mm": scale.mm(region.centroid_y) if scale else None,
        "edge_px": loss.edge_px,
        "mm_per_px": scale.mm_per_px if scale else None,
        "mm_per_px_se": scale.mm_per_px_se if scale else None,
    }


def _sums(place: Total) -> Row:
    unit, square = ("mm", "mm2") if place.in_mm else ("px", "px")
    widths = place.widths
    row: Row = {
        f"assessed_{square}": place.assessed,
        "coverage_pct": 100 * place.coverage,
        "paint_loss_regions": place.loss_regions,
        f"paint_loss_{square}": place.loss,
        "paint_loss_pct": 100 * place.loss_share,
        f"craquelure_{square}": place.crack_area,
        f"length_{unit}": place.crack_length,
        "junctions": place.junctions,
        "free_ends": place.free_ends,
        "free_end_ratio": place.free_ends / place.branch_ends
        if place.branch_ends
        else None,
        "islands": place.islands,
        "checked_pct": 100 * place.checked_share,
    }
    if place.in_mm:
        row |= {
            "painted_mm2": place.painted,
            "density_mm_per_cm2": 100 * place.crack_density,
        }
    else:
        row["density_px_per_px2"] = place.crack_density
    if place.crack_length:
        row |= {
            f"width_median_{unit}": widths.quantile(0.5),
            f"width_mean_{unit}": widths.mean,
            f"width_p95_{unit}": widths.quantile(0.95),
            "width_below_measurable_pct": 100 * widths.too_narrow_share,
            "anisotropy": place.rose.anisotropy,
            "direction_deg": place.rose.direction_deg,
        }
    return row | _range(place.loss_range, place)


def _range(found: Interval | None, place: Total) -> Row:
    if found is None or not place.assessed:
        return {}
    row: Row = {
        "pct_lo95": 100 * found.low / place.assessed,
        "pct_hi95": 100 * found.high / place.assessed,
    }
    if place.in_mm:
        row |= {"paint_loss_lo95_mm2": found.low, "paint_loss_hi95_mm2": found.high}
    return row
