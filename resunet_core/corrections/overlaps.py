"""One place of a wall on two photos, labelled differently: it teaches only doubt."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.corrections.survey import CheckedPhoto
from resunet_core.defects import DEFAULT_CLASSES, IGNORE_ID

FEATURES = 1500
SIDE_PX = 900
LEAST_MATCHES = 40
LEAST_SHARE = 0.4
REPROJECTION_PX = 4.0
SLACK_PX = 6
"""Labels so near to each other agree: photos fit on each other only so well."""

LEAST_OVERLAP_PX = 20_000
DISAGREEING = 0.5
LEAST_DAMAGE = 0.01


@dataclass(frozen=True)
class Contradiction:
    """Two photos of one place that say different things about it."""

    one: str
    other: str
    share: float
    """Of the damage that either labels there and the other, labelled too, does not."""


@dataclass(frozen=True)
class LabelledView:
    """A photo and its labels, both as small as features are looked for at.

    Attributes:
        name: Of the photo.
        pixels: RGB uint8 [h, w, 3].
        classes: Class ids uint8 [h, w], 255 where nothing is checked.
    """

    name: str
    pixels: NDArray[np.uint8]
    classes: NDArray[np.uint8]


def twins(photos: Sequence[CheckedPhoto]) -> list[tuple[str, str]]:
    """Names of photos that are there twice, with the same content."""
    first: dict[str, CheckedPhoto] = {}
    found = []
    for photo in photos:
        other = first.setdefault(photo.sha256, photo)
        if other is not photo:
            found.append((other.name, photo.name))
    return found


def contradictions(views: Sequence[LabelledView]) -> list[Contradiction]:
    """Pairs of photos that show one place and label it differently."""
    seen = [_features(view.pixels) for view in views]
    found = []
    for one, other in itertools.combinations(range(len(views)), 2):
        way = _way(seen[one], seen[other])
        if way is None:
            continue
        share = _disagreement(views[one].classes, views[other].classes, way)
        if share is not None and share > DISAGREEING:
            found.append(Contradiction(views[one].name, views[other].name, share))
    return found


Features = tuple[NDArray[np.float32], NDArray[np.uint8] | None]


def _features(pixels: NDArray[np.uint8]) -> Features:
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    points, codes = cv2.ORB.create(FEATURES).detectAndCompute(grey, None)
    places = np.array([point.pt for point in points], np.float32).reshape(-1, 2)
    return places, None if codes is None else np.asarray(codes, np.uint8)


def _way(one: Features, other: Features) -> NDArray[np.float64] | None:
    """The homography from one photo to the other; None where they share nothing."""
    if one[1] is None or other[1] is None:
        return None
    matcher = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True)
    matches = matcher.match(one[1], other[1])
    near = [m for m in matches if m.distance < 50]
    if len(near) < LEAST_MATCHES:
        return None
    here = one[0][[m.queryIdx for m in near]]
    there = other[0][[m.trainIdx for m in near]]
    way, fits = cv2.findHomography(here, there, cv2.RANSAC, REPROJECTION_PX)
    enough = max(LEAST_MATCHES, LEAST_SHARE * len(near))
    if way is None or int(fits.sum()) < enough:
        return None
    return np.asarray(way, np.float64)


def _disagreement(
    one: NDArray[np.uint8], other: NDArray[np.uint8], way: NDArray[np.float64]
) -> float | None:
    """Share of the damage that only one of them labels, where both are checked."""
    height, width = other.shape
    there = cv2.warpPerspective(
        one,
        way,
        (width, height),
        flags=cv2.INTER_NEAREST,
        borderValue=IGNORE_ID,
    )
    both = (there != IGNORE_ID) & (other != IGNORE_ID)
    if int(both.sum()) < LEAST_OVERLAP_PX:
        return None
    disc = cv2.getStructuringElement(
        cv2.MORPH_ELLIPSE, (2 * SLACK_PX + 1, 2 * SLACK_PX + 1)
    )
    alone = total = 0
    for defect in DEFAULT_CLASSES:
        for mine, theirs in ((there, other), (other, there)):
            labelled = (mine == defect.id) & both
            near = cv2.dilate((theirs == defect.id).astype(np.uint8), disc) > 0
            total += int(labelled.sum())
            alone += int((labelled & ~near).sum())
    if total < LEAST_DAMAGE * int(both.sum()):
        return None
    return alone / total
