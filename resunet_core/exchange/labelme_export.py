"""LabelMe: whole photos as masks or polygons, or in tiles that LabelMe shows fast."""

import json
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import cv2

from resunet_core.box import Box
from resunet_core.errors import UnreadablePhoto
from resunet_core.exchange.delivery import Delivery
from resunet_core.exchange.options import (
    ExportOptions,
    ExportOutcome,
    PhotoJob,
    each_photo,
)
from resunet_core.exchange.paths import from_folder
from resunet_core.exchange.sources import OriginReader, PhotoSource
from resunet_core.files import write_bytes, write_text
from resunet_core.formats.labelme import (
    SLOW_IN_LABELME_MP,
    LabelmePhoto,
    Origin,
    write_labelme,
)
from resunet_core.formats.labelme_polygons import (
    TOLERANCE_PX,
    outlines_of,
    paint_outlines,
    write_labelme_polygons,
)
from resunet_core.formats.labelme_stream import Staged
from resunet_core.formats.mask_digest import mask_digest
from resunet_core.formats.photo_lint import SAYS, Fault, lint_photo, write_proxy
from resunet_core.imaging.pyramid import Pyramid, build_pyramid
from resunet_core.mask.regions import ArrayMask, MaskReader, RegionMap, RegionPiece
from resunet_core.progress import Progress, Steps

TILE_INDEX = "index.json"
NEEDS_PROXY: frozenset[Fault] = frozenset({"cmyk", "deep", "turned", "raw", "heic"})
SLOW = (
    f"LabelMe is slow on masks of more than {SLOW_IN_LABELME_MP:g} megapixels; "
    "labelme-tiles is faster to work on"
)


def write_whole(job: PhotoJob) -> Steps[Sequence[str]]:
    """NAME.json of mask shapes, lossless."""
    mask = job.mask()
    yield Progress(0, 1, job.source.name)
    shown, remarks = _shown(job)
    metadata = _metadata(job) | {
        "mode": "mask",
        "exported_sha256": mask_digest(mask),
    }
    write_labelme(
        _staged(job, f"{job.source.name}.json"),
        shown,
        RegionMap(mask, job.options.classes).pieces(),
        classes=job.options.classes,
        metadata=metadata,
        origin_of=_origin_reader(mask),
    )
    if mask.height * mask.width > SLOW_IN_LABELME_MP * 1e6:
        remarks.append(SLOW)
    return remarks


def write_polygons(job: PhotoJob) -> Steps[Sequence[str]]:
    """NAME.json of polygons, holes as later background shapes."""
    mask, tolerance = job.mask(), job.tolerance(TOLERANCE_PX)
    yield Progress(0, 2, job.source.name)
    shown, remarks = _shown(job)
    pixels = mask.read(Box.of(mask.height, mask.width))
    classes = job.options.classes
    outlines = outlines_of(pixels, tolerance_px=tolerance, classes=classes)
    yield Progress(1, 2, job.source.name)
    drawn = paint_outlines(outlines, pixels.shape)
    metadata = _metadata(job) | {
        "mode": "polygons",
        "tolerance_px": tolerance,
        "exported_sha256": mask_digest(ArrayMask(drawn)),
    }
    write_labelme_polygons(
        _staged(job, f"{job.source.name}.json"),
        shown,
        outlines,
        classes=classes,
        metadata=metadata,
    )
    lost = float((drawn != pixels).mean())
    remarks.append(
        f"polygons within {tolerance:g} px differ from the mask in {lost:.2%} of "
        "all pixels; count areas from masks"
    )
    return remarks


export_labelme = each_photo(write_whole)
export_polygons = each_photo(write_polygons)


def export_tiles(
    delivery: Delivery, sources: Sequence[PhotoSource], options: ExportOptions
) -> Steps[ExportOutcome]:
    """NAME/ROW_COLUMN.jpg with .json for each tile, and one index.json."""
    photos: list[dict[str, Any]] = []

    def write(job: PhotoJob) -> Steps[Sequence[str]]:
        photos.append((yield from _write_pack(job)))
        return ()

    outcome = yield from each_photo(write)(delivery, sources, options)
    document = {"caihua_tiles": 1, "photos": photos}
    text = json.dumps(document, ensure_ascii=False, indent=2)
    write_text(delivery.place(TILE_INDEX), text + "\n")
    return outcome


def _write_pack(job: PhotoJob) -> Steps[dict[str, Any]]:
    source, photo, mask = job.source, job.photo(), job.mask()
    pyramid = yield from build_pyramid(photo)
    tiles = []
    try:
        boxes = tile_boxes(source.told, job.options.tile_px)
        for number, box in enumerate(boxes):
            yield Progress(number, len(boxes), source.name)
            tiles.append(_write_tile(job, pyramid, mask, box))
    finally:
        pyramid.close()
    return {
        "name": source.name,
        "photo": from_folder(source.path, job.delivery.folder),
        "sha256": photo.sha256,
        "project_state": source.state,
        "height": photo.height,
        "width": photo.width,
        "tiles": tiles,
    }


def tile_boxes(told: Box, tile_px: int) -> list[Box]:
    """The tiles of a rectangle, at most `tile_px` a side, none of them a sliver."""
    rows, columns = (max(1, -(-side // tile_px)) for side in (told.height, told.width))
    tops = [told.top + told.height * k // rows for k in range(rows + 1)]
    lefts = [told.left + told.width * k // columns for k in range(columns + 1)]
    return [
        Box(top, left, bottom, right)
        for top, bottom in pairwise(tops)
        for left, right in pairwise(lefts)
    ]


def _write_tile(
    job: PhotoJob, pyramid: Pyramid, mask: MaskReader, box: Box
) -> dict[str, Any]:
    stem = f"{job.source.name}/{box.top:06d}_{box.left:06d}"
    done, data = cv2.imencode(
        ".jpg", pyramid.read(0, box)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 95]
    )
    if not done:
        raise RuntimeError("OpenCV cannot write JPEG")
    write_bytes(job.delivery.place(f"{stem}.jpg"), data.tobytes())
    tile = ArrayMask(mask.read(box))
    digest = mask_digest(tile)
    corners = [box.top, box.left, box.bottom, box.right]
    write_labelme(
        _staged(job, f"{stem}.json"),
        LabelmePhoto(job.delivery.final(f"{stem}.jpg"), box.width, box.height),
        RegionMap(tile, job.options.classes).pieces(),
        classes=job.options.classes,
        metadata=job.source.metadata()
        | {"mode": "tile", "box": corners, "exported_sha256": digest},
    )
    return {"file": f"{stem}.json", "box": corners, "exported_sha256": digest}


def _metadata(job: PhotoJob) -> dict[str, Any]:
    original = from_folder(job.source.path, job.delivery.folder)
    return job.source.metadata() | {"photo": original}


def _staged(job: PhotoJob, name: str) -> Staged:
    path = job.delivery.place(name, may_replace=True)
    return Staged(path, job.delivery.final(name))


def _shown(job: PhotoJob) -> tuple[LabelmePhoto, list[str]]:
    """The picture that LabelMe shall open: the photo, or a copy that it can open."""
    source = job.source
    photo = LabelmePhoto(source.path, source.width, source.height)
    try:
        faults = lint_photo(source.path)
    except UnreadablePhoto as error:
        return photo, [f"{error.message} LabelMe will not open it either."]
    remarks = [SAYS[fault] for fault in faults if fault == "too_large"]
    reasons = [SAYS[fault] for fault in faults if fault in NEEDS_PROXY]
    if not reasons:
        return photo, remarks
    name = f"{source.name}.proxy.jpg"
    write_proxy(source.path, job.delivery.place(name))
    remarks.append(f"{name} is a copy for LabelMe: {', '.join(reasons)}")
    return LabelmePhoto(job.delivery.final(name), source.width, source.height), remarks


def _origin_reader(mask: MaskReader) -> Callable[[RegionPiece], Origin] | None:
    if not isinstance(mask, OriginReader):
        return None

    def origin_of(piece: RegionPiece) -> Origin:
        drawn = mask.read_origin(piece.box)[piece.pixels]
        if not drawn.any():
            return "model"
        return "person" if drawn.all() else "edited"

    return origin_of
