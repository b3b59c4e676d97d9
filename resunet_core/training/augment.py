"""Seeded geometry of a training crop, and the JPEG file it may have been.

Each function takes RGB uint8 [H, W, 3] (and class ids uint8 [H, W] where geometry
changes) and leaves them as they are. Colour and light are in `looks`.
"""

import math
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.defects import IGNORE_ID, SOUND_ID

Picture = NDArray[np.uint8]
Classes = NDArray[np.uint8]
Cover = NDArray[np.float32]

# A thin class survives being made smaller, or turned between the pixels, down to this
# share of a pixel: below, the picture shows no crack any more either.
THIN_COVER = 0.35
QUARTERS = {
    1: cv2.ROTATE_90_COUNTERCLOCKWISE,
    2: cv2.ROTATE_180,
    3: cv2.ROTATE_90_CLOCKWISE,
}


def random_crop(
    pixels: Picture,
    classes: Classes,
    side_px: int,
    scale: float,
    rng: np.random.Generator,
    centre: tuple[int, int] | None = None,
) -> tuple[Picture, Classes]:
    """A square crop, `side_px` after scaling by `scale`; mirrored where too small.

    Args:
        pixels: The picture.
        classes: Its class ids.
        side_px: Side of the crop.
        scale: Above 1 enlarges.
        rng: Source of chance.
        centre: Row and column of a pixel that shall lie in the middle half of the
            crop, wherever it is turned then; nearer to the rim only where it is near
            the rim of the picture.
    """
    source_px = max(8, round(side_px / scale))
    row, column = (None, None) if centre is None else centre
    down = _drawn_span(pixels.shape[0], source_px, row, rng)
    across = _drawn_span(pixels.shape[1], source_px, column, rng)
    cut = pixels[down, across], classes[down, across]
    # Copied, since the pictures that crops are taken from are kept in memory.
    pixels, classes = (_mirror_to(part, source_px) for part in cut)
    return resize(pixels, classes, side_px)


def _drawn_span(
    length: int, source_px: int, aim: int | None, rng: np.random.Generator
) -> slice:
    room = max(0, length - source_px)
    low, high = 0, room
    if aim is not None:
        low = min(max(aim - source_px * 3 // 4, 0), room)
        high = min(max(aim - source_px // 4, 0), room)
    start = int(rng.integers(low, high + 1))
    return slice(start, start + source_px)


def _mirror_to(values: NDArray[np.uint8], least_px: int) -> NDArray[np.uint8]:
    """A copy, mirrored at its end until each side is `least_px` long."""
    rows, columns = (max(0, least_px - length) for length in values.shape[:2])
    if not rows and not columns:
        return np.array(values)
    values = np.ascontiguousarray(values)
    mirrored = cv2.copyMakeBorder(values, 0, rows, 0, columns, cv2.BORDER_REFLECT)
    return np.asarray(mirrored, np.uint8)


def resize(pixels: Picture, classes: Classes, side_px: int) -> tuple[Picture, Classes]:
    """Both scaled to a square; thin classes do not vanish, unsure stays unsure."""
    if pixels.shape[0] == side_px and pixels.shape[1] == side_px:
        return pixels, classes
    smaller = side_px < pixels.shape[0]
    how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    size = (side_px, side_px)

    def cover(of_class: Cover) -> Cover:
        return np.asarray(cv2.resize(of_class, size, interpolation=how), np.float32)

    resized = np.asarray(cv2.resize(pixels, size, interpolation=how), np.uint8)
    return resized, _moved(classes, side_px, cover, THIN_COVER if smaller else 0.5)


def random_degrees(rng: np.random.Generator) -> float:
    """An angle for `turn`: none for half of the crops, since turning costs sharpness.

    Up to an eighth of a turn either way; `random_turn` does the rest for nothing.
    """
    return float(rng.uniform(-45, 45)) if rng.random() < 0.5 else 0.0


def turned_px(side_px: int, degrees: float) -> int:
    """Side of the crop from which `turn` cuts one of `side_px` with no rim missing."""
    angle = math.radians(degrees)
    reach = side_px * (abs(math.cos(angle)) + abs(math.sin(angle)))
    return math.ceil(round(reach, 6))  # a quarter turn needs no pixel more


def turn(
    pixels: Picture, classes: Classes, degrees: float, side_px: int
) -> tuple[Picture, Classes]:
    """The middle `side_px` of a square, turned anticlockwise by any angle.

    Mirrored where the square is smaller than `turned_px`. Thin classes do not vanish,
    unsure stays unsure.
    """
    if degrees == 0 and pixels.shape[:2] == (side_px, side_px):
        return pixels, classes
    middle = (pixels.shape[0] - 1) / 2
    place = cv2.getRotationMatrix2D((middle, middle), degrees, 1)
    place[:, 2] += (side_px - 1) / 2 - middle

    def placed(values: NDArray[Any], how: int) -> NDArray[Any]:
        size, rim = (side_px, side_px), cv2.BORDER_REFLECT
        return cv2.warpAffine(values, place, size, flags=how, borderMode=rim)

    def cover(of_class: Cover) -> Cover:
        return placed(of_class, cv2.INTER_LINEAR)

    # Cubic keeps hairlines sharp, as the crops that are not turned have them.
    turned = placed(pixels, cv2.INTER_CUBIC)
    return turned, _moved(classes, side_px, cover, THIN_COVER)


def _moved(
    classes: Classes,
    side_px: int,
    cover: Callable[[Cover], Cover],
    cover_needed: float,
) -> Classes:
    """Each class where, moved by `cover`, it fills enough of a pixel."""
    result = np.full((side_px, side_px), SOUND_ID, np.uint8)
    counts = cv2.calcHist([classes], [0], None, [256], [0, 256]).ravel()
    # Unsure first: what is surely a class is drawn over it, the later class on top.
    there = sorted(np.flatnonzero(counts).tolist(), key=_drawn_last)
    for value in there:
        if value != SOUND_ID:
            result[cover((classes == value).astype(np.float32)) >= cover_needed] = value
    return result


def _drawn_last(class_id: int) -> int:
    return -1 if class_id == IGNORE_ID else class_id


def random_turn(
    pixels: Picture, classes: Classes, rng: np.random.Generator
) -> tuple[Picture, Classes]:
    """One of the eight turns and mirrorings of a square."""
    quarter_turns, mirrored = int(rng.integers(4)), bool(rng.integers(2))

    def turned(values: NDArray[np.uint8]) -> NDArray[np.uint8]:
        # OpenCV's, ten times as fast as NumPy's for colours.
        if quarter_turns:
            values = np.asarray(cv2.rotate(values, QUARTERS[quarter_turns]), np.uint8)
        return np.asarray(cv2.flip(values, 1), np.uint8) if mirrored else values

    return turned(pixels), turned(classes)


def random_jpeg(pixels: Picture, rng: np.random.Generator) -> Picture:
    """Half of the crops as a JPEG file of moderate to high quality keeps them."""
    if rng.random() < 0.5:
        return pixels
    how = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(45, 96))]
    _, data = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), how)
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8)
