"""Checked tiles as a data folder: what `caihua train` learns from, anywhere."""

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.corrections.ledger import GAP_PX, Parting
from resunet_core.corrections.survey import (
    KNOWN_IDS,
    CheckedPhoto,
    Survey,
    truth_of,
)
from resunet_core.defects import IGNORE_ID
from resunet_core.errors import CaihuaError
from resunet_core.files import unique_stems, write_bytes
from resunet_core.imaging.photo import open_photo
from resunet_core.imaging.pyramid import build_pyramid
from resunet_core.mask.tiled import Key, TiledPlane, tiles_meeting
from resunet_core.progress import Progress, Steps
from resunet_core.project.store import Project
from resunet_core.training.examples import Example, read_data_folder
from resunet_core.training.roles import Origin, Role, read_origins, write_origins

MARGIN_PX = 96
"""Of the photo around checked tiles, for crops that are turned; it teaches nothing."""

BLOCK_TILES = 4
BYTES_A_PIXEL = 12
"""On the disk, of picture, mask, their unpacked copy, with room to spare."""

FOR_A_TRAINING = 2_000_000_000
"""Further bytes: checkpoints and the new model."""

Read = Callable[[Box], NDArray[np.uint8]]


def look_at_folder(folder: Path) -> Steps[tuple[CheckedPhoto, ...]]:
    """The labelled pictures of a folder made elsewhere: LabelMe's, or images/, masks/.

    Raises:
        BadData: It holds none, or one is wrong; named.
        BadAnnotation: A label file is wrong.
    """
    found = []
    examples = read_data_folder(folder)
    for number, example in enumerate(examples, start=1):
        found.append(_labelled(example))
        yield Progress(number, len(examples), example.picture.name)
    return tuple(found)


def _labelled(example: Example) -> CheckedPhoto:
    _, classes = example.load()
    height, width = classes.shape
    sums = np.bincount(classes.ravel(), minlength=256)
    counts = {number: int(sums[number]) for number in KNOWN_IDS}
    return CheckedPhoto(
        example.picture.name,
        example.picture,
        hashlib.sha256(example.picture.read_bytes()).hexdigest(),
        (height, width),
        frozenset(tiles_meeting(Box.of(height, width))),
        counts,
        left_out_px=classes.size - sum(counts.values()),
        labels=example.mask,
    )


def gather(
    project: Project | None, known: Survey, parting: Parting, folder: Path
) -> Steps[Path]:
    """Write what is checked as `images/`, `masks/` and what each is for; the folder.

    Raises:
        CaihuaError: There is no room, or a photo cannot be read.
    """
    refuse_full_disk(folder, known)
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("images", "masks"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    stems = unique_stems([photo.path for photo in known.photos])
    origins: dict[str, Origin] = {}
    for number, (photo, stem) in enumerate(zip(known.photos, stems, strict=True)):
        yield Progress(number, len(known.photos), photo.name)
        pixels, truth, close = yield from _readers(project, photo)
        try:
            for cut in _cuts(photo, parting):
                name = f"{stem}~{cut.box.top}-{cut.box.left}-{cut.role}.png"
                _write(folder, name, pixels(cut.box), cut.taught(truth(cut.box)), cut)
                origins[name] = Origin(
                    photo.name,
                    photo.sha256,
                    (cut.box.top, cut.box.left, cut.box.bottom, cut.box.right),
                    cut.role,
                    photo.mm_per_px,
                )
        finally:
            close()
    write_origins(folder, origins)
    return folder


def add_earlier(folder: Path, earlier: Iterable[Path]) -> int:
    """Add what earlier models learned from, of photos that are not there; how many.

    Raises:
        BadData: An earlier folder is damaged.
    """
    origins = read_origins(folder)
    here = {origin.sha256 for origin in origins.values()}
    added: dict[str, Origin] = {}
    for other in earlier:
        for name, origin in read_origins(other).items():
            files = [other / part / name for part in ("images", "masks")]
            if origin.sha256 in here or not all(file.is_file() for file in files):
                continue
            kept = f"{origin.sha256[:8]}-{name.removeprefix(origin.sha256[:8] + '-')}"
            if kept not in added:
                for file in files:
                    shutil.copyfile(file, folder / file.parent.name / kept)
                added[kept] = origin
    write_origins(folder, origins | added)
    return len(added)


def refuse_full_disk(folder: Path, known: Survey) -> None:
    """Tell before anything starts that the disk is too full.

    Raises:
        CaihuaError: It is.
    """
    there = folder
    while not there.exists():
        there = there.parent
    needed = BYTES_A_PIXEL * 2 * known.known_px + FOR_A_TRAINING
    free = shutil.disk_usage(there).free
    if needed > free:
        raise CaihuaError(
            f"Learning needs about {needed / 1e9:.1f} GB on the disk of {there}, "
            f"{free / 1e9:.1f} GB are free.",
            "Make room first; old versions of the model can be deleted, for one.",
        )


def _readers(
    project: Project | None, photo: CheckedPhoto
) -> Steps[tuple[Read, Read, Callable[[], None]]]:
    """How to read pixels and truth of a photo, and how to let go of it."""
    if photo.labels is not None or project is None or photo.photo_id is None:
        labels = photo.labels or photo.path
        pixels, classes = Example(photo.path, labels).load()
        classes[~np.isin(classes, KNOWN_IDS)] = IGNORE_ID
        return (
            lambda box: pixels[box.slices],
            lambda box: classes[box.slices],
            lambda: None,
        )
    opened = open_photo(photo.path)
    if opened.sha256 != photo.sha256:
        raise CaihuaError(
            f"{photo.name} is not the picture any more that was corrected.",
            "Bring back the photo as it was, or take back the check of its tiles.",
        )
    pyramid = yield from build_pyramid(opened)
    mask = project.load_mask(photo.photo_id)
    return (
        lambda box: pyramid.read(0, box),
        lambda box: truth_of(mask, box),
        pyramid.close,
    )


@dataclass(frozen=True)
class _Cut:
    """A rectangle of a photo with checked tiles of one role.

    Attributes:
        box: With a margin around the tiles.
        role: What it is for.
        tiles: Boxes whose truth is known.
        unseen: What must not be seen either: the locked part of the photo, with a gap.
    """

    box: Box
    role: Role
    tiles: tuple[Box, ...]
    unseen: Box | None

    def taught(self, truth: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The truth of the checked tiles alone."""
        kept = np.full(truth.shape, IGNORE_ID, np.uint8)
        for tile in self.tiles:
            place = tile.within(self.box).slices
            kept[place] = truth[place]
        return kept


def _cuts(photo: CheckedPhoto, parting: Parting) -> Iterator[_Cut]:
    frame = Box.of(*photo.size)
    plane = TiledPlane(*photo.size)
    locked = parting.locked_box(photo.sha256)
    sides: tuple[tuple[Role, dict[str, frozenset[Key]]], ...] = (
        ("teach", parting.teach),
        ("judge", parting.judge),
    )
    for role, tiles_by_photo in sides:
        margin = 0 if locked is not None and role == "judge" else MARGIN_PX
        for group in groups(tiles_by_photo.get(photo.sha256, frozenset())):
            boxes = tuple(plane.tile_box(*key) for key in sorted(group))
            around = boxes[0]
            for box in boxes[1:]:
                around = around.union(box)
            unseen = None
            if locked is not None and role == "teach":
                unseen = _grown(locked, GAP_PX).clip(frame)
            yield _Cut(_grown(around, margin).clip(frame), role, boxes, unseen)


def groups(tiles: frozenset[Key]) -> list[frozenset[Key]]:
    """Tiles that touch, at corners too, in blocks that are not too large."""
    left, found = set(tiles), []
    while left:
        first = min(left)
        block = (first[0] // BLOCK_TILES, first[1] // BLOCK_TILES)
        waiting, group = [first], {first}
        left.discard(first)
        while waiting:
            row, col = waiting.pop()
            for near in [(row + i, col + k) for i in (-1, 0, 1) for k in (-1, 0, 1)]:
                same = (near[0] // BLOCK_TILES, near[1] // BLOCK_TILES) == block
                if near in left and same:
                    left.discard(near)
                    group.add(near)
                    waiting.append(near)
        found.append(frozenset(group))
    return found


def _grown(box: Box, by_px: int) -> Box:
    return Box(box.top - by_px, box.left - by_px, box.bottom + by_px, box.right + by_px)


def _write(
    folder: Path,
    name: str,
    pixels: NDArray[np.uint8],
    truth: NDArray[np.uint8],
    cut: _Cut,
) -> None:
    shown = np.array(pixels)
    if cut.unseen is not None:
        place = cut.unseen.clip(cut.box)
        if not place.is_empty:
            inside = place.within(cut.box).slices
            shown[inside] = shown.reshape(-1, 3).mean(axis=0).astype(np.uint8)
            truth[inside] = IGNORE_ID
    for part, values in (("images", shown[..., ::-1]), ("masks", truth)):
        coded = cv2.imencode(".png", np.ascontiguousarray(values))[1]
        write_bytes(folder / part / name, coded.tobytes())
