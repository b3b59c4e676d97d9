"""A look at a damaged project, with small pictures of what can still be read."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from resunet_core.errors import CaihuaError
from resunet_core.progress import Progress, Steps
from resunet_core.project.recovery import Damage, examine, open_read
from resunet_core.project.store import Project
from resunet_core.project.thumbnails import mask_thumbnail

_MOST_PICTURES = 24
_PICTURE_PX = 120


@dataclass(frozen=True)
class MaskPicture:
    """The mask of a photo as RGB uint8 [h, w, 3], and whether it lost something."""

    name: str
    pixels: NDArray[np.uint8]
    is_damaged: bool


@dataclass(frozen=True)
class Examined:
    """What is wrong with a project, and what of it can be seen."""

    damage: Damage
    pictures: tuple[MaskPicture, ...]

    @property
    def can_be_helped(self) -> bool:
        """Whether it is damaged, and there is something to open, restore or save."""
        damage = self.damage
        if damage.is_sound or not (damage.findings or damage.salvaged):
            return False
        return damage.salvaged is not None or bool(damage.backups)


def look_at_damage(path: Path) -> Steps[Examined]:
    """Check a project and read some of its masks, the damaged ones first.

    Raises:
        BadProject: It is open in another window.
    """
    with tempfile.TemporaryDirectory(prefix="caihua-") as folder:
        read = Path(folder) / "read.caihua"
        damage = yield from examine(path, read)
        if damage.salvaged is None or damage.is_sound:
            return Examined(damage, ())
        hurt = frozenset(photo.photo_id for photo in damage.salvaged.damaged)
        with open_read(path, read) as project:
            return Examined(damage, (yield from _pictures(project, hurt)))


def _pictures(project: Project, hurt: frozenset[int]) -> Steps[tuple[MaskPicture, ...]]:
    pictures = []
    photos = sorted(project.photos(), key=lambda photo: photo.id not in hurt)
    for done, photo in enumerate(photos[:_MOST_PICTURES]):
        yield Progress(done, min(len(photos), _MOST_PICTURES), photo.path.name)
        try:
            pixels = mask_thumbnail(project, photo.id, _PICTURE_PX)
        except CaihuaError:  # the list of what is lost says so already
            continue
        pictures.append(MaskPicture(photo.path.name, pixels, photo.id in hurt))
    return tuple(pictures)
