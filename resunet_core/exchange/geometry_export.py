"""Outlines of damage for maps, CAD drawings and annotation servers."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from resunet_core import __version__
from resunet_core.exchange.options import PhotoJob, each_photo
from resunet_core.exchange.paths import from_folder
from resunet_core.files import write_text
from resunet_core.formats.dxf import Drawn, write_dxf
from resunet_core.formats.georeference import Georeference, georeference_of
from resunet_core.formats.rings import Geometry, parts_of, region_polygons
from resunet_core.mask.regions import Region, RegionMap
from resunet_core.progress import Steps

EXACT_PX = 0.0
"""Unless a tolerance is chosen: simplifying a network of cracks takes minutes and saves
little, as the lines of its two sides are so near to each other."""

NO_SCALE = "has no scale, so that its outlines are in pixels"


@dataclass(frozen=True)
class _Frame:
    """How pixels become coordinates: y upwards, in `unit`."""

    place: Callable[[Any], Any]
    unit: str
    crs: str = ""


def write_geojson(job: PhotoJob) -> Steps[Sequence[str]]:
    """NAME.geojson: a feature for each region, in mm, or where the photo lies."""
    source = job.source
    frame, remarks = _frame(job, georeference_of(source.path))
    found = yield from _regions(job)
    features = [
        {
            "type": "Feature",
            "id": region.id,
            "properties": _properties(job, region),
            "geometry": json.loads(shapely.to_geojson(frame.place(geometry))),
        }
        for region, geometry in found
    ]
    document = {
        "type": "FeatureCollection",
        "name": source.name,
        # Null says that the coordinates are those of a drawing, not of the earth.
        "crs": {"type": "name", "properties": {"name": frame.crs}}
        if frame.crs
        else None,
        "caihua": source.metadata()
        | {
            "unit": frame.unit,
            "tolerance_px": job.tolerance(EXACT_PX),
            "version": __version__,
        },
        "features": features,
    }
    text = json.dumps(document, ensure_ascii=False)
    write_text(job.delivery.place(f"{source.name}.geojson"), text + "\n")
    return remarks


def write_drawing(job: PhotoJob) -> Steps[Sequence[str]]:
    """NAME.dxf: a layer for each class, in mm, or px where no scale is set."""
    frame, remarks = _frame(job, None)
    found = yield from _regions(job)
    drawn = (
        Drawn(job.options.classes.by_id(region.class_id), part)
        for region, geometry in found
        for part in parts_of(frame.place(geometry))
    )
    path = job.delivery.place(f"{job.source.name}.dxf")
    write_dxf(path, drawn, job.options.classes, in_mm=frame.unit == "mm")
    return remarks


def write_annotations(job: PhotoJob) -> Steps[Sequence[str]]:
    """NAME.annotations.json: W3C Web Annotation, an SVG outline for each region."""
    source = job.source
    found = yield from _regions(job)
    target = from_folder(source.path, job.delivery.folder)
    items = [_annotation(job, region, geometry, target) for region, geometry in found]
    document = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": f"urn:sha256:{source.sha256}#annotations",
        "type": "AnnotationPage",
        "items": items,
    }
    text = json.dumps(document, ensure_ascii=False)
    write_text(job.delivery.place(f"{source.name}.annotations.json"), text + "\n")
    return ()


export_geojson = each_photo(write_geojson)
export_dxf = each_photo(write_drawing)
export_annotations = each_photo(write_annotations)


def _regions(job: PhotoJob) -> Steps[list[tuple[Region, Geometry]]]:
    regions = RegionMap(job.mask(), job.options.classes)
    return (yield from region_polygons(regions, job.tolerance(EXACT_PX)))


def _frame(
    job: PhotoJob, georeference: Georeference | None
) -> tuple[_Frame, tuple[str, ...]]:
    if georeference is not None:
        a, b, d, e, c, f = georeference.matrix
        matrix, shift = np.array([[a, b], [d, e]]), np.array([c, f])

        def on_map(geometry: Geometry) -> Geometry:
            return shapely.transform(geometry, lambda xy: xy @ matrix.T + shift)

        return _Frame(on_map, "map", georeference.crs), ()
    scale, height = job.source.mm_per_px, job.source.height
    factor = scale or 1.0

    def upwards(geometry: Geometry) -> Geometry:
        return shapely.transform(
            geometry, lambda xy: np.column_stack([xy[:, 0], height - xy[:, 1]]) * factor
        )

    if scale is None:
        return _Frame(upwards, "px"), (NO_SCALE,)
    return _Frame(upwards, "mm"), ()


def _properties(job: PhotoJob, region: Region) -> dict[str, Any]:
    """Areas are those of the mask, not of the outline."""
    defect, scale = job.options.classes.by_id(region.class_id), job.source.mm_per_px
    known: dict[str, Any] = {
        "class": defect.key,
        "class_en": defect.name_en,
        "class_zh": defect.name_zh,
        "area_px": region.area_px,
    }
    if scale is not None:
        known["area_mm2"] = region.area_px * scale**2
    return known


def _annotation(
    job: PhotoJob, region: Region, geometry: Geometry, target: str
) -> dict[str, Any]:
    defect = job.options.classes.by_id(region.class_id)
    lines = [
        "M" + "L".join(f"{x:g},{y:g}" for x, y in ring.coords[:-1]) + "Z"
        for part in parts_of(geometry)
        for ring in (part.exterior, *part.interiors)
    ]
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg">'
        f'<path fill-rule="evenodd" d="{"".join(lines)}"/></svg>'
    )
    return {
        "id": f"urn:sha256:{job.source.sha256}#region-{region.id}",
        "type": "Annotation",
        "motivation": "classifying",
        "body": [
            {
                "type": "TextualBody",
                "purpose": "tagging",
                "value": value,
                "language": language,
            }
            for value, language in ((defect.name_en, "en"), (defect.name_zh, "zh-CN"))
        ],
        "target": {
            "source": target,
            "selector": {"type": "SvgSelector", "value": svg},
        },
        "caihua": {"class": defect.key, "area_px": region.area_px},
    }
