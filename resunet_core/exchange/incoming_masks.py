"""Masks, COCO and CVAT files on their way into a project."""

from functools import partial
from pathlib import Path

import numpy as np

from resunet_core.defects import IGNORE_ID, SOUND_ID
from resunet_core.errors import BadAnnotation
from resunet_core.exchange.incoming import (
    Ids,
    ImportOptions,
    Incoming,
    Where,
    all_labels,
    differences,
)
from resunet_core.exchange.part import PART_ENDING
from resunet_core.formats.areas import AreaLabels
from resunet_core.formats.coco_reader import read_coco
from resunet_core.formats.cvat_reader import read_cvat
from resunet_core.formats.mask_files import read_mask


def incoming_mask(path: Path, options: ImportOptions) -> Incoming:
    """A picture of class ids, called as its photo, STEM.mask.png or STEM.part.mask.png.

    A part has 255 outside of it, which says nothing.
    """
    stem = path.stem.removesuffix(".mask")
    photo = path.with_name(f"{stem.removesuffix(PART_ENDING)}{path.suffix}")
    is_part = stem.endswith(PART_ENDING)
    changes = partial(_mask_changes, path, options, is_part=is_part)
    return Incoming(path, photo, changes, by_stem=True)


def _mask_changes(
    path: Path,
    options: ImportOptions,
    current: Ids,
    *,
    continues: bool,
    is_part: bool,
) -> tuple[Ids, Where]:
    del continues  # a mask does not say what it was exported from
    values = read_mask(path, (current.shape[0], current.shape[1]))
    ids = _as_ids(path, values, options, is_part=is_part)
    return differences(ids, current)


def _as_ids(path: Path, values: Ids, options: ImportOptions, *, is_part: bool) -> Ids:
    """Class ids by the values of a mask; a mapping of "128" says what 128 means."""
    table = np.zeros(256, np.uint8)
    ours = {SOUND_ID, *(defect.id for defect in options.classes)}
    used = np.flatnonzero(np.bincount(values.ravel(), minlength=256)).tolist()
    unknown = []
    for value in used:
        said = options.names.id_of(str(value))
        if said is not None:
            table[value] = said
        elif value in ours:
            table[value] = value
        elif value == IGNORE_ID and (is_part or used != [SOUND_ID, IGNORE_ID]):
            table[value] = IGNORE_ID
        else:
            unknown.append(value)
    if unknown:
        listed = ", ".join(map(str, unknown[:20]))
        example = unknown[-1]
        raise BadAnnotation(
            f"{path} holds the values {listed}, which are no class ids.",
            f"Say what each means, as in --map {example}={options.classes.keys[0]} "
            f"or --map {example}=ignore.",
        )
    return table[values]


def incoming_coco(path: Path, options: ImportOptions) -> list[Incoming]:
    """The photos of a COCO file.

    Raises:
        BadAnnotation: It cannot be read.
    """
    return [_of_areas(labels) for labels in read_coco(path, options.names)]


def incoming_cvat(path: Path, options: ImportOptions) -> list[Incoming]:
    """The photos of a CVAT file.

    Raises:
        BadAnnotation: It cannot be read.
    """
    return [_of_areas(labels) for labels in read_cvat(path, options.names)]


def _of_areas(labels: AreaLabels) -> Incoming:
    notes: tuple[str, ...] = ()
    if labels.without_area:
        notes = (f"{labels.without_area} labels of {labels.photo} cover no area",)
    folder = labels.path.parent
    photo = folder / labels.photo
    if not photo.is_file() and (folder / "images" / labels.photo).is_file():
        photo = folder / "images" / labels.photo
    return Incoming(labels.path, photo, partial(_area_changes, labels), notes=notes)


def _area_changes(
    labels: AreaLabels,
    current: Ids,
    *,
    continues: bool,
) -> tuple[Ids, Where]:
    del continues  # these formats do not say what they were exported from
    if not labels.areas:
        return current, np.zeros(current.shape, np.bool_)
    return all_labels(labels.painted(*current.shape), current)
