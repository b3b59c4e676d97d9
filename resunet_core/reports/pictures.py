"""Pictures of a photo for its report: plain, with its damage, and the worst places."""

import io
import math

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from resunet_core.box import Box
from resunet_core.defects import DEFAULT_CLASSES, DefectClasses
from resunet_core.formats.mask_png import LevelReader, overlay
from resunet_core.mask.regions import MaskReader
from resunet_core.measure.scale import Scale
from resunet_core.measure.surface import AssessedMask, Surface
from resunet_core.measure.totals import PhotoFigures
from resunet_core.reports.charts import heat_map_picture, rose_picture
from resunet_core.reports.condition import Crop, Pictures
from resunet_core.reports.fonts import latin_font

PICTURE_PX = 1600
CROP_WIDTH_PX, CROP_HEIGHT_PX = 960, 640
CROPS = 2

_QUALITY = 85
_BAR_SHARE = 0.22  # of the width, at most
_STEPS = (1, 2, 5)

Pixels = NDArray[np.uint8]


def make_pictures(
    levels: LevelReader,
    surface: Surface,
    figures: PhotoFigures,
    classes: DefectClasses = DEFAULT_CLASSES,
) -> Pictures:
    """All pictures of a photo for its report."""
    nothing = _NoMask(surface.height, surface.width)
    plain = overlay(levels, nothing, classes=classes, max_px=PICTURE_PX)
    mask = AssessedMask(surface)
    shown = overlay(levels, mask, classes=classes, max_px=PICTURE_PX, opacity=0.62)
    cracks = figures.craquelure
    has_cracks = cracks.length_px > 0
    return Pictures(
        plain=jpeg(plain),
        overlay=jpeg(with_scale_bar(shown, surface.width, figures.scale)),
        crops=tuple(_crop(levels, mask, box, classes) for box in worst_places(surface)),
        heat_map=heat_map_picture(cracks.heat_map, plain, figures.scale)
        if has_cracks
        else None,
        rose=rose_picture(cracks.rose) if has_cracks else None,
        aspect=surface.width / surface.height,
    )


def worst_places(surface: Surface, count: int = CROPS) -> list[Box]:
    """The parts with the most damage, worst first, hardly overlapping."""
    tall = min(CROP_HEIGHT_PX, surface.height)
    wide = min(CROP_WIDTH_PX, surface.width)
    found = []
    for top in range(0, surface.height - tall // 2, tall):
        for left in range(0, surface.width - wide // 2, wide):
            box = Box(top, left, top + tall, left + wide)
            box = box.move(
                min(0, surface.height - box.bottom), min(0, surface.width - box.right)
            )
            damage = (surface.mask.read(box) > 0) & surface.assessed(box)
            found.append((int(np.count_nonzero(damage)), box))
    found.sort(key=lambda place: (-place[0], place[1]))
    chosen: list[Box] = []
    for pixels, box in found:
        apart = all(box.clip(other).area < box.area / 5 for other in chosen)
        if pixels and apart and len(chosen) < count:
            chosen.append(box)
    return chosen


def with_scale_bar(picture: Pixels, photo_width: int, scale: Scale | None) -> Pixels:
    """The picture with a bar of a round length; as it is without a scale."""
    if scale is None:
        return picture
    height, width = picture.shape[:2]
    mm_per_px = scale.mm_per_px * photo_width / width
    mm = round_length(_BAR_SHARE * width * mm_per_px)
    bar = round(mm / mm_per_px)
    image = Image.fromarray(picture)
    draw = ImageDraw.Draw(image)
    unit = max(4, round(width / 260))
    right, bottom = width - 4 * unit, height - 4 * unit
    font = ImageFont.truetype(str(latin_font()), 4 * unit)
    draw.rectangle(
        (
            right - bar - 2 * unit,
            bottom - 7 * unit,
            right + 2 * unit,
            bottom + 2 * unit,
        ),
        fill=(255, 255, 255),
    )
    half = right - bar // 2
    draw.rectangle((right - bar, bottom - unit, right, bottom), fill=(20, 20, 20))
    draw.rectangle(
        (half, bottom - unit + 1, right - 1, bottom - 1), fill=(255, 255, 255)
    )
    label = f"{mm:g} mm" if mm < 10 else f"{mm / 10:g} cm"
    label = f"{mm / 1000:g} m" if mm >= 1000 else label
    draw.text(
        (half, bottom - 2 * unit), label, fill=(20, 20, 20), font=font, anchor="ms"
    )
    return np.asarray(image)


def round_length(at_most: float) -> float:
    """The largest of 1, 2, 5, 10, 20, 50 ... that is not larger."""
    power = 10.0 ** math.floor(math.log10(at_most))
    return max(step * power for step in _STEPS if step * power <= at_most * 1.000001)


def jpeg(pixels: Pixels) -> bytes:
    """A picture, RGB uint8 [h, w, 3], as JPEG."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=_QUALITY, subsampling=0)
    return stream.getvalue()


def _crop(
    levels: LevelReader, mask: MaskReader, box: Box, classes: DefectClasses
) -> Crop:
    plain = levels.read(0, box)
    outlined = plain.copy()
    found = mask.read(box)
    for defect in classes:
        inside = (found == defect.id).astype(np.uint8)
        rings, _ = cv2.findContours(inside, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(outlined, rings, -1, defect.colour, 1)
    return Crop(box, jpeg(plain), jpeg(outlined))


class _NoMask:
    """Nothing found anywhere."""

    def __init__(self, height: int, width: int) -> None:
        self.height, self.width = height, width

    def read(self, box: Box) -> Pixels:
        return np.zeros((box.height, box.width), np.uint8)
