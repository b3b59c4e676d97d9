"""Styles, origins and probabilities, as they would be worked out pixel by pixel."""

import numpy as np
import pytest
from numpy.typing import NDArray

from app.canvas.legend import scale_bar
from app.canvas.overlay_layers import (
    CHECKED,
    MODEL,
    PERSON,
    SOUND,
    ClassCodes,
    CodeLayer,
    HeatLayer,
    OriginCodes,
)
from app.canvas.overlay_paint import ClassLook
from app.session.view_state import OverlayStyle
from resunet_core.box import Box
from resunet_core.inference.probability import ProbabilityMap
from resunet_core.mask.fill import fill
from resunet_core.mask.replace import replace_model_plane
from resunet_core.mask.stroke import Stroke
from resunet_core.mask.tiled import DefectMask

FRAME = Box.of(1000, 1200)
LOOKS = (ClassLook(1, (255, 0, 200), 0.8), ClassLook(2, (0, 215, 255), 0.6))


@pytest.fixture
def mask() -> DefectMask:
    """A crack and a loss over the corner of four tiles."""
    mask = DefectMask(1000, 1200)
    for class_id, radius, ends in (
        (2, 90, ((500, 500),)),
        (1, 2, ((90, 90), (700, 300))),
    ):
        stroke = Stroke(mask, class_id, radius, "")
        for x, y in ends:
            stroke.extend(x, y)
        stroke.finish()
    return mask


def whole(layer: CodeLayer | HeatLayer, level: int) -> NDArray[np.uint32]:
    """All parts of a layer put together."""
    side, found = 512 >> level, np.zeros((1024 >> level, 1536 >> level), np.uint32)
    for row in range(2):
        for col in range(3):
            part = layer.colours((row, col), level)
            if part is not None:
                height, width = part.shape
                place = found[row * side :, col * side :]
                place[:height, :width] = part
    return found[: -(-1000 >> level), : -(-1200 >> level)]


@pytest.mark.parametrize("style", [OverlayStyle.OUTLINE, OverlayStyle.HATCH])
def test_edges_and_hatches_go_on_from_tile_to_tile(
    mask: DefectMask, style: OverlayStyle
) -> None:
    found = whole(CodeLayer(ClassCodes(mask), LOOKS, style), 0) >> 24
    ids = mask.read(FRAME)
    assert not found[ids == 0].any()
    y, x = np.nonzero(ids == 2)
    depth = 90 - np.hypot(y + 0.5 - 500, x + 0.5 - 500)
    inner, edge = depth > 5, depth < 1
    on_crack = np.zeros(ids.shape, np.bool_)
    on_crack[ids == 1] = True
    assert (found[ids == 1] > 200).all()  # a crack is all edge
    assert np.quantile(found[y, x][edge], 0.05) > 200
    if style is OverlayStyle.OUTLINE:
        away = inner & (np.abs(y - 300) > 500 - 300 - 100)
        assert np.mean(found[y, x][away] == 0) > 0.95
    else:
        strong = np.mean(found[y, x][inner] > 200)
        assert 0.1 < strong < 0.35  # the strokes; a tint lies between them
        assert (found[y, x] > 0).all()


@pytest.mark.parametrize("level", [0, 1, 2, 4])
@pytest.mark.parametrize("style", list(OverlayStyle))
def test_every_style_shows_cracks_and_losses_at_every_zoom(
    mask: DefectMask, style: OverlayStyle, level: int
) -> None:
    found = whole(CodeLayer(ClassCodes(mask), LOOKS, style), level)
    crack = found[195 >> level : 200 >> level, 300 >> level : 420 >> level]
    loss = found[400 >> level : 600 >> level, 400 >> level : 600 >> level]
    assert crack.any() or level > 2
    assert loss.any()
    hidden = [ClassLook(look.class_id, look.colour, 0) for look in LOOKS]
    layer = CodeLayer(ClassCodes(mask), LOOKS, style)
    assert not whole(layer.restyled(hidden, style), level).any()


def test_a_centre_line_is_thin_and_in_the_middle(mask: DefectMask) -> None:
    stroke = Stroke(mask, 1, 8, "")
    stroke.extend(100, 800)
    stroke.extend(1000, 800)
    found = whole(CodeLayer(ClassCodes(mask), LOOKS, OverlayStyle.LINE), 0)
    rows = np.flatnonzero(found[780:820, 300:900].any(axis=1)) + 780
    assert len(rows) <= 4
    assert abs(rows.mean() + 0.5 - 800) <= 1.5


def test_the_origin_of_each_pixel_is_told() -> None:
    mask = DefectMask(1000, 1200)
    replace_model_plane(mask, [(0, 0, np.ones((512, 512), np.uint8))], "Detect")
    everywhere = np.ones((100, 200), np.bool_)
    fill(mask, Box(100, 0, 200, 200), 0, everywhere, "Reject")
    fill(mask, Box(300, 450, 400, 650), 2, everywhere, "Draw")
    codes = OriginCodes(mask, {(0, 1)})
    places = ((50, 50), (150, 50), (350, 480), (350, 600), (900, 900))
    told = [int(codes.read(Box(y, x, y + 1, x + 1))[0, 0]) for y, x in places]
    assert told == [MODEL, SOUND, PERSON, CHECKED, 0]


def test_heat_shows_the_surest_pixel_of_a_smaller_picture() -> None:
    values = np.zeros((1000, 2, 1200), np.uint8)
    values[503, 0, 700] = 255
    layer = HeatLayer(ProbabilityMap(("craquelure", "paint_loss"), values))
    for level in (0, 2, 5):
        found = whole(layer, level)
        assert np.argwhere(found).tolist() == [[503 >> level, 700 >> level]]
    other = HeatLayer(
        ProbabilityMap(("craquelure", "paint_loss"), values), [False, True]
    )
    assert not whole(other, 0).any()


@pytest.mark.parametrize(
    ("scale", "mm_per_px", "text", "length"),
    [
        (1.0, None, "100 px", 100),
        (0.37, 0.25, "10 cm", 148),
        (0.5, 20.0, "5 m", 125),
        (64.0, None, "2 px", 128),
        (10.0, 0.05, "0.5 mm", 100),
    ],
)
def test_the_scale_bar_is_a_round_length(
    scale: float, mm_per_px: float | None, text: str, length: float
) -> None:
    bar = scale_bar(scale, mm_per_px)
    assert bar.text == text
    assert bar.screen_px == pytest.approx(length)
