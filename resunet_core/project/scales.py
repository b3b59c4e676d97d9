"""How large the pixels of a photo are, and which photos are which view of what."""

import math
from collections.abc import Collection
from datetime import UTC, datetime

from resunet_core.errors import WrongUsage
from resunet_core.measure.geometry import Geometry
from resunet_core.measure.scale import Scale, given_scale
from resunet_core.project.access import OpenProject
from resunet_core.project.log import Happening, add_entry
from resunet_core.project.records import SOMEBODY, Who
from resunet_core.project.scale_story import KeptScale, read_scale

_LONGEST_NAME = 100


def scale_of(project: OpenProject, photo_id: int) -> KeptScale | None:
    """The scale of a photo with its story; None where it has none."""
    with project.reading() as database:
        rows = database.execute(
            "SELECT mm_per_px, scale FROM photos WHERE id = ?", (photo_id,)
        )
        for mm_per_px, story in rows.fetchall():
            return read_scale(mm_per_px, story)
    raise KeyError(photo_id)


def set_scale(
    project: OpenProject,
    photo_id: int,
    scale: Scale | float | None,
    *,
    geometry: Geometry | None = None,
    who: Who = SOMEBODY,
) -> None:
    """Set how large the pixels of a photo are; None for not known.

    A bare number is one that somebody gives, with 2 % of doubt. What was measured
    without a name was measured by `who`.

    Raises:
        WrongUsage: The number is not above 0, or the photo is approved.
    """
    if isinstance(scale, int | float):
        if not 0 < scale < math.inf:
            raise WrongUsage(
                f"A scale of {scale} mm per pixel is not possible.",
                "Give a number above 0.",
            )
        scale = given_scale(float(scale), operator=who.name)
    kept = None
    if scale is not None:
        kept = KeptScale(scale, datetime.now(UTC), geometry)
    with project.changing(photo_id) as database:
        database.execute(
            "UPDATE photos SET mm_per_px = ?, scale = ? WHERE id = ?",
            (
                None if kept is None else kept.scale.mm_per_px,
                None if kept is None else kept.to_json(),
                photo_id,
            ),
        )
        add_entry(database, photo_id, Happening(who, "scale", _told(scale)))


def _told(scale: Scale | None) -> str:
    if scale is None:
        return ""
    value = f"{scale.mm_per_px:.6g} mm/px"
    if scale.method == "given":
        return value
    note = f" ({scale.note})" if scale.note else ""
    return f"{value} ± {100 * scale.relative_se:.2g} %, {scale.method}{note}"


def set_campaign(
    project: OpenProject,
    photo_ids: Collection[int],
    name: str,
    *,
    who: Who = SOMEBODY,
) -> None:
    """Say to which survey photos belong, as `2026`; names sort as time goes on.

    Raises:
        WrongUsage: One of the photos is approved, or the name is far too long.
    """
    name = name.strip()
    if len(name) > _LONGEST_NAME:
        raise WrongUsage(f"“{name[:40]}…” is too long a name.", "Shorten it.")
    with project.changing_all(photo_ids) as database:
        for photo_id in photo_ids:
            database.execute(
                "UPDATE photos SET campaign = ? WHERE id = ?", (name, photo_id)
            )
            add_entry(database, photo_id, Happening(who, "campaign", name))


def set_primary(
    project: OpenProject,
    photo_id: int,
    *,
    is_primary: bool = True,
    who: Who = SOMEBODY,
) -> None:
    """Choose a photo to stand for its component, or for a part no other one shows.

    Several photos of a component may be chosen when they show different parts of it.

    Raises:
        WrongUsage: The photo is approved.
    """
    with project.changing(photo_id) as database:
        database.execute(
            "UPDATE photos SET is_primary = ? WHERE id = ?", (is_primary, photo_id)
        )
        what = "primary view" if is_primary else "not a primary view"
        add_entry(database, photo_id, Happening(who, "primary", what))
