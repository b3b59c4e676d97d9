"""Damage of one crop on the sound paint of another.

A crack is carried over as what it does to the paint around it, darker or lighter, so
that it takes the new ground's colour; paint loss shows what lies beneath the paint, and
is carried over as it is.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.defects import CRAQUELURE, IGNORE_ID, PAINT_LOSS, SOUND_ID

Picture = NDArray[np.uint8]
Classes = NDArray[np.uint8]
Field = NDArray[np.float32]
Where = NDArray[np.bool_]

# How far the soft shoulder of a crack reaches beyond its label, in pixels.
SHOULDER_PX = 2
# The paint around a crack is what lies in a window of so many pixels.
GROUND_PX = 17
RIM_SIGMA_PX = 0.6
# Near black and white a level more or less is noise: a ratio needs a floor.
FLOOR = 6.0
GRAIN_SIGMA_PX = 0.6
# A label whose middle differs from its ground by less is over no crack to speak of.
NO_CRACK = 0.06
# The middle of a crack (all but the faintest parts of its label) is laid at least so
# strong, as a logarithm: 0.3 takes a quarter of the light away.
LEAST, MOST = 0.3, 0.7
# A crack that is lighter takes darkness away: this share of it, or it would glow.
LIGHTER = 0.5
# Where a ground leaves no room, as in life: the dust in the cracks of dark paint is
# dark on light paint, and dark cracks are light ones where the paint is near black.
TOO_LIGHT, TOO_DARK = 150.0, 40.0
# A crack is seen where it changes the picture by so many levels, and by this share of
# what the ground's own pattern varies by.
SEEN_LEVELS, SEEN_SHARE = 6.0, 0.8


def paste_damage(
    pixels: Picture,
    classes: Classes,
    donor_pixels: Picture,
    donor_classes: Classes,
    rng: np.random.Generator,
) -> tuple[Picture, Classes]:
    """A crop with the damage of another of the same size laid on its sound paint.

    Craquelure comes on sound paint alone; paint loss swallows craquelure too. What the
    donor is unsure of is not pasted. The result is unsure (255) where that lies so near
    to pasted damage that the picture changes there, and where the new ground's pattern
    hides a crack.

    Args:
        pixels: RGB uint8 [H, W, 3]; left as they are, as all are.
        classes: Class ids uint8 [H, W].
        donor_pixels: RGB uint8 [H, W, 3].
        donor_classes: Class ids uint8 [H, W].
        rng: Draws which of the donor's cracks come over, and how strong.
    """
    shown, classes = pixels.astype(np.float32), classes.copy()
    cracks = _some_of(donor_classes == CRAQUELURE.id, rng) & (classes == SOUND_ID)
    strength = rng.uniform(LEAST, MOST)
    if cracks.any():
        change = _crack_change(donor_pixels, donor_classes, cracks, strength)
        shown = _lay_cracks(shown, classes, cracks, change, donor_classes)
    if (donor_classes == PAINT_LOSS.id).any():
        shown = _lay_losses(shown, classes, donor_pixels, donor_classes)
    return np.clip(shown + 0.5, 0, 255).astype(np.uint8), classes


def _some_of(cracks: Where, rng: np.random.Generator) -> Where:
    """All of the cracks in half of the cases, otherwise a share, each one whole."""
    count, labels = cv2.connectedComponents(cracks.astype(np.uint8))
    share = 1.0 if rng.random() < 0.5 else rng.uniform(0.3, 1.0)
    kept = rng.random(count) < share
    kept[0] = False
    return np.asarray(kept[labels])


def _crack_change(
    pixels: Picture, classes: Classes, cracks: Where, strength: float
) -> Field:
    """How much darker (below 0) or lighter cracks are than their ground: a logarithm.

    One direction for the crop, the stronger one: the rest is grain.
    """
    grey = _grey(pixels.astype(np.float32))
    ratios = (grey + FLOOR) / (_ground(grey, classes) + FLOOR)
    change = np.asarray(np.log(ratios), np.float32)
    is_dark = change[cracks].mean() < 0
    change = np.clip(change, None, 0) if is_dark else np.clip(change, 0, None)
    gain = strength / _core(change, cracks)
    if is_dark and gain <= 1:
        return change  # as black as they are
    # Made stronger, or come from dark paint, grain would stand out.
    blurred = cv2.GaussianBlur(change, (0, 0), GRAIN_SIGMA_PX)
    change = np.asarray(blurred, np.float32)
    return np.asarray(change * (strength / _core(change, cracks)), np.float32)


def _core(change: Field, cracks: Where) -> float:
    """How strong the middle of the cracks is: all but the faintest of their pixels."""
    return max(NO_CRACK, float(np.quantile(np.abs(change[cracks]), 0.8)))


def _ground(grey: Field, classes: Classes) -> Field:
    """The sound paint around each pixel: without damage, or what may be damage."""
    damaged = _widened(classes != SOUND_ID, SHOULDER_PX)
    sound = (~damaged).astype(np.float32)
    whole = grey[~damaged].mean() if not damaged.all() else grey.mean()
    near = _around(sound) + 1e-3
    light = _around(grey * sound) + 1e-3 * whole
    return np.asarray(light / near, np.float32)


def _lay_cracks(
    shown: Field, classes: Classes, cracks: Where, change: Field, donor_classes: Classes
) -> Field:
    """The picture with the cracks in its sound paint; their classes in place."""
    sound = classes == SOUND_ID
    grey = _grey(shown)
    around = _around(grey)
    is_dark = change[cracks].mean() < 0
    no_room = around < TOO_DARK if is_dark else around > TOO_LIGHT
    # Full strength on the crack, fading beside it, none where another class begins.
    wider = _widened(cracks, 1).astype(np.float32)
    reach = np.maximum(cv2.GaussianBlur(wider, (0, 0), SHOULDER_PX / 2), cracks) * sound
    change = (np.where(no_room, -change, change) * reach)[..., None]
    light_kept = np.exp(np.minimum(change, 0))
    darkness_kept = np.exp(-LIGHTER * np.clip(change, 0, 1))
    laid = 255 - (255 - shown * light_kept) * darkness_kept
    classes[cracks] = CRAQUELURE.id
    hidden = cracks & ~_is_seen(np.abs(_grey(laid) - grey), grey, around)
    # Cracks that did not come along have left a trace there, too.
    unsure = np.isin(donor_classes, (IGNORE_ID, CRAQUELURE.id)) & ~cracks
    classes[hidden | (unsure & (reach > 0.05))] = IGNORE_ID
    return np.asarray(laid, np.float32)


def _is_seen(change: Field, grey: Field, around: Field) -> Where:
    pattern = _around(np.square(grey - around))
    needed = np.maximum(SEEN_LEVELS, SEEN_SHARE * np.sqrt(pattern))
    # A label is wider than its crack: seen where the crack within it is.
    nearby = cv2.dilate(cv2.blur(change, (3, 3)), np.ones((5, 5), np.uint8))
    return np.asarray(nearby >= needed)


def _lay_losses(
    shown: Field, classes: Classes, donor_pixels: Picture, donor_classes: Classes
) -> Field:
    """The picture with the losses on sound paint and cracks; their classes in place."""
    covers = (classes == SOUND_ID) | (classes == CRAQUELURE.id)
    lost = (donor_classes == PAINT_LOSS.id) & covers
    reach = cv2.GaussianBlur(lost.astype(np.float32), (0, 0), RIM_SIGMA_PX) * covers
    unsure = (donor_classes == IGNORE_ID) & covers & (reach > 0.05)
    classes[unsure] = IGNORE_ID
    classes[lost] = PAINT_LOSS.id
    laid = shown + reach[..., None] * (donor_pixels - shown)
    return np.asarray(laid, np.float32)


def _around(values: Field) -> Field:
    return np.asarray(cv2.blur(values, (GROUND_PX, GROUND_PX)), np.float32)


def _grey(shown: Field) -> Field:
    return np.asarray(cv2.cvtColor(shown, cv2.COLOR_RGB2GRAY), np.float32)


def _widened(where: Where, by_px: int) -> Where:
    side = 2 * by_px + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return np.asarray(cv2.dilate(where.astype(np.uint8), kernel), np.uint8) > 0
