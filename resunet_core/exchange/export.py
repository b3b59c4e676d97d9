"""Every format that masks can be exported to, and the one way to do it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from resunet_core.box import Box
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
from resunet_core.exchange.options import (
    TILE_PX,
    Exporter,
    ExportOptions,
    ExportOutcome,
)
from resunet_core.exchange.part import part_of
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
        tiles: Whether the size of its tiles can be chosen.
        takes_part: Whether it can say that it is about a part of a photo alone.
    """

    name: str
    title: str
    export: Exporter
    simplifies: bool = False
    tiles: bool = False
    takes_part: bool = True


_ALL = (
    Format("labelme", "LabelMe, lossless masks", export_labelme),
    Format("labelme-polygons", "LabelMe, polygons", export_polygons, simplifies=True),
    Format("labelme-tiles", "LabelMe, tiles that open fast", export_tiles, tiles=True),
    Format("dataset", "Training data of what is checked", export_dataset),
    Format("mask", "Masks as pictures", export_masks),
    Format("coco", "COCO, run lengths", export_coco, takes_part=False),
    Format(
        "yolo-seg",
        "YOLO segmentation",
        export_yolo,
        simplifies=True,
        takes_part=False,
    ),
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
        WrongUsage: There is no such format, nothing to export, or an option that the
            format or the photos do not take.
        CaihuaError: The folder cannot be written to, or holds files of others that
            an export would replace.
    """
    if name not in FORMATS:
        raise WrongUsage(
            f"There is no format {name!r}.", f"Name one of {', '.join(FORMATS)}."
        )
    if not sources:
        raise WrongUsage("There is no photo to export.", "Add photos first.")
    options = options or ExportOptions()
    if not TILE_PX[0] <= options.tile_px <= TILE_PX[1]:
        raise WrongUsage(
            f"Tiles of {options.tile_px} px are not possible.",
            f"Choose {TILE_PX[0]} to {TILE_PX[1]} px.",
        )
    remarks: tuple[str, ...] = ()
    if options.part is not None:
        alone = _part_alone(name, sources, options.part)
        box, sources = alone.told, [alone]
        remarks = (
            f"Only an area of {box.width} by {box.height} px is in it, and the names "
            f"of the files say so.",
        )
    with Delivery(folder, [source.path for source in sources]) as delivery:
        done = yield from FORMATS[name].export(delivery, sources, options)
    return replace(done, notes=(*remarks, *done.notes))


def _part_alone(name: str, sources: Sequence[PhotoSource], part: Box) -> PhotoSource:
    if not FORMATS[name].takes_part:
        raise WrongUsage(
            f"{FORMATS[name].title} cannot say that it is about an area alone: the "
            "rest of the photo would pass for sound.",
            "Export the whole photo, or choose another format.",
        )
    if len(sources) != 1:
        raise WrongUsage("An area is of one photo.", "Choose that photo alone.")
    return part_of(sources[0], part)
