"""A scale is measured on the canvas, kept with its story, and told at the foot."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from app.panels.scale import ScalePanel, Way
from app.session.pointing import clockwise
from app.session.view_state import Page, ToolKind
from resunet_core.project.scale_story import KeptScale
from resunet_core.project.scales import scale_of
from tests.builders import a_photo
from tests.e2e.conftest import Desk


def kept(desk: Desk) -> KeptScale | None:
    """What the file says of the scale."""
    desk.session.flush()
    opened, project = desk.session.opened, desk.session.project
    assert opened is not None
    assert project is not None
    return scale_of(project, opened.record.id)


def in_hand(desk: Desk) -> ToolKind:
    return desk.view.tool


def choose(panel: ScalePanel, way: Way) -> None:
    panel.ways.setCurrentIndex(panel.ways.findData(way))


def test_two_points_and_a_distance_make_a_scale(desk: Desk, tmp_path: Path) -> None:
    desk.open(a_photo(tmp_path, height=300, width=400))
    assert desk.child(QLabel, "scale").text() == "No scale"
    desk.view.show_page(Page.SCALE)
    panel = desk.child(ScalePanel)
    assert in_hand(desk) is ToolKind.POINTS
    desk.drag((50, 100), (50, 100))
    desk.drag((250, 100), (300, 100), (350, 100))  # set, then dragged on
    (x1, _), (x2, _) = desk.view.pointing.points
    assert x2 - x1 == pytest.approx(300, abs=2)
    panel.fields["distance"].setValue(60)
    panel.fields["tilt"].setValue(20)
    assert "6.0 % too small" in panel.warning.text()
    panel.keep()
    found = kept(desk)
    assert found is not None
    assert found.scale.method == "distance"
    assert found.scale.operator
    assert found.scale.mm_per_px == pytest.approx(0.2, rel=0.01)
    assert 0.005 < found.scale.relative_se < 0.02
    assert "6.0 % too small" in desk.child(QLabel, "scale").text()
    desk.view.show_page(None)
    assert in_hand(desk) is ToolKind.MOVE
    assert not desk.view.pointing.points


def test_four_corners_flatten_the_photo(desk: Desk, tmp_path: Path) -> None:
    desk.open(a_photo(tmp_path, height=300, width=400))
    desk.view.show_page(Page.SCALE)
    panel = desk.child(ScalePanel)
    choose(panel, Way.CORNERS)
    for corner in ((330, 60), (60, 60), (100, 240), (290, 240)):  # in any order
        desk.drag(corner, corner)
    panel.fields["width"].setValue(100)
    assert panel.measured() is None
    panel.fields["height"].setValue(80)
    measured = panel.measured()
    assert measured is not None
    assert measured.tilt_deg is not None
    assert "taken out" in panel.warning.text()
    panel.keep()
    found = kept(desk)
    assert found is not None
    assert found.scale.method == "rectified"
    assert found.geometry == measured.geometry


def test_a_number_alone_is_doubted_and_can_be_removed(
    desk: Desk, tmp_path: Path
) -> None:
    desk.open(a_photo(tmp_path))
    desk.view.show_page(Page.SCALE)
    panel = desk.child(ScalePanel)
    choose(panel, Way.NUMBER)
    panel.fields["number"].setValue(0.25)
    panel.keep()
    assert "0.2500 mm/px ± 2.0 %" in desk.child(QLabel, "scale").text()
    desk.session.set_scale(None)
    assert kept(desk) is None
    assert desk.child(QLabel, "scale").text() == "No scale"


def test_corners_are_put_in_order_however_they_were_clicked() -> None:
    square = ((0.0, 0.0), (9.0, 1.0), (8.0, 9.0), (1.0, 8.0))
    for turned in (square, square[::-1], (square[2], square[0], square[3], square[1])):
        assert clockwise(turned) == square
