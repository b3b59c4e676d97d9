"""The edits that tools and menus ask for, as work on a copy of the mask."""

from collections.abc import Sequence
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from app.session.editing import Prepare
from app.session.hand import Target
from resunet_core.box import Box
from resunet_core.defects import SOUND_ID
from resunet_core.mask.connected import Patch, connected_at, holes_of
from resunet_core.mask.edit import MaskEdit
from resunet_core.mask.fill import fill
from resunet_core.mask.polygon import Outline, fill_outline
from resunet_core.mask.stroke import Stroke
from resunet_core.mask.tidy import Tidying, tidy
from resunet_core.mask.tiled import OUT_OF_SCOPE, DefectMask

Points = Sequence[tuple[float, float]]
LARGEST_PX = 4096
"""No region is followed farther than this across."""


def window_at(x: int, y: int, seen: Box) -> Box:
    """Where to look for what hangs together with a pixel: what is seen, and more."""
    here = Box(y, x, y + 1, x + 1)
    return seen.union(here.grow(LARGEST_PX // 4)).clip(here.grow(LARGEST_PX // 2))


def line(points: Points, width_px: float, target: Target, name: str) -> Prepare:
    """A line of some width through points."""

    def prepare(mask: DefectMask) -> MaskEdit | None:
        stroke = Stroke(mask, target.value, width_px / 2, name, plane=target.plane)
        for x, y in points:
            stroke.extend(x, y)
        return stroke.finish()

    return prepare


def outline(points: Points, target: Target, name: str) -> Prepare:
    """All that a closed line goes around."""
    shape = Outline(points)

    def prepare(mask: DefectMask) -> MaskEdit | None:
        return fill_outline(mask, shape, target.value, name, plane=target.plane)

    return prepare


def pixels(where: NDArray[np.bool_], box: Box, target: Target, name: str) -> Prepare:
    """Pixels of a box; they may be of a smaller picture, whose edges are smoothed."""

    def prepare(mask: DefectMask) -> MaskEdit | None:
        full = where
        if where.shape != (box.height, box.width):
            soft = cv2.resize(where.astype(np.uint8) * 255, (box.width, box.height))
            full = np.asarray(soft >= 128)
        return fill(mask, box, target.value, full, name, plane=target.plane)

    return prepare


def around(pixel: tuple[int, int], seen: Box, target: Target, name: str) -> Prepare:
    """What hangs together with a pixel, all of one class, becomes the target."""
    return partial(_on_patch, pixel=pixel, seen=seen, target=target, name=name)


def accepted(pixel: tuple[int, int], seen: Box, name: str) -> Prepare:
    """The region of a pixel as it is, but by the person now."""
    return partial(_on_patch, pixel=pixel, seen=seen, target=None, name=name)


def holes(pixel: tuple[int, int], seen: Box, name: str) -> Prepare:
    """What the region of a pixel encloses becomes part of it."""

    def prepare(mask: DefectMask) -> MaskEdit | None:
        patch = _patch(mask, pixel, seen)
        if patch is None or patch.class_id == SOUND_ID:
            return None
        return fill(mask, patch.box, patch.class_id, holes_of(patch), name)

    return prepare


def tidied(box: Box, tidying: Tidying, name: str) -> Prepare:
    """A part of the mask, tidied."""

    def prepare(mask: DefectMask) -> MaskEdit | None:
        return tidy(mask, box, tidying, name)

    return prepare


def only(area: Box, name: str) -> Prepare:
    """Nothing but an area is in scope: the rest becomes out of scope."""

    def prepare(mask: DefectMask) -> MaskEdit | None:
        height, width = mask.height, mask.width
        corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height), (0.0, 0.0)]
        # The area the other way round takes it out of the whole.
        hole = [(area.left, area.top), (area.left, area.bottom)]
        hole += [(area.right, area.bottom), (area.right, area.top)]
        ring = [*corners, *hole, hole[0], corners[0]]
        return fill_outline(mask, Outline(ring), OUT_OF_SCOPE, name, plane="scope")

    return prepare


def _on_patch(
    mask: DefectMask,
    *,
    pixel: tuple[int, int],
    seen: Box,
    target: Target | None,
    name: str,
) -> MaskEdit | None:
    patch = _patch(mask, pixel, seen)
    if patch is None or (target is None and patch.class_id == SOUND_ID):
        return None
    goal = target or Target("person", patch.class_id)
    return fill(mask, patch.box, goal.value, patch.where, name, plane=goal.plane)


def _patch(mask: DefectMask, pixel: tuple[int, int], seen: Box) -> Patch | None:
    return connected_at(mask, *pixel, window_at(*pixel, seen))
