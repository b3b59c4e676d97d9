"""Shapes of LabelMe as values, and how each covers pixels."""

import base64
import binascii
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngImageFile

METADATA_KEY = "caihua"
"""Our own keys in a label file and in a shape; LabelMe carries them along."""

LINE_WIDTH_PX = 3
"""How wide a line is taken to be unless the person says otherwise."""

POINT_COUNTS = {
    "point": (1,),
    "rectangle": (2, 4),  # four corners: as X-AnyLabeling writes them
    "line": (2,),
    "circle": (2,),
    "mask": (1, 2),  # LabelMe's window drops a second corner that equals the first
    "oriented_rectangle": (4,),
    "rotation": (4,),
}
"""Kinds with a fixed number of points; polygons need three, lines two."""

LEAST_POINTS = {"polygon": 3, "linestrip": 2, "points": 1}
KINDS = (*POINT_COUNTS, *LEAST_POINTS)
WITHOUT_AREA = ("point", "points")
FURTHEST_PX = 4_000_000.0
"""Beyond eight times the longest side of any photo a point is a mistake."""

MAX_POINTS = 500_000
MAX_ROW_STEPS = 4_000_000_000
"""Points times rows of a polygon: Pillow looks at each point in each row."""

Points = tuple[tuple[float, float], ...]


class BadShape(ValueError):  # noqa: N818 - named after what was found
    """What is wrong with a shape, worded to follow "Shape 3 of FILE"."""


@dataclass(frozen=True)
class LabelmeShape:
    """One shape; points are (x, y) in upright photo pixels.

    Attributes:
        label: As the file has it.
        class_id: What it labels.
        kind: One of `KINDS`; a rectangle of four corners is a `polygon`.
        points: Of a mask: its first and last pixel, both inside.
        png: Of a mask: the PNG, its size checked against the points.
        group_id: Shapes of one group are one thing.
        raw: The shape as the file has it, keys we do not know included.
    """

    label: str
    class_id: int
    kind: str
    points: Points
    png: bytes | None
    group_id: int | None
    raw: Mapping[str, Any]

    @property
    def has_area(self) -> bool:
        """Whether it covers pixels; points do not."""
        return self.kind not in WITHOUT_AREA


def read_points(raw: Mapping[str, Any]) -> tuple[str, Points]:
    """Kind and points of a shape.

    Raises:
        BadShape: They are not what LabelMe knows.
    """
    kind = raw.get("shape_type") or "polygon"  # absent before version 5.6
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadShape(f"is of a kind that is not known: {str(kind)[:40]!r}")
    listed = raw.get("points")
    if not isinstance(listed, list) or not listed:
        raise BadShape("has no points")
    if len(listed) > MAX_POINTS:
        raise BadShape(f"has {len(listed)} points, more than {MAX_POINTS}")
    points = tuple(_point(point) for point in listed)
    least, counts = LEAST_POINTS.get(kind, 1), POINT_COUNTS.get(kind)
    if len(points) < least or (counts and len(points) not in counts):
        raise BadShape(f"is a {kind} of {len(points)} point{'s'[: len(points) != 1]}")
    if kind == "mask" and len(points) == 1:
        points *= 2
    turned = len(points) == 4 and kind != "polygon"
    return ("polygon" if turned else kind), points


def _point(point: object) -> tuple[float, float]:
    if not isinstance(point, list) or len(point) != 2:
        raise BadShape(f"has a point that is no pair of numbers: {str(point)[:40]}")
    x, y = (_number(value) for value in point)
    if max(abs(x), abs(y)) > FURTHEST_PX:
        raise BadShape(f"has a point at ({x:g}, {y:g}), far outside of any photo")
    return x, y


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadShape(f"has a point that is no number: {str(value)[:40]!r}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise BadShape("has a point that is not finite")
    return number


def read_png(text: object, points: Points) -> bytes:
    """The PNG of a mask, not decoded yet.

    Raises:
        BadShape: There is none, or its size is not that of its corners.
    """
    if not isinstance(text, str):
        raise BadShape("is a mask without its picture")
    try:
        data = base64.b64decode(text, validate=True)
        with PngImageFile(io.BytesIO(data)) as picture:
            size = picture.size
    except binascii.Error as error:
        raise BadShape("has a mask that is not base64") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise BadShape("has a mask that is no PNG") from error
    (left, top), (right, bottom) = points
    # Fractions are cut off, as LabelMe does.
    expected = (int(right) - int(left) + 1, int(bottom) - int(top) + 1)
    # Exclusive corners are a common mistake of other writers; its meaning is plain.
    if size not in {expected, (expected[0] - 1, expected[1] - 1)}:
        raise BadShape(
            f"has a mask of {size[0]} x {size[1]} px between corners "
            f"{expected[0]} x {expected[1]} px apart"
        )
    return data


def paint_shape(canvas: Image.Image, shape: LabelmeShape, line_width_px: int) -> None:
    """Paint a shape's class id as LabelMe's exporters do; points paint nothing.

    Raises:
        BadShape: It cannot be painted in bounded time and memory.
    """
    draw, colour = ImageDraw.Draw(canvas), shape.class_id
    if shape.png is not None:
        left, top = (int(value) for value in shape.points[0])
        stencil = Image.fromarray(_decoded(shape.png, canvas) * np.uint8(255))
        canvas.paste(colour, (left, top), stencil)
    elif shape.kind == "polygon":
        _refuse_slow(shape.points, canvas.height)
        draw.polygon(shape.points, fill=colour, outline=colour)
    elif shape.kind in {"line", "linestrip"}:
        draw.line(shape.points, fill=colour, width=line_width_px, joint="curve")
    elif shape.kind == "rectangle":
        (x1, y1), (x2, y2) = shape.points
        corners = (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
        draw.rectangle(corners, fill=colour, outline=colour)
    elif shape.kind == "circle":
        (x, y), edge = shape.points
        radius = math.dist((x, y), edge)
        if radius > max(canvas.size) * 4:
            raise BadShape(f"is a circle of {radius:g} px, far larger than the photo")
        around = (x - radius, y - radius, x + radius, y + radius)
        draw.ellipse(around, fill=colour, outline=colour)


def painted_px(shape: LabelmeShape, height: int, width: int) -> int:
    """About how many pixels painting the shape touches."""
    if not shape.has_area:
        return 0
    xs, ys = zip(*shape.points, strict=True)
    if shape.kind == "circle":
        return height * width
    inside = (
        max(0.0, min(max(xs), width) - max(min(xs), 0)),
        max(0.0, min(max(ys), height) - max(min(ys), 0)),
    )
    return int((inside[0] + 1) * (inside[1] + 1))


def _refuse_slow(points: Points, height: int) -> None:
    ys = [min(max(y, 0), height) for _, y in points]
    if len(points) * (max(ys) - min(ys)) > MAX_ROW_STEPS:
        raise BadShape(f"is a polygon of {len(points)} points that is too large")
    length = sum(math.dist(a, b) for a, b in pairwise(points))
    if length > MAX_ROW_STEPS:
        raise BadShape(f"is a polygon with an outline of {length:g} px")


def _decoded(png: bytes, canvas: Image.Image) -> NDArray[np.uint8]:
    """Zeros and ones uint8 [h, w]; a bomb is refused before it is unpacked."""
    try:
        with PngImageFile(io.BytesIO(png)) as picture:
            if picture.width * picture.height > canvas.width * canvas.height:
                raise BadShape("has a mask larger than the photo")
            if len(picture.getbands()) != 1:
                raise BadShape("has a mask that is a colour picture")
            return np.asarray(np.asarray(picture) > 0, np.uint8)
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, BadShape):
            raise
        raise BadShape("has a mask whose PNG is damaged") from error
