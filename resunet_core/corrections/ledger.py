"""Which tiles are locked away for judging: decided once, kept for ever.

What ever taught is never used to judge by, and what judges never teaches, in this
training or in a later one: else a model would be examined on its own lessons.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from resunet_core.box import Box
from resunet_core.corrections.survey import CheckedPhoto
from resunet_core.defects import DEFAULT_CLASSES
from resunet_core.errors import BadData
from resunet_core.files import write_text
from resunet_core.mask.tile import TILE_PX
from resunet_core.mask.tiled import Key

LOCKED_SHARE = 0.2
GAP_PX = 96
"""Between what teaches and what judges on one and the same photo."""

WHOLE = "whole"


@dataclass(frozen=True)
class Ledger:
    """What was decided, by the SHA-256 of photos.

    Attributes:
        taught: Photos that have taught, or of which a part has.
        locked: Photos that judge: the boxes of the locked part, or None for all.
    """

    taught: frozenset[str] = frozenset()
    locked: dict[str, Box | None] = field(default_factory=dict)

    @staticmethod
    def read(path: Path) -> "Ledger":
        """What was written; empty where nothing was yet.

        Raises:
            BadData: It is damaged: to start anew could lock away what has taught.
        """
        if not path.is_file():
            return Ledger()
        try:
            raw = json.loads(path.read_text("utf-8"))
            locked = {
                str(key): None if box == WHOLE else Box(*(int(side) for side in box))
                for key, box in raw["locked"].items()
            }
            return Ledger(frozenset(map(str, raw["taught"])), locked)
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise BadData(
                f"{path}, which says which photos only judge, is damaged.",
                "Restore it from a backup; or remove it, if no model has learned yet.",
            ) from error

    def write(self, path: Path) -> None:
        """Keep it."""
        document = {
            "taught": sorted(self.taught),
            "locked": {
                key: WHOLE
                if box is None
                else [box.top, box.left, box.bottom, box.right]
                for key, box in sorted(self.locked.items())
            },
        }
        write_text(path, json.dumps(document, indent=1) + "\n")


@dataclass(frozen=True)
class Parting:
    """Which tiles teach and which judge.

    Attributes:
        teach: Tiles by the photo's SHA-256.
        judge: Likewise; never the same tile.
        by_region: Photos that were parted within themselves.
        ledger: With what was decided now.
    """

    teach: dict[str, frozenset[Key]]
    judge: dict[str, frozenset[Key]]
    by_region: frozenset[str]
    ledger: Ledger

    def locked_box(self, sha256: str) -> Box | None:
        """What of a parted photo is locked, in its pixels."""
        return self.ledger.locked.get(sha256) if sha256 in self.by_region else None


def part(photos: Sequence[CheckedPhoto], ledger: Ledger) -> Parting:
    """Part by photo; a photo that is alone, by region with a gap.

    Raises:
        BadData: There is too little to part.
    """
    if not photos:
        raise BadData(
            "No tile is checked yet, so there is nothing to learn from.",
            "Correct a tile and press C over it; ten tiles are a good beginning.",
        )
    decided = _decided(photos, ledger)
    teach: dict[str, frozenset[Key]] = {}
    judge: dict[str, frozenset[Key]] = {}
    by_region = set()
    for photo in photos:
        if photo.sha256 not in decided.locked:
            teach[photo.sha256] = photo.tiles
            continue
        box = decided.locked[photo.sha256]
        if box is None:
            judge[photo.sha256] = photo.tiles
            continue
        by_region.add(photo.sha256)
        inside = frozenset(key for key in photo.tiles if _overlap(key, box))
        judge[photo.sha256] = inside
        teach[photo.sha256] = photo.tiles - inside
    teach = {key: tiles for key, tiles in teach.items() if tiles}
    judge = {key: tiles for key, tiles in judge.items() if tiles}
    _refuse_nothing(teach, judge)
    taught = decided.taught | teach.keys()
    ledger = Ledger(taught, decided.locked)
    return Parting(teach, judge, frozenset(by_region), ledger)


def _refuse_nothing(
    teach: dict[str, frozenset[Key]], judge: dict[str, frozenset[Key]]
) -> None:
    if not teach:
        raise BadData(
            "All checked tiles are on photos that are kept apart for judging.",
            "Check tiles on another photo; those are learned from.",
        )
    if not judge:
        raise BadData(
            "One checked tile is too little: none is left to judge the model by.",
            "Check at least one more tile, better ten, on two photos or more.",
        )


def _decided(photos: Sequence[CheckedPhoto], ledger: Ledger) -> Ledger:
    """The ledger with as much locked away as there should be, if there can be."""
    total = sum(len(photo.tiles) for photo in photos)
    have = sum(_locked_tiles(photo, ledger) for photo in photos)
    locked = dict(ledger.locked)
    free = [p for p in photos if p.sha256 not in ledger.taught | locked.keys()]
    # The one that comes nearest to the share, and shows every class if one does.
    while have < round(LOCKED_SHARE * total) or not have:
        others = len(photos) - len(locked) > 1
        if not free or not others:
            break
        wanted = max(1.0, LOCKED_SHARE * total - have)
        chosen = min(free, key=lambda p: _unfit(p, wanted))
        if have and len(chosen.tiles) > 2 * wanted:
            break
        free.remove(chosen)
        locked[chosen.sha256] = None
        have += len(chosen.tiles)
    if not have:
        photo = max(photos, key=lambda p: len(p.tiles))
        box = region_of(photo)
        if box is not None and photo.sha256 not in ledger.taught:
            locked[photo.sha256] = box
        elif box is not None and not locked:
            # It has taught already: only what is checked since then could judge.
            raise BadData(
                "The photos that are checked have all taught a model before: none "
                "of them can judge the next one.",
                "Check tiles on a photo that no model has learned from.",
            )
    return Ledger(ledger.taught, locked)


def _locked_tiles(photo: CheckedPhoto, ledger: Ledger) -> int:
    if photo.sha256 not in ledger.locked:
        return 0
    box = ledger.locked[photo.sha256]
    return sum(1 for key in photo.tiles if box is None or _overlap(key, box))


def _unfit(photo: CheckedPhoto, wanted: float) -> tuple[int, float, str]:
    """Classes it lacks, how far it is from the size wanted, and an order for ever."""
    lacking = sum(1 for defect in DEFAULT_CLASSES if not photo.counts.get(defect.id))
    return lacking, abs(len(photo.tiles) - wanted), photo.sha256


def region_of(photo: CheckedPhoto) -> Box | None:
    """One end of the checked part, about a fifth of its tiles; None with one tile."""
    if len(photo.tiles) < 2:
        return None
    rows = [row for row, _ in photo.tiles]
    cols = [col for _, col in photo.tiles]
    across = max(cols) - min(cols) >= max(rows) - min(rows)
    axis = 1 if across else 0
    ends = sorted({key[axis] for key in photo.tiles})
    wanted = max(1, round(LOCKED_SHARE * len(photo.tiles)))
    last = ends[-1]
    for edge in reversed(ends[1:]):
        last = edge
        if sum(1 for key in photo.tiles if key[axis] >= edge) >= wanted:
            break
    start = last * TILE_PX
    height, width = photo.size
    if across:
        return Box(0, start, height, width)
    return Box(start, 0, height, width)


def _overlap(key: Key, box: Box) -> bool:
    top, left = key[0] * TILE_PX, key[1] * TILE_PX
    tile = Box(top, left, top + TILE_PX, left + TILE_PX)
    return not tile.clip(box).is_empty
