"""Labels from elsewhere, whatever their format, as changes of a photo's mask."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from resunet_core.defects import DEFAULT_CLASSES, IGNORE_ID, DefectClasses
from resunet_core.formats.label_names import LabelNames, label_names
from resunet_core.formats.labelme_shapes import LINE_WIDTH_PX

Ids = NDArray[np.uint8]
Where = NDArray[np.bool_]


@dataclass(frozen=True)
class ImportOptions:
    """Choices of an import.

    Attributes:
        names: What the labels mean.
        line_width_px: How wide a line is that has no width of its own.
        classes: The classes in use.
    """

    names: LabelNames = field(default_factory=label_names)
    line_width_px: int = LINE_WIDTH_PX
    classes: DefectClasses = DEFAULT_CLASSES


class Changes(Protocol):
    """What labels make of a mask."""

    def __call__(self, current: Ids, *, continues: bool) -> tuple[Ids, Where]:
        """The new class ids, and which pixels become a person's.

        Args:
            current: Class ids uint8 [H, W] as they are now.
            continues: Whether the project has what was exported in its history.

        Raises:
            BadAnnotation: The labels are damaged or about another photo.
        """


@dataclass(frozen=True)
class Incoming:
    """What some files say about one photo.

    Attributes:
        source: The file or folder, for the history and for complaints.
        photo: Where the photo may lie; its name counts.
        changes: What it makes of the mask.
        sha256: Of the photo, where the labels say it.
        state: Up to where the history of the project had come that was exported.
        mm_per_px: Scale of the photo, where the labels say it.
        picture: The photo itself, where the labels hold it; empty otherwise.
        by_stem: Whether the suffix of the photo's name means nothing.
        notes: Remarks for the person.
    """

    source: Path
    photo: Path
    changes: Changes
    sha256: str = ""
    state: str = ""
    mm_per_px: float | None = None
    picture: Callable[[], bytes] | None = None
    by_stem: bool = False
    notes: tuple[str, ...] = ()


def all_labels(ids: Ids, current: Ids) -> tuple[Ids, Where]:
    """Labels that somebody drew: each is a person's, and so is what differs."""
    return _valid(ids, (ids != current) | (ids > 0))


def differences(ids: Ids, baseline: Ids) -> tuple[Ids, Where]:
    """Labels that Caihua wrote: what somebody changed since is a person's."""
    return _valid(ids, ids != baseline)


def _valid(ids: Ids, where: Where) -> tuple[Ids, Where]:
    where = where & (ids != IGNORE_ID)
    return np.where(where, ids, np.uint8(0)), where


def scale_of(metadata: Any) -> float | None:  # noqa: ANN401 - whatever the JSON holds
    """The scale in our own keys, if it is one."""
    scale = metadata.get("mm_per_px") if isinstance(metadata, dict) else None
    if isinstance(scale, bool) or not isinstance(scale, int | float):
        return None
    return float(scale) if 0 < scale < 1e6 else None


def text_of(metadata: Any, key: str) -> str:  # noqa: ANN401 - whatever the JSON holds
    """A text in our own keys; empty where there is none."""
    value = metadata.get(key) if isinstance(metadata, dict) else None
    return value if isinstance(value, str) else ""
