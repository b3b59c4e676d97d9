"""Regions as runs of pixels down the columns: COCO's run lengths."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as coco_mask

from resunet_core.box import Box
from resunet_core.formats.labelme_shapes import BadShape
from resunet_core.mask.regions import Region, RegionPiece

Runs = NDArray[np.int64]
"""[n, 2]: first pixel and the one after the last, counted down the columns."""


def runs_of(pixels: NDArray[np.bool_], box: Box, height: int) -> Runs:
    """The runs of a piece of a photo that is `height` px high."""
    padded = np.pad(pixels, ((1, 1), (0, 0))).astype(np.int8)
    change = np.diff(padded, axis=0).T  # [columns, rows + 1]
    columns, starts = np.nonzero(change > 0)
    _, ends = np.nonzero(change < 0)
    offset = (columns + box.left) * height + box.top
    return np.column_stack([starts + offset, ends + offset]).astype(np.int64)


def region_runs(
    pieces: Iterable[RegionPiece], height: int
) -> list[tuple[Region, Runs]]:
    """Each region with all its runs, in order, runs that touch joined."""
    regions: dict[int, Region] = {}
    found: dict[int, list[Runs]] = {}
    for piece in pieces:
        regions[piece.region.id] = piece.region
        runs = runs_of(piece.pixels, piece.box, height)
        found.setdefault(piece.region.id, []).append(runs)
    return [(regions[key], _joined(parts)) for key, parts in sorted(found.items())]


def _joined(parts: list[Runs]) -> Runs:
    runs = np.concatenate(parts)
    runs = runs[np.argsort(runs[:, 0], kind="stable")]
    apart = runs[1:, 0] > runs[:-1, 1]
    first = np.concatenate([[True], apart])
    last = np.concatenate([apart, [True]])
    return np.column_stack([runs[first, 0], runs[last, 1]])


def to_rle(runs: Runs, height: int, width: int) -> dict[str, Any]:
    """COCO's compressed run lengths, as its JSON holds them."""
    edges = np.concatenate([[0], runs.ravel(), [height * width]])
    counts = np.diff(edges)
    if counts[-1] == 0:
        counts = counts[:-1]
    plain = {"size": [height, width], "counts": counts.tolist()}
    packed = coco_mask.frPyObjects(plain, height, width)
    return {"size": [height, width], "counts": packed["counts"].decode("ascii")}


def counts_of(text: str) -> NDArray[np.int64]:
    """The run lengths that COCO packs into a text, checked.

    Six bits a character, the sixth says that more follow; from the third on each is the
    difference to the one before the last (the format of COCO's own tools).

    Raises:
        BadShape: The text is not of that form.
    """
    counts: list[int] = []
    value, shift = 0, 0
    for char in text:
        bits = ord(char) - 48
        if not 0 <= bits < 64 or shift > 60:
            raise BadShape("has run lengths that are damaged")
        value |= (bits & 31) << shift
        shift += 5
        if bits & 32:
            continue
        if bits & 16:
            value -= 1 << shift
        counts.append(value + (counts[-2] if len(counts) > 2 else 0))
        value, shift = 0, 0
    if shift:
        raise BadShape("has run lengths that are cut off")
    return np.asarray(counts, np.int64)


def paint_counts(
    flat: NDArray[np.uint8], counts: Sequence[int] | NDArray[np.int64], class_id: int
) -> None:
    """Paint run lengths, sound first, into a photo's pixels.

    Args:
        flat: All pixels down the columns, one column after the other.
        counts: Lengths of runs, sound and not in turn.
        class_id: Painted.

    Raises:
        BadShape: They are not the pixels of this photo.
    """
    lengths = np.asarray(counts, np.int64)
    if lengths.ndim != 1 or (lengths < 0).any() or (lengths > flat.size).any():
        raise BadShape("has run lengths that are not possible")
    ends = np.cumsum(lengths)
    said = int(ends[-1]) if len(ends) else 0
    if said != flat.size:
        raise BadShape(f"has run lengths of {said} px for a photo of {flat.size} px")
    for start, end in zip(ends[:-1:2].tolist(), ends[1::2].tolist(), strict=False):
        flat[start:end] = class_id
