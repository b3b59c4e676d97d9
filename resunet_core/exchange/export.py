"""Every format that masks can be exported to, and the one way to do it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from resunet_core.errors import WrongUsage
from resunet_core.exchange.coco_export import export_coco, export_yolo
from resunet_core.exchange.delivery import Delivery
from resunet_core.exchange.geometry_export import (
    export_annotations,
    export_dxf,
    export_geojson,
)
from resunet_core.exchange.labelme_export import (
    export_labelme,
    export_polygons,
    export_tiles,
)
from resunet_core.exchange.mask_export import export_dataset, export_masks
from resunet_core.exchange.options import Exporter, ExportOptions, ExportOutcome
from resunet_core.exchange.sources import PhotoSource
from resunet_core.progress import Steps


@dataclass(frozen=True)
class Format:
    """A format to export to, as a person chooses it.

    Attributes:
        name: As the command line calls it.
        title: What it is, in a few words; the key of its translation.
        export: Writes it.
        simplifies: Whether a tolerance in px can be chosen.
    """

    name: str
    title: str
    export: Exporter
    simplifies: bool = False


_ALL = (
    Format("labelme", "LabelMe, lossless masks", export_labelme),
    Format("labelme-polygons", "LabelMe, polygons", export_polygons, simplifies=True),
    Format("labelme-tiles", "LabelMe, tiles that open fast", export_tiles),
    Format("dataset", "Training data of what is checked", export_dataset),
    Format("mask", "Masks as pictures", export_masks),
    Format("coco", "COCO, run lengths", export_coco),
    Format("yolo-seg", "YOLO segmentation", export_yolo, simplifies=True),
    Format("geojson", "GeoJSON outlines in mm", export_geojson, simplifies=True),
    Format("dxf", "DXF drawing, a layer a class", export_dxf, simplifies=True),
    Format("webannotation", "W3C annotations", export_annotations, simplifies=True),
)
FORMATS: Mapping[str, Format] = {one.name: one for one in _ALL}
"""All formats by name, in the order in which they are offered."""


def export(
    sources: Sequence[PhotoSource],
    name: str,
    folder: Path,
    options: ExportOptions | None = None,
) -> Steps[ExportOutcome]:
    """Export photos into a folder: all files appear when all are written, or none.

    A photo that cannot be exported is named in the outcome; the others are written.

    Raises:
        WrongUsage: There is no such format, or nothing to export.
        CaihuaError: The folder cannot be written to, or holds files of others that
            an export would replace.
    """
    if name not in FORMATS:
        raise WrongUsage(
            f"There is no format {name!r}.", f"Name one of {', '.join(FORMATS)}."
        )
    if not sources:
        raise WrongUsage("There is no photo to export.", "Add photos first.")
    with Delivery(folder, [source.path for source in sources]) as delivery:
        return (
            yield from FORMATS[name].export(
                delivery, sources, options or ExportOptions()
            )
        )
