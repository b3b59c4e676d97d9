"""COCO (run lengths, exact) and YOLO segmentation (polygons) for other trainings."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from resunet_core import __version__
from resunet_core.exchange.delivery import Delivery
from resunet_core.exchange.mask_export import write_picture
from resunet_core.exchange.options import (
    ExportOptions,
    ExportOutcome,
    PhotoJob,
    each_photo,
)
from resunet_core.exchange.paths import from_folder
from resunet_core.exchange.sources import PhotoSource
from resunet_core.files import write_text
from resunet_core.formats.hole_free import without_holes
from resunet_core.formats.rings import parts_of, region_polygons
from resunet_core.formats.runs import region_runs, to_rle
from resunet_core.mask.regions import RegionMap
from resunet_core.progress import Progress, Steps

ANNOTATIONS = "annotations.json"
EXACT_PX = 0.0


def export_coco(
    delivery: Delivery, sources: Sequence[PhotoSource], options: ExportOptions
) -> Steps[ExportOutcome]:
    """annotations.json: each region one annotation of compressed run lengths."""
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []

    def write(job: PhotoJob) -> Steps[Sequence[str]]:
        source, mask = job.source, job.mask()
        yield Progress(0, 1, source.name)
        image_id = len(images) + 1
        found = region_runs(RegionMap(mask, options.classes).pieces(), mask.height)
        images.append(
            {
                "id": image_id,
                "file_name": from_folder(source.path, delivery.folder),
                "height": mask.height,
                "width": mask.width,
                "caihua": source.metadata(),
            }
        )
        for region, runs in found:
            box = region.box
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": image_id,
                    "category_id": region.class_id,
                    "segmentation": to_rle(runs, mask.height, mask.width),
                    "area": region.area_px,
                    "bbox": [box.left, box.top, box.width, box.height],
                    "iscrowd": 1,  # which is how COCO says run lengths
                }
            )
        return ()

    outcome = yield from each_photo(write)(delivery, sources, options)
    document = {
        "info": {"description": "Caihua", "version": __version__},
        "images": images,
        "categories": [
            {"id": d.id, "name": d.key, "supercategory": "damage", "name_zh": d.name_zh}
            for d in options.classes
        ],
        "annotations": annotations,
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    write_text(delivery.place(ANNOTATIONS), text + "\n")
    return outcome


def export_yolo(
    delivery: Delivery, sources: Sequence[PhotoSource], options: ExportOptions
) -> Steps[ExportOutcome]:
    """images/, labels/ with a polygon a line, and data.yaml."""
    outcome = yield from each_photo(_write_yolo)(delivery, sources, options)
    names = "\n".join(f"  {k}: {d.key}" for k, d in enumerate(options.classes))
    text = f"path: .\ntrain: images\nval: images\nnames:\n{names}\n"
    write_text(delivery.place("data.yaml"), text)
    return outcome


def _write_yolo(job: PhotoJob) -> Steps[Sequence[str]]:
    source, mask = job.source, job.mask()
    job.photo()
    found = yield from region_polygons(
        RegionMap(mask, job.options.classes), job.tolerance(EXACT_PX)
    )
    index = {defect.id: k for k, defect in enumerate(job.options.classes)}
    size = np.array([mask.width, mask.height], np.float64)
    lines = []
    for region, geometry in found:
        parts = [p for whole in parts_of(geometry) for p in without_holes(whole)]
        for part in parts:
            ring = shapely.get_coordinates(part.exterior)[:-1] / size
            numbers = " ".join(f"{value:.6f}" for value in ring.ravel())
            lines.append(f"{index[region.class_id]} {numbers}\n")
    write_picture(job, "images")
    write_text(job.delivery.place(f"labels/{source.name}.txt"), "".join(lines))
    return ()
