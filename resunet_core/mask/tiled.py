"""Masks of photos up to a gigapixel, in sparse tiles: only what is not zero is kept."""

from collections import Counter, OrderedDict
from collections.abc import Iterator
from threading import Lock
from typing import Literal

import cv2
import numpy as np

from resunet_core.box import Box
from resunet_core.mask.tile import TILE_PX, Pixels, Tile, tile_of

Key = tuple[int, int]
"""Row and column of a tile."""

PlaneName = Literal["model", "person", "scope"]

MAX_CLASS_ID = 254
"""The person plane keeps class id + 1 in a byte."""

ASSESSED, OUT_OF_SCOPE, NOT_ASSESSABLE = 0, 1, 2
"""Values of the scope plane: painted and seen; no paint; not to be seen."""

HOT_TILES = 512
"""Tiles of a plane that stay raw (128 MiB); the others rest packed."""


def tiles_meeting(box: Box) -> Iterator[Key]:
    """Rows and columns of the tiles that share pixels with a box."""
    if box.is_empty:
        return
    for row in range(box.top // TILE_PX, (box.bottom - 1) // TILE_PX + 1):
        for col in range(box.left // TILE_PX, (box.right - 1) // TILE_PX + 1):
            yield row, col


class TiledPlane:
    """One byte per pixel of a photo; tiles that are absent are all zero.

    Any thread may call any method. Tiles are cut at the photo's edge: a tile has the
    shape of its `tile_box`.
    """

    def __init__(self, height: int, width: int) -> None:
        self.height = height
        self.width = width
        self._tiles: dict[Key, Tile] = {}
        self._hot: OrderedDict[Key, None] = OrderedDict()
        self._changed: set[Key] = set()
        self._lock = Lock()

    def tile_box(self, row: int, col: int) -> Box:
        """The pixels of a tile in the photo; empty for a tile outside it."""
        top, left = row * TILE_PX, col * TILE_PX
        box = Box(top, left, top + TILE_PX, left + TILE_PX)
        return box.clip(Box.of(self.height, self.width))

    def tiles(self) -> Iterator[Key]:
        """Rows and columns of the tiles present now, in reading order."""
        with self._lock:
            keys = sorted(self._tiles)
        return iter(keys)

    def tile(self, row: int, col: int) -> Pixels | None:
        """Read-only uint8 pixels of a tile, None where all are zero."""
        key = (row, col)
        with self._lock:
            tile = self._tiles.get(key)
            if tile is None:
                return None
            pixels = tile.keep_raw()
            self._heat(key)
            return pixels

    def set_tile(self, row: int, col: int, pixels: Pixels | None) -> None:
        """Put uint8 pixels of the shape of `tile_box`; they are not copied.

        Raises:
            ValueError: The tile lies outside the photo, or has another shape or type.
        """
        self.put(row, col, tile_of(pixels))

    def get(self, row: int, col: int) -> Tile | None:
        """A tile as a value to keep, None where all pixels are zero."""
        with self._lock:
            return self._tiles.get((row, col))

    def put(self, row: int, col: int, tile: Tile | None) -> None:
        """Replace a tile; None empties it.

        Raises:
            ValueError: The tile lies outside the photo or has another shape.
        """
        key, box = (row, col), self.tile_box(row, col)
        if box.is_empty or (tile is not None and tile.shape != (box.height, box.width)):
            shape = None if tile is None else tile.shape
            raise ValueError(f"a tile of {shape} does not fit at {key}: {box}")
        with self._lock:
            self._changed.add(key)
            if tile is None:
                self._tiles.pop(key, None)
                self._hot.pop(key, None)
            else:
                self._tiles[key] = tile
                self._heat(key)

    def read(self, box: Box) -> Pixels:
        """A new uint8 [h, w] of the box's size; zero outside the photo."""
        pixels = np.zeros((box.height, box.width), np.uint8)
        for row, col in tiles_meeting(box.clip(Box.of(self.height, self.width))):
            tile = self.tile(row, col)
            if tile is not None:
                frame = self.tile_box(row, col)
                part = frame.clip(box)
                pixels[part.within(box).slices] = tile[part.within(frame).slices]
        return pixels

    def snapshot(self) -> "TiledPlane":
        """The plane as it is now, for another thread; shares all tiles."""
        copy = TiledPlane(self.height, self.width)
        with self._lock:
            copy._tiles = self._tiles.copy()
            copy._hot = self._hot.copy()
            copy._changed = set(self._tiles)
        return copy

    def take_changed(self) -> set[Key]:
        """The tiles that were put since the last call."""
        with self._lock:
            changed, self._changed = self._changed, set()
        return changed

    def _heat(self, key: Key) -> None:
        """Note the use of a tile and pack the one unused for longest."""
        self._hot[key] = None
        self._hot.move_to_end(key)
        if len(self._hot) > HOT_TILES:
            self._tiles[self._hot.popitem(last=False)[0]].release()


class DefectMask:
    """One class id per pixel: what a person drew, over what the model says.

    `model` holds class ids. `person` holds 0 where nobody drew and class id + 1 where
    a person did, so that whatever changes `model` leaves a person's pixels alone.
    `scope` holds `ASSESSED`, `OUT_OF_SCOPE` or `NOT_ASSESSABLE`, and changes no class.
    """

    def __init__(self, height: int, width: int) -> None:
        self.height = height
        self.width = width
        self.model = TiledPlane(height, width)
        self.person = TiledPlane(height, width)
        self.scope = TiledPlane(height, width)
        self._tile_counts: dict[Key, Counter[int]] = {}
        self._counts: Counter[int] = Counter({0: height * width})
        self._counting = Lock()

    def plane(self, name: PlaneName) -> TiledPlane:
        """The plane of a name."""
        return {"model": self.model, "person": self.person, "scope": self.scope}[name]

    def tiles(self) -> Iterator[Key]:
        """Rows and columns of the tiles where a model or a person says something."""
        return iter(sorted({*self.model.tiles(), *self.person.tiles()}))

    def read(self, box: Box) -> Pixels:
        """A new uint8 [h, w] of class ids; sound outside the photo."""
        return _composed(self.model.read(box), self.person.read(box))

    def read_origin(self, box: Box) -> Pixels:
        """A new uint8 [h, w]: 1 where a person set the pixel, else 0."""
        return np.minimum(self.person.read(box), 1, dtype=np.uint8)

    def counts(self) -> Counter[int]:
        """Pixels of each class id in the whole photo, sound paint included.

        Only tiles that changed since the last call are counted again.
        """
        with self._counting:
            changed = self.model.take_changed() | self.person.take_changed()
            for key in changed:
                old = self._tile_counts.pop(key, Counter())
                self._counts.subtract(old)
                self._counts[0] += old.total()
                new = self._count_tile(key)
                if new:
                    self._tile_counts[key] = new
                    self._counts.update(new)
                    self._counts[0] -= new.total()
            return +self._counts

    def snapshot(self) -> "DefectMask":
        """The mask as it is now, for another thread; takes no copy of the pixels."""
        copy = DefectMask(self.height, self.width)
        copy.model = self.model.snapshot()
        copy.person = self.person.snapshot()
        copy.scope = self.scope.snapshot()
        return copy

    def _count_tile(self, key: Key) -> Counter[int]:
        model, person = self.model.tile(*key), self.person.tile(*key)
        if person is not None:
            under = np.zeros(person.shape, np.uint8) if model is None else model.copy()
            model = _composed(under, person)
        if model is None:
            return Counter()
        found = cv2.calcHist([model], [0], None, [256], [0, 256]).ravel()
        return Counter({int(k): int(found[k]) for k in np.flatnonzero(found)})


def _composed(model: Pixels, person: Pixels) -> Pixels:
    """`person` over `model`, written into `model`."""
    np.subtract(person, 1, out=model, where=person != 0)
    return model
