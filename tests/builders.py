"""Small photos and masks for tests, written to disk as a person's would be."""

from pathlib import Path

import numpy as np
import pyvips
from numpy.typing import NDArray

from resunet_core.model.likeness import LevelStatistics, LikenessStatistics


def painted_pixels(
    height: int = 96, width: int = 128, *, seed: int = 0
) -> NDArray[np.uint8]:
    """A smooth blue-green wall with a little grain: uint8 [height, width, 3]."""
    rng = np.random.default_rng(seed)
    rows = np.linspace(0, 40, height)[:, None, None]
    columns = np.linspace(0, 30, width)[None, :, None]
    wall = np.array([60.0, 110.0, 130.0]) + rows + columns
    grain = rng.normal(0, 4, (height, width, 3))
    return np.clip(wall + grain, 0, 255).astype(np.uint8)


def a_photo(
    folder: Path,
    name: str = "photo.png",
    *,
    height: int = 96,
    width: int = 128,
    seed: int = 0,
    orientation: int = 1,
) -> Path:
    """Write one small photo; `orientation` is EXIF's and needs a JPEG or TIFF."""
    return write_photo(
        folder / name,
        painted_pixels(height, width, seed=seed),
        orientation=orientation,
    )


def write_photo(path: Path, pixels: NDArray[np.uint8], *, orientation: int = 1) -> Path:
    """Write `pixels` [H, W, 3] in the format that the suffix names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = pyvips.Image.new_from_array(pixels).copy(interpretation="srgb")
    if orientation != 1:
        image = image.copy()
        image.set_type(pyvips.GValue.gint_type, "orientation", orientation)
    path.write_bytes(image.write_to_buffer(path.suffix))
    return path


def a_mask(height: int = 96, width: int = 128) -> NDArray[np.uint8]:
    """A mask with one thin crack (1) and one loss (2) on sound paint (0)."""
    mask = np.zeros((height, width), np.uint8)
    mask[height // 8 : height // 8 + 3, width // 8 : -width // 8] = 1
    mask[height // 2 : height * 3 // 4, width // 4 : width // 2] = 2
    return mask


def likeness_of_nothing() -> LikenessStatistics:
    """Statistics for a ResNet-18 by which no photo is like the training photos."""
    rng = np.random.default_rng(0)
    levels = []
    for width in (128, 256, 512, 1024):  # mean and spread of each channel
        directions = np.linalg.qr(rng.normal(size=(width, 2)))[0]
        parts = (np.full(width, 9.0), np.full(width, 0.1), directions, np.ones(3))
        levels.append(LevelStatistics(*(part.astype(np.float32) for part in parts)))
    distances = np.array([0.5, 1, 1.5], np.float32)
    return LikenessStatistics(tuple(levels), distances, 1.25)
