"""LabelMe JSON, written so that LabelMe 5.3 and later read it without loss.

Every region is a `mask` shape: polygons lose holes, and 13 % of the overlap at 1 px
of tolerance. Large regions come in pieces that share a `group_id`.
"""

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.defects import DEFAULT_CLASSES, DefectClasses
from resunet_core.formats.labelme_shapes import METADATA_KEY
from resunet_core.formats.labelme_stream import (
    LabelmePhoto,
    Shape,
    Staged,
    write_shapes,
)
from resunet_core.mask.regions import RegionPiece

__all__ = ["SLOW_IN_LABELME_MP", "LabelmePhoto", "Origin", "write_labelme"]

SLOW_IN_LABELME_MP = 4.0

Origin = Literal["model", "person", "edited"]
"""Who set the pixels of a shape; `edited`: both."""


def write_labelme(
    path: Path | Staged,
    photo: LabelmePhoto,
    pieces: Iterable[RegionPiece],
    *,
    classes: DefectClasses = DEFAULT_CLASSES,
    metadata: Mapping[str, Any] | None = None,
    origin_of: Callable[[RegionPiece], Origin] | None = None,
) -> None:
    """Write the label file of one photo, whole or not at all.

    A file that is there is replaced only if it is one of ours: labels that a person
    drew beside the photo are not lost.

    Args:
        path: Of the JSON file.
        photo: Named in it by a path relative to `path`.
        pieces: All regions of the mask.
        classes: Gives each region's label: the class key.
        metadata: Kept under the key `caihua`, which LabelMe carries along.
        origin_of: Says of each piece who made it, where that is known.

    Raises:
        CaihuaError: It cannot be written, or a file of another origin is there.
    """
    shapes = (
        _mask_shape(_at_least_two_px(piece, photo), classes, origin_of)
        for piece in pieces
    )
    write_shapes(path, photo, shapes, metadata or {})


def _at_least_two_px(piece: RegionPiece, photo: LabelmePhoto) -> RegionPiece:
    """A piece whose corners differ: LabelMe's window drops the second of two equal."""
    if piece.box.area > 1:
        return piece
    box = piece.box
    for wider in (replace(box, right=box.right + 1), replace(box, left=box.left - 1)):
        if wider.clip(Box.of(photo.height, photo.width)) == wider:
            pixels = np.zeros((wider.height, wider.width), np.bool_)
            pixels[box.within(wider).slices] = piece.pixels
            return replace(piece, box=wider, pixels=pixels)
    return piece


def _mask_shape(
    piece: RegionPiece,
    classes: DefectClasses,
    origin_of: Callable[[RegionPiece], Origin] | None,
) -> Shape:
    box = piece.box
    shape: Shape = {
        "label": classes.by_id(piece.region.class_id).key,
        # Corners are inclusive: LabelMe's own exporters fail on anything else.
        "points": [
            [float(box.left), float(box.top)],
            [float(box.right - 1), float(box.bottom - 1)],
        ],
        "group_id": piece.region.id,
        "description": "",
        "shape_type": "mask",
        "flags": {},
        "mask": _png_base64(piece.pixels),
    }
    if origin_of is not None:
        shape[METADATA_KEY] = {"origin": origin_of(piece)}
    return shape


def _png_base64(pixels: NDArray[np.bool_]) -> str:
    done, data = cv2.imencode(".png", pixels.astype(np.uint8))
    if not done:
        raise RuntimeError("OpenCV cannot write PNG")
    return base64.b64encode(data.tobytes()).decode("ascii")
