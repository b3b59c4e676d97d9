"""The window as a whole: theme, names for screen readers, room."""

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)

from app.dialogs.error import ErrorDialog
from tests.e2e.conftest import Desk


@pytest.mark.parametrize(("theme", "is_dark"), [("dark", True), ("light", False)])
def test_the_theme_can_be_chosen(desk: Desk, theme: str, *, is_dark: bool) -> None:
    desk.key(f"theme_{theme}")
    window = QApplication.palette().color(QPalette.ColorRole.Window)
    assert (window.lightness() < 128) is is_dark
    assert desk.bench.context.preferences.settings.theme == theme


def test_every_control_has_a_name_to_be_read_aloud(desk: Desk) -> None:
    kinds = (QAbstractButton, QAbstractSlider, QComboBox, QLineEdit, QAbstractSpinBox)

    def is_part(widget: QWidget) -> bool:
        inner = isinstance(widget.parent(), QAbstractSpinBox)
        return inner or isinstance(widget, QScrollBar) or not widget.isEnabled()

    nameless = [
        repr(widget)
        for widget in desk.window.findChildren(QWidget)
        if isinstance(widget, kinds)
        and widget.isVisible()
        and not is_part(widget)
        and not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
    assert nameless == []


def test_it_fits_a_small_laptop(desk: Desk) -> None:
    least = desk.window.minimumSizeHint()
    assert least.width() <= 1366
    assert least.height() <= 728  # 768 less a task bar


# Qt's platform without a screen says so of every dialog.
@pytest.mark.qt_log_ignore("does not support propagateSizeHints")
def test_a_mistake_of_the_program_is_told_once_and_without_its_traceback(
    desk: Desk,
) -> None:
    for _ in range(3):
        desk.bench.context.notices.report(ZeroDivisionError("inside"))
    dialogs = desk.window.findChildren(ErrorDialog)
    assert len(dialogs) == 1
    details = dialogs[0].findChild(QPlainTextEdit)
    assert details is not None
    assert not details.isVisible()
    assert "inside" in details.toPlainText()
    dialogs[0].close()
