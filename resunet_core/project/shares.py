"""How many pixels each photo has of each class: kept in step with its tiles."""

import sqlite3
from collections import Counter

import cv2
import numpy as np

from resunet_core.mask.edit import MaskEdit, TileChange
from resunet_core.mask.tile import Pixels, Tile
from resunet_core.mask.tiled import DefectMask, Key, PlaneName
from resunet_core.project.planes import load_planes, stored_tile

_ADD = (
    "INSERT INTO shares (photo_id, class_id, pixels) VALUES (?, ?, ?)"
    " ON CONFLICT (photo_id, class_id) DO UPDATE SET pixels = excluded.pixels"
)


def count_edit(
    database: sqlite3.Connection, photo_id: int, edit: MaskEdit, size: DefectMask
) -> None:
    """Bring the counts to what they are after an edit whose tiles are not yet stored.

    Of `size` only height and width are used.
    """
    changed = Counter[int]()
    for key, planes in _by_tile(edit).items():
        before: list[Tile | None] = []
        after: list[Tile | None] = []
        for name in ("model", "person"):
            change = planes.get(name)
            if change is None:
                same = stored_tile(database, photo_id, (name, *key), size.plane(name))
                before.append(same)
                after.append(same)
            else:
                before.append(change.before)
                after.append(change.after)
        changed.subtract(_count(*before))
        changed.update(_count(*after))
    _add(database, photo_id, changed)


def shares_of(database: sqlite3.Connection, photo_id: int) -> dict[int, int]:
    """Pixels of each class id of a photo but sound paint."""
    rows = database.execute(
        "SELECT class_id, pixels FROM shares WHERE photo_id = ?", (photo_id,)
    )
    return {int(class_id): int(pixels) for class_id, pixels in rows}


def count_everything(database: sqlite3.Connection) -> None:
    """Count all photos of a project that has kept no counts yet.

    Raises:
        DamagedTile: A tile is damaged.
    """
    photos = database.execute("SELECT id, height, width FROM photos").fetchall()
    for photo_id, height, width in photos:
        mask = DefectMask(height, width)
        load_planes(database, photo_id, mask)
        counts = mask.counts()
        del counts[0]
        _add(database, photo_id, counts)


def _add(database: sqlite3.Connection, photo_id: int, changed: Counter[int]) -> None:
    known = shares_of(database, photo_id)
    for class_id, difference in changed.items():
        if class_id == 0 or difference == 0:
            continue
        pixels = known.get(class_id, 0) + difference
        if pixels > 0:
            database.execute(_ADD, (photo_id, class_id, pixels))
        else:
            database.execute(
                "DELETE FROM shares WHERE photo_id = ? AND class_id = ?",
                (photo_id, class_id),
            )


def _by_tile(edit: MaskEdit) -> dict[Key, dict[PlaneName, TileChange]]:
    tiles: dict[Key, dict[PlaneName, TileChange]] = {}
    for change in edit.changes:
        if change.plane == "scope":  # which says nothing of classes
            continue
        tiles.setdefault((change.row, change.col), {})[change.plane] = change
    return tiles


def _count(model: Tile | None, person: Tile | None) -> Counter[int]:
    """Pixels of each class id of a person's tile over the model's."""
    if model is None and person is None:
        return Counter()
    seen = composed(model, person)
    found = cv2.calcHist([seen], [0], None, [256], [0, 256]).ravel()
    return Counter({int(k): int(found[k]) for k in np.flatnonzero(found)})


def composed(model: Tile | None, person: Tile | None) -> Pixels:
    """What is seen of two tiles, of which one may be all zero: new uint8 [h, w]."""
    if person is None:
        return model.pixels.copy() if model is not None else np.zeros((0, 0), np.uint8)
    drawn = person.pixels
    under = np.zeros(drawn.shape, np.uint8) if model is None else model.pixels.copy()
    np.subtract(drawn, 1, out=under, where=drawn != 0)
    return under
