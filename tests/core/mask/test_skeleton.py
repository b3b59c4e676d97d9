"""Centre lines equal scikit-image's by Guo and Hall, and keep what hangs together."""

from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from skimage import morphology

from resunet_core.mask.skeleton import skeletonise

Binary = NDArray[np.bool_]


def _pictures(count: int = 24) -> Iterator[Binary]:
    rng = np.random.default_rng(4)
    for number in range(count):
        height, width = (int(side) for side in rng.integers(3, 110, 2))
        noise = rng.normal(size=(height, width)).astype(np.float32)
        if number % 3 == 0:
            yield cv2.GaussianBlur(noise, (0, 0), float(rng.uniform(0.5, 4))) > 0
        elif number % 3 == 1:
            lines = np.zeros((height, width), np.uint8)
            for _ in range(7):
                ends = rng.integers(0, [width, height], (2, 2)).tolist()
                cv2.line(lines, ends[0], ends[1], 1, int(rng.integers(1, 7)))
            yield lines > 0
        else:
            yield noise > rng.uniform(-1.5, 1)


def _judged(name: str, picture: Binary) -> Binary:
    return np.asarray(getattr(morphology, name)(picture), np.bool_)


def _pieces_and_holes(of_class: Binary) -> tuple[int, int]:
    around = np.pad(of_class, 1)
    pieces, _ = cv2.connectedComponents(around.astype(np.uint8), connectivity=8)
    holes, _ = cv2.connectedComponents((~around).astype(np.uint8), connectivity=4)
    return pieces, holes


def test_equals_guo_and_hall_of_scikit_image() -> None:
    for picture in _pictures():
        np.testing.assert_array_equal(skeletonise(picture), _judged("thin", picture))


def test_no_piece_and_no_hole_is_lost_or_made() -> None:
    for picture in _pictures():
        assert _pieces_and_holes(skeletonise(picture)) == _pieces_and_holes(picture)


def test_lies_where_other_thinnings_lie() -> None:
    """Zhang and Suen's line (scikit-image's other one) is never far away on lines."""
    lines = np.zeros((200, 200), np.uint8)
    for k, ends in enumerate([((5, 9), (190, 60)), ((10, 190), (180, 80))]):
        cv2.line(lines, *ends, 1, 3 + k)
    ours, theirs = skeletonise(lines > 0), _judged("skeletonize", lines > 0)
    away = cv2.distanceTransform((~ours).astype(np.uint8), cv2.DIST_L2, 5)
    assert away[theirs].max() <= 2
    assert abs(int(ours.sum()) - int(theirs.sum())) < 10


@pytest.mark.parametrize("slope", ["right", "down", "both"])
def test_lines_two_pixels_wide_keep_their_length(slope: str) -> None:
    steps = np.arange(5, 45)
    rows = np.full(40, 20) if slope == "right" else steps
    columns = np.full(40, 20) if slope == "down" else steps
    line = np.zeros((50, 50), np.bool_)
    line[rows, columns] = True
    line[rows + (slope == "right"), columns + (slope != "right")] = True
    assert 38 <= skeletonise(line).sum() <= 41


@pytest.mark.parametrize("shape", [(0, 5), (1, 1), (4, 7)])
def test_nothing_and_little(shape: tuple[int, int]) -> None:
    assert not skeletonise(np.zeros(shape, np.bool_)).any()
    full = np.ones(shape, np.bool_)
    assert skeletonise(full).shape == shape
    assert skeletonise(full).any() == full.any()
    assert full.all()  # the caller's picture is as it was
