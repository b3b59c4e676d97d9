"""What is asked of an export or import of labels, without the code that does it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from resunet_core.box import Box

OURS_BESIDE_CLASSES = ("background", "ignore")
"""What a label of theirs may mean besides a class: sound paint, and nothing."""


@dataclass(frozen=True)
class FormatChoice:
    """A format as it is offered.

    Attributes:
        name: As requests call it.
        title: As a person reads it, in English.
        simplifies: Whether polygons may stray.
        tiles: Whether the size of its tiles can be chosen.
        takes_part: Whether it can be about an area of a photo alone.
    """

    name: str
    title: str
    simplifies: bool = False
    tiles: bool = False
    takes_part: bool = True


@dataclass(frozen=True)
class FormatRequest:
    """Which photos to write in which format into which folder.

    Attributes:
        format: Its name.
        folder: To write into.
        photo_ids: Of the project.
        tolerance_px: How far polygons may stray; None as the format has it.
        mm_per_px: Scale of the photos that have none; None: they stay without.
        tile_px: Longest side of a tile; None as the format has it.
        part: Rectangle of the one photo that alone is written; None for all of it.
    """

    format: str
    folder: Path
    photo_ids: frozenset[int]
    tolerance_px: float | None = None
    mm_per_px: float | None = None
    tile_px: int | None = None
    part: Box | None = None


@dataclass(frozen=True)
class LabelsFound:
    """What was named holds: how many files, and the labels that nobody knows."""

    paths: tuple[Path, ...]
    files: int
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class ImportRequest:
    """Labels to bring in; `mapping` says which of ours each of theirs means."""

    paths: tuple[Path, ...]
    mapping: Mapping[str, str] = field(default_factory=dict)
    line_width_px: int = 3


@dataclass(frozen=True)
class ImportResult:
    """How many photos got labels, how many pixels changed, and what was refused."""

    photos: int
    changed_px: int
    failed: tuple[str, ...]
    notes: tuple[str, ...] = ()
