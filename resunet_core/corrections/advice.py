"""Which tiles would teach most, were they labelled next."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.errors import CaihuaError
from resunet_core.inference.probability import ProbabilityMap, kept_path
from resunet_core.mask.tiled import ASSESSED, Key, TiledPlane, tiles_meeting
from resunet_core.progress import Progress, Steps
from resunet_core.project.records import PhotoRecord
from resunet_core.project.store import Project

WANTED = 10
MOST_OF_ONE_PHOTO = 4
"""So that the ten show more than one wall; more only where there are no others."""


@dataclass(frozen=True)
class TeachingTile:
    """A tile that nobody has checked, and how much it is worth.

    Attributes:
        photo_id: In the project.
        name: Of the photo.
        key: Row and column.
        doubt_px: Pixels' worth of doubt: the sum of the model's uncertainty.
    """

    photo_id: int
    name: str
    key: Key
    doubt_px: float


def doubt(probabilities: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How unsure a model is of each pixel, 0 to 1: 1 where it is at one half.

    Args:
        probabilities: Of the defect classes times 255, uint8 [C, h, w].
    """
    values = probabilities.astype(np.float32) / 255
    return np.asarray((4 * values * (1 - values)).max(axis=0), np.float32)


def tiles_that_teach(
    project: Project, checked: dict[int, frozenset[Key]], wanted: int = WANTED
) -> Steps[tuple[TeachingTile, ...]]:
    """The unchecked tiles with most doubt, most first, from several photos.

    Photos on which nothing was detected, or whose probabilities were cleared away,
    are left aside.
    """
    records = project.photos()
    found: list[TeachingTile] = []
    for number, record in enumerate(records, start=1):
        if record.review == "draft":
            known = checked.get(record.id, frozenset())
            found += _of_photo(project, record, known)
        yield Progress(number, len(records), record.path.name)
    found.sort(key=lambda tile: (-tile.doubt_px, tile.photo_id, tile.key))
    return _mixed(found, wanted)


def _of_photo(
    project: Project, record: PhotoRecord, checked: frozenset[Key]
) -> list[TeachingTile]:
    detection = project.detection(record.id)
    if detection is None:
        return []
    path = kept_path(record.sha256, detection.model_sha256)
    try:
        kept = ProbabilityMap.open(path, tuple(detection.thresholds))
    except CaihuaError:
        return []
    plane = TiledPlane(record.height, record.width)
    scope = project.load_mask(record.id).plane("scope")
    found = []
    for key in tiles_meeting(Box.of(record.height, record.width)):
        if key not in checked:
            box = plane.tile_box(*key)
            unsure = doubt(kept.read(box)) * (scope.read(box) == ASSESSED)
            worth = float(unsure.sum())
            found.append(TeachingTile(record.id, record.path.name, key, worth))
    return found


def _mixed(tiles: Sequence[TeachingTile], wanted: int) -> tuple[TeachingTile, ...]:
    chosen: list[TeachingTile] = []
    spare: list[TeachingTile] = []
    for tile in tiles:
        same = sum(1 for other in chosen if other.photo_id == tile.photo_id)
        (chosen if same < MOST_OF_ONE_PHOTO else spare).append(tile)
    chosen = [*chosen, *spare][:wanted]
    return tuple(sorted(chosen, key=lambda tile: -tile.doubt_px))
