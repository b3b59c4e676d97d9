"""LabelMe JSON, written so that LabelMe 5.3 and later read it without loss.

Every region is a `mask` shape: polygons lose holes, and 13 % of the overlap at 1 px
of tolerance. Large regions come in pieces that share a `group_id`.
"""

import base64
import json
import os
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.defects import DEFAULT_CLASSES, DefectClasses
from resunet_core.errors import CaihuaError
from resunet_core.files import replacing
from resunet_core.mask.regions import RegionPiece

# The newest version whose command line rasterises what is written here; readers
# ignore the value.
LABELME_VERSION = "5.11.4"
SLOW_IN_LABELME_MP = 4.0
METADATA_KEY = "caihua"
EMPTY_SHAPES = '"shapes": []'


@dataclass(frozen=True)
class LabelmePhoto:
    """The photo that a label file is about; sizes are upright."""

    path: Path
    width: int
    height: int


def write_labelme(
    path: Path,
    photo: LabelmePhoto,
    pieces: Iterable[RegionPiece],
    *,
    classes: DefectClasses = DEFAULT_CLASSES,
    metadata: Mapping[str, Any] | None = None,
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

    Raises:
        CaihuaError: It cannot be written, or a file of another origin is there.
    """
    _refuse_foreign(path)
    document: dict[str, Any] = {
        "version": LABELME_VERSION,
        "flags": {},
        "shapes": [],
        "imagePath": _relative(photo.path, path.parent),
        "imageData": None,
        "imageHeight": photo.height,
        "imageWidth": photo.width,
        METADATA_KEY: dict(metadata or {}),
    }
    # Shape by shape: a large photo has hundreds of thousands, and the document whole
    # would take ten times the memory of its text.
    head, shapes, tail = _text(document).partition(EMPTY_SHAPES)
    with (
        replacing(path) as beside,
        beside.open("w", encoding="utf-8", newline="\n") as stream,
    ):
        stream.write(head + shapes[:-1])
        between = "\n"
        for piece in pieces:
            shape = textwrap.indent(_text(_mask_shape(piece, classes)), "    ")
            stream.write(between + shape)
            between = ",\n"
        stream.write(("" if between == "\n" else "\n  ") + "]" + tail + "\n")


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _refuse_foreign(path: Path) -> None:
    if not path.exists():
        return
    try:
        ours = METADATA_KEY in json.loads(path.read_bytes())
    except (OSError, ValueError, TypeError, RecursionError):
        ours = False
    if not ours:
        raise CaihuaError(
            f"{path} is there already and is not from Caihua.",
            "Choose another folder for the results, so that it is not lost.",
        )


def _mask_shape(piece: RegionPiece, classes: DefectClasses) -> dict[str, Any]:
    box = piece.box
    return {
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


def _png_base64(pixels: NDArray[np.bool_]) -> str:
    done, data = cv2.imencode(".png", pixels.astype(np.uint8))
    if not done:
        raise RuntimeError("OpenCV cannot write PNG")
    return base64.b64encode(data.tobytes()).decode("ascii")


def _relative(target: Path, folder: Path) -> str:
    try:
        relative = os.path.relpath(target.resolve(), folder.resolve())
    except ValueError:  # another drive on Windows: there is no relative path
        return target.resolve().as_posix()
    return PurePath(relative).as_posix()
