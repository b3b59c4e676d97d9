"""The steps of a photo that can be undone and redone, in a row."""

from dataclasses import dataclass

from resunet_core.box import Box
from resunet_core.project.access import OpenProject


@dataclass(frozen=True)
class TimelineStep:
    """A step: what it is called, where it changed the mask, whether it is in force."""

    id: int
    name: str
    box: Box
    is_done: bool


def steps_of(project: OpenProject, photo_id: int) -> list[TimelineStep]:
    """The steps that are kept of a photo, oldest first; those undone are the last."""
    with project.reading() as database:
        rows = database.execute(
            'SELECT id, name, top, "left", bottom, "right", undone FROM steps'
            " WHERE photo_id = ? ORDER BY id",
            (photo_id,),
        )
        return [
            TimelineStep(int(number), str(name), Box(*sides), not undone)
            for number, name, *sides, undone in rows.fetchall()
        ]
