"""A label file written shape by shape, with what other programs had put in it."""

import json
import os
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from resunet_core.errors import CaihuaError
from resunet_core.files import replacing
from resunet_core.formats.labelme_shapes import METADATA_KEY

# The newest version whose command line rasterises what is written here; readers
# ignore the value.
LABELME_VERSION = "5.11.4"
EMPTY_SHAPES = '"shapes": []'
OWN_KEYS = frozenset(
    {
        *("version", "shapes", "imagePath", "imageData"),
        *("imageHeight", "imageWidth", METADATA_KEY),
    }
)
OWN_SHAPE_KEYS = frozenset({"label", "points", "shape_type", "mask", METADATA_KEY})
Shape = dict[str, Any]


@dataclass(frozen=True)
class LabelmePhoto:
    """The photo that a label file is about; sizes are upright."""

    path: Path
    width: int
    height: int


@dataclass(frozen=True)
class Staged:
    """A file that is written now and takes the place of `final` later, beside it."""

    written: Path
    final: Path


@dataclass(frozen=True)
class Kept:
    """What others added to a file of ours, to be there again in the next one.

    Attributes:
        top: Keys of the file: flags, and those that we do not know.
        shapes: Keys of each shape, by what the shape shows and calls itself.
    """

    top: Mapping[str, Any] = field(default_factory=dict)
    shapes: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)


def kept_of(path: Path) -> Kept:
    """What to carry over from the label file that is there.

    Raises:
        CaihuaError: It is not one of ours: labels that a person drew are not lost.
    """
    if not path.exists():
        return Kept()
    try:
        document = json.loads(path.read_bytes())
        if METADATA_KEY in document:
            return _kept(document)
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        pass  # refused below, like every file that is not ours
    raise CaihuaError(
        f"{path} is there already and is not from Caihua.",
        "Choose another folder for the results, so that it is not lost.",
    )


def write_shapes(
    path: Path | Staged,
    photo: LabelmePhoto,
    shapes: Iterable[Shape],
    metadata: Mapping[str, Any],
) -> None:
    """Write the label file of one photo, whole or not at all.

    A file that is there is replaced only if it is one of ours; the keys that LabelMe
    or a person added to it, or to a shape that is still the same, are kept.

    Args:
        path: Of the JSON file.
        photo: Named in it by a path relative to `path`.
        shapes: In LabelMe's own keys.
        metadata: Our own keys.

    Raises:
        CaihuaError: It cannot be written, or a file of another origin is there.
    """
    target = path if isinstance(path, Staged) else Staged(path, path)
    kept = kept_of(target.final)
    document: dict[str, Any] = {
        "version": LABELME_VERSION,
        "flags": {},
        "shapes": [],
        "imagePath": _relative(photo.path, target.final.parent),
        "imageData": None,
        "imageHeight": photo.height,
        "imageWidth": photo.width,
        **kept.top,
        METADATA_KEY: dict(metadata),
    }
    # Shape by shape: a large photo has hundreds of thousands, and the document whole
    # would take ten times the memory of its text.
    head, empty, tail = _text(document).partition(EMPTY_SHAPES)
    with (
        replacing(target.written) as beside,
        beside.open("w", encoding="utf-8", newline="\n") as stream,
    ):
        stream.write(head + empty[:-1])
        between = "\n"
        for shape in shapes:
            whole = {**shape, **kept.shapes.get(_fingerprint(shape), {})}
            stream.write(between + textwrap.indent(_text(whole), "    "))
            between = ",\n"
        stream.write(("" if between == "\n" else "\n  ") + "]" + tail + "\n")


def _kept(document: dict[str, Any]) -> Kept:
    top = {key: value for key, value in document.items() if key not in OWN_KEYS}
    shapes: dict[int, dict[str, Any]] = {}
    plain: dict[str, Any]
    for shape in document.get("shapes") or ():
        extra = {k: v for k, v in shape.items() if k not in OWN_SHAPE_KEYS}
        plain = {"group_id": extra.get("group_id"), "description": "", "flags": {}}
        if extra != plain:
            shapes[_fingerprint(shape)] = extra
    return Kept(top, shapes)


def _fingerprint(shape: Mapping[str, Any]) -> int:
    points = tuple(tuple(map(float, point)) for point in shape["points"])
    return hash((shape["label"], shape["shape_type"], points, shape.get("mask")))


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _relative(target: Path, folder: Path) -> str:
    try:
        relative = os.path.relpath(target.resolve(), folder.resolve())
    except ValueError:  # another drive on Windows: there is no relative path
        return target.resolve().as_posix()
    return PurePath(relative).as_posix()
