"""Generated pictures that keep a model from forgetting, and that judge whether it did.

They are painted by this program from fixed seeds: nobody's photos, no licence to heed,
the same on every machine. Painted once, they are kept in the cache.
"""

from pathlib import Path
from typing import Literal

import cv2

from resunet_core.cache import cache_dir
from resunet_core.errors import CaihuaError
from resunet_core.files import write_bytes
from resunet_core.progress import Progress, Steps
from resunet_core.training.crops import CropStream
from resunet_core.training.examples import read_data_folder
from resunet_core.training.generated import beam_source, wall_source
from resunet_core.training.pack import Pack, pack

VERSION = "5"
"""Counts up when what is painted changes, so that no old picture is taken for new."""

SIDE_PX = 384
COUNTS = {"replay": 120, "watch": 24, "check": 36}
"""With fewer, a network remembers these and forgets what they stand for."""
SEEDS = {"replay": 20_011, "watch": 51_007, "check": 77_003}
BEAMS_A_STYLE = 3

ReplayKind = Literal["replay", "watch", "check"]


def replay_pack(kind: ReplayKind) -> Steps[Pack]:
    """The pictures to replay, to watch by meanwhile, or to judge by in the end.

    Raises:
        CaihuaError: The disk is full.
    """
    folder = cache_dir("replay") / f"{kind}-{VERSION}"
    yield from _painted(folder, kind)
    return (yield from pack(read_data_folder(folder), folder / "pack"))


def _painted(folder: Path, kind: ReplayKind) -> Steps[None]:
    """Write what is missing; a painting that was cut short goes on where it was."""
    count = COUNTS[kind]
    stream: CropStream | None = None
    for number in range(count):
        name = f"{number:03d}.png"
        picture, mask = folder / "images" / name, folder / "masks" / name
        if not (picture.is_file() and mask.is_file()):
            stream = stream or _stream(kind)
            crop = stream.crop(number)
            write_bytes(mask, _png(crop.classes))
            write_bytes(picture, _png(crop.pixels[..., ::-1]))
        yield Progress(number + 1, count, "Painting pictures to remember by")


def _stream(kind: ReplayKind) -> CropStream:
    sources = [beam_source(0.55, a_style=BEAMS_A_STYLE), wall_source(0.45)]
    return CropStream(sources, SIDE_PX, SEEDS[kind], augmentation="none")


def _png(pixels: cv2.typing.MatLike) -> bytes:
    done, coded = cv2.imencode(".png", pixels)
    if not done:
        raise CaihuaError(
            "A generated picture could not be coded as PNG.",
            "Make room in memory and on the disk, and try again.",
        )
    return coded.tobytes()
