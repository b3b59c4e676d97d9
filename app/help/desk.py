"""Opens the help where it is asked for: in the window, and in each of its dialogs."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.help.names import Names
from app.help.pages import FIRST
from app.help.topics import page_of
from app.help.window import HelpWindow


class HelpDesk(QObject):
    """One help window for the window, another for a dialog that holds the rest up."""

    def __init__(self, names: Callable[[], Names], window: QWidget) -> None:
        super().__init__(window)
        self._names = names
        self._window = window
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def open(self, page: str) -> HelpWindow:
        """Show a page in front."""
        modal = QApplication.activeModalWidget()
        parent = modal if modal is not None else self._window
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        shown = parent.findChild(HelpWindow, options=direct)
        if shown is None:
            shown = HelpWindow(self._names, parent)
        shown.open_page(page)
        if shown.isVisible():
            shown.raise_()
            shown.activateWindow()
        shown.show()
        return shown

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        """Give each dialog of the window its F1, once."""
        dialog = now.window() if now is not None else None
        if not isinstance(dialog, QDialog) or isinstance(dialog, HelpWindow):
            return
        if dialog.findChild(QShortcut, "dialog_help") is None:
            key = QKeySequence(QKeySequence.StandardKey.HelpContents)
            shortcut = QShortcut(key, dialog)
            shortcut.setObjectName("dialog_help")
            shortcut.activated.connect(self._on_dialog_help)

    def _on_dialog_help(self) -> None:
        self.open(page_of(QApplication.focusWidget()) or FIRST)
