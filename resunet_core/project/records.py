"""The values that a project keeps besides pixels."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from resunet_core.box import Box

Action = Literal["add", "building", "scale", "detection", "edit", "undo", "redo"]
"""What a log entry is about."""


@dataclass(frozen=True)
class Who:
    """Whose change it was: a person, or a model with the hash of its file."""

    kind: Literal["person", "model"]
    name: str = ""
    sha256: str = ""


SOMEBODY = Who("person")
"""A person who gave no name."""


@dataclass(frozen=True)
class PhotoRecord:
    """A photo of the project; its file may have gone. Sizes in px, turned upright."""

    id: int
    path: Path
    sha256: str
    width: int
    height: int
    building: str
    mm_per_px: float | None


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
