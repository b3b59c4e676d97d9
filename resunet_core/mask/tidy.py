"""A part of a mask made tidier: specks deleted, gaps joined, edges smoothed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from resunet_core.box import Box
from resunet_core.defects import DEFAULT_CLASSES, SOUND_ID, DefectClasses
from resunet_core.mask.edit import Draft, MaskEdit
from resunet_core.mask.threshold import MAX_MIN_AREA_PX, drop_small
from resunet_core.mask.tile import TILE_PX, Pixels
from resunet_core.mask.tiled import DefectMask, Key, tiles_meeting

_BLOCK_PX = 4 * TILE_PX
_HALF = 128
_DIRECTIONS = 8


@dataclass(frozen=True)
class Tidying:
    """What is done to class ids uint8 [h, w], and how far around it has to look."""

    change: Callable[[Pixels], Pixels]
    halo_px: int


def without_specks(
    min_area_px: int, classes: DefectClasses = DEFAULT_CLASSES
) -> Tidying:
    """Regions of fewer pixels become sound paint; the minimum is at most 1000."""
    least = min(min_area_px, MAX_MIN_AREA_PX)
    areas = dict.fromkeys(classes.keys, least)
    return Tidying(lambda ids: drop_small(ids, areas, classes), least)


def with_gaps_joined(gap_px: int, classes: DefectClasses = DEFAULT_CLASSES) -> Tidying:
    """Sound paint between parts of a class up to so far apart becomes that class."""
    radius = -(-(gap_px + 1) // 2)
    kernels = [_stroke(radius, turn) for turn in range(_DIRECTIONS)]

    def change(ids: Pixels) -> Pixels:
        joined = ids.copy()
        for defect in classes:
            of_class = (ids == defect.id).astype(np.uint8)
            for kernel in kernels:
                closed = cv2.morphologyEx(of_class, cv2.MORPH_CLOSE, kernel)
                joined[(closed > 0) & (joined == SOUND_ID)] = defect.id
        return joined

    return Tidying(change, 2 * radius + 1)


def _stroke(radius: int, turn: int) -> Pixels:
    """A line through the middle: a disc would not fit into the gap of a thin crack."""
    kernel = np.zeros((2 * radius + 1, 2 * radius + 1), np.uint8)
    angle = np.pi * turn / _DIRECTIONS
    x, y = round(radius * float(np.cos(angle))), round(radius * float(np.sin(angle)))
    cv2.line(kernel, (radius - x, radius - y), (radius + x, radius + y), 1)
    return kernel


def smoothed(radius_px: float, classes: DefectClasses = DEFAULT_CLASSES) -> Tidying:
    """Edges lose what is finer than the radius; lines thinner than it are kept."""

    def change(ids: Pixels) -> Pixels:
        calm = ids.copy()
        for defect in classes:
            of_class = np.where(ids == defect.id, np.uint8(255), np.uint8(0))
            soft = cv2.GaussianBlur(of_class, (0, 0), radius_px)
            near = cv2.dilate(soft, np.ones((3, 3), np.uint8), iterations=2)
            thick = near >= _HALF  # beside a line there is no half anywhere near
            calm[(of_class > 0) & (soft < _HALF) & thick] = SOUND_ID
            calm[(soft >= _HALF) & (ids == SOUND_ID)] = defect.id
        return calm

    return Tidying(change, round(4 * radius_px) + 3)


def tidy(mask: DefectMask, box: Box, tidying: Tidying, name: str) -> MaskEdit | None:
    """Tidy a part of a mask as the person's work; None when nothing changed.

    Only pixels that become another class become the person's.
    """
    inside = box.clip(Box.of(mask.height, mask.width))
    before, draft = mask.snapshot(), Draft(mask, "person")
    around = Box(0, 0, 0, 0)
    for block in _blocks(inside):
        window = block.grow(tidying.halo_px).clip(Box.of(mask.height, mask.width))
        ids = before.read(window)
        if not ids.any():
            continue
        part = block.within(window).slices
        old, new = ids[part], tidying.change(ids)[part]
        for key in tiles_meeting(block):
            tile = draft.tile_box(key).clip(block)
            own = tile.within(block).slices
            if not np.array_equal(old[own], new[own]):
                _write(draft, key, tile, old[own], new[own])
                around = around.union(tile)
    return draft.finish(name, around)


def _blocks(box: Box) -> Iterator[Box]:
    for top in range(box.top // TILE_PX * TILE_PX, box.bottom, _BLOCK_PX):
        for left in range(box.left // TILE_PX * TILE_PX, box.right, _BLOCK_PX):
            yield Box(top, left, top + _BLOCK_PX, left + _BLOCK_PX).clip(box)


def _write(draft: Draft, key: Key, part: Box, old: Pixels, new: Pixels) -> None:
    frame = draft.tile_box(key)

    def paint(pixels: Pixels) -> None:
        np.copyto(pixels[part.within(frame).slices], new + 1, where=old != new)

    draft.draw(key, paint)
