"""Several edits in a row as the one step that a person knows them by."""

from collections.abc import Sequence

from resunet_core.box import Box
from resunet_core.mask.edit import MaskEdit, TileChange


def merge_edits(name: str, edits: Sequence[MaskEdit]) -> MaskEdit | None:
    """One edit that does what `edits` did one after the other; None for no edits."""
    first: dict[tuple[str, int, int], TileChange] = {}
    last: dict[tuple[str, int, int], TileChange] = {}
    box = Box(0, 0, 0, 0)
    for edit in edits:
        box = box.union(edit.box)
        for change in edit.changes:
            key = (change.plane, change.row, change.col)
            first.setdefault(key, change)
            last[key] = change
    if not first:
        return None
    changes = tuple(
        TileChange(start.plane, start.row, start.col, start.before, last[key].after)
        for key, start in first.items()
    )
    return MaskEdit(name, box, changes)
