"""COCO's JSON, polygons and run lengths, of any program that writes it."""

from pathlib import Path, PureWindowsPath
from typing import Any

from resunet_core.defects import SOUND_ID
from resunet_core.errors import BadAnnotation
from resunet_core.formats.areas import Area, AreaLabels, checked_ring
from resunet_core.formats.json_file import read_json
from resunet_core.formats.label_names import LabelNames, UnknownLabels
from resunet_core.formats.labelme_reader import DEFAULT_NAMES
from resunet_core.formats.labelme_shapes import BadShape

Entry = dict[str, Any]


def is_coco(document: object) -> bool:
    """Whether parsed JSON is COCO's."""
    return isinstance(document, dict) and {"images", "annotations"} <= document.keys()


def read_coco(path: Path, names: LabelNames = DEFAULT_NAMES) -> list[AreaLabels]:
    """The labels of each photo that a COCO file lists, in its order.

    Raises:
        BadAnnotation: It is no COCO file, an annotation is not what COCO says (named
            with its id), or categories are not known (all of them are named).
    """
    document = read_json(path, "a COCO file")
    if not is_coco(document):
        raise BadAnnotation(
            f'{path} is not a COCO file: it has no "images" and "annotations".',
            "Name a file that was exported as COCO.",
        )
    images, annotations = (
        _entries(path, document, k) for k in ("images", "annotations")
    )
    classes = _classes(path, document, annotations, names)
    areas: dict[Any, list[Area]] = {}
    without: dict[Any, int] = {}
    for number, entry in enumerate(annotations):
        image = _hashable(entry.get("image_id"))
        area = _area(path, number, entry, classes)
        if area is None:
            without[image] = without.get(image, 0) + 1
        else:
            areas.setdefault(image, []).append(area)
    return [
        AreaLabels(
            path,
            _photo(path, image),
            _size(path, image),
            tuple(areas.get(_hashable(image.get("id")), ())),
            without.get(_hashable(image.get("id")), 0),
        )
        for image in images
    ]


def _entries(path: Path, document: Entry, key: str) -> list[Entry]:
    found = document.get(key) or []
    if not isinstance(found, list) or not all(isinstance(e, dict) for e in found):
        raise BadAnnotation(
            f'{path} is not a COCO file: "{key}" is no list of objects.',
            "Export it again.",
        )
    return found


def _classes(
    path: Path, document: Entry, annotations: list[Entry], names: LabelNames
) -> dict[Any, int]:
    """The class id of each category that is used."""
    used = {_hashable(entry.get("category_id")) for entry in annotations}
    classes: dict[Any, int] = {}
    unknown: list[str] = []
    for category in _entries(path, document, "categories"):
        key = _hashable(category.get("id"))
        if key not in used:
            continue
        label = str(category.get("name"))
        class_id = names.id_of(label)
        if class_id is None:
            unknown.append(label)
        classes[key] = SOUND_ID if class_id is None else class_id
    if unknown:
        raise UnknownLabels(str(path), unknown, names)
    return classes


def _area(
    path: Path, number: int, entry: Entry, classes: dict[Any, int]
) -> Area | None:
    outline = entry.get("segmentation")
    try:
        class_id = _class_id(entry, classes)
        if not outline:
            return None
        if isinstance(outline, list):
            rings = tuple(checked_ring(ring) for ring in outline)
            return Area(number, class_id, rings=rings)
        return Area(number, class_id, counts=_counts(outline), size=_rle_size(outline))
    except BadShape as error:
        raise BadAnnotation(
            f"Annotation {number} of {path} {error}.",
            "Mend it in the program that made it, or delete it.",
        ) from error


def _class_id(entry: Entry, classes: dict[Any, int]) -> int:
    found = classes.get(_hashable(entry.get("category_id")))
    if found is None:
        raise BadShape(f"is of category {entry.get('category_id')!r:.40}, not listed")
    return found


def _counts(outline: object) -> str | tuple[int, ...]:
    counts = outline.get("counts") if isinstance(outline, dict) else None
    if isinstance(counts, str):
        return counts
    if isinstance(counts, list) and all(type(n) is int for n in counts):
        return tuple(min(max(n, -1), 1 << 40) for n in counts)
    raise BadShape("has neither outlines nor run lengths")


def _rle_size(outline: Entry) -> tuple[int, int]:
    size = outline.get("size")
    if isinstance(size, list) and len(size) == 2 and all(type(n) is int for n in size):
        return size[0], size[1]
    raise BadShape("has run lengths without a size")


def _photo(path: Path, image: Entry) -> str:
    name = image.get("file_name")
    if not isinstance(name, str) or not name.strip() or "\0" in name:
        raise BadAnnotation(
            f"{path} lists an image without a name.", "Export it again."
        )
    return PureWindowsPath(name).as_posix()


def _size(path: Path, image: Entry) -> tuple[int, int] | None:
    sides = (image.get("height"), image.get("width"))
    if None in sides:
        return None
    if not all(type(side) is int and 0 < side < 10**7 for side in sides):
        raise BadAnnotation(
            f"{path} says that {_photo(path, image)} is {str(sides)[:60]} px.",
            "Export it again.",
        )
    return int(sides[0] or 0), int(sides[1] or 0)


def _hashable(value: object) -> object:
    return value if isinstance(value, int | str) else repr(value)
