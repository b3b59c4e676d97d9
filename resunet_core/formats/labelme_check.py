"""What LabelMe's strictest reader would refuse in a label file, said by us first."""

import math
from typing import Any

from resunet_core.formats.labelme_shapes import BadShape, read_png

TOP_KEYS = (
    *("version", "flags", "shapes", "imagePath", "imageData"),
    *("imageHeight", "imageWidth"),
)
POINTS = {"point": 1, "rectangle": 2, "line": 2, "circle": 2, "mask": 2}
KINDS = frozenset({*POINTS, "oriented_rectangle", "polygon", "linestrip", "points"})
Found = list[str]


def validate_labelme(document: object) -> Found:
    """What keeps LabelMe 5.3 to 7.9 from reading a label file, or its exporters.

    Args:
        document: The parsed JSON.

    Returns:
        One complaint for each fault, empty for a file that all of them take.
    """
    if not isinstance(document, dict):
        return ["the file is no JSON object"]
    missing = [key for key in TOP_KEYS if key not in document]
    if missing:
        return [f"keys are missing: {', '.join(missing)}"]
    found = _photo(document) + _flags(document["flags"], "flags")
    shapes = document["shapes"]
    if not isinstance(shapes, list):
        return [*found, "shapes is no list"]
    for number, shape in enumerate(shapes):
        found += [f"shapes[{number}]: {fault}" for fault in _shape(shape)]
    return found


def _photo(document: dict[str, Any]) -> Found:
    found: Found = []
    path, data = document["imagePath"], document["imageData"]
    if not isinstance(path, str) or not path or "\\" in path:
        found.append(f"imagePath is {path!r}")
    if data is not None and not isinstance(data, str):
        found.append("imageData is neither text nor null")
    sides = {key: document[key] for key in ("imageHeight", "imageWidth")}
    wrong = {k: side for k, side in sides.items() if type(side) is not int or side <= 0}
    return found + [f"{key} is {side!r}" for key, side in wrong.items()]


def _shape(shape: object) -> Found:
    if not isinstance(shape, dict):
        return ["is no object"]
    kind, mask = shape.get("shape_type"), shape.get("mask")
    group = shape.get("group_id")
    kept = {
        "label": isinstance(shape.get("label"), str) and bool(shape["label"]),
        "shape_type": isinstance(kind, str) and kind in KINDS,
        "group_id": group is None or type(group) is int,
        "description": isinstance(shape.get("description"), str | None),
        "mask": (kind == "mask") == (mask is not None),
    }
    found = [f"{key} is {shape.get(key)!r}" for key, good in kept.items() if not good]
    found += _flags(shape.get("flags"), "flags")
    points = shape.get("points")
    if not isinstance(points, list) or not points or not all(map(_is_point, points)):
        return [*found, "points are not pairs of finite numbers"]
    return found or _geometry(str(kind), points, mask)


def _geometry(kind: str, points: list[list[float]], mask: object) -> Found:
    count = len(points)
    if kind == "polygon" and count < 3:
        return [f"a polygon of {count} points stops the exporters"]
    if count != POINTS.get(kind, 4 if kind == "oriented_rectangle" else count):
        return [f"a {kind} of {count} points"]
    return _mask(points, mask) if kind == "mask" else []


def _mask(points: list[list[float]], mask: object) -> Found:
    (left, top), (right, bottom) = points
    if any(value != int(value) for point in points for value in point):
        return ["the corners of the mask are not whole pixels"]
    try:
        png = read_png(mask, ((left, top), (right, bottom)))
    except BadShape as error:
        return [str(error)]
    # Width and height stand in the PNG's header at a fixed place.
    width, height = (int.from_bytes(png[k : k + 4]) for k in (16, 20))
    if width != right - left + 1 or height != bottom - top + 1:
        return ["the corners of the mask are not inclusive"]
    return []


def _is_point(point: object) -> bool:
    return (
        isinstance(point, list)
        and len(point) == 2
        and all(type(v) in (int, float) and math.isfinite(v) for v in point)
    )


def _flags(flags: object, where: str) -> Found:
    good = isinstance(flags, dict) and all(type(v) is bool for v in flags.values())
    return [] if good or flags is None else [f"{where} are {flags!r}"]
