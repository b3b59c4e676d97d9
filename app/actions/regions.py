"""What is done to a region, or to all regions of an area."""

import math
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.actions.file import has_photo
from app.actions.spec import CONTEXT, ActionSpec, why_read_only
from app.actions.workbench import Workbench
from app.session import edits
from app.session.editing import Prepare
from app.session.view_state import Target
from app.support.translate import QT_TRANSLATE_NOOP
from resunet_core.box import Box
from resunet_core.defects import SOUND_ID
from resunet_core.mask.tidy import Tidying, smoothed, with_gaps_joined, without_specks

_SPECK_PX, _GAP_PX, _SMOOTH_PX = 24, 6, 1.5

OnRegion = Callable[[tuple[int, int], Box], Prepare]


def region_at(bench: Workbench) -> tuple[int, int] | None:
    """A pixel of the region that is picked, else of that under the mouse."""
    opened, view = bench.context.session.opened, bench.context.view
    if opened is None:
        return None
    pixel = view.picked
    if pixel is None and view.place is not None:
        pixel = (math.floor(view.place[0]), math.floor(view.place[1]))
    if pixel is None:
        return None
    here = Box(pixel[1], pixel[0], pixel[1] + 1, pixel[0] + 1)
    return pixel if opened.mask.read(here)[0, 0] != SOUND_ID else None


def _change_region(made: OnRegion, bench: Workbench, _window: QWidget) -> None:
    pixel = region_at(bench)
    if pixel is None:
        bench.context.notices.tell(
            _said("There is no region here."),
            _said("Point at one, or pick one with the region tool (R)."),
        )
        return
    bench.context.session.change(made(pixel, bench.context.view.seen))


def _accept(pixel: tuple[int, int], seen: Box) -> Prepare:
    return edits.accepted(pixel, seen, _said("Accept a region"))


def _reject(pixel: tuple[int, int], seen: Box) -> Prepare:
    sound = Target("person", SOUND_ID)
    return edits.around(pixel, seen, sound, _said("Reject a region"))


def _fill_holes(pixel: tuple[int, int], seen: Box) -> Prepare:
    return edits.holes(pixel, seen, _said("Fill holes"))


def _reclass(class_id: int, pixel: tuple[int, int], seen: Box) -> Prepare:
    target = Target("person", class_id)
    return edits.around(pixel, seen, target, _said("Change a region's class"))


def _tidy(tidying: Tidying, name: str, bench: Workbench, _window: QWidget) -> None:
    """Tidy the chosen area, else what is on the screen."""
    context = bench.context
    area = context.view.area or context.view.seen
    context.session.change(edits.tidied(area, tidying, _said(name)))


def _scope_only(bench: Workbench, _window: QWidget) -> None:
    area = bench.context.view.area
    if area is not None:
        name = _said("Only this area is in scope")
        bench.context.session.change(edits.only(area, name))


def _has_area(bench: Workbench) -> bool:
    return bench.context.view.area is not None


def _said(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text)


def _region(name: str, text: str, made: OnRegion, key: str, tip: str) -> ActionSpec:
    run = partial(_change_region, made)
    return ActionSpec(name, text, run, "", key, tip, has_photo, why_not=why_read_only)


def _tidying(name: str, text: str, tidying: Tidying, step: str) -> ActionSpec:
    return ActionSpec(
        name,
        text,
        partial(_tidy, tidying, step),
        "",
        None,
        QT_TRANSLATE_NOOP("Actions", "In the chosen area, else in what is in sight."),
        has_photo,
        why_not=why_read_only,
    )


SPECS = (
    _region(
        "accept_region",
        QT_TRANSLATE_NOOP("Actions", "&Accept the region"),
        _accept,
        "Y",
        QT_TRANSLATE_NOOP("Actions", "It is as found: no model changes it any more."),
    ),
    _region(
        "reject_region",
        QT_TRANSLATE_NOOP("Actions", "Re&ject the region"),
        _reject,
        "N",
        QT_TRANSLATE_NOOP("Actions", "It is no damage."),
    ),
    _region(
        "region_is_1",
        QT_TRANSLATE_NOOP("Actions", "The region is &craquelure"),
        partial(_reclass, 1),
        "Alt+1",
        "",
    ),
    _region(
        "region_is_2",
        QT_TRANSLATE_NOOP("Actions", "The region is paint l&oss"),
        partial(_reclass, 2),
        "Alt+2",
        "",
    ),
    _region(
        "fill_holes",
        QT_TRANSLATE_NOOP("Actions", "Fill its &holes"),
        _fill_holes,
        "H",
        "",
    ),
    _tidying(
        "drop_specks",
        QT_TRANSLATE_NOOP("Actions", "Delete &specks"),
        without_specks(_SPECK_PX),
        QT_TRANSLATE_NOOP("Actions", "Delete specks"),
    ),
    _tidying(
        "join_gaps",
        QT_TRANSLATE_NOOP("Actions", "Join &gaps"),
        with_gaps_joined(_GAP_PX),
        QT_TRANSLATE_NOOP("Actions", "Join gaps"),
    ),
    _tidying(
        "smooth",
        QT_TRANSLATE_NOOP("Actions", "S&mooth edges"),
        smoothed(_SMOOTH_PX),
        QT_TRANSLATE_NOOP("Actions", "Smooth edges"),
    ),
    ActionSpec(
        "scope_only",
        QT_TRANSLATE_NOOP("Actions", "&Only this area is in scope"),
        _scope_only,
        "",
        None,
        QT_TRANSLATE_NOOP("Actions", "All around it becomes out of scope."),
        _has_area,
        why_not=why_read_only,
    ),
)
