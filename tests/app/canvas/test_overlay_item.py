"""What the overlay shows is what the mask holds, after any change, at any zoom."""

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from app.canvas.overlay_item import OverlayItem
from app.canvas.overlay_layers import ClassCodes, CodeLayer
from app.canvas.overlay_paint import ClassLook, full_size_table
from app.canvas.viewport import Viewport
from resunet_core.box import Box
from resunet_core.mask.stroke import Stroke
from resunet_core.mask.tiled import DefectMask

LOOKS = (ClassLook(1, (255, 0, 200), 0.75), ClassLook(2, (0, 215, 255), 0.5))
FRAME = Box.of(700, 1300)


@pytest.fixture
def mask() -> DefectMask:
    mask = DefectMask(FRAME.height, FRAME.width)
    stroke = Stroke(mask, 1, 9, "")
    stroke.extend(20, 30)
    stroke.extend(1250, 640)
    stroke.finish()
    return mask


def drawn(item: OverlayItem, scale: float) -> np.ndarray:
    """The overlay as premultiplied ARGB uint32 [h, w]."""
    size = Viewport(scale).rect(FRAME).size()
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    item.draw(painter, Viewport(scale), FRAME)
    painter.end()
    shape = (image.height(), image.bytesPerLine() // 4)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(shape)
    return pixels[:, : image.width()].copy()


def shown(qtbot: QtBot, mask: DefectMask, scale: float) -> OverlayItem:
    item = OverlayItem()
    item.show(CodeLayer(ClassCodes(mask), LOOKS))
    item.want(FRAME, scale)
    qtbot.waitUntil(lambda: item.is_complete)
    return item


def test_at_full_size_each_pixel_has_the_colour_of_its_class(
    qtbot: QtBot, mask: DefectMask
) -> None:
    item = shown(qtbot, mask, 1.0)
    table = full_size_table(LOOKS)
    assert (drawn(item, 1.0) == table[mask.read(FRAME)]).all()
    stroke = Stroke(mask, 2, 40, "")
    item.change(stroke.extend(600, 400), at_once=True)
    assert (drawn(item, 1.0) == table[mask.read(FRAME)]).all()
    stroke.abort()
    item.change(FRAME, at_once=False)
    qtbot.waitUntil(lambda: item.is_complete)
    assert (drawn(item, 1.0) == table[mask.read(FRAME)]).all()


@pytest.mark.parametrize("scale", [0.5, 0.25, 0.125, 0.0625])
def test_a_change_looks_the_same_as_drawing_everything_anew(
    qtbot: QtBot, mask: DefectMask, scale: float
) -> None:
    item = shown(qtbot, mask, scale)
    before = drawn(item, scale)
    assert before.any()
    item.change(Stroke(mask, 2, 60, "").extend(900, 300), at_once=True)
    after = drawn(item, scale)
    assert (after != before).any()
    assert (after == drawn(shown(qtbot, mask, scale), scale)).all()


def test_while_zooming_the_level_before_stays(qtbot: QtBot, mask: DefectMask) -> None:
    item = shown(qtbot, mask, 1.0)
    assert drawn(item, 1.0).any()
    item.want(FRAME, 0.25)
    assert drawn(item, 0.25).any()
