"""How the overlays look, and what they tell."""

from functools import partial

from PySide6.QtWidgets import QWidget

from app.actions.spec import ActionSpec
from app.actions.workbench import Workbench
from app.session.view_state import OverlayLayer, OverlayStyle
from app.support.translate import QT_TRANSLATE_NOOP


def _toggle_class(class_id: int, bench: Workbench, _window: QWidget) -> None:
    view = bench.context.view
    view.set_visible(class_id, not view.is_visible(class_id))


def _is_visible(class_id: int, bench: Workbench) -> bool:
    return bench.context.view.is_visible(class_id)


def _solo(class_id: int, bench: Workbench, _window: QWidget) -> None:
    bench.context.view.toggle_solo(class_id)


def _is_solo(class_id: int, bench: Workbench) -> bool:
    return bench.context.view.is_solo(class_id)


def _set_style(style: OverlayStyle, bench: Workbench, _window: QWidget) -> None:
    bench.context.view.set_style(style)


def _has_style(style: OverlayStyle, bench: Workbench) -> bool:
    return bench.context.view.style is style


def _next_style(bench: Workbench, _window: QWidget) -> None:
    styles = list(OverlayStyle)
    now = styles.index(bench.context.view.style)
    bench.context.view.set_style(styles[(now + 1) % len(styles)])


def _set_layer(layer: OverlayLayer, bench: Workbench, _window: QWidget) -> None:
    view = bench.context.view
    view.set_layer(OverlayLayer.CLASSES if view.layer is layer else layer)


def _has_layer(layer: OverlayLayer, bench: Workbench) -> bool:
    return bench.context.view.layer is layer


def _toggle_scope(bench: Workbench, _window: QWidget) -> None:
    view = bench.context.view
    view.set_shows_scope(shown=not view.shows_scope)


def _toggle_legend(bench: Workbench, _window: QWidget) -> None:
    view = bench.context.view
    view.set_shows_legend(shown=not view.shows_legend)


def _show(class_id: int, text: str) -> ActionSpec:
    return ActionSpec(
        f"show_{class_id}",
        text,
        partial(_toggle_class, class_id),
        "",
        f"Shift+{class_id}",
        checked_when=partial(_is_visible, class_id),
    )


def _only(class_id: int, text: str) -> ActionSpec:
    return ActionSpec(
        f"solo_{class_id}",
        text,
        partial(_solo, class_id),
        "",
        f"Ctrl+Shift+{class_id}",
        checked_when=partial(_is_solo, class_id),
    )


def _style(style: OverlayStyle, text: str) -> ActionSpec:
    return ActionSpec(
        f"style_{style.value}",
        text,
        partial(_set_style, style),
        checked_when=partial(_has_style, style),
    )


def _layer(layer: OverlayLayer, text: str, key: str, tip: str) -> ActionSpec:
    return ActionSpec(
        f"layer_{layer.value}",
        text,
        partial(_set_layer, layer),
        "",
        key,
        tip,
        checked_when=partial(_has_layer, layer),
    )


SPECS = (
    _show(1, QT_TRANSLATE_NOOP("Actions", "Show &craquelure")),
    _show(2, QT_TRANSLATE_NOOP("Actions", "Show paint &loss")),
    _only(1, QT_TRANSLATE_NOOP("Actions", "Craquelure alone")),
    _only(2, QT_TRANSLATE_NOOP("Actions", "Paint loss alone")),
    _style(OverlayStyle.FILL, QT_TRANSLATE_NOOP("Actions", "&Fill")),
    _style(OverlayStyle.OUTLINE, QT_TRANSLATE_NOOP("Actions", "&Outline")),
    _style(OverlayStyle.HATCH, QT_TRANSLATE_NOOP("Actions", "&Hatch")),
    _style(OverlayStyle.LINE, QT_TRANSLATE_NOOP("Actions", "&Centre line")),
    ActionSpec(
        "next_style",
        QT_TRANSLATE_NOOP("Actions", "&Next style"),
        _next_style,
        "",
        "S",
    ),
    _layer(
        OverlayLayer.HEAT,
        QT_TRANSLATE_NOOP("Actions", "&Probabilities"),
        "U",
        QT_TRANSLATE_NOOP("Actions", "How sure the model is, in place of the classes."),
    ),
    _layer(
        OverlayLayer.ORIGIN,
        QT_TRANSLATE_NOOP("Actions", "Or&igin"),
        "Shift+O",
        QT_TRANSLATE_NOOP("Actions", "Who says so: model, person, in a checked tile."),
    ),
    ActionSpec(
        "show_scope",
        QT_TRANSLATE_NOOP("Actions", "Show what is not &assessed"),
        _toggle_scope,
        "",
        "Shift+8",
        checked_when=lambda bench: bench.context.view.shows_scope,
    ),
    ActionSpec(
        "show_legend",
        QT_TRANSLATE_NOOP("Actions", "Legend and scale &bar"),
        _toggle_legend,
        "",
        "Shift+L",
        checked_when=lambda bench: bench.context.view.shows_legend,
    ),
)
