"""Masks as pictures, and the data folder that `caihua train` learns from."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resunet_core import __version__
from resunet_core.box import Box
from resunet_core.defects import IGNORE_ID
from resunet_core.errors import CaihuaError
from resunet_core.exchange.delivery import Delivery
from resunet_core.exchange.options import (
    ExportOptions,
    ExportOutcome,
    PhotoJob,
    each_photo,
)
from resunet_core.exchange.paths import from_folder
from resunet_core.exchange.sources import PhotoSource
from resunet_core.files import content_hash, write_text
from resunet_core.formats.mask_files import write_mask_tiff
from resunet_core.formats.mask_png import write_mask_png
from resunet_core.formats.photo_lint import lint_photo, write_proxy
from resunet_core.mask.regions import MaskReader
from resunet_core.progress import Progress, Steps

LARGE_PX = 200_000_000
"""Masks with more pixels become tiled BigTIFF: programs read PNG only as a whole."""

PROVENANCE = "provenance.json"
UNKNOWN_CHECK = "nobody said what of it was checked, so that all of it counts"


def write_mask(job: PhotoJob) -> Steps[Sequence[str]]:
    """NAME.mask.png, or NAME.mask.tif for a very large photo; 255 outside a part."""
    mask, source = job.mask(), job.source
    if source.part is not None:  # a picture has no other way to say it
        mask = CheckedMask(mask, [source.part])
    yield Progress(0, 1, source.name)
    if mask.height * mask.width > LARGE_PX:
        path = job.delivery.place(f"{source.name}.mask.tif")
        write_mask_tiff(path, mask)
        return ("its mask is a tiled BigTIFF, since it is very large",)
    path = job.delivery.place(f"{source.name}.mask.png")
    write_mask_png(path, mask, job.options.classes)
    return ()


export_masks = each_photo(write_mask)


class CheckedMask:
    """A mask for training: class ids where it was checked, 255 elsewhere."""

    def __init__(self, mask: MaskReader, checked: Sequence[Box]) -> None:
        self._mask = mask
        self._checked = checked
        self.height, self.width = mask.height, mask.width

    def read(self, box: Box) -> NDArray[np.uint8]:
        """Class ids uint8 [h, w] of a box inside the photo."""
        ids = np.full((box.height, box.width), IGNORE_ID, np.uint8)
        for checked in self._checked:
            part = checked.clip(box)
            if not part.is_empty:
                ids[part.within(box).slices] = self._mask.read(part)
        return ids


def export_dataset(
    delivery: Delivery, sources: Sequence[PhotoSource], options: ExportOptions
) -> Steps[ExportOutcome]:
    """images/, masks/ with 255 where nobody checked, and provenance.json.

    Raises:
        CaihuaError: Nothing was checked.
    """
    checked = [source for source in sources if source.checked != ()]
    if not checked:
        raise CaihuaError(
            "No part of these photos is checked, so that nothing can be learned.",
            "Check tiles or photos in the window first.",
        )
    entries: list[dict[str, Any]] = []

    def write(job: PhotoJob) -> Steps[Sequence[str]]:
        entry, remarks = yield from _write_example(job)
        entries.append(entry)
        return remarks

    outcome = yield from each_photo(write)(delivery, checked, options)
    left_out = len(sources) - len(checked)
    notes = outcome.notes
    if left_out:
        notes += (f"{left_out} photos have no checked part and are left out.",)
    document = {
        "caihua": __version__,
        "written": datetime.now().astimezone().isoformat(timespec="seconds"),
        "classes": {
            "0": "background",
            **{str(defect.id): defect.key for defect in options.classes},
            str(IGNORE_ID): "not checked",
        },
        "photos": entries,
    }
    text = json.dumps(document, ensure_ascii=False, indent=2)
    write_text(delivery.place(PROVENANCE), text + "\n")
    return ExportOutcome(outcome.written, outcome.failed, notes)


def _write_example(job: PhotoJob) -> Steps[tuple[dict[str, Any], Sequence[str]]]:
    source, photo = job.source, job.photo()
    remarks = () if source.checked is not None else (UNKNOWN_CHECK,)
    parts = (source.told,) if source.checked is None else source.checked
    mask = CheckedMask(job.mask(), parts)
    yield Progress(0, 2, source.name)
    image = write_picture(job, "images")
    yield Progress(1, 2, source.name)
    mask_name = f"masks/{source.name}.png"
    path = job.delivery.place(mask_name)
    write_mask_png(path, mask, job.options.classes)
    entry: dict[str, Any] = {
        "image": image,
        "mask": mask_name,
        "mask_sha256": content_hash(path),
        "photo": from_folder(source.path, job.delivery.folder),
        "photo_sha256": photo.sha256,
        "mm_per_px": source.mm_per_px,
        "building": source.building,
        "model": source.model and {"name": source.model[0], "sha256": source.model[1]},
        "checked_px": _checked_px(mask) if source.checked is not None else None,
        "checked_by": source.checked_by[0],
        "checked_at": source.checked_by[1],
    }
    return entry, remarks


def write_picture(job: PhotoJob, folder: str) -> str:
    """The photo for other programs: itself where they read it as we do, else a copy.

    Returns:
        The name of the file in the delivery.
    """
    source, path = job.source, job.source.path
    plain = not set(lint_photo(path)) - {"too_large"}
    if plain:
        name = f"{folder}/{source.name}{path.suffix.lower()}"
        _copy(path, job.delivery.place(name))
        return name
    name = f"{folder}/{source.name}.png"
    write_proxy(path, job.delivery.place(name))
    return name


def _copy(photo: Path, path: Path) -> None:
    with photo.open("rb") as source, path.open("wb") as target:
        while block := source.read(1 << 20):
            target.write(block)


def _checked_px(mask: CheckedMask) -> int:
    total = 0
    for top in range(0, mask.height, 1024):
        band = Box(top, 0, min(top + 1024, mask.height), mask.width)
        total += int((mask.read(band) != IGNORE_ID).sum())
    return total
