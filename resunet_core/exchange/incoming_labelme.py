"""LabelMe files and tile packs on their way into a project."""

import base64
import binascii
from collections.abc import Mapping
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from resunet_core.box import Box
from resunet_core.errors import BadAnnotation
from resunet_core.exchange.incoming import (
    Ids,
    ImportOptions,
    Incoming,
    Where,
    all_labels,
    differences,
    scale_of,
    text_of,
)
from resunet_core.exchange.part import only_within, told_part
from resunet_core.exchange.turned import turned_size, upright
from resunet_core.formats.json_file import read_json
from resunet_core.formats.labelme_polygons import outlines_of, paint_outlines
from resunet_core.formats.labelme_reader import LabelmeFile, photo_named, read_labelme
from resunet_core.formats.mask_digest import mask_digest
from resunet_core.mask.regions import ArrayMask

TILES_KEY = "caihua_tiles"


def incoming_labelme(path: Path, options: ImportOptions) -> Incoming:
    """A label file about a whole photo.

    Raises:
        BadAnnotation: It cannot be read.
    """
    file = read_labelme(path, options.names)
    notes = []
    if file.without_area:
        notes.append(f"{path.name} has {file.without_area} points, which cover no area")
    return Incoming(
        path,
        _photo(file),
        partial(_changes, file, options),
        sha256=text_of(file.metadata, "photo_sha256"),
        state=text_of(file.metadata, "project_state"),
        mm_per_px=scale_of(file.metadata),
        picture=partial(_embedded, file) if file.document.get("imageData") else None,
        notes=tuple(notes),
    )


def _photo(file: LabelmeFile) -> Path:
    """The photo itself where the file is about a copy that Caihua made of it."""
    said = text_of(file.metadata, "photo")
    try:
        original = photo_named(said, file.path.parent) if said else file.photo
        return original if original.is_file() else file.photo
    except (OSError, ValueError):  # not ours after all
        return file.photo


def _changes(
    file: LabelmeFile,
    options: ImportOptions,
    current: Ids,
    *,
    continues: bool,
) -> tuple[Ids, Where]:
    ids = _painted(file, options, current)
    if file.metadata is None:
        if not any(shape.has_area for shape in file.shapes):
            return current, np.zeros(current.shape, np.bool_)
        return all_labels(ids, current)
    exported = text_of(file.metadata, "exported_sha256")
    # As it was exported: then what the project did since is not taken back.
    if continues and exported and exported == mask_digest(ArrayMask(ids)):
        return current, np.zeros(current.shape, np.bool_)
    return differences(ids, _baseline(file.metadata, options, current))


def _painted(file: LabelmeFile, options: ImportOptions, current: Ids) -> Ids:
    height, width = current.shape
    if file.size == (width, height) != (height, width):
        orientation = turned_size(file.photo)
        if orientation:  # the program did not heed EXIF
            raw = file.painted(width, height, line_width_px=options.line_width_px)
            return upright(raw, orientation)
    return file.painted(height, width, line_width_px=options.line_width_px)


def _baseline(metadata: Mapping[str, Any], options: ImportOptions, current: Ids) -> Ids:
    """The mask as it looks once it has gone through the way it was exported."""
    current = only_within(told_part(metadata, *current.shape), current)
    tolerance = metadata.get("tolerance_px")
    if metadata.get("mode") != "polygons" or not isinstance(tolerance, int | float):
        return current
    outlines = outlines_of(
        current, tolerance_px=float(tolerance), classes=options.classes
    )
    return paint_outlines(outlines, current.shape)


def _embedded(file: LabelmeFile) -> bytes:
    try:
        return base64.b64decode(file.document["imageData"], validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise BadAnnotation(
            f"The photo inside {file.path} is damaged.", "Put the photo beside it."
        ) from error


def is_tile_index(document: object) -> bool:
    """Whether parsed JSON is the index of a tile pack."""
    return isinstance(document, dict) and TILES_KEY in document


def incoming_tiles(path: Path, options: ImportOptions) -> list[Incoming]:
    """The photos of a tile pack, from its index.

    Raises:
        BadAnnotation: The index is damaged, or names files outside of its folder.
    """
    document = read_json(path, "the index of a tile pack")
    try:
        return [_pack(path, photo, options) for photo in document["photos"]]
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise BadAnnotation(
            f"{path} is damaged: it does not say where the tiles lie.",
            "Take it from the export again.",
        ) from error


def _pack(path: Path, photo: Mapping[str, Any], options: ImportOptions) -> Incoming:
    size = (int(photo["height"]), int(photo["width"]))
    tiles = []
    for tile in photo["tiles"]:
        name = PurePosixPath(str(tile["file"]))
        if name.is_absolute() or ".." in name.parts or "\\" in str(name):
            raise ValueError(f"a tile outside of the folder: {name}")
        box = Box(*(int(side) for side in tile["box"]))
        tiles.append((path.parent / name, box, str(tile["exported_sha256"])))
    return Incoming(
        path,
        photo_named(str(photo["photo"]), path.parent),
        partial(_tile_changes, tiles, size, options),
        sha256=str(photo["sha256"]),
        state=text_of(photo, "project_state"),
    )


def _tile_changes(
    tiles: list[tuple[Path, Box, str]],
    size: tuple[int, int],
    options: ImportOptions,
    current: Ids,
    *,
    continues: bool,
) -> tuple[Ids, Where]:
    if current.shape != size:
        raise BadAnnotation(
            f"The tiles are of a photo of {size}, not {current.shape} "
            "(height, width in px).",
            "Export the tiles again.",
        )
    ids, where = np.zeros_like(current), np.zeros(current.shape, np.bool_)
    for path, box, exported in tiles:
        if box.clip(Box.of(*size)) != box or box.is_empty:
            raise BadAnnotation(
                f"{path} lies outside of its photo.",
                "Check that it belongs to this photo, then export it again.",
            )
        if not path.is_file():
            continue  # tiles may be handed to several people, and some come later
        file = read_labelme(path, options.names)
        found = file.painted(box.height, box.width, line_width_px=options.line_width_px)
        if not continues or mask_digest(ArrayMask(found)) != exported:
            ids[box.slices], where[box.slices] = differences(found, current[box.slices])
    return ids, where
