"""What nobody could assess is suggested; what is merely plain is not."""

import cv2
import numpy as np

from resunet_core.measure.assessable import TILE_PX, look_at, suggest
from resunet_core.resources import resource


def test_blur_glare_and_black_are_suggested_and_paint_is_not() -> None:
    data = np.fromfile(resource("samples", "images", "01-xuanzi-beam.jpg"), np.uint8)
    photo = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)[..., ::-1].copy()
    cells = {
        (row, column): photo[
            row * TILE_PX : (row + 1) * TILE_PX,
            column * TILE_PX : (column + 1) * TILE_PX,
        ]
        for row in range(photo.shape[0] // TILE_PX)
        for column in range(photo.shape[1] // TILE_PX)
    }
    before = suggest({place: look_at(tile) for place, tile in cells.items()})
    assert len(before) <= 0.05 * len(cells)
    cells[2, 2] = np.asarray(cv2.GaussianBlur(cells[2, 2], (0, 0), 6), np.uint8)
    cells[3, 5] = np.asarray(cv2.GaussianBlur(cells[3, 5], (0, 0), 6), np.uint8)
    cells[4, 4] = np.full_like(cells[4, 4], 255)
    cells[5, 5] = np.full_like(cells[5, 5], 2)
    cells[1, 1] = np.full_like(cells[1, 1], 120)  # plain, but to be seen
    after = suggest({place: look_at(tile) for place, tile in cells.items()})
    new = {place: reason for place, reason in after.items() if place not in before}
    assert new == {
        (2, 2): "blurred",
        (3, 5): "blurred",
        (4, 4): "blown out",
        (5, 5): "black",
    }
    assert suggest({}) == {}
