"""The page of shortcuts: a table for each menu, from the actions themselves."""

from PySide6.QtCore import QCoreApplication

from app.help.marks import escaped
from app.help.names import ActionName, Names
from app.support.words import BETWEEN


def shortcut_tables(names: Names) -> str:
    """Markdown: what has a shortcut, under the menu where it is."""
    menus: dict[str, list[ActionName]] = {}
    for name in names.values():
        if name.keys:
            menus.setdefault(name.path[0] if name.path else "", []).append(name)
    order = {name.path[0]: None for name in names.values() if name.path}
    said = QCoreApplication.translate
    top = f"| {said('Help', 'Action')} | {said('Help', 'Keys')} |\n| --- | --- |"
    parts = []
    for menu in [*order, ""]:
        found = menus.get(menu, [])
        if found:
            lines = [f"| {_way(name)} | {escaped(name.keys)} |" for name in found]
            head = f"## {escaped(menu)}\n\n" if menu else ""
            parts.append(head + "\n".join([top, *lines]))
    return "\n\n".join(parts)


def _way(name: ActionName) -> str:
    return escaped(BETWEEN.join((*name.path[1:], name.text)))
