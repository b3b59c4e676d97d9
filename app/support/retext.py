"""Says anew what the widgets of the program show, each text in its place."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QAbstractItemModel, QObject, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QListWidget,
    QMenu,
    QPlainTextEdit,
    QTableWidget,
    QTabWidget,
    QTextEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

Carry = Callable[[str, Iterable[str]], str]
_SHOWN = (
    *("text", "title", "windowTitle", "toolTip", "statusTip", "accessibleName"),
    *("accessibleDescription", "placeholderText", "suffix", "prefix"),
    *("specialValueText",),
)
_OF_ACTION = ("text", "iconText", "toolTip", "statusTip")
_TYPED = (QLineEdit, QTextEdit, QPlainTextEdit)  # their text is the person's own


def retext(widgets: Sequence[QWidget], carry: Carry) -> None:
    """Carry every text that widgets, actions and lists show into another language.

    Args:
        widgets: All of the program's.
        carry: From a text and the names of the classes around it to the new text.
    """
    for widget in widgets:
        near = _contexts(widget)
        _properties(widget, _SHOWN, carry, near)
        for action in widget.actions():
            _properties(action, _OF_ACTION, carry, ("Actions", *near))
        if isinstance(widget, QMenu):
            widget.setTitle(carry(widget.title(), ("Actions", *near)))
        _items(widget, carry, near)


def _properties(
    shown: QObject, names: Sequence[str], carry: Carry, near: Sequence[str]
) -> None:
    known = shown.metaObject()
    for name in names:
        if name == "text" and isinstance(shown, _TYPED):
            continue
        if known.indexOfProperty(name) < 0:
            continue
        text = shown.property(name)
        if (
            isinstance(text, str)
            and text
            and (said := _said(text, carry, near)) != text
        ):
            shown.setProperty(name, said)


def _said(text: str, carry: Carry, near: Sequence[str]) -> str:
    """The new text; spaces around it, which part it from an icon, stay."""
    said, bare = carry(text, near), text.strip(" ")
    if said != text or bare in {"", text}:
        return said
    return text.replace(bare, carry(bare, near))


def _items(widget: QWidget, carry: Carry, near: Sequence[str]) -> None:
    if isinstance(widget, QComboBox):  # what a person typed is in no catalogue
        for row in range(widget.count()):
            widget.setItemText(row, carry(widget.itemText(row), near))
    elif isinstance(widget, QTabWidget):
        _tabs(widget, carry, near)
    elif isinstance(widget, QTreeWidget):
        _tree_item(widget.headerItem(), carry, near)
        _branch(widget.invisibleRootItem(), carry, near)
    elif isinstance(widget, QListWidget):
        _list(widget, carry, near)
    elif isinstance(widget, QTableWidget):
        _heads(widget, carry, near)
    elif isinstance(widget, QAbstractItemView):
        _ask_again(widget)


def _tabs(widget: QTabWidget, carry: Carry, near: Sequence[str]) -> None:
    for row in range(widget.count()):
        widget.setTabText(row, carry(widget.tabText(row), near))


def _list(widget: QListWidget, carry: Carry, near: Sequence[str]) -> None:
    for row in range(widget.count()):
        item = widget.item(row)
        item.setText(carry(item.text(), near))
        item.setToolTip(carry(item.toolTip(), near))


def _heads(widget: QTableWidget, carry: Carry, near: Sequence[str]) -> None:
    for column in range(widget.columnCount()):
        head = widget.horizontalHeaderItem(column)
        if head is not None:
            head.setText(carry(head.text(), near))


def _branch(item: QTreeWidgetItem | None, carry: Carry, near: Sequence[str]) -> None:
    if item is None:
        return
    for row in range(item.childCount()):
        child = item.child(row)
        _tree_item(child, carry, near)
        _branch(child, carry, near)


def _tree_item(item: QTreeWidgetItem | None, carry: Carry, near: Sequence[str]) -> None:
    if item is None:
        return
    for column in range(item.columnCount()):
        item.setText(column, carry(item.text(column), near))
        if item.toolTip(column):
            item.setToolTip(column, carry(item.toolTip(column), near))


def _ask_again(view: QAbstractItemView) -> None:
    model: QAbstractItemModel | None = view.model()
    if model is not None and model.columnCount():
        for side in (Qt.Orientation.Horizontal,):
            model.headerDataChanged.emit(side, 0, model.columnCount() - 1)
    view.viewport().update()


def _contexts(widget: QWidget) -> tuple[str, ...]:
    """The names of the classes of a widget and of what it stands in."""
    names: list[str] = []
    at: QObject | None = widget
    while at is not None:
        names += [kind.__name__ for kind in type(at).__mro__ if kind is not object]
        at = at.parent()
    return tuple(dict.fromkeys(names))
