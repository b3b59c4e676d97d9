"""Menus and toolbar are whole."""

from collections import Counter
from collections.abc import Iterator

import pytest
import qtawesome
from PySide6.QtGui import QKeySequence
from pytestqt.qtbot import QtBot

from app.actions.menus import (
    BRUSH,
    LABELLED,
    MENUS,
    RECENT,
    SPACE,
    SPECS,
    TOOLBAR,
    MenuSpec,
)

OTHERS = {"-", BRUSH, SPACE, RECENT}


def ids(items: tuple[str | MenuSpec, ...]) -> Iterator[str]:
    for item in items:
        if isinstance(item, MenuSpec):
            yield from ids(item.items)
        else:
            yield item


def test_every_action_is_in_a_menu_once_and_every_id_is_known() -> None:
    known = [spec.id for spec in SPECS]
    in_menus = [name for menu in MENUS for name in ids(menu.items)]
    assert Counter(known) == Counter(name for name in in_menus if name not in OTHERS)
    assert {*TOOLBAR, *LABELLED} - OTHERS <= set(known)


def test_no_two_actions_share_a_shortcut(qtbot: QtBot) -> None:
    del qtbot
    keys = [QKeySequence(s.shortcut).toString() for s in SPECS if s.shortcut]
    assert len(keys) == len(set(keys))
    assert all(keys)


@pytest.mark.parametrize("name", sorted({s.icon for s in SPECS if s.icon}))
def test_every_icon_exists(qtbot: QtBot, name: str) -> None:
    del qtbot
    assert not qtawesome.icon(f"ph.{name}").isNull()
