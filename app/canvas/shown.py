"""Which overlay the view asks for, in which colours, and how its legend explains it."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from app.canvas.legend import LegendRow
from app.canvas.overlay_layers import (
    CHECKED,
    MODEL,
    PERSON,
    SOUND,
    ClassCodes,
    CodeLayer,
    HeatLayer,
    Layer,
    OriginCodes,
)
from app.canvas.overlay_paint import ClassLook
from app.session.comparison import COLOURS
from app.session.entry import OpenedPhoto
from app.session.view_state import OverlayLayer, OverlayStyle, ViewState
from resunet_core.mask.tiled import NOT_ASSESSABLE, OUT_OF_SCOPE

DIFFERENCE = tuple(ClassLook(code, look, 0.8) for code, look in COLOURS.items())
SCOPE = (
    ClassLook(OUT_OF_SCOPE, (176, 178, 186), 0.9),
    ClassLook(NOT_ASSESSABLE, (255, 196, 0), 0.75),
)
ORIGIN = (
    ClassLook(MODEL, (255, 160, 0), 0.7),
    ClassLook(PERSON, (64, 150, 255), 0.7),
    ClassLook(SOUND, (235, 235, 235), 0.5),
    ClassLook(CHECKED, (40, 205, 120), 0.7),
)


def class_looks(view: ViewState) -> list[ClassLook]:
    """The classes as they are set to be shown; hidden ones with no opacity."""
    return [
        ClassLook(
            defect.id,
            defect.colour,
            view.opacity(defect.id) * view.is_visible(defect.id),
        )
        for defect in view.classes
    ]


def make_layer(view: ViewState, opened: OpenedPhoto) -> Layer | None:
    """What the view asks for; None where no probabilities are known."""
    if view.layer is OverlayLayer.ORIGIN:
        codes = OriginCodes(opened.mask, opened.checked)
        return CodeLayer(codes, ORIGIN, view.style)
    if view.layer is OverlayLayer.HEAT:
        probabilities = opened.probabilities
        if probabilities is None:
            return None
        seen = [defect.key for defect in view.classes if view.is_visible(defect.id)]
        return HeatLayer(probabilities, [key in seen for key in probabilities.keys])
    return CodeLayer(ClassCodes(opened.mask), class_looks(view), view.style)


def legend_rows(view: ViewState, opened: OpenedPhoto) -> list[LegendRow]:
    """What the colours on the screen mean."""
    said = QCoreApplication.translate
    rows: list[LegendRow] = []
    if view.layer is OverlayLayer.ORIGIN:
        names = [
            said("Legend", "Found by the model"),
            said("Legend", "Drawn by a person"),
            said("Legend", "Taken back by a person"),
            said("Legend", "In a checked tile"),
        ]
        rows = _rows(ORIGIN, names, view.style)
    elif view.layer is OverlayLayer.CLASSES:
        looks = [look for look in class_looks(view) if look.opacity > 0]
        defects = [view.classes.by_id(look.class_id) for look in looks]
        names = [said("DefectClass", defect.name_en) for defect in defects]
        rows = _rows(looks, names, view.style)
    elif opened.probabilities is None:
        rows = _rows(ORIGIN[2:3], [said("Legend", "Detect first")], view.style)
    if view.shows_scope and any(opened.mask.scope.tiles()):
        names = [said("Legend", "Out of scope"), said("Legend", "Not assessable")]
        rows += _rows(SCOPE, names, OverlayStyle.HATCH)
    return rows


def _rows(
    looks: Sequence[ClassLook], names: Sequence[str], style: OverlayStyle
) -> list[LegendRow]:
    named = zip(looks, names, strict=True)
    return [LegendRow(look, name, style, n) for n, (look, name) in enumerate(named)]
