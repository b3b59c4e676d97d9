"""The photos of the list, and all that belongs to the one that is open."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from resunet_core.imaging.photo import Photo
from resunet_core.imaging.pyramid import Pyramid
from resunet_core.inference.probability import ProbabilityMap
from resunet_core.mask.tiled import DefectMask, Key
from resunet_core.project.store import Detection, PhotoRecord

ModelTile = tuple[int, int, NDArray[np.uint8] | None]
"""Row, column and class ids of a tile of the model's plane; None for all sound."""


class EntryState(Enum):
    """How a photo of the list stands."""

    WAITING = "waiting"  # not looked at yet
    READY = "ready"
    DETECTED = "detected"
    BROKEN = "broken"


@dataclass(frozen=True)
class PhotoEntry:
    """One line of the list of photos; `message` says why it is broken."""

    path: Path
    state: EntryState = EntryState.WAITING
    message: str = ""


@dataclass(frozen=True)
class OpenedPhoto:
    """What a job hands over when a photo is opened; the session alone changes it."""

    photo: Photo
    pyramid: Pyramid
    record: PhotoRecord
    mask: DefectMask
    detection: Detection | None = None
    probabilities: ProbabilityMap | None = None  # None: detect again to adjust
    undo_name: str | None = None
    redo_name: str | None = None
    checked: frozenset[Key] = frozenset()  # tiles that a person has checked

    @property
    def is_looked_at(self) -> bool:
        """Whether a model or a person has said anything yet: else 0 % means nothing."""
        if self.detection is not None or any(self.mask.tiles()):
            return True
        return bool(self.checked) or self.record.review != "draft"

    @property
    def checked_share(self) -> float:
        """The part of the photo in tiles that a person has checked, 0 to 1."""
        boxes = (self.mask.model.tile_box(*key) for key in self.checked)
        return sum(box.area for box in boxes) / (self.mask.height * self.mask.width)


@dataclass(frozen=True)
class Detected:
    """What a detection, or another threshold, makes of a photo."""

    detection: Detection
    probabilities: ProbabilityMap
    tiles: tuple[ModelTile, ...]
