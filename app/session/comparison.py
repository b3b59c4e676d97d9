"""The mask as it is beside what it was in a snapshot."""

from dataclasses import dataclass

from resunet_core.mask.tiled import DefectMask
from resunet_core.project.difference import CHANGED, GAINED, LOST, Difference

# Told apart by those who do not see red and green as different, and from the classes.
COLOURS = {GAINED: (255, 122, 0), LOST: (45, 125, 255), CHANGED: (255, 224, 0)}
"""Of new damage, damage that is gone, and damage of another class."""


@dataclass(frozen=True)
class Comparison:
    """What became of a photo's mask since a snapshot."""

    snapshot_id: int
    name: str
    difference: Difference

    def as_mask(self) -> DefectMask:
        """The codes of the difference as if they were classes, to be drawn as those."""
        codes = self.difference.codes
        mask = DefectMask(codes.height, codes.width)
        mask.model = codes
        return mask
