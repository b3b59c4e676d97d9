"""LabelMe's rules for a label file, as strict as its newest reader; and its painter.

Independent of `formats.labelme`: written from the format's description alone.
"""

import base64
import io
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

POINTS = {
    "point": 1,
    "rectangle": 2,
    "line": 2,
    "circle": 2,
    "mask": 2,
    "oriented_rectangle": 4,
}
KINDS = {*POINTS, "polygon", "linestrip", "points"}
TOP_KEYS = (
    "version",
    "flags",
    "shapes",
    "imagePath",
    "imageData",
    "imageHeight",
    "imageWidth",
)
SHAPE_KEYS = (
    "label",
    "points",
    "group_id",
    "description",
    "shape_type",
    "flags",
    "mask",
)


def problems(document: dict[str, Any], height: int, width: int) -> list[str]:
    """What LabelMe would refuse in a label file of a photo of this upright size."""
    found = []
    if tuple(document)[: len(TOP_KEYS)] != TOP_KEYS:
        found.append(f"keys are {list(document)}")
    path = document["imagePath"]
    if not isinstance(path, str) or not path or "\\" in path:
        found.append(f"imagePath is {path!r}")
    size = (document["imageHeight"], document["imageWidth"])
    if size != (height, width) or any(type(side) is not int for side in size):
        found.append(f"size is {size}")
    if document["imageData"] is not None and not isinstance(document["imageData"], str):
        found.append("imageData is neither text nor null")
    found += _flags(document["flags"], "file")
    for number, shape in enumerate(document["shapes"]):
        found += [f"shapes[{number}]: {problem}" for problem in _of_shape(shape)]
    return found


def painted(document: dict[str, Any]) -> NDArray[np.str_]:
    """The label of each pixel by the mask shapes, empty where there is none."""
    size = (document["imageHeight"], document["imageWidth"])
    labels = np.full(size, "", dtype="U20")
    for shape in document["shapes"]:
        (x1, y1), (x2, y2) = ((int(x), int(y)) for x, y in shape["points"])
        pixels = _decoded(shape["mask"])
        assert not labels[y1 : y2 + 1, x1 : x2 + 1][pixels].any(), "painted twice"
        labels[y1 : y2 + 1, x1 : x2 + 1][pixels] = shape["label"]
    return labels


def _of_shape(shape: dict[str, Any]) -> list[str]:
    rules = {
        "keys": tuple(shape)[: len(SHAPE_KEYS)] == SHAPE_KEYS,
        "label": isinstance(shape["label"], str),
        "shape_type": shape["shape_type"] in KINDS,
        "group_id": shape["group_id"] is None or type(shape["group_id"]) is int,
        "description": isinstance(shape["description"], str | None),
        "mask": (shape["shape_type"] == "mask") == (shape["mask"] is not None),
    }
    found = [f"{key} is {shape.get(key)!r}" for key, kept in rules.items() if not kept]
    return found + _geometry(shape) + _flags(shape["flags"], "shape")


def _geometry(shape: dict[str, Any]) -> list[str]:
    kind, points = shape["shape_type"], shape["points"]
    if not points or not all(_is_point(point) for point in points):
        return [f"points are {points!r}"]
    if len(points) != POINTS.get(kind, len(points)):
        return [f"{kind} has {len(points)} points"]
    if kind != "mask" or shape["mask"] is None:
        return []
    return _mask_box(points, _decoded(shape["mask"]))


def _mask_box(points: list[list[float]], pixels: NDArray[np.bool_]) -> list[str]:
    (x1, y1), (x2, y2) = points
    if not all(float(v).is_integer() for v in (x1, y1, x2, y2)):
        return [f"mask corners are {points}, not whole pixels"]
    if pixels.shape != (y2 - y1 + 1, x2 - x1 + 1):
        return [f"mask of {pixels.shape} does not fit its inclusive corners {points}"]
    return []


def _decoded(text: str) -> NDArray[np.bool_]:
    with Image.open(io.BytesIO(base64.b64decode(text, validate=True))) as picture:
        assert picture.format == "PNG"
        pixels = np.array(picture)
    assert pixels.ndim == 2
    return np.asarray(pixels > 0, np.bool_)


def _is_point(point: object) -> bool:
    return (
        isinstance(point, list)
        and len(point) == 2
        and all(type(v) in (int, float) and math.isfinite(v) for v in point)
    )


def _flags(flags: object, where: str) -> list[str]:
    good = isinstance(flags, dict) and all(type(v) is bool for v in flags.values())
    return [] if good or flags is None else [f"{where} flags are {flags!r}"]
