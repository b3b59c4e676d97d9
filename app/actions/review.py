"""One key for each answer to what is in doubt."""

from functools import partial

from PySide6.QtWidgets import QWidget

from app.actions.file import has_photo
from app.actions.spec import ActionSpec, why_read_only
from app.actions.workbench import Workbench
from app.support.translate import QT_TRANSLATE_NOOP


def _start(bench: Workbench, _window: QWidget) -> None:
    bench.reviewer.start()


def _accept(bench: Workbench, _window: QWidget) -> None:
    bench.reviewer.accept()


def _fix(bench: Workbench, _window: QWidget) -> None:
    bench.reviewer.fix()


def _skip(places: int, bench: Workbench, _window: QWidget) -> None:
    bench.reviewer.skip(places)


def _is_on(bench: Workbench) -> bool:
    return bench.reviewer.place is not None


def _can_go_back(bench: Workbench) -> bool:
    return _is_on(bench) and bench.reviewer.number > 1


SPECS = (
    ActionSpec(
        "review",
        QT_TRANSLATE_NOOP("Actions", "Re&view what is in doubt"),
        _start,
        "list-bullets",
        "Q",
        QT_TRANSLATE_NOOP(
            "Actions", "Where the model is least sure and the area is largest first."
        ),
        has_photo,
    ),
    ActionSpec(
        "review_accept",
        QT_TRANSLATE_NOOP("Actions", "&Right as it is"),
        _accept,
        "check",
        "D",
        QT_TRANSLATE_NOOP(
            "Actions", "No model changes this place any more; go to the next one."
        ),
        _is_on,
        why_not=why_read_only,
    ),
    ActionSpec(
        "review_fix",
        QT_TRANSLATE_NOOP("Actions", "&Mend it"),
        _fix,
        "paint-brush",
        "M",
        QT_TRANSLATE_NOOP("Actions", "Take the brush; D when it is right."),
        _is_on,
        why_not=why_read_only,
    ),
    ActionSpec(
        "review_skip",
        QT_TRANSLATE_NOOP("Actions", "&Skip it"),
        partial(_skip, 1),
        "caret-right",
        ".",
        QT_TRANSLATE_NOOP("Actions", "Say nothing about it; go to the next place."),
        _is_on,
    ),
    ActionSpec(
        "review_back",
        QT_TRANSLATE_NOOP("Actions", "Place &before"),
        partial(_skip, -1),
        "caret-left",
        ",",
        "",
        _can_go_back,
    ),
)
