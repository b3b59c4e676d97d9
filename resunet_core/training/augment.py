"""Seeded changes to a training crop, such as cameras, light and distance make.

Each function takes RGB uint8 [H, W, 3] (and class ids uint8 [H, W] where geometry
changes) and leaves them as they are.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.defects import IGNORE_ID, SOUND_ID

Picture = NDArray[np.uint8]
Classes = NDArray[np.uint8]

# A thin class survives being made smaller down to this share of a pixel: below, the
# picture shows no crack any more either.
THIN_COVER = 0.35


def random_crop(
    pixels: Picture,
    classes: Classes,
    side_px: int,
    scale: float,
    rng: np.random.Generator,
) -> tuple[Picture, Classes]:
    """A square crop, `side_px` after scaling by `scale`; mirrored where too small."""
    source_px = max(8, round(side_px / scale))
    pixels, classes = _mirror_to(pixels, classes, source_px)
    top = int(rng.integers(0, pixels.shape[0] - source_px + 1))
    left = int(rng.integers(0, pixels.shape[1] - source_px + 1))
    window = np.s_[top : top + source_px, left : left + source_px]
    # Copied, since the pictures that crops are taken from are kept in memory.
    return resize(pixels[window].copy(), classes[window].copy(), side_px)


def _mirror_to(
    pixels: Picture, classes: Classes, least_px: int
) -> tuple[Picture, Classes]:
    rows = max(0, least_px - pixels.shape[0])
    columns = max(0, least_px - pixels.shape[1])
    if not rows and not columns:
        return pixels, classes
    pad = ((0, rows), (0, columns))
    return (
        np.pad(pixels, (*pad, (0, 0)), mode="symmetric"),
        np.pad(classes, pad, mode="symmetric"),
    )


def resize(pixels: Picture, classes: Classes, side_px: int) -> tuple[Picture, Classes]:
    """Both scaled to a square; thin classes do not vanish, unsure stays unsure."""
    if pixels.shape[0] == side_px and pixels.shape[1] == side_px:
        return pixels, classes
    smaller = side_px < pixels.shape[0]
    how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    size = (side_px, side_px)
    resized = cv2.resize(pixels, size, interpolation=how)
    result = np.zeros(size, np.uint8)
    cover_needed = THIN_COVER if smaller else 0.5
    # Unsure first: what is surely a class is drawn over it, the later class on top.
    for value in sorted(set(np.unique(classes)) - {SOUND_ID}, key=_drawn_last):
        of_class = (classes == value).astype(np.float32)
        cover = cv2.resize(of_class, size, interpolation=how)
        result[cover >= cover_needed] = value
    return np.asarray(resized, np.uint8), result


def _drawn_last(class_id: int) -> int:
    return -1 if class_id == IGNORE_ID else class_id


def random_turn(
    pixels: Picture, classes: Classes, rng: np.random.Generator
) -> tuple[Picture, Classes]:
    """One of the eight turns and mirrorings of a square."""
    quarter_turns, mirrored = int(rng.integers(4)), bool(rng.integers(2))
    pixels, classes = np.rot90(pixels, quarter_turns), np.rot90(classes, quarter_turns)
    if mirrored:
        pixels, classes = pixels[:, ::-1], classes[:, ::-1]
    return np.ascontiguousarray(pixels), np.ascontiguousarray(classes)


def random_colour(pixels: Picture, rng: np.random.Generator) -> Picture:
    """Hue, saturation, channel order, inversion, contrast, gamma and tint."""
    if rng.random() < 0.25:
        pixels = pixels[..., rng.permutation(3)]
    if rng.random() < 0.12:
        pixels = 255 - pixels
    if rng.random() < 0.5:
        hsv = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2HSV).astype(
            np.int16
        )
        hsv[..., 0] = (hsv[..., 0] + int(rng.integers(0, 180))) % 180
        hsv[..., 1] = np.clip(hsv[..., 1] * rng.uniform(0.3, 1.8), 0, 255)
        pixels = np.asarray(
            cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2RGB), np.uint8
        )
    values = pixels.astype(np.float32) / 255
    values = values ** float(np.exp(rng.normal(0, 0.3)))
    middle = values.mean()
    values = (values - middle) * float(np.exp(rng.normal(0, 0.25))) + middle
    values = values * rng.normal(1, 0.08, 3).astype(np.float32) + rng.normal(0, 0.05)
    return np.asarray(np.clip(values * 255, 0, 255), np.uint8)


def random_light(pixels: Picture, rng: np.random.Generator) -> Picture:
    """A brightness slope, and now and then the soft edge of a cast shadow."""
    height, width = pixels.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    along = (rows / height - 0.5) * np.sin(angle) + (columns / width - 0.5) * np.cos(
        angle
    )
    light = 1 + float(rng.normal(0, 0.2)) * along
    if rng.random() < 0.2:
        softness = rng.uniform(0.01, 0.15)
        edge = 1 / (1 + np.exp(-(along - rng.uniform(-0.4, 0.4)) / softness))
        light = light * (1 - rng.uniform(0.15, 0.5) * edge)
    return np.asarray(np.clip(pixels * light[..., None], 0, 255), np.uint8)


def random_camera(pixels: Picture, rng: np.random.Generator) -> Picture:
    """Blur or sharpening, sensor noise, JPEG."""
    choice = rng.random()
    if choice < 0.25:
        pixels = cv2.GaussianBlur(pixels, (0, 0), rng.uniform(0.3, 1.1))  # type: ignore[assignment]  # OpenCV's stubs widen the type
    elif choice < 0.4:
        soft = cv2.GaussianBlur(pixels, (0, 0), 1.0)
        amount = rng.uniform(0.3, 1.2)
        pixels = cv2.addWeighted(pixels, 1 + amount, soft, -amount, 0)  # type: ignore[assignment]  # OpenCV's stubs widen the type
    if rng.random() < 0.4:
        noise = rng.normal(0, rng.uniform(1, 9), pixels.shape).astype(np.float32)
        pixels = np.clip(pixels + noise, 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        quality = int(rng.integers(45, 96))
        done, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if done:
            pixels = cv2.imdecode(data, cv2.IMREAD_COLOR)  # type: ignore[assignment]  # OpenCV's stubs widen the type
    return np.ascontiguousarray(pixels)
