"""Where photos were taken, and what is noted on them."""

from collections.abc import Collection, Mapping

from resunet_core.errors import WrongUsage
from resunet_core.project.access import OpenProject
from resunet_core.project.log import Happening, add_entry
from resunet_core.project.records import LEVELS, SOMEBODY, Level, Who

LONGEST_NOTE = 100_000
"""Characters."""

_LONGEST_NAME = 500


def set_place(
    project: OpenProject,
    photo_ids: Collection[int],
    levels: Mapping[Level, str],
    *,
    who: Who = SOMEBODY,
) -> None:
    """Say where photos were taken, in one change; levels that are not named stay.

    Raises:
        WrongUsage: One of the photos is approved, or a name is far too long.
    """
    names = {level: levels[level].strip() for level in LEVELS if level in levels}
    for name in names.values():
        if len(name) > _LONGEST_NAME:
            raise WrongUsage(f"“{name[:40]}…” is too long a name.", "Shorten it.")
    if not names or not photo_ids:
        return
    columns = ", ".join(f"{level} = ?" for level in names)
    what = ", ".join(f"{level}: {name}" for level, name in names.items())
    with project.changing_all(photo_ids) as database:
        for photo_id in photo_ids:
            database.execute(
                f"UPDATE photos SET {columns} WHERE id = ?",  # noqa: S608 - our names
                (*names.values(), photo_id),
            )
            add_entry(database, photo_id, Happening(who, "place", what))


def set_note(
    project: OpenProject, photo_id: int, text: str, *, who: Who = SOMEBODY
) -> None:
    """Note something on a photo in place of what was noted; an approved one as well.

    Raises:
        WrongUsage: The note is far too long.
    """
    if len(text) > LONGEST_NOTE:
        raise WrongUsage(
            f"A note of {len(text)} characters is too long.",
            f"Shorten it to {LONGEST_NOTE}.",
        )
    with project.changing() as database:
        database.execute("UPDATE photos SET note = ? WHERE id = ?", (text, photo_id))
        add_entry(database, photo_id, Happening(who, "note", text))
