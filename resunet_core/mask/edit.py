"""One change of a mask, with what was there before: apply it, take it back, keep it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from resunet_core.box import Box
from resunet_core.mask.tile import Pixels, Tile, same_pixels, tile_of
from resunet_core.mask.tiled import MAX_CLASS_ID, DefectMask, Key, PlaneName


def stored_value(plane: PlaneName, value: int) -> int:
    """What a plane holds for a class id, or for a value of the scope plane.

    Raises:
        ValueError: A byte of the plane cannot hold it.
    """
    if not 0 <= value <= MAX_CLASS_ID:
        raise ValueError(f"class id {value} is not in 0 to {MAX_CLASS_ID}")
    return value + 1 if plane == "person" else value


@dataclass(frozen=True)
class TileChange:
    """A tile of one plane before and after; None is a tile of zeros."""

    plane: PlaneName
    row: int
    col: int
    before: Tile | None
    after: Tile | None


@dataclass(frozen=True)
class MaskEdit:
    """A named change of a mask within `box`, in photo pixels."""

    name: str
    box: Box
    changes: tuple[TileChange, ...]

    def apply(self, mask: DefectMask) -> None:
        """Bring the tiles of `mask` to what they were after the edit."""
        for change in self.changes:
            mask.plane(change.plane).put(change.row, change.col, change.after)

    def revert(self, mask: DefectMask) -> None:
        """Bring the tiles of `mask` to exactly what they were before the edit."""
        for change in self.changes:
            mask.plane(change.plane).put(change.row, change.col, change.before)

    def fits(self, mask: DefectMask) -> bool:
        """Whether the tiles of `mask` are those that the edit was made from."""
        return all(
            mask.plane(change.plane).get(change.row, change.col) is change.before
            for change in self.changes
        )

    @property
    def nbytes(self) -> int:
        """Memory that the tiles of the edit take at most."""
        tiles = [tile for c in self.changes for tile in (c.before, c.after)]
        return sum(tile.nbytes for tile in tiles if tile is not None)


class Draft:
    """Changes of one plane, shown in the mask at once, that become an edit or nothing.

    A tile is kept as it was when the draft first touches it.
    """

    def __init__(self, mask: DefectMask, plane: PlaneName) -> None:
        self._name: PlaneName = plane
        self._plane = mask.plane(plane)
        self._before: dict[Key, Tile | None] = {}
        self._canvas: dict[Key, Pixels] = {}

    def tile_box(self, key: Key) -> Box:
        """The pixels of a tile in the photo."""
        return self._plane.tile_box(*key)

    def draw(self, key: Key, change: Callable[[Pixels], None]) -> None:
        """Let `change` write in the pixels of a tile and show the result."""
        if key not in self._canvas:
            before = self._before.setdefault(key, self._plane.get(*key))
            self._canvas[key] = self._writable(key, before)
        change(self._canvas[key])
        # Put again at each change: the plane then knows that the tile is another one.
        self._plane.set_tile(*key, self._canvas[key])

    def replace(self, key: Key, pixels: Pixels | None) -> None:
        """Put other pixels in place of a whole tile."""
        self.put(key, tile_of(pixels))

    def put(self, key: Key, after: Tile | None) -> None:
        """Put another tile in place of one; a value may be shared by several places."""
        before = self._plane.get(*key)
        if same_pixels(before, after):
            return
        self._plane.put(*key, after)
        self._before.setdefault(key, before)
        if before is not None:
            before.release()

    def finish(self, name: str, box: Box | None = None) -> MaskEdit | None:
        """The edit, or None when no pixel is another one than before.

        The box is that of the changed tiles where the caller knows no closer one.
        """
        changes = []
        around = Box(0, 0, 0, 0)
        for (row, col), before in sorted(self._before.items(), key=_by_key):
            after = self._plane.get(row, col)
            if (row, col) not in self._canvas or not same_pixels(before, after):
                changes.append(TileChange(self._name, row, col, before, after))
                around = around.union(self._plane.tile_box(row, col))
        return MaskEdit(name, box or around, tuple(changes)) if changes else None

    def abort(self) -> None:
        """Bring the plane back to what it was."""
        for key, before in self._before.items():
            self._plane.put(*key, before)

    def _writable(self, key: Key, tile: Tile | None) -> Pixels:
        if tile is not None:
            return tile.pixels.copy()
        frame = self._plane.tile_box(*key)
        return np.zeros((frame.height, frame.width), np.uint8)


def _by_key(item: tuple[Key, Tile | None]) -> Key:
    return item[0]
