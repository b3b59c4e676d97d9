"""What scores are made of: pixels and centre lines of one picture, counted once."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.defects import IGNORE_ID, SOUND_ID
from resunet_core.mask.length import count_steps
from resunet_core.mask.skeleton import skeletonise

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Sums:
    """Whole numbers that add up: those of many pictures are the sums of theirs.

    Leading axes are free: none for one picture or a total, one for pictures or draws.
    C counts sound paint, too; a side is 0 for the predicted line, 1 for the true one.
    """

    confusion: Counts  # [..., C truth, C predicted], pixels
    line_px: Counts  # [..., C, side], pixels of the centre line
    line_near: Counts  # [..., C, side], of them within tolerance of the other line
    line_inside: Counts  # [..., C, side], of them on the other mask
    line_steps: Counts  # [..., C, side, orthogonal or diagonal]

    @staticmethod
    def stacked(parts: Sequence["Sums"], classes: int) -> "Sums":
        """The sums of n pictures in one value, [n, ...]; n may be 0."""
        sizes = ((classes,), (2,), (2,), (2,), (2, 2))
        stacks = []
        for known, size in zip(fields(Sums), sizes, strict=True):
            stack = np.array([getattr(part, known.name) for part in parts], np.int64)
            stacks.append(stack.reshape(len(parts), classes, *size))
        return Sums(*stacks)

    def weighed(self, times: NDArray[np.integer]) -> "Sums":
        """Totals with picture k counted `times[..., k]` times; self has one axis n."""
        # Floats hold these whole numbers exactly, and their products are far faster.
        weights = times.astype(np.float64)
        return Sums(
            *(
                np.tensordot(weights, getattr(self, known.name), 1).astype(np.int64)
                for known in fields(self)
            )
        )


def sums_of(
    predicted: NDArray[np.uint8],
    truth: NDArray[np.uint8],
    *,
    classes: int,
    tolerance_px: int,
) -> Sums:
    """Count one picture; both are class ids [H, W], truth 255 is left out."""
    counted = truth != IGNORE_ID
    pairs = truth[counted].astype(np.int64) * classes + predicted[counted]
    confusion = np.bincount(pairs, minlength=classes * classes)
    lines = np.zeros((classes, 2, 5), np.int64)
    for class_id in range(SOUND_ID + 1, classes):
        masks = (predicted == class_id, truth == class_id)
        lines[class_id] = _line_sums(masks, counted, tolerance_px)
    return Sums(
        confusion=confusion.reshape(classes, classes).astype(np.int64),
        line_px=lines[..., 0],
        line_near=lines[..., 1],
        line_inside=lines[..., 2],
        line_steps=lines[..., 3:],
    )


def _line_sums(
    masks: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    counted: NDArray[np.bool_],
    tolerance_px: int,
) -> list[list[int]]:
    """Pixels, near, inside, orthogonal and diagonal steps of both sides: [2, 5]."""
    # Skeletons of whole masks, then ignored pixels are left out: cutting first would
    # make centre lines of the cut pieces. What lies near a line may itself be ignored:
    # labels often have an ignored seam around them.
    lines = [skeletonise(mask) for mask in masks]
    found = []
    for side, other in ((0, 1), (1, 0)):
        here = lines[side] & counted
        near = here & _within(lines[other], tolerance_px)
        sizes = (int(part.sum()) for part in (here, near, here & masks[other]))
        found.append([*sizes, *count_steps(here)])
    return found


def _within(line: NDArray[np.bool_], tolerance_px: int) -> NDArray[np.bool_]:
    """Where a pixel of `line` is at most `tolerance_px` away (Euclidean)."""
    if not line.any():
        return np.zeros_like(line)
    distance = cv2.distanceTransform(
        (~line).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE
    )
    return np.asarray(distance <= tolerance_px, np.bool_)
