"""The photo is on the screen at every moment, and in the end exactly."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from app.canvas.photo_item import PhotoItem
from app.canvas.tile_loader import to_image
from app.canvas.viewport import Viewport
from resunet_core.imaging.photo import open_photo
from resunet_core.imaging.pyramid import Pyramid, build_pyramid
from resunet_core.progress import run_to_end
from tests.builders import painted_pixels, write_photo

HEIGHT, WIDTH = 600, 1100


@pytest.fixture
def pyramid(tmp_path: Path) -> Iterator[Pyramid]:
    path = write_photo(tmp_path / "wall.png", painted_pixels(HEIGHT, WIDTH))
    made = run_to_end(build_pyramid(open_photo(path)))
    yield made
    made.close()


@pytest.fixture
def item(qtbot: QtBot) -> Iterator[PhotoItem]:
    del qtbot
    made = PhotoItem()
    yield made
    made.stop()


def drawn(item: PhotoItem) -> np.ndarray:
    """What is drawn at 100 %: RGB uint8 [h, w, 3]; red where nothing is."""
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(0xFFFF0000)
    painter = QPainter(image)
    item.draw(painter, Viewport(), item.frame, 1.0)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(HEIGHT, WIDTH, 4)
    return pixels[..., 2::-1].copy()


def is_bare(pixels: np.ndarray) -> bool:
    return bool((pixels == (255, 0, 0)).all(axis=2).any())


def test_all_tiles_come_and_are_the_photo(
    qtbot: QtBot, item: PhotoItem, pyramid: Pyramid
) -> None:
    item.set_pyramid(pyramid)
    item.want(item.frame, 1.0)
    wall = painted_pixels(HEIGHT, WIDTH)
    qtbot.waitUntil(lambda: bool((drawn(item) == wall).all()))


def test_there_is_never_nothing_under_a_preview_and_while_zooming_in(
    qtbot: QtBot, item: PhotoItem, pyramid: Pyramid
) -> None:
    small = painted_pixels(HEIGHT, WIDTH)[::10, ::10]
    item.set_preview(to_image(small), pyramid.photo.box)
    assert not is_bare(drawn(item))
    item.set_pyramid(pyramid)
    assert not is_bare(drawn(item))
    with qtbot.waitSignal(item.renewed):
        item.want(item.frame, 0.25)
    assert not is_bare(drawn(item))


def test_tiles_of_a_photo_that_was_left_are_dropped(
    qtbot: QtBot, item: PhotoItem, pyramid: Pyramid
) -> None:
    item.set_pyramid(pyramid)
    item.want(item.frame, 1.0)
    item.set_pyramid(None)
    with qtbot.assertNotEmitted(item.renewed, wait=200):
        pass
    assert item.frame.is_empty
