"""Undo, redo, and what is in the hand."""

from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.actions.spec import ActionSpec, no_reason, why_read_only
from app.actions.workbench import Workbench
from app.session.view_state import ToolKind
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


def _take(tool: ToolKind, bench: Workbench, _window: QWidget) -> None:
    bench.context.view.set_tool(tool)


def _has(tool: ToolKind, bench: Workbench) -> bool:
    return bench.context.view.tool is tool


def _paint(class_id: int, bench: Workbench, _window: QWidget) -> None:
    bench.context.view.set_class(class_id)
    bench.context.view.set_tool(ToolKind.BRUSH)


def _paints(class_id: int, bench: Workbench) -> bool:
    return bench.context.view.class_id == class_id


def _resize_brush(steps: int, bench: Workbench, _window: QWidget) -> None:
    bench.context.view.step_brush(steps)


_HARMLESS = (ToolKind.MOVE, ToolKind.AREA)


def _tool(tool: ToolKind, text: str, icon: str, key: str, tip: str) -> ActionSpec:
    return ActionSpec(
        f"tool_{tool.value}",
        text,
        partial(_take, tool),
        icon,
        key,
        tip,
        checked_when=partial(_has, tool),
        why_not=no_reason if tool in _HARMLESS else why_read_only,
    )


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
    _tool(
        ToolKind.MOVE,
        QT_TRANSLATE_NOOP("Actions", "&Move"),
        "hand",
        "V",
        QT_TRANSLATE_NOOP(
            "Actions", "Drag to pan. In every tool: hold Space or the middle button."
        ),
    ),
    _tool(
        ToolKind.BRUSH,
        QT_TRANSLATE_NOOP("Actions", "&Brush"),
        "paint-brush",
        "B",
        QT_TRANSLATE_NOOP(
            "Actions", "Paint the chosen class. Hold Alt to erase, Esc takes it back."
        ),
    ),
    _tool(
        ToolKind.ERASER,
        QT_TRANSLATE_NOOP("Actions", "&Eraser"),
        "eraser",
        "E",
        QT_TRANSLATE_NOOP("Actions", "Say that the paint here is sound."),
    ),
    _tool(
        ToolKind.AREA,
        QT_TRANSLATE_NOOP("Actions", "&Area"),
        "selection",
        "A",
        QT_TRANSLATE_NOOP("Actions", "Drag an area to bring back from a snapshot."),
    ),
    _tool(
        ToolKind.CHECK,
        QT_TRANSLATE_NOOP("Actions", "Check &tiles"),
        "check-square",
        "T",
        QT_TRANSLATE_NOOP(
            "Actions", "Click or drag over tiles that are right; no model changes them."
        ),
    ),
    ActionSpec(
        "smaller_brush",
        QT_TRANSLATE_NOOP("Actions", "&Smaller brush"),
        partial(_resize_brush, -1),
        "",
        "[",
    ),
    ActionSpec(
        "larger_brush",
        QT_TRANSLATE_NOOP("Actions", "&Larger brush"),
        partial(_resize_brush, 1),
        "",
        "]",
    ),
    ActionSpec(
        "class_1",
        QT_TRANSLATE_NOOP("Actions", "Brush: &craquelure"),
        partial(_paint, 1),
        "",
        "1",
        checked_when=partial(_paints, 1),
        why_not=why_read_only,
    ),
    ActionSpec(
        "class_2",
        QT_TRANSLATE_NOOP("Actions", "Brush: paint l&oss"),
        partial(_paint, 2),
        "",
        "2",
        checked_when=partial(_paints, 2),
        why_not=why_read_only,
    ),
)
