"""Halved levels of a photo in tiles on disk: read any part at any zoom in milliseconds.

Network and screen read the same file. It is lossless at level 0, made once per photo
content, and can be thrown away at any time.
"""

import os
import secrets
import threading
from pathlib import Path

import numpy as np
import pyvips
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.cache import cache_dir, prune
from resunet_core.errors import UnreadablePhoto
from resunet_core.imaging.decode import decode, unreadable
from resunet_core.imaging.photo import Photo
from resunet_core.progress import Progress, Steps

TILE_PX = 512
SMALL_TILE_PX = 16
"""libvips refuses to read tiles much larger than the picture, so small photos get
these."""
POLL_SECONDS = 0.05


class Pyramid:
    """A photo's levels; level k is halved k times. Reading is thread-safe."""

    def __init__(self, photo: Photo, path: Path) -> None:
        self.photo = photo
        self._path = path
        pages = int(pyvips.Image.new_from_file(str(path)).get("n-pages"))
        self._pages = [
            pyvips.Image.new_from_file(str(path), page=k, access="random")
            for k in range(pages)
        ]
        self.levels = tuple((p.height, p.width) for p in self._pages)

    def read(self, level: int, box: Box) -> NDArray[np.uint8]:
        """The pixels of `box`, in coordinates of that level: RGB uint8 [h, w, 3].

        Raises:
            UnreadablePhoto: The cached file is gone or damaged.
        """
        try:
            part = self._pages[level].crop(box.left, box.top, box.width, box.height)
            return np.asarray(part.numpy(), np.uint8)
        except pyvips.Error as error:
            raise UnreadablePhoto(
                f"The unpacked copy of {self.photo.path.name} cannot be read any more.",
                "Open the photo again.",
            ) from error

    def close(self) -> None:
        """Let go of the file; reading afterwards is an error of the caller."""
        self._pages = []


def pyramid_path(photo: Photo) -> Path:
    """Where the pyramid of this content lies, whether made yet or not."""
    return cache_dir("pyramids") / f"{photo.sha256}.tif"


def build_pyramid(photo: Photo) -> Steps[Pyramid]:
    """Open the cached pyramid, or decode the photo once and write it.

    Memory follows a row of tiles, not the photo. Cancelling leaves no file.

    Raises:
        UnreadablePhoto: The photo is truncated, damaged, gone, or the disk is full.
    """
    path = pyramid_path(photo)
    if path.is_file():
        try:
            ready = Pyramid(photo, path)
        except pyvips.Error:  # damaged in the cache: made anew below
            path.unlink(missing_ok=True)
        else:
            os.utime(path)  # the least recently used goes first
            return ready
    beside = path.with_name(f".{path.stem}.{secrets.token_hex(4)}.tif")
    try:
        yield from _write(photo, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    prune(keep=path)
    return Pyramid(photo, path)


def _write(photo: Photo, path: Path) -> Steps[None]:
    """Write the tiled TIFF in a thread of libvips' own pace, and say how far it is."""
    image = decode(photo.path).copy()
    percent, failure = [0], list[Exception]()
    tile_px = TILE_PX if min(photo.width, photo.height) >= TILE_PX else SMALL_TILE_PX
    image.set_progress(True)

    def on_eval(_image: object, progress: object) -> None:
        percent[0] = int(getattr(progress, "percent", 0))

    def write() -> None:
        try:
            image.tiffsave(
                str(path),
                tile=True,
                tile_width=tile_px,
                tile_height=tile_px,
                pyramid=True,
                depth="onetile",
                region_shrink="mean",
                compression="lzw",
                predictor="horizontal",
                bigtiff=True,
            )
        except pyvips.Error as error:
            failure.append(error)

    image.signal_connect("eval", on_eval)
    note = f"Unpacking {photo.path.name}"
    writer = threading.Thread(target=write, name="pyramid", daemon=True)
    writer.start()
    try:
        while writer.is_alive():
            writer.join(POLL_SECONDS)
            yield Progress(percent[0], 100, note)
    finally:
        if writer.is_alive():
            image.set_kill(True)
            writer.join()
    if failure:
        raise unreadable(photo.path, failure[0]) from failure[0]
