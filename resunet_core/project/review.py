"""How far a photo has come: draft, checked, approved."""

from collections.abc import Collection

from resunet_core.errors import WrongUsage
from resunet_core.project.access import OpenProject
from resunet_core.project.log import Happening, add_entry, now
from resunet_core.project.records import REVIEW_STATES, ReviewState, Who


def set_review(
    project: OpenProject, photo_ids: Collection[int], state: ReviewState, *, who: Who
) -> None:
    """Bring photos a step forward, or back as far as wanted, in one change.

    An approved photo takes no change of mask, scale, place or detection until its
    approval is taken back. Photos that are in the state already stay as they are.

    Raises:
        WrongUsage: A draft would be approved that nobody checked.
        BadProject: The project is read-only.
    """
    wanted = REVIEW_STATES.index(state)
    with project.changing() as database:
        for photo_id in photo_ids:
            row = database.execute(
                "SELECT path, review FROM photos WHERE id = ?", (photo_id,)
            ).fetchone()
            if row is None:
                raise KeyError(photo_id)
            stored, before = row
            if before == state:
                continue
            if wanted > REVIEW_STATES.index(before) + 1:
                raise WrongUsage(
                    f"{stored} is still a draft, so it cannot be approved.",
                    "Mark it as checked first.",
                )
            database.execute(
                "UPDATE photos SET review = ?, reviewed_by = ?, reviewed_at = ?"
                " WHERE id = ?",
                (state, who.name, now(), photo_id),
            )
            event = Happening(who, "review", f"{before} > {state}")
            add_entry(database, photo_id, event)
