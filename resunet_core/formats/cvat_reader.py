"""CVAT's XML 1.1 for images: polygons, masks and boxes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PureWindowsPath
from xml.parsers import expat

from resunet_core.box import Box
from resunet_core.defects import SOUND_ID
from resunet_core.errors import BadAnnotation
from resunet_core.formats.areas import Area, AreaLabels, checked_ring
from resunet_core.formats.json_file import read_limited
from resunet_core.formats.label_names import LabelNames, UnknownLabels
from resunet_core.formats.labelme_reader import DEFAULT_NAMES
from resunet_core.formats.labelme_shapes import BadShape

WITHOUT_AREA = frozenset({"points", "polyline", "skeleton", "tag", "ellipse", "cuboid"})
Attributes = Mapping[str, str]


@dataclass
class _Reading:
    """What has been read so far."""

    path: Path
    names: LabelNames
    root: str = ""
    photos: list[AreaLabels] = field(default_factory=list)
    areas: list[tuple[int, Area]] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    without_area: int = 0
    number: int = 0


def read_cvat(path: Path, names: LabelNames = DEFAULT_NAMES) -> list[AreaLabels]:
    """The labels of each image of a CVAT file, in its order.

    Raises:
        BadAnnotation: It is no CVAT file for images, a shape is damaged (named with its
            number), or labels are not known (all of them are named).
    """
    data = read_limited(path)
    reading = _Reading(path, names)
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: _start(
        reading, tag, attributes
    )
    parser.EndElementHandler = lambda tag: _end(reading, tag)
    parser.StartDoctypeDeclHandler = lambda *_: _refuse_doctype(reading)
    try:
        parser.Parse(data, True)  # noqa: FBT003 - expat takes no keywords
    except expat.ExpatError as error:
        raise BadAnnotation(
            f"{path} is not a CVAT file: no XML at line {error.lineno}.",
            "Export it from CVAT again.",
        ) from error
    if reading.unknown:
        raise UnknownLabels(str(path), reading.unknown, names)
    return reading.photos


def _refuse_doctype(reading: _Reading) -> None:
    # Entities can unfold into any amount of memory; CVAT writes none.
    raise BadAnnotation(
        f"{reading.path} is not a CVAT file: it declares a document type.",
        "Export it from CVAT again.",
    )


def _start(reading: _Reading, tag: str, attributes: Attributes) -> None:
    if not reading.root:
        reading.root = tag
        if tag != "annotations":
            raise BadAnnotation(
                f"{reading.path} is not a CVAT file: it begins with <{tag[:40]}>.",
                'Export it as "CVAT for images 1.1".',
            )
    if tag == "track":
        raise BadAnnotation(
            f"{reading.path} is about a video.", 'Export it as "CVAT for images 1.1".'
        )
    if tag == "image":
        reading.photos.append(_image(reading.path, attributes))
        reading.areas, reading.without_area = [], 0
    elif reading.photos and tag in WITHOUT_AREA:
        reading.without_area += 1
    elif reading.photos and tag in SHAPES:
        _shape(reading, tag, attributes)


def _end(reading: _Reading, tag: str) -> None:
    if tag == "image":
        ordered = sorted(reading.areas, key=lambda item: item[0])
        reading.photos[-1] = replace(
            reading.photos[-1],
            areas=tuple(area for _, area in ordered),
            without_area=reading.without_area,
        )


def _image(path: Path, attributes: Attributes) -> AreaLabels:
    name = attributes.get("name", "")
    sides = [attributes.get(key, "") for key in ("height", "width")]
    if not name.strip() or "\0" in name:
        raise BadAnnotation(
            f"{path} has an image without a name.", "Export it from CVAT again."
        )
    good = all(side.isascii() and side.isdecimal() and len(side) < 8 for side in sides)
    size = (int(sides[0]), int(sides[1])) if good else None
    return AreaLabels(path, PureWindowsPath(name).as_posix(), size)


def _shape(reading: _Reading, tag: str, attributes: Attributes) -> None:
    number, reading.number = reading.number, reading.number + 1
    label = attributes.get("label", "")
    class_id = reading.names.id_of(label)
    if class_id is None:
        reading.unknown.add(label)
        class_id = SOUND_ID
    try:
        area = SHAPES[tag](number, class_id, attributes)
        order = int(attributes.get("z_order", "0"))
    except (ValueError, KeyError, OverflowError) as error:
        said = str(error) if isinstance(error, BadShape) else "is damaged"
        raise BadAnnotation(
            f"Shape {number} of {reading.path} {said}.",
            "Mend it in CVAT, or delete it.",
        ) from error
    reading.areas.append((order, area))


def _polygon(number: int, class_id: int, attributes: Attributes) -> Area:
    pairs = attributes["points"].split(";")
    values = [float(value) for pair in pairs for value in pair.split(",")]
    return Area(number, class_id, rings=(checked_ring(values),))


def _box(number: int, class_id: int, attributes: Attributes) -> Area:
    if float(attributes.get("rotation", "0")) != 0:
        raise BadShape("is a turned box")
    left, top, right, bottom = (
        float(attributes[key]) for key in ("xtl", "ytl", "xbr", "ybr")
    )
    ring = checked_ring([left, top, right, top, right, bottom, left, bottom])
    return Area(number, class_id, rings=(ring,))


def _mask(number: int, class_id: int, attributes: Attributes) -> Area:
    left, top, width, height = (
        int(attributes[key]) for key in ("left", "top", "width", "height")
    )
    if not all(0 <= side < 10**7 for side in (left, top, width, height)):
        raise BadShape("has a mask that lies outside of any photo")
    counts = tuple(min(int(count), 1 << 40) for count in attributes["rle"].split(","))
    box = Box(top, left, top + height, left + width)
    return Area(number, class_id, crop=(box, counts))


SHAPES: Mapping[str, Callable[[int, int, Attributes], Area]] = {
    "polygon": _polygon,
    "box": _box,
    "mask": _mask,
}
