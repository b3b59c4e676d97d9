"""A person looks something up."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.actions.help import topic
from app.help.window import HelpWindow
from app.panels.scale import ScalePanel
from app.session.view_state import ToolKind
from app.support.language import set_language
from tests.builders import a_photo
from tests.e2e.conftest import Desk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def english_after(qapp: QApplication) -> Iterator[None]:
    yield
    set_language(qapp, "en")


@pytest.mark.usefixtures("english_after")
def test_she_searches_follows_a_link_and_changes_the_language(desk: Desk) -> None:
    desk.key("help")
    shown = desk.child(HelpWindow)
    shown.search("opacity")
    assert (shown.listed, shown.shown) == (["detect"], "detect")
    shown.follow("review.md")
    assert shown.shown == "review"
    assert "Region \u203a Review what is in doubt (Q)" in shown.text
    desk.key("language_zh_CN")
    desk.wait(lambda: "病害区域 \u203a 复核存疑处 (Q)" in shown.text)
    shown.open_page("shortcuts")
    assert "检测全部照片" in shown.text
    assert "Ctrl+Shift+D" in shown.text
    assert "{" not in shown.text
    shown.search("perpetuum")
    assert shown.listed == []


def test_shortcuts_are_those_in_force(desk: Desk) -> None:
    detect = next(a for a in desk.window.actions() if a.objectName() == "detect")
    detect.setShortcut("Ctrl+F12")
    desk.key("help")
    shown = desk.child(HelpWindow)
    shown.open_page("shortcuts")
    assert "Ctrl+F12" in shown.text


def test_f1_tells_about_the_panel_in_focus_else_the_tool(
    desk: Desk, tmp_path: Path
) -> None:
    desk.key("help_here")
    assert desk.child(HelpWindow).shown == "first-photo"
    desk.open(a_photo(tmp_path))
    desk.view.set_tool(ToolKind.CHECK)
    assert topic(desk.bench, desk.canvas) == "review"
    desk.view.set_tool(ToolKind.PEN)
    assert topic(desk.bench, None) == "correct"
    assert topic(desk.bench, desk.child(ScalePanel).ways) == "scale"
