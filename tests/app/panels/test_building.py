"""Figures of photos and places follow the edits; a click goes to the photo."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.panels.building import BuildingPanel
from app.panels.figures import FiguresPanel
from app.session.view_state import Page, ToolKind
from tests.builders import a_photo
from tests.e2e.conftest import Desk

if TYPE_CHECKING:
    from resunet_core.project.records import Level


def place(desk: Desk, name: str, component: str) -> None:
    known = desk.bench.context.survey.photos
    record = next(f.record for p, f in known.items() if p.name == name)
    levels: dict[Level, str] = {
        "building": "大炮井亭",
        "elevation": "South",
        "bay": "明间",
        "component": component,
    }
    desk.session.set_place([record.id], levels)


def cells(panel: BuildingPanel) -> dict[str, str]:
    """What is written on each component."""
    bays = (bay for facade in panel.facade._facades for bay in facade.bays)
    return {cell.name: cell.said for bay in bays for cell in bay.cells}


def test_the_building_is_drawn_ranked_and_kept_up_to_date(
    desk: Desk, tmp_path: Path
) -> None:
    a_photo(tmp_path, "a.png", height=200, width=300)
    a_photo(tmp_path, "b.png", height=200, width=300, seed=1)
    desk.open(tmp_path)
    desk.bench.detector.detect_all()
    desk.wait(lambda: not desk.bench.detector.is_running)
    desk.wait(lambda: len(desk.bench.context.survey.photos) == 2)
    place(desk, "a.png", "檩")
    place(desk, "b.png", "额枋")
    desk.view.show_page(Page.BUILDING)
    panel = desk.child(BuildingPanel)
    desk.wait(lambda: cells(panel) == {"檩": "25.0 %", "额枋": "25.0 %"})
    desk.view.set_class(2)
    desk.view.set_tool(ToolKind.BRUSH)
    desk.drag((200, 50), (280, 50))
    desk.wait(lambda: cells(panel)["檩"] not in ("25.0 %", "\u2013"))
    assert float(cells(panel)["檩"].split()[0]) > 25
    assert cells(panel)["额枋"] == "25.0 %"

    panel._order.setCurrentIndex(1)
    panel._renew()
    first = panel.tree.topLevelItem(0)
    assert first is not None
    assert first.text(0).endswith("檩")
    assert first.text(1) == "1/1"

    with QTestSignal(desk, "b.png"):
        at = panel.facade.middle_of("额枋").toPoint()
        QTest.mouseClick(
            panel.facade,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            at,
        )


class QTestSignal:
    """Waits until a photo is on the screen."""

    def __init__(self, desk: Desk, name: str) -> None:
        self._desk, self._name = desk, name

    def __enter__(self) -> None:
        assert not self._is_shown()

    def __exit__(self, *_: object) -> None:
        self._desk.wait(self._is_shown)

    def _is_shown(self) -> bool:
        opened = self._desk.session.opened
        return opened is not None and opened.record.path.name == self._name


def test_the_figures_of_a_photo_follow_its_scale(desk: Desk, tmp_path: Path) -> None:
    desk.open(a_photo(tmp_path, height=200, width=300))
    desk.view.show_page(Page.FIGURES)
    panel = desk.child(FiguresPanel)
    assert panel.losses.text == {}
    desk.detect()
    desk.wait(lambda: panel.losses.text.get("Share") == "25.00 %")
    assert panel.losses.text["Area"].endswith("px")
    assert panel.cracks.text["Length"].endswith("px")
    desk.session.set_scale(0.5)
    desk.wait(lambda: panel.losses.text["Area"].endswith("cm²"))
    assert panel.losses.text["Area"] == "37.50 cm²"
