"""What can be exported: photos of a project, or of a folder that `analyze` wrote."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.errors import CaihuaError, WrongUsage
from resunet_core.exchange.incoming import scale_of
from resunet_core.files import unique_stems
from resunet_core.formats.labelme_reader import LabelmeFile, read_labelme
from resunet_core.formats.mask_files import read_mask
from resunet_core.mask.regions import ArrayMask, MaskReader
from resunet_core.mask.tiled import TiledPlane
from resunet_core.project.checked import checked_tiles
from resunet_core.project.records import LogEntry, PhotoRecord
from resunet_core.project.store import Project

RESERVED_STEMS = ("run", "index", "provenance", "caihua-export", "annotations")
MASK_ENDING = ".mask.png"
PART_KEY = "part"
"""In our own keys: top, left, bottom, right of what alone is labelled."""


@runtime_checkable
class OriginReader(Protocol):
    """Says which pixels a person set; see `DefectMask.read_origin`."""

    def read_origin(self, box: Box) -> NDArray[np.uint8]:
        """1 where a person set the pixel, uint8 [h, w]."""


@dataclass(frozen=True)
class PhotoSource:
    """A photo with its corrected mask, to be exported.

    Attributes:
        name: What its files are called; unique, without a suffix.
        path: Of the photo; nothing says that it is there.
        sha256: Of the photo's content; empty where unknown.
        height: In px, upright.
        width: In px, upright.
        load_mask: Reads the mask now.
        checked: Parts that a person has checked; None where nobody knows.
        mm_per_px: Scale, or None.
        building: Building it is reported with.
        model: Name and hash of the model behind the mask, or None.
        checked_by: Who checked it, and when in ISO 8601; may be empty.
        state: Up to where the project's history had come; see `state_of`.
        part: What of the photo is exported; None for all of it.
    """

    name: str
    path: Path
    sha256: str
    height: int
    width: int
    load_mask: Callable[[], MaskReader]
    checked: tuple[Box, ...] | None = None
    mm_per_px: float | None = None
    building: str = ""
    model: tuple[str, str] | None = None
    checked_by: tuple[str, str] = ("", "")
    state: str = ""
    part: Box | None = None

    @property
    def told(self) -> Box:
        """The rectangle that the export is about."""
        return self.part or Box.of(self.height, self.width)

    def metadata(self) -> dict[str, Any]:
        """What label files say about it, in our own keys."""
        known: dict[str, Any] = {"photo_sha256": self.sha256}
        if self.mm_per_px is not None:
            known["mm_per_px"] = self.mm_per_px
        if self.building:
            known["building"] = self.building
        if self.part is not None:
            box = self.part
            known[PART_KEY] = [box.top, box.left, box.bottom, box.right]
        if self.state:
            known["project_state"] = self.state
        if self.model is not None:
            known["model"] = {"name": self.model[0], "sha256": self.model[1]}
        return known


def project_sources(
    project: Project, photo_ids: Collection[int] | None = None
) -> list[PhotoSource]:
    """The photos of a project, or some of them; masks are read when needed."""
    records = [
        record
        for record in project.photos()
        if photo_ids is None or record.id in photo_ids
    ]
    names = unique_stems([record.path for record in records], RESERVED_STEMS)
    return [
        _of_record(project, record, name)
        for record, name in zip(records, names, strict=True)
    ]


def _of_record(project: Project, record: PhotoRecord, name: str) -> PhotoSource:
    detection = project.detection(record.id)
    model = None
    if detection is not None:
        model = (detection.model_name, detection.model_sha256)
    at = record.reviewed_at
    return PhotoSource(
        name=name,
        path=record.path,
        sha256=record.sha256,
        height=record.height,
        width=record.width,
        load_mask=partial(project.load_mask, record.id),
        checked=_checked(project, record),
        mm_per_px=record.mm_per_px,
        building=record.building,
        model=model,
        checked_by=(record.reviewed_by, at.isoformat() if at else ""),
        state=state_of(project.log(record.id)[-1:]),
    )


def state_of(entries: Sequence[LogEntry]) -> str:
    """The last of some entries of a log, in a form that no other project has."""
    return f"{entries[-1].id} {entries[-1].at.isoformat()}" if entries else ""


def _checked(project: Project, record: PhotoRecord) -> tuple[Box, ...]:
    """The whole of a photo that is checked as such, else its checked tiles."""
    if record.review != "draft":
        return (Box.of(record.height, record.width),)
    plane = TiledPlane(record.height, record.width)
    tiles = sorted(checked_tiles(project, record.id))
    return tuple(plane.tile_box(row, col) for row, col in tiles)


def folder_sources(folder: Path) -> list[PhotoSource]:
    """The photos of a folder with STEM.mask.png and STEM.json, as `analyze` wrote it.

    Raises:
        WrongUsage: It holds no mask.
        BadAnnotation: A STEM.json is missing or no label file.
    """
    masks = sorted(folder.glob(f"*{MASK_ENDING}"))
    if not masks:
        raise WrongUsage(
            f"{folder} holds no results: no STEM{MASK_ENDING} is in it.",
            "Name a project, or a folder that `caihua analyze` wrote.",
        )
    return [_of_result(mask) for mask in masks]


def _of_result(mask: Path) -> PhotoSource:
    name = mask.name.removesuffix(MASK_ENDING)
    labels = read_labelme(mask.with_name(f"{name}.json"))
    if labels.size is None:
        raise CaihuaError(
            f"{labels.path} does not say how large its photo is.", "Analyse it again."
        )
    return _of_labels(name, mask, labels, labels.size)


def _of_labels(
    name: str, mask: Path, labels: LabelmeFile, size: tuple[int, int]
) -> PhotoSource:
    known = labels.metadata or {}
    model = known.get("model")

    def load() -> MaskReader:
        return ArrayMask(read_mask(mask, size))

    return PhotoSource(
        name=name,
        path=labels.photo,
        sha256=str(known.get("photo_sha256", "")),
        height=size[0],
        width=size[1],
        load_mask=load,
        mm_per_px=scale_of(known),
        building=str(known.get("building", "")),
        model=(str(model.get("name", "")), str(model.get("sha256", "")))
        if isinstance(model, dict)
        else None,
    )
