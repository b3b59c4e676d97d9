"""LabelMe JSON, read strictly: what cannot be meant is refused, never guessed."""

import base64
import io
import json
import math
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngImageFile

from resunet_core.defects import DEFAULT_CLASSES, IGNORE_ID, SOUND_ID, DefectClasses
from resunet_core.errors import BadAnnotation

POINTS_NEEDED = {"rectangle": 2, "circle": 2, "mask": 2}
# What LabelMe's own exporters call sound paint and what shall not count.
LABELME_OWN = {"_background_": SOUND_ID, "__ignore__": IGNORE_ID}
Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class LabelmeShape:
    """One shape; points are (x, y) in upright photo pixels.

    Attributes:
        class_id: What it labels.
        kind: `polygon`, `rectangle`, `circle` (centre and a point of it) or `mask`.
        points: Of a mask: its first and last pixel, both inside.
        pixels: Of a mask: bool [h, w].
    """

    class_id: int
    kind: str
    points: Points
    pixels: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class LabelmeFile:
    """A label file: the photo that it is about, and its shapes, the last on top."""

    path: Path
    photo: Path
    size: tuple[int, int] | None  # height and width, where the file says them
    shapes: tuple[LabelmeShape, ...]

    def painted(self, height: int, width: int) -> NDArray[np.uint8]:
        """Class ids uint8 [height, width], drawn as LabelMe's exporters draw them.

        Raises:
            BadAnnotation: The file is about a photo of another size.
        """
        if self.size not in {None, (height, width)}:
            raise BadAnnotation(
                f"{self.path} is about a photo of {self.size}, not {(height, width)} "
                "(height, width in px).",
                "Label the photo as it is now, turned upright.",
            )
        canvas = Image.new("L", (width, height), SOUND_ID)
        for shape in self.shapes:
            _paint(canvas, shape)
        return np.array(canvas, np.uint8)


def read_labelme(path: Path, classes: DefectClasses = DEFAULT_CLASSES) -> LabelmeFile:
    """Read a label file; labels are class keys or names, English or Chinese.

    Raises:
        BadAnnotation: It is no label file, or a shape is not what its kind demands or
            has a label that is not known; named with its number.
    """
    try:
        shapes, photo, size = _contents(json.loads(path.read_bytes()))
    except OSError as error:
        raise BadAnnotation(
            f"{path} cannot be read: {error.strerror or error}.", "Check the name."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadAnnotation(
            f"{path} is not a LabelMe file.", "Save it with LabelMe again."
        ) from error
    known = _labels(classes)
    return LabelmeFile(
        path,
        path.parent / photo,
        None if None in size else size,
        tuple(_shape(path, n, shape, known) for n, shape in enumerate(shapes)),
    )


def _contents(document: Any) -> tuple[list[Any], str, tuple[Any, Any]]:  # noqa: ANN401 - whatever the JSON holds
    shapes = document["shapes"]
    if not isinstance(shapes, list):
        raise TypeError("shapes")
    photo = PureWindowsPath(document["imagePath"]).as_posix()  # either slash
    return shapes, photo, (document.get("imageHeight"), document.get("imageWidth"))


def _labels(classes: DefectClasses) -> dict[str, int]:
    names = dict(LABELME_OWN)
    for defect in classes:
        for name in (defect.key, defect.name_en, defect.name_zh):
            names[name.casefold()] = defect.id
    return names


def _shape(path: Path, number: int, raw: Any, known: dict[str, int]) -> LabelmeShape:  # noqa: ANN401 - whatever the JSON holds
    try:
        label = str(raw["label"])
        kind = str(raw["shape_type"])
        points = tuple((float(x), float(y)) for x, y in raw["points"])
        class_id = known.get(label.strip().casefold())
        problem = f"has the label {label!r}, which is not known"
        if class_id is not None:
            problem = _problem(kind, points)
        if not problem:
            pixels = _pixels(raw["mask"], points) if kind == "mask" else None
            return LabelmeShape(class_id or SOUND_ID, kind, points, pixels)
    except (KeyError, TypeError, ValueError, OSError, SyntaxError):
        problem = "is not what LabelMe writes"
    names = ", ".join(known)
    raise BadAnnotation(
        f"Shape {number} of {path} {problem}.",
        f"Known labels: {names}; shapes: polygon, rectangle, circle, mask.",
    )


def _problem(kind: str, points: Points) -> str:
    if not all(math.isfinite(value) for point in points for value in point):
        return "has a point that is no number"
    if kind == "polygon":
        return "" if len(points) >= 3 else f"is a polygon of {len(points)} points"
    if kind not in POINTS_NEEDED:
        return f"is a {kind}, which covers no area"
    return "" if len(points) == 2 else f"is a {kind} of {len(points)} points"


def _pixels(text: str, points: Points) -> NDArray[np.bool_]:
    (left, top), (right, bottom) = points
    with PngImageFile(io.BytesIO(base64.b64decode(text, validate=True))) as picture:
        pixels = np.array(picture)
    if pixels.shape != (bottom - top + 1, right - left + 1):
        raise ValueError("mask of another size than its corners")
    return np.asarray(pixels > 0, np.bool_)


def _paint(canvas: Image.Image, shape: LabelmeShape) -> None:
    draw = ImageDraw.Draw(canvas)
    colour = shape.class_id
    if shape.pixels is not None:
        left, top = shape.points[0]
        stencil = Image.fromarray(shape.pixels.astype(np.uint8) * 255)
        canvas.paste(colour, (int(left), int(top)), stencil)
    elif shape.kind == "polygon":
        draw.polygon(shape.points, fill=colour, outline=colour)
    elif shape.kind == "rectangle":
        (x1, y1), (x2, y2) = shape.points
        corners = (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
        draw.rectangle(corners, fill=colour, outline=colour)
    else:
        (x, y), edge = shape.points
        radius = math.dist((x, y), edge)
        around = (x - radius, y - radius, x + radius, y + radius)
        draw.ellipse(around, fill=colour, outline=colour)
