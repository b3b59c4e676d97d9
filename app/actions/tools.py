"""What is in the hand, and what it writes."""

from functools import partial

from PySide6.QtWidgets import QWidget

from app.actions.spec import ActionSpec, no_reason, why_read_only
from app.actions.workbench import Workbench
from app.session.view_state import Target, ToolKind
from app.support.translate import QT_TRANSLATE_NOOP
from resunet_core.mask.tiled import NOT_ASSESSABLE, OUT_OF_SCOPE

_HARMLESS = (ToolKind.MOVE, ToolKind.AREA, ToolKind.PICK)
_PAINTING = (
    *(ToolKind.BRUSH, ToolKind.PEN, ToolKind.LOSS, ToolKind.POLYGON),
    *(ToolKind.LASSO, ToolKind.FILL),
)
_OWN_CLASS = {ToolKind.PEN: "craquelure", ToolKind.LOSS: "paint_loss"}
"""What a tool is mostly for; another class can still be chosen after taking it."""


def _take(tool: ToolKind, bench: Workbench, _window: QWidget) -> None:
    view = bench.context.view
    view.set_tool(tool)
    own = _OWN_CLASS.get(tool)
    if own is not None and view.target.plane == "person":
        view.set_class(view.classes.by_key(own).id)


def _has(tool: ToolKind, bench: Workbench) -> bool:
    return bench.context.view.tool is tool


def choose(target: Target, bench: Workbench) -> None:
    """Choose what is painted; a tool that paints nothing gives way to the brush."""
    view = bench.context.view
    if target.plane == "scope":
        view.set_scope(target.value)
    else:
        view.set_class(target.value)
    if view.tool not in _PAINTING:
        view.set_tool(ToolKind.BRUSH)


def _choose(target: Target, bench: Workbench, _window: QWidget) -> None:
    choose(target, bench)


def _is_chosen(target: Target, bench: Workbench) -> bool:
    return bench.context.view.target == target


def _resize(steps: int, bench: Workbench, _window: QWidget) -> None:
    bench.context.view.step_brush(steps)


def _turn_tone(bench: Workbench, _window: QWidget) -> None:
    view = bench.context.view
    view.set_tone("dark" if view.tone == "light" else "light")


def _is_light(bench: Workbench) -> bool:
    return bench.context.view.tone == "light"


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


def _target(name: str, target: Target, text: str, key: str) -> ActionSpec:
    return ActionSpec(
        name,
        text,
        partial(_choose, target),
        "",
        key,
        checked_when=partial(_is_chosen, target),
        why_not=why_read_only,
    )


_TOOLS = (
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
            "Actions",
            "Paint. Hold Alt to erase, Shift for a straight line; Esc undoes.",
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
        ToolKind.PEN,
        QT_TRANSLATE_NOOP("Actions", "Crac&k pen"),
        "pen-nib",
        "K",
        QT_TRANSLATE_NOOP(
            "Actions",
            "Click along a crack: the line follows it. Enter draws, Backspace takes a"
            " point back, Shift goes straight.",
        ),
    ),
    _tool(
        ToolKind.LOSS,
        QT_TRANSLATE_NOOP("Actions", "Select a &loss"),
        "magic-wand",
        "W",
        QT_TRANSLATE_NOOP(
            "Actions",
            "Click what is outlined to take it. [ and ] or Alt and wheel set how much"
            " is alike.",
        ),
    ),
    _tool(
        ToolKind.POLYGON,
        QT_TRANSLATE_NOOP("Actions", "&Polygon"),
        "polygon",
        "O",
        QT_TRANSLATE_NOOP(
            "Actions",
            "Click the corners, Enter fills. Begin with Alt to subtract.",
        ),
    ),
    _tool(
        ToolKind.LASSO,
        QT_TRANSLATE_NOOP("Actions", "La&sso"),
        "scribble-loop",
        "L",
        QT_TRANSLATE_NOOP("Actions", "Draw around it. Begin with Alt to subtract."),
    ),
    _tool(
        ToolKind.FILL,
        QT_TRANSLATE_NOOP("Actions", "&Fill"),
        "paint-bucket",
        "F",
        QT_TRANSLATE_NOOP(
            "Actions", "Fill what damage encloses, or give a region the chosen class."
        ),
    ),
    _tool(
        ToolKind.REGION,
        QT_TRANSLATE_NOOP("Actions", "&Region"),
        "bounding-box",
        "R",
        QT_TRANSLATE_NOOP(
            "Actions",
            "Pick a region to accept (Y), reject (N), fill its holes (H) or change"
            " its class.",
        ),
    ),
    _tool(
        ToolKind.REMOVE,
        QT_TRANSLATE_NOOP("Actions", "&Not a crack"),
        "prohibit",
        "X",
        QT_TRANSLATE_NOOP(
            "Actions", "Click what is no damage: all that hangs together is taken away."
        ),
    ),
    _tool(
        ToolKind.PICK,
        QT_TRANSLATE_NOOP("Actions", "Pi&ck the class"),
        "eyedropper",
        "I",
        QT_TRANSLATE_NOOP("Actions", "Take up the class under the mouse to paint it."),
    ),
    _tool(
        ToolKind.AREA,
        QT_TRANSLATE_NOOP("Actions", "&Area"),
        "selection",
        "A",
        QT_TRANSLATE_NOOP(
            "Actions", "Drag an area to tidy, to survey, or to bring back."
        ),
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
)

SPECS = (
    *_TOOLS,
    ActionSpec(
        "smaller_brush",
        QT_TRANSLATE_NOOP("Actions", "&Smaller"),
        partial(_resize, -1),
        "",
        "[",
        QT_TRANSLATE_NOOP("Actions", "Brush, pen or tolerance. Also Alt and wheel."),
    ),
    ActionSpec(
        "larger_brush",
        QT_TRANSLATE_NOOP("Actions", "&Larger"),
        partial(_resize, 1),
        "",
        "]",
        QT_TRANSLATE_NOOP("Actions", "Brush, pen or tolerance. Also Alt and wheel."),
    ),
    ActionSpec(
        "light_cracks",
        QT_TRANSLATE_NOOP("Actions", "Crack pen follows li&ght lines"),
        _turn_tone,
        "",
        "Shift+K",
        checked_when=_is_light,
    ),
    _target(
        "class_1",
        Target("person", 1),
        QT_TRANSLATE_NOOP("Actions", "Paint &craquelure"),
        "1",
    ),
    _target(
        "class_2",
        Target("person", 2),
        QT_TRANSLATE_NOOP("Actions", "Paint paint l&oss"),
        "2",
    ),
    _target(
        "out_of_scope",
        Target("scope", OUT_OF_SCOPE),
        QT_TRANSLATE_NOOP("Actions", "Mark what is out of scope"),
        "8",
    ),
    _target(
        "not_assessable",
        Target("scope", NOT_ASSESSABLE),
        QT_TRANSLATE_NOOP("Actions", "Mark what cannot be assessed"),
        "9",
    ),
)
