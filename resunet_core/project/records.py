"""The values that a project keeps besides pixels."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from resunet_core.box import Box
from resunet_core.measure.scale import Scale

Action = Literal[
    "add",
    "building",
    "place",
    "scale",
    "note",
    "review",
    "relink",
    "detection",
    "edit",
    "undo",
    "redo",
    "check",
    "snapshot",
    "salvage",
    "campaign",
    "primary",
    "point check",
    "settings",
]
"""What a log entry is about."""

ReviewState = Literal["draft", "checked", "approved"]
REVIEW_STATES: tuple[ReviewState, ...] = ("draft", "checked", "approved")


Level = Literal["site", "building", "elevation", "bay", "component"]
LEVELS: tuple[Level, ...] = ("site", "building", "elevation", "bay", "component")


class DamagedRow(ValueError):  # noqa: N818 - named after what was found
    """A row of the project's tables holds what was never written there."""


@dataclass(frozen=True)
class Notice:
    """What a person should know, and what to do about it; the hint may be empty."""

    message: str
    hint: str = ""


@dataclass(frozen=True)
class Who:
    """Whose change it was: a person, or a model with the hash of its file."""

    kind: Literal["person", "model"]
    name: str = ""
    sha256: str = ""


SOMEBODY = Who("person")
"""A person who gave no name."""


@dataclass(frozen=True)
class Place:
    """Where a photo was taken, from the whole to the part; each may be empty."""

    site: str = ""
    building: str = ""
    elevation: str = ""  # or a room
    bay: str = ""
    component: str = ""

    @property
    def levels(self) -> tuple[str, str, str, str, str]:
        """The names from the site to the component."""
        return (self.site, self.building, self.elevation, self.bay, self.component)


@dataclass(frozen=True)
class PhotoRecord:
    """A photo of the project; its file may have gone. Sizes in px, turned upright.

    Attributes:
        path: Where its file should be, absolute. For a photo that lies outside what
            this person allowed, a place in the project's own folder.
        size_bytes: Size of the file; None where it was never seen.
        outside: The stored path that is not followed, since it leads out of the
            project's folder and nobody allowed that on this machine; else empty.
        scale: How large a pixel is, with its error and who measured it in which way.
        campaign: Which survey it belongs to, as `2026`; empty where nobody said.
        is_primary: Whether a person chose it to stand for its component.
    """

    id: int
    path: Path
    sha256: str
    width: int
    height: int
    building: str
    mm_per_px: float | None
    site: str = ""
    elevation: str = ""
    bay: str = ""
    component: str = ""
    review: ReviewState = "draft"
    reviewed_by: str = ""
    reviewed_at: datetime | None = None
    note: str = ""
    size_bytes: int | None = None
    outside: str = ""
    scale: Scale | None = None
    campaign: str = ""
    is_primary: bool = False

    @property
    def place(self) -> Place:
        """Where it was taken."""
        return Place(self.site, self.building, self.elevation, self.bay, self.component)


@dataclass(frozen=True)
class LogEntry:
    """One line of the audit trail; `at` in UTC, `box` in photo pixels."""

    id: int
    photo_id: int
    at: datetime
    who: Who
    action: Action
    what: str
    box: Box | None


@dataclass(frozen=True)
class Detection:
    """What the model's plane was made with; thresholds 0 to 1, areas in px, by key."""

    model_name: str
    model_sha256: str
    thresholds: Mapping[str, float]
    min_area_px: Mapping[str, int]

    def to_json(self) -> str:
        """The detection as the project file holds it."""
        return json.dumps(
            {
                "model_name": self.model_name,
                "model_sha256": self.model_sha256,
                "thresholds": dict(self.thresholds),
                "min_area_px": dict(self.min_area_px),
            },
            ensure_ascii=False,
            sort_keys=True,
        )

    @classmethod
    def from_json(cls, text: str) -> "Detection":
        """The detection that `to_json` wrote.

        Raises:
            ValueError: The text says something else.
        """
        try:
            data = json.loads(text)
            return cls(
                str(data["model_name"]),
                str(data["model_sha256"]),
                {str(key): float(v) for key, v in data["thresholds"].items()},
                {str(key): int(v) for key, v in data["min_area_px"].items()},
            )
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"no detection: {text[:80]}") from error
