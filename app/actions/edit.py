"""Undo and redo."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.actions.spec import ActionSpec, why_read_only
from app.actions.workbench import Workbench
from app.support.translate import QT_TRANSLATE_NOOP


def undo(bench: Workbench, _window: QWidget) -> None:
    """Take the last step back."""
    bench.context.session.undo()


def redo(bench: Workbench, _window: QWidget) -> None:
    """Bring the last undone step back."""
    bench.context.session.redo()


def can_undo(bench: Workbench) -> bool:
    """Whether there is a step to take back."""
    return bench.context.session.undo_name is not None


def can_redo(bench: Workbench) -> bool:
    """Whether there is a step to bring back."""
    return bench.context.session.redo_name is not None


def undo_text(bench: Workbench) -> str:
    """What the menu calls undo now."""
    name = bench.context.session.undo_name
    said = QCoreApplication.translate("Actions", "&Undo")
    return f"{said} {name.lower()}" if name else said


def redo_text(bench: Workbench) -> str:
    """What the menu calls redo now."""
    name = bench.context.session.redo_name
    said = QCoreApplication.translate("Actions", "&Redo")
    return f"{said} {name.lower()}" if name else said


SPECS = (
    ActionSpec(
        "undo",
        QT_TRANSLATE_NOOP("Actions", "&Undo"),
        undo,
        "arrow-u-up-left",
        "Ctrl+Z",
        enabled_when=can_undo,
        why_not=why_read_only,
    ),
    ActionSpec(
        "redo",
        QT_TRANSLATE_NOOP("Actions", "&Redo"),
        redo,
        "arrow-u-up-right",
        "Ctrl+Shift+Z",
        enabled_when=can_redo,
        why_not=why_read_only,
    ),
)
