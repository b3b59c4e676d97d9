"""How the project's tables tell a scale: the number, and the story behind it."""

import json
import math
import sqlite3
from dataclasses import asdict, dataclass
from datetime import datetime

from resunet_core.measure.geometry import (
    Geometry,
    geometry_from_data,
    geometry_to_data,
)
from resunet_core.measure.scale import Scale, given_scale
from resunet_core.project.records import DamagedRow


@dataclass(frozen=True)
class KeptScale:
    """A scale as a project keeps it.

    Attributes:
        scale: Value, standard error, method, operator, what was measured.
        at: When it was set; None where nobody kept that.
        geometry: The four points of a rectification, or the cylinder; else None.
    """

    scale: Scale
    at: datetime | None = None
    geometry: Geometry | None = None

    def to_json(self) -> str:
        """The text that the project file holds."""
        told = asdict(self.scale)
        if self.at is not None:
            told["at"] = self.at.isoformat(timespec="milliseconds")
        if self.geometry is not None:
            told["geometry"] = geometry_to_data(self.geometry)
        return json.dumps(told, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "KeptScale":
        """What `to_json` wrote.

        Raises:
            ValueError: The text says something else.
        """
        scale = Scale.from_json(text)
        told = json.loads(text)
        at = datetime.fromisoformat(str(told["at"])) if "at" in told else None
        if at is not None and at.tzinfo is None:
            raise ValueError("a time without its zone")
        geometry = told.get("geometry")
        return cls(
            scale, at, None if geometry is None else geometry_from_data(geometry)
        )


def read_scale(mm_per_px: float | None, story: object) -> KeptScale | None:
    """The scale of a photo's row; a number without a story is one that was given.

    Raises:
        DamagedRow: The story is none, or tells another scale.
    """
    if mm_per_px is None or story is None:
        return None if mm_per_px is None else KeptScale(given_scale(mm_per_px))
    try:
        kept = KeptScale.from_json(str(story))
    except ValueError as error:
        raise DamagedRow(f"{str(story)[:40]!a} is no scale") from error
    if not math.isclose(kept.scale.mm_per_px, mm_per_px, rel_tol=1e-9):
        raise DamagedRow(f"its scale is {mm_per_px:g} and {kept.scale.mm_per_px:g}")
    return kept


def tell_stories(database: sqlite3.Connection) -> None:
    """Say of each scale of an older project who gave it, and when, as its log knows."""
    rows = database.execute(
        "SELECT id, mm_per_px FROM photos WHERE mm_per_px IS NOT NULL"
    )
    for photo_id, mm_per_px in rows.fetchall():
        operator, at = "", None
        given = database.execute(
            "SELECT who_name, at FROM log WHERE photo_id = ? AND action = 'scale'"
            " ORDER BY id DESC LIMIT 1",
            (photo_id,),
        )
        for name, text in given.fetchall():
            operator, at = str(name), _time(text)
        kept = KeptScale(given_scale(mm_per_px, operator=operator), at)
        database.execute(
            "UPDATE photos SET scale = ? WHERE id = ?", (kept.to_json(), photo_id)
        )


def _time(text: object) -> datetime | None:
    """A time with its zone; None for a text that is none: an old log may be damaged."""
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return at if at.tzinfo else None
