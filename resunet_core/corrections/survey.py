"""What there is to learn from: the checked tiles of a project, counted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.defects import DEFAULT_CLASSES, IGNORE_ID, SOUND_ID
from resunet_core.mask.tiled import ASSESSED, DefectMask, Key, TiledPlane, tiles_meeting
from resunet_core.progress import Progress, Steps
from resunet_core.project.checked import checked_tiles
from resunet_core.project.records import PhotoRecord
from resunet_core.project.store import Project

KNOWN_IDS = (SOUND_ID, *(defect.id for defect in DEFAULT_CLASSES))
ENOUGH_TILES = 10


@dataclass(frozen=True)
class CheckedPhoto:
    """A photo with tiles that a person has checked, or a picture labelled elsewhere.

    Attributes:
        name: Of its file.
        path: Of its file.
        sha256: Of its content.
        size: Height and width, px.
        tiles: Rows and columns of the checked tiles.
        counts: Pixels that would count, by class id, sound paint included.
        left_out_px: Checked pixels out of scope, not assessable or of other classes.
        mm_per_px: Scale, where it is known.
        labels: The label file, of a picture that is in no project; else None.
        photo_id: In the project; None for others.
    """

    name: str
    path: Path
    sha256: str
    size: tuple[int, int]
    tiles: frozenset[Key]
    counts: dict[int, int]
    left_out_px: int = 0
    mm_per_px: float | None = None
    labels: Path | None = None
    photo_id: int | None = None

    @property
    def known_px(self) -> int:
        """Pixels that would count."""
        return sum(self.counts.values())

    @property
    def area_cm2(self) -> float | None:
        """The same as an area; None without a scale."""
        if self.mm_per_px is None:
            return None
        return self.known_px * self.mm_per_px**2 / 100


@dataclass(frozen=True)
class Survey:
    """Everything that could teach, photo by photo."""

    photos: tuple[CheckedPhoto, ...]

    @property
    def tiles(self) -> int:
        """How many tiles are checked."""
        return sum(len(photo.tiles) for photo in self.photos)

    @property
    def known_px(self) -> int:
        """Pixels that would count."""
        return sum(photo.known_px for photo in self.photos)

    @property
    def area_cm2(self) -> float | None:
        """Their area; None where a photo has no scale."""
        areas = [photo.area_cm2 for photo in self.photos]
        known = [area for area in areas if area is not None]
        return sum(known) if known and len(known) == len(areas) else None

    @property
    def counts(self) -> Counter[int]:
        """Pixels by class id."""
        total: Counter[int] = Counter()
        for photo in self.photos:
            total.update(photo.counts)
        return total


def survey(project: Project) -> Steps[Survey]:
    """Count what is checked in a project."""
    records = project.photos()
    found = []
    for number, record in enumerate(records, start=1):
        tiles = tiles_of(project, record)
        if tiles:
            mask = project.load_mask(record.id)
            found.append(_counted(record, mask, tiles))
        yield Progress(number, len(records), record.path.name)
    return Survey(tuple(found))


def tiles_of(project: Project, record: PhotoRecord) -> frozenset[Key]:
    """The checked tiles of a photo: all of one that is checked as a whole."""
    if record.review != "draft":
        return frozenset(tiles_meeting(Box.of(record.height, record.width)))
    return checked_tiles(project, record.id)


def truth_of(mask: DefectMask, box: Box) -> NDArray[np.uint8]:
    """Class ids uint8 [h, w]; 255 where nothing can be said or the class is other."""
    classes = mask.read(box)
    scope = mask.plane("scope").read(box)
    classes[(scope != ASSESSED) | ~np.isin(classes, KNOWN_IDS)] = IGNORE_ID
    return classes


def _counted(
    record: PhotoRecord, mask: DefectMask, tiles: frozenset[Key]
) -> CheckedPhoto:
    plane = TiledPlane(record.height, record.width)
    sums = np.zeros(256, np.int64)
    for key in tiles:
        sums += np.bincount(truth_of(mask, plane.tile_box(*key)).ravel(), minlength=256)
    return CheckedPhoto(
        record.path.name,
        record.path,
        record.sha256,
        (record.height, record.width),
        tiles,
        {number: int(sums[number]) for number in KNOWN_IDS},
        left_out_px=int(sums[IGNORE_ID]),
        mm_per_px=record.mm_per_px,
        photo_id=record.id,
    )


def with_others(known: Survey, others: Sequence[CheckedPhoto]) -> Survey:
    """The survey with pictures labelled elsewhere."""
    return Survey((*known.photos, *others))
