"""What the actions are called now, for the pages of the help."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QKeySequence

from app.actions.menus import SPECS, menu_paths
from app.actions.spec import CONTEXT
from app.help.names import ActionName, Names
from app.support.language import plain


def action_names(actions: Iterable[QAction]) -> Names:
    """The names and keys of a window's actions, in the order of its menus."""
    said = QCoreApplication.translate
    texts = {spec.id: spec.text for spec in SPECS}
    known = {a.objectName(): a for a in actions if a.objectName() in texts}
    ways = {name: path for name, path in menu_paths() if name in known}
    form = QKeySequence.SequenceFormat.NativeText
    made = {}
    for name in [*ways, *(name for name in known if name not in ways)]:
        keys = ", ".join(key.toString(form) for key in known[name].shortcuts())
        path = tuple(plain(said(CONTEXT, title)) for title in ways.get(name, ()))
        made[name] = ActionName(plain(said(CONTEXT, texts[name])), path, keys)
    return made
