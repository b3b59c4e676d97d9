"""Two photos of one place laid over each other: features, a homography, then locally.

Features: Lowe (2004), SIFT. Homography: MAGSAC++ (Barath et al. 2020) as OpenCV has it.
What the homography leaves, as a wall is no plane, is found by phase correlation of
small windows and smoothed over their neighbours.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.progress import Progress, Steps

Floats = NDArray[np.float64]

LEAST_MATCHES = 20
"""With fewer common features two photos are not taken for one place."""

_RATIO = 0.8
_FEATURES = 6000
_FEATURE_PX = 1600  # longer side of the photo that features are sought in
_WINDOW, _STEP = 96, 48
_ROUNDS = 2
_LEAST_RESPONSE = 0.08
_SMOOTHED = 3  # nodes


@dataclass(frozen=True)
class Registration:
    """Where the places of a later photo lie in an earlier one.

    Attributes:
        matrix: Homography from the later to the earlier photo's pixels, 3 rows of 3.
        shift_x: Pixels to add in the later photo before the homography, at the nodes of
            a grid, float64 [rows, columns].
        shift_y: The same downwards.
        step: Pixels of the later photo between nodes; the first is at (0, 0).
        noise_px: What is left between the photos, one standard error of a place, in
            pixels of the later one.
        matches: Features that agree.
        before_size: Height and width of the earlier photo.
        after_size: Of the later one.
    """

    matrix: tuple[tuple[float, ...], ...]
    shift_x: Floats
    shift_y: Floats
    step: float
    noise_px: float
    matches: int
    before_size: tuple[int, int]
    after_size: tuple[int, int]

    def in_before(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Places of the earlier photo for such of the later one."""
        column = (x / self.step).astype(np.float32)
        row = (y / self.step).astype(np.float32)
        moved_x = x + _sampled(self.shift_x, column, row)
        moved_y = y + _sampled(self.shift_y, column, row)
        rows = [r[0] * moved_x + r[1] * moved_y + r[2] for r in self.matrix]
        return rows[0] / rows[2], rows[1] / rows[2]

    def warp(self, before: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
        """A box of the later photo as the earlier one [H, W, 3] shows it."""
        grid = np.meshgrid(
            np.arange(box.left, box.right) + 0.5, np.arange(box.top, box.bottom) + 0.5
        )
        x, y = self.in_before(grid[0], grid[1])
        warped = cv2.remap(
            before,
            (x - 0.5).astype(np.float32),
            (y - 0.5).astype(np.float32),
            cv2.INTER_LINEAR,
        )
        return np.asarray(warped, np.uint8)

    def scaled(
        self, before_size: tuple[int, int], after_size: tuple[int, int]
    ) -> "Registration":
        """The same for the photos in other sizes."""
        before = before_size[1] / self.before_size[1]
        after = after_size[1] / self.after_size[1]
        from_after = np.diag([1 / after, 1 / after, 1])
        matrix = np.diag([before, before, 1]) @ np.array(self.matrix) @ from_after
        return replace(
            self,
            matrix=_rows(matrix),
            shift_x=self.shift_x * after,
            shift_y=self.shift_y * after,
            step=self.step * after,
            noise_px=self.noise_px * after,
            before_size=before_size,
            after_size=after_size,
        )

    @property
    def coarseness(self) -> float:
        """Side of a pixel of the earlier photo over that of the later one's."""
        height, width = self.after_size
        x = np.array([width / 2, width / 2 + 1, width / 2])
        y = np.array([height / 2, height / 2, height / 2 + 1])
        at_x, at_y = self.in_before(x, y)
        area = (at_x[1] - at_x[0]) * (at_y[2] - at_y[0])
        area -= (at_x[2] - at_x[0]) * (at_y[1] - at_y[0])
        return float(1 / np.sqrt(max(abs(area), 1e-12)))


def register(
    before: NDArray[np.uint8], after: NDArray[np.uint8]
) -> Steps[Registration | None]:
    """Lay two photos, RGB uint8 [H, W, 3], over each other.

    Returns:
        None where they do not show the same place.
    """
    old = cv2.cvtColor(before, cv2.COLOR_RGB2GRAY)
    new = cv2.cvtColor(after, cv2.COLOR_RGB2GRAY)
    yield Progress(0, 1 + _ROUNDS, "Common features")
    found = _homography(np.asarray(old), np.asarray(new))
    if found is None:
        return None
    matrix, matches = found
    rows, columns = (int(np.ceil(side / _STEP)) + 1 for side in new.shape[:2])
    nothing = np.zeros((rows, columns))
    result = Registration(
        _rows(matrix),
        nothing,
        nothing,
        float(_STEP),
        0.0,
        matches,
        (before.shape[0], before.shape[1]),
        (after.shape[0], after.shape[1]),
    )
    for number in range(_ROUNDS):
        yield Progress(1 + number, 1 + _ROUNDS, "Local refinement")
        shift_x, shift_y, sure = _left_over(result, before, np.asarray(new), 0)
        result = replace(
            result,
            shift_x=result.shift_x + _smooth(shift_x, sure),
            shift_y=result.shift_y + _smooth(shift_y, sure),
        )
    # Between the nodes that were fitted, so that the fit does not judge itself.
    shift_x, shift_y, sure = _left_over(result, before, np.asarray(new), _STEP // 2)
    return replace(result, noise_px=_noise(shift_x[sure], shift_y[sure]))


def _homography(
    old: NDArray[np.uint8], new: NDArray[np.uint8]
) -> tuple[Floats, int] | None:
    sift = cv2.SIFT.create(_FEATURES)
    sides = []
    for grey in (old, new):
        factor = min(1.0, _FEATURE_PX / max(grey.shape))
        small = cv2.resize(
            grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA
        )
        points, words = sift.detectAndCompute(small, None)
        if words is None or len(points) < LEAST_MATCHES:
            return None
        places = np.array([point.pt for point in points], np.float64)
        sides.append(((places + 0.5) / factor, words, factor))
    (old_at, old_words, factor), (new_at, new_words, _) = sides
    pairs = [
        pair
        for pair in cv2.BFMatcher(cv2.NORM_L2).knnMatch(new_words, old_words, k=2)
        if len(pair) == 2 and pair[0].distance < _RATIO * pair[1].distance
    ]
    if len(pairs) < LEAST_MATCHES:
        return None
    cv2.setRNGSeed(0)
    matrix, inliers = cv2.findHomography(
        new_at[[pair[0].queryIdx for pair in pairs]],
        old_at[[pair[0].trainIdx for pair in pairs]],
        cv2.USAC_MAGSAC,
        3.0 / factor,
    )
    agreeing = 0 if inliers is None else int(np.count_nonzero(inliers))
    if matrix is None or agreeing < LEAST_MATCHES:
        return None
    return np.asarray(matrix, np.float64), agreeing


def _left_over(
    known: Registration, before: NDArray[np.uint8], new: NDArray[np.uint8], offset: int
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """What is left at each node in x and y, and where that is sure."""
    height, width = new.shape
    old = cv2.cvtColor(known.warp(before, Box.of(height, width)), cv2.COLOR_RGB2GRAY)
    rows, columns = known.shift_x.shape
    shift = np.zeros((2, rows, columns))
    sure = np.zeros((rows, columns), np.bool_)
    window = cv2.createHanningWindow((_WINDOW, _WINDOW), cv2.CV_32F)
    for row in range(rows):
        top = row * _STEP + offset - _WINDOW // 2
        for column in range(columns):
            left = column * _STEP + offset - _WINDOW // 2
            if not (0 <= top <= height - _WINDOW and 0 <= left <= width - _WINDOW):
                continue
            part = (slice(top, top + _WINDOW), slice(left, left + _WINDOW))
            one, other = new[part].astype(np.float32), old[part].astype(np.float32)
            if min(one.std(), other.std()) < 1.0 or (old[part] == 0).mean() > 0.1:
                continue
            (x, y), response = cv2.phaseCorrelate(one, other, window)
            if response > _LEAST_RESPONSE and max(abs(x), abs(y)) < _WINDOW / 4:
                # Of the earlier photo as it is warped: it moves the place looked at.
                shift[:, row, column] = x, y
                sure[row, column] = True
    return shift[0], shift[1], sure


def _smooth(shift: Floats, sure: NDArray[np.bool_]) -> Floats:
    """The median of the sure neighbours of each node, then their mean; else nothing."""
    known = np.where(sure, shift, np.nan)
    for _ in range(2):
        around = np.stack(_neighbours(known))
        nowhere = ~np.isfinite(around).any(axis=0)
        around[:, nowhere] = 0.0  # a median of nothing is warned of
        known = np.where(nowhere, np.nan, np.nanmedian(around, axis=0))
    mended = np.nan_to_num(known)
    return np.asarray(cv2.GaussianBlur(mended, (3, 3), 0.6), np.float64)


def _neighbours(values: Floats) -> list[Floats]:
    reach = _SMOOTHED // 2
    padded = np.pad(values, reach, constant_values=np.nan)
    rows, columns = values.shape
    return [
        padded[row : row + rows, column : column + columns]
        for row in range(_SMOOTHED)
        for column in range(_SMOOTHED)
    ]


def _noise(x: Floats, y: Floats) -> float:
    """Standard error of a place: robust, and never told better than a tenth."""
    if not len(x):
        return 1.0
    spread = 1.4826 * float(np.quantile(np.abs(np.concatenate([x, y])), 0.5))
    return max(0.1, spread * float(np.sqrt(2)))


def _sampled(
    grid: Floats, column: NDArray[np.float32], row: NDArray[np.float32]
) -> Floats:
    found = cv2.remap(
        grid.astype(np.float32),
        np.atleast_2d(column),
        np.atleast_2d(row),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(found, np.float64).reshape(column.shape)


def _rows(matrix: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(v) for v in row) for row in matrix)
