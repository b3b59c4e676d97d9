"""LabelMe JSON from any program that writes it: lenient, but nothing is guessed."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from resunet_core.defects import DEFAULT_CLASSES, SOUND_ID
from resunet_core.errors import BadAnnotation
from resunet_core.formats.json_file import read_json
from resunet_core.formats.label_names import LabelNames, UnknownLabels, label_names
from resunet_core.formats.labelme_shapes import (
    LINE_WIDTH_PX,
    METADATA_KEY,
    WITHOUT_AREA,
    BadShape,
    LabelmeShape,
    Points,
    paint_shape,
    painted_px,
    read_png,
    read_points,
)

DEFAULT_NAMES = label_names(DEFAULT_CLASSES)
PAINT_BUDGET_PX = 20_000_000_000
"""Pixels that the shapes of one file may touch; some ten seconds of painting."""

_MEND = "Mend the shape in LabelMe, or delete it."


@dataclass(frozen=True)
class LabelmeFile:
    """A label file: the photo that it is about, and its shapes, the last on top.

    Attributes:
        path: Of the file.
        photo: Where it says its photo lies.
        size: Height and width of the photo, where the file says them.
        shapes: All of them, also those that cover no area.
        document: The file as it was, keys we do not know included.
    """

    path: Path
    photo: Path
    size: tuple[int, int] | None
    shapes: tuple[LabelmeShape, ...]
    document: Mapping[str, Any]

    @property
    def metadata(self) -> Mapping[str, Any] | None:
        """What Caihua wrote along; None in a file of another program."""
        found = self.document.get(METADATA_KEY)
        return found if isinstance(found, dict) else None

    @property
    def without_area(self) -> int:
        """How many of its shapes are points, which cover nothing."""
        return sum(not shape.has_area for shape in self.shapes)

    def painted(
        self, height: int, width: int, *, line_width_px: int = LINE_WIDTH_PX
    ) -> NDArray[np.uint8]:
        """Class ids uint8 [height, width], drawn as LabelMe's exporters draw them.

        Raises:
            BadAnnotation: The file is about a photo of another size, or a shape
                cannot be drawn.
        """
        if self.size not in {None, (height, width)}:
            raise BadAnnotation(
                f"{self.path} is about a photo of {self.size}, not {(height, width)} "
                "(height, width in px).",
                "Label the photo as it is now, turned upright.",
            )
        if sum(painted_px(s, height, width) for s in self.shapes) > PAINT_BUDGET_PX:
            raise BadAnnotation(
                f"{self.path} has {len(self.shapes)} shapes that cover the photo more "
                "often than can be drawn.",
                "Remove shapes that lie upon each other.",
            )
        canvas = Image.new("L", (width, height), SOUND_ID)
        for number, shape in enumerate(self.shapes):
            try:
                paint_shape(canvas, shape, line_width_px)
            except BadShape as error:
                raise _refused(self.path, number, error) from error
        return np.array(canvas, np.uint8)


def read_labelme(path: Path, names: LabelNames = DEFAULT_NAMES) -> LabelmeFile:
    """Read a label file of LabelMe, X-AnyLabeling, ISAT or Caihua, of any version.

    Raises:
        BadAnnotation: It is no label file, a shape is not what its kind demands (named
            with its number), or labels are not known (all of them are named).
    """
    document = read_json(path, "a LabelMe file")
    raw_shapes = _shapes_of(path, document)
    photo = _photo(path, document)
    unknown = _unknown(raw_shapes, names)
    if unknown:
        raise UnknownLabels(str(path), unknown, names)
    return LabelmeFile(
        path,
        photo,
        _size(path, document),
        tuple(_shape(path, n, raw, names) for n, raw in enumerate(raw_shapes)),
        document,
    )


def labels_of(path: Path) -> tuple[str, ...]:
    """The labels that a file uses, sorted, whatever they mean.

    Raises:
        BadAnnotation: It is no label file.
    """
    shapes = _shapes_of(path, read_json(path, "a LabelMe file"))
    found = (s.get("label") for s in shapes if isinstance(s, dict))
    return tuple(sorted({label for label in found if isinstance(label, str)}))


def _shapes_of(path: Path, document: object) -> list[Any]:
    shapes = document.get("shapes") if isinstance(document, dict) else None
    if not isinstance(shapes, list):
        raise BadAnnotation(
            f'{path} is not a LabelMe file: it has no list of "shapes".',
            "Name a file that LabelMe saved.",
        )
    return shapes


def _photo(path: Path, document: Mapping[str, Any]) -> Path:
    said = document.get("imagePath")
    if not isinstance(said, str) or not said.strip() or "\0" in said:
        raise BadAnnotation(
            f"{path} is not a LabelMe file: it does not say which photo it is about.",
            'Add the name of the photo as "imagePath".',
        )
    try:
        return photo_named(said, path.parent)
    except (OSError, ValueError) as error:  # too long, or no text on this system
        raise BadAnnotation(
            f"{path} is about a photo whose name no file can have: {said[:60]!a}.",
            "Correct its imagePath.",
        ) from error


def photo_named(said: str, folder: Path) -> Path:
    """Where a photo lies that a file in `folder` names, with either slash.

    Where it is not there, but a file of its name is in the folder, that one is meant.

    Raises:
        OSError: No file can have this name.
        ValueError: As above.
    """
    windows = PureWindowsPath(said)
    beside = folder / windows.name
    # A name on another machine's share is not looked up: that would be a call.
    foreign = windows.drive.startswith("\\\\")
    photo = beside if foreign else folder / windows.as_posix()
    return photo if photo.is_file() or not beside.is_file() else beside


def _unknown(shapes: list[Any], names: LabelNames) -> set[str]:
    # Points cover nothing, whatever they are called.
    areas = [
        raw
        for raw in shapes
        if isinstance(raw, dict) and raw.get("shape_type") not in WITHOUT_AREA
    ]
    labels = (raw.get("label") for raw in areas)
    texts = {label for label in labels if isinstance(label, str)}
    return {label for label in texts if names.id_of(label) is None}


def _size(path: Path, document: Mapping[str, Any]) -> tuple[int, int] | None:
    height, width = document.get("imageHeight"), document.get("imageWidth")
    if height is None or width is None:
        return None
    if _is_side(height) and _is_side(width):
        return int(height), int(width)
    raise BadAnnotation(
        f"{path} says that its photo is {str(height)[:20]} px high and "
        f"{str(width)[:20]} px wide.",
        "Save it with LabelMe again, beside its photo.",
    )


def _is_side(value: object) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and 0 < float(str(value)) < 10**7 and float(str(value)).is_integer()


def _shape(path: Path, number: int, raw: object, names: LabelNames) -> LabelmeShape:
    if not isinstance(raw, dict):
        raise _refused(path, number, BadShape("is not what LabelMe writes"))
    label = raw.get("label")
    if not isinstance(label, str):
        raise _refused(path, number, BadShape("has no label"))
    try:
        kind, points = read_points(raw)
        png = read_png(raw.get("mask"), points) if kind == "mask" else None
    except BadShape as error:
        raise _refused(path, number, error) from error
    group = raw.get("group_id")
    return LabelmeShape(
        label,
        names.id_of(label) or SOUND_ID,  # None only where it covers no area
        kind,
        _whole(points) if png is not None else points,
        png,
        group if type(group) is int else None,
        raw,
    )


def _whole(points: Points) -> Points:
    return tuple((float(int(x)), float(int(y))) for x, y in points)


def _refused(path: Path, number: int, error: BadShape) -> BadAnnotation:
    return BadAnnotation(f"Shape {number} of {path} {error}.", _MEND)
