"""What an overlay shows, part by part: classes, where they come from, probabilities."""

from collections.abc import Collection, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.canvas.overlay_paint import (
    Argb,
    ClassLook,
    Ids,
    coloured,
    coverage,
    full_size_table,
    halved,
)
from app.canvas.overlay_style import (
    HALO_PX,
    heat_table,
    largest_in_squares,
    seen_ids,
    styled,
)
from app.session.view_state import OverlayStyle
from resunet_core.box import Box
from resunet_core.inference.probability import ProbabilityMap
from resunet_core.mask.tile import TILE_PX
from resunet_core.mask.tiled import DefectMask, Key

KEPT_FROM_LEVEL = 3  # coarser levels are made from kept shares, not from the mask
COARSEST = 9  # a mask tile is one pixel

MODEL, PERSON, SOUND, CHECKED = 1, 2, 3, 4
"""Where what is shown comes from; sound: a person took back what a model found."""


class Codes(Protocol):
    """One code per pixel, 0 for nothing, in tiles."""

    @property
    def frame(self) -> Box:
        """The whole photo."""

    def is_empty(self, part: Key) -> bool:
        """Whether a tile has no code."""

    def read(self, box: Box) -> Ids:
        """Codes uint8 [h, w] of a box; 0 outside the photo."""


class ClassCodes:
    """The class ids of a mask."""

    def __init__(self, mask: DefectMask) -> None:
        self._mask = mask
        self.frame = Box.of(mask.height, mask.width)

    def is_empty(self, part: Key) -> bool:
        """Whether neither model nor person said anything."""
        mask = self._mask
        return mask.model.get(*part) is None and mask.person.get(*part) is None

    def read(self, box: Box) -> Ids:
        """Class ids uint8 [h, w]."""
        return self._mask.read(box)


class ScopeCodes(ClassCodes):
    """The scope plane of a mask."""

    def is_empty(self, part: Key) -> bool:
        """Whether all is assessed."""
        return self._mask.scope.get(*part) is None

    def read(self, box: Box) -> Ids:
        """Values of the scope plane, uint8 [h, w]."""
        return self._mask.scope.read(box)


class OriginCodes(ClassCodes):
    """Who says what is shown."""

    def __init__(self, mask: DefectMask, checked: Collection[Key]) -> None:
        super().__init__(mask)
        self._checked = checked

    def read(self, box: Box) -> Ids:
        """`MODEL`, `PERSON`, `SOUND` or `CHECKED`, uint8 [h, w]; else 0."""
        model, person = self._mask.model.read(box), self._mask.person.read(box)
        codes = np.where(model > 0, np.uint8(MODEL), np.uint8(0))
        codes[person > 1] = PERSON
        taken_back = person == 1
        codes[taken_back] = np.where(model[taken_back] > 0, np.uint8(SOUND), 0)
        for row, col in self._checked:
            tile = self._mask.model.tile_box(row, col).clip(box)
            if not tile.is_empty:
                inside = codes[tile.within(box).slices]
                inside[(inside > 0) & (inside != SOUND)] = CHECKED
        return codes


class Layer(Protocol):
    """What an overlay item draws."""

    @property
    def frame(self) -> Box:
        """The whole photo."""

    def colours(self, part: Key, level: int) -> Argb | None:
        """A mask tile at a level, premultiplied ARGB; None where nothing is shown."""

    def forget(self, part: Key) -> None:
        """What is known of a mask tile holds no more."""


class CodeLayer:
    """Codes in their colours, in a style."""

    def __init__(
        self,
        codes: Codes,
        looks: Sequence[ClassLook],
        style: OverlayStyle = OverlayStyle.FILL,
    ) -> None:
        self.frame = codes.frame
        self._codes = codes
        self._looks = tuple(looks)
        self._style = style
        self._table = full_size_table(looks)
        self._kept: dict[Key, list[NDArray[np.uint8]]] = {}

    def restyled(self, looks: Sequence[ClassLook], style: OverlayStyle) -> "CodeLayer":
        """The same codes, shown otherwise; what is known of them goes on to hold."""
        layer = CodeLayer(self._codes, looks, style)
        if [look.class_id for look in looks] == [look.class_id for look in self._looks]:
            layer._kept = self._kept
        return layer

    def forget(self, part: Key) -> None:
        """What is known of a mask tile holds no more."""
        self._kept.pop(part, None)

    def colours(self, part: Key, level: int) -> Argb | None:
        """A mask tile at a level, premultiplied ARGB; None where nothing is shown."""
        if self._codes.is_empty(part):
            return None
        if self._style is not OverlayStyle.FILL:
            return self._styled(part, level)
        if level == 0:
            return np.asarray(self._table[self._codes.read(self._box(part))])
        return coloured(self._coverage(part, level), self._looks)

    def _styled(self, part: Key, level: int) -> Argb:
        side = TILE_PX >> level
        corner = (part[0] * side, part[1] * side)
        if level >= KEPT_FROM_LEVEL:
            ids = seen_ids(self._coverage(part, level), self._looks)
            return styled(ids, self._looks, self._style, corner)
        box = self._box(part)
        around = box.grow(HALO_PX << level)
        ids = self._codes.read(around)
        if level > 0:
            planes = coverage(ids, self._class_ids(), 1 << level)
            ids = seen_ids(planes, self._looks)
        outer = (corner[0] - HALO_PX, corner[1] - HALO_PX)
        colours = styled(ids, self._looks, self._style, outer)
        rows, columns = (-(-v // (1 << level)) for v in (box.height, box.width))
        return colours[HALO_PX : HALO_PX + rows, HALO_PX : HALO_PX + columns]

    def _box(self, part: Key) -> Box:
        top, left = part[0] * TILE_PX, part[1] * TILE_PX
        return Box(top, left, top + TILE_PX, left + TILE_PX).clip(self.frame)

    def _class_ids(self) -> list[int]:
        return [look.class_id for look in self._looks]

    def _coverage(self, part: Key, level: int) -> NDArray[np.uint8]:
        if level < KEPT_FROM_LEVEL:
            ids = self._codes.read(self._box(part))
            return coverage(ids, self._class_ids(), 1 << level)
        kept = self._kept.get(part)
        if kept is None:
            ids = self._codes.read(self._box(part))
            kept = [coverage(ids, self._class_ids(), 1 << KEPT_FROM_LEVEL)]
            for _ in range(KEPT_FROM_LEVEL, COARSEST):
                kept.append(halved(kept[-1]))
            self._kept[part] = kept
        return kept[level - KEPT_FROM_LEVEL]


class HeatLayer:
    """Where a model sees damage at all, and how surely."""

    def __init__(
        self, probabilities: ProbabilityMap, shown: Sequence[bool] | None = None
    ) -> None:
        self.frame = Box.of(probabilities.height, probabilities.width)
        self._probabilities = probabilities
        self._shown = None if shown is None else np.flatnonzero(shown)
        self._table = heat_table()
        self._kept: dict[Key, NDArray[np.uint8]] = {}

    def forget(self, part: Key) -> None:
        """Nothing: probabilities do not change."""

    def colours(self, part: Key, level: int) -> Argb | None:
        """A mask tile at a level, premultiplied ARGB."""
        if level < KEPT_FROM_LEVEL:
            values = self._read(part)
        else:
            values = self._kept.get(part, np.zeros((0, 0), np.uint8))
            if not values.size:
                values = largest_in_squares(self._read(part), 1 << KEPT_FROM_LEVEL)
                self._kept[part] = values
            level -= KEPT_FROM_LEVEL
        if not values.size:
            return None
        return np.asarray(self._table[largest_in_squares(values, 1 << level)])

    def _read(self, part: Key) -> NDArray[np.uint8]:
        top, left = part[0] * TILE_PX, part[1] * TILE_PX
        planes = self._probabilities.read(Box(top, left, top + TILE_PX, left + TILE_PX))
        if self._shown is not None:
            planes = planes[self._shown]
        if not planes.size:
            return np.zeros((0, 0), np.uint8)
        return np.asarray(planes.max(axis=0))
