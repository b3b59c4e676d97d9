"""Labelled pictures, all checked, unpacked into one file that crops are cut from.

A crop of a 24 megapixel JPEG would cost the decoding of all of it, and each loader
process would keep pictures of its own. Unpacked once and mapped into memory, a crop
costs its own pixels, and all processes share them.
"""

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from resunet_core.defects import DEFAULT_CLASSES, IGNORE_ID, SOUND_ID
from resunet_core.errors import BadData, CaihuaError
from resunet_core.files import write_text
from resunet_core.progress import Progress, Steps
from resunet_core.training.examples import Example

BLOCK_PX = 32
"""Side of the blocks by which it is known where in a picture a class is."""

KNOWN_IDS = (SOUND_ID, *(defect.id for defect in DEFAULT_CLASSES))


@dataclass(frozen=True)
class PackedPicture:
    """One picture in the pack.

    Attributes:
        name: Of the picture's file, with its folder's.
        key: Changes when one of its files does.
        height: In pixels.
        width: In pixels.
        start: Pixels of the pack before its own.
        counts: Pixels of each class, sound paint first.
        digest: SHA-256 of pixels and class ids.
    """

    name: str
    key: str
    height: int
    width: int
    start: int
    counts: tuple[int, ...]
    digest: str

    @property
    def pixels(self) -> int:
        """How many there are."""
        return self.height * self.width


@dataclass(frozen=True)
class Pack:
    """Checked pictures with their class ids, by number."""

    folder: Path
    pictures: tuple[PackedPicture, ...]
    _blocks: dict[tuple[int, int], NDArray[np.int32]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @property
    def class_counts(self) -> NDArray[np.int64]:
        """Pixels of each class over all pictures, sound paint first."""
        counts = np.array([p.counts for p in self.pictures], np.int64)
        return np.asarray(counts.sum(axis=0), np.int64)

    @property
    def data_hash(self) -> str:
        """SHA-256 over the names and contents of all pictures."""
        lines = sorted(f"{p.name} {p.digest}" for p in self.pictures)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def load(self, index: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """RGB uint8 [H, W, 3] and class ids uint8 [H, W], read as they are touched."""
        picture = self.pictures[index]
        span = slice(picture.start, picture.start + picture.pixels)
        size = (picture.height, picture.width)
        pixels = self._pixels[span].reshape(*size, 3)
        return pixels, self._classes[span].reshape(size)

    def somewhere(
        self, index: int, class_id: int, rng: np.random.Generator
    ) -> tuple[int, int] | None:
        """A place (row, column) within a block's width of that class; None: nowhere."""
        picture = self.pictures[index]
        if not picture.counts[class_id]:
            return None
        blocks = self._blocks.get((index, class_id))
        if blocks is None:
            _, classes = self.load(index)
            blocks = _blocks_with(classes, class_id)
            self._blocks[index, class_id] = blocks
        row, column = blocks[int(rng.integers(len(blocks)))]
        within = rng.integers(0, BLOCK_PX, 2)
        return (
            min(int(row * BLOCK_PX + within[0]), picture.height - 1),
            min(int(column * BLOCK_PX + within[1]), picture.width - 1),
        )

    @cached_property
    def _pixels(self) -> NDArray[np.uint8]:
        return np.memmap(self.folder / "pixels.bin", np.uint8, "r").reshape(-1, 3)

    @cached_property
    def _classes(self) -> NDArray[np.uint8]:
        return np.memmap(self.folder / "classes.bin", np.uint8, "r")

    def __getstate__(self) -> dict[str, object]:
        # A loader process maps the files itself: an array would be copied to it.
        return {"folder": self.folder, "pictures": self.pictures, "_blocks": {}}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)


def _blocks_with(classes: NDArray[np.uint8], class_id: int) -> NDArray[np.int32]:
    rows, columns = np.nonzero(classes == class_id)
    blocks = np.stack([rows // BLOCK_PX, columns // BLOCK_PX], axis=1)
    return np.unique(blocks, axis=0).astype(np.int32)


def check(examples: Sequence[Example]) -> Steps[tuple[PackedPicture, ...]]:
    """Read every picture and mask, as a training would, and write nothing.

    Raises:
        BadAnnotation: A label file is wrong; named.
        BadData: A file is unreadable, does not fit or has an unknown class; named. Or
            the data as a whole cannot teach.
    """
    found: list[PackedPicture] = []
    for number, example in enumerate(examples, start=1):
        pixels, classes = example.load()
        start = found[-1].start + found[-1].pixels if found else 0
        found.append(_describe(example, pixels, classes, start))
        yield Progress(number, len(examples), f"Checking {example.picture.name}")
    refuse_unteachable(found)
    return tuple(found)


def pack(examples: Sequence[Example], folder: Path) -> Steps[Pack]:
    """Check as `check` does and unpack into `folder`; already done is not done again.

    Raises:
        BadAnnotation: As `check`.
        BadData: As `check`.
        CaihuaError: There is no room, or the folder cannot be written to.
    """
    index = folder / "index.json"
    kept = _read_index(index)
    if kept is not None and [p.key for p in kept] == [_key(e) for e in examples]:
        return Pack(folder, kept)
    found: list[PackedPicture] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        index.unlink(missing_ok=True)
        with (
            (folder / "pixels.bin").open("wb") as pixel_file,
            (folder / "classes.bin").open("wb") as class_file,
        ):
            for number, example in enumerate(examples, start=1):
                pixels, classes = example.load()
                _refuse_full_disk(folder, pixels, len(examples) - number + 1)
                start = found[-1].start + found[-1].pixels if found else 0
                found.append(_describe(example, pixels, classes, start))
                pixel_file.write(np.ascontiguousarray(pixels).data)
                class_file.write(np.ascontiguousarray(classes).data)
                note = f"Reading {example.picture.name}"
                yield Progress(number, len(examples), note)
    except OSError as error:
        raise CaihuaError(
            f"{folder} cannot be written to: {error.strerror or error}.",
            "Make room on the disk, or train where there is room.",
        ) from error
    refuse_unteachable(found)
    text = json.dumps([asdict(p) for p in found], ensure_ascii=False)
    write_text(index, text)
    return Pack(folder, tuple(found))


def refuse_unteachable(pictures: Sequence[PackedPicture]) -> None:
    """Refuse data from which nothing can be learned, or by which nothing be judged.

    Raises:
        BadData: There is one photo only, or no damage is labelled.
    """
    if len(pictures) < 2:
        name = pictures[0].name if pictures else "the folder"
        raise BadData(
            f"There is one photo only ({name}): none is left to judge the model by.",
            "Label at least two photos.",
        )
    counts = np.array([p.counts for p in pictures]).sum(axis=0)
    if not counts[1:].any():
        raise BadData(
            "No photo has a pixel of craquelure or paint loss.",
            "Label damage: 1 is craquelure, 2 is paint loss in masks/STEM.png.",
        )


def empty_classes(pictures: Sequence[PackedPicture]) -> list[str]:
    """Keys of the defect classes that no picture has a pixel of."""
    counts = np.array([p.counts for p in pictures]).sum(axis=0)
    return [defect.key for defect in DEFAULT_CLASSES if not counts[defect.id]]


def _describe(
    example: Example,
    pixels: NDArray[np.uint8],
    classes: NDArray[np.uint8],
    start: int,
) -> PackedPicture:
    _refuse_unknown(example, classes)
    counts = np.bincount(classes.ravel(), minlength=256)[: len(KNOWN_IDS)]
    digest = hashlib.sha256(np.ascontiguousarray(pixels).data)
    digest.update(np.ascontiguousarray(classes).data)
    return PackedPicture(
        name=example.name,
        key=_key(example),
        height=classes.shape[0],
        width=classes.shape[1],
        start=start,
        counts=tuple(int(c) for c in counts),
        digest=digest.hexdigest(),
    )


def _refuse_unknown(example: Example, classes: NDArray[np.uint8]) -> None:
    known = {*KNOWN_IDS, IGNORE_ID}
    unknown = sorted(int(value) for value in set(np.unique(classes)) - known)
    if unknown:
        raise BadData(
            f"{example.mask} has the class {unknown[0]}, which is not known.",
            f"Known are {', '.join(map(str, sorted(known)))} (255 is left out).",
        )


def _refuse_full_disk(folder: Path, pixels: NDArray[np.uint8], left: int) -> None:
    """Before hours of reading end in a full disk: as if all were like this one."""
    needed = 4 * pixels.shape[0] * pixels.shape[1] * left
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise CaihuaError(
            f"Unpacking the photos needs about {needed / 1e9:.1f} GB in {folder}, "
            f"{free / 1e9:.1f} GB are free.",
            "Make room, or train on an exported dataset, which holds the checked "
            "tiles only.",
        )


def _key(example: Example) -> str:
    files = [f for f in (example.picture, example.mask, example.ignore) if f]
    states = [f.stat() for f in files if f.is_file()]
    parts = [f"{s.st_size}.{s.st_mtime_ns}" for s in states]
    return " ".join([str(example.picture.resolve()), *parts])


def _read_index(path: Path) -> tuple[PackedPicture, ...] | None:
    try:
        rows = json.loads(path.read_text("utf-8"))
        return tuple(
            PackedPicture(**{**row, "counts": tuple(row["counts"])}) for row in rows
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None  # made anew: it is only a copy of the data
