"""Tiles that a person vouches for: no model changes them any more."""

from PySide6.QtWidgets import QWidget

from app.actions.file import has_photo
from app.actions.spec import ActionSpec, why_read_only
from app.actions.workbench import Workbench
from app.support.translate import QT_TRANSLATE_NOOP
from resunet_core.box import Box
from resunet_core.mask.tile import TILE_PX
from resunet_core.mask.tiled import tiles_meeting


def tile_at(bench: Workbench) -> tuple[int, int] | None:
    """Row and column of the tile under the mouse, else of that in the middle."""
    opened, view = bench.context.session.opened, bench.context.view
    if opened is None:
        return None
    frame = Box.of(opened.mask.height, opened.mask.width)
    seen = view.seen.clip(frame)
    middle = (seen.left + seen.right) / 2, (seen.top + seen.bottom) / 2
    x, y = view.place or middle
    if seen.is_empty:
        return None
    return int(y) // TILE_PX, int(x) // TILE_PX


def check_tile(bench: Workbench, _window: QWidget) -> None:
    """Say that the tile is checked, or no longer."""
    session, key = bench.context.session, tile_at(bench)
    if session.opened is not None and key is not None:
        box = session.opened.mask.model.tile_box(*key)
        session.set_checked(box, checked=key not in session.opened.checked)


def is_tile_checked(bench: Workbench) -> bool:
    """Whether the tile is checked."""
    opened = bench.context.session.opened
    return opened is not None and tile_at(bench) in opened.checked


def check_seen(bench: Workbench, _window: QWidget) -> None:
    """Say that all tiles that are wholly in sight are checked."""
    session, seen = bench.context.session, bench.context.view.seen
    opened = session.opened
    if opened is None:
        return
    frame = Box.of(opened.mask.height, opened.mask.width)
    box = Box(0, 0, 0, 0)
    for key in tiles_meeting(seen.clip(frame)):
        tile = opened.mask.model.tile_box(*key)
        if tile.clip(seen) == tile:
            box = box.union(tile)
    if not box.is_empty:
        session.set_checked(box, checked=True)


def _toggle_grid(bench: Workbench, _window: QWidget) -> None:
    view = bench.context.view
    view.set_grid(shown=not view.grid)


SPECS = (
    ActionSpec(
        "check_tile",
        QT_TRANSLATE_NOOP("Actions", "This tile is &checked"),
        check_tile,
        "",
        "C",
        QT_TRANSLATE_NOOP(
            "Actions", "The tile under the mouse; no model changes it any more."
        ),
        has_photo,
        is_tile_checked,
        why_not=why_read_only,
    ),
    ActionSpec(
        "check_seen",
        QT_TRANSLATE_NOOP("Actions", "All tiles in &sight are checked"),
        check_seen,
        "checks",
        "Shift+C",
        "",
        has_photo,
        why_not=why_read_only,
    ),
    ActionSpec(
        "show_grid",
        QT_TRANSLATE_NOOP("Actions", "Show checked &tiles"),
        _toggle_grid,
        "",
        "G",
        checked_when=lambda bench: bench.context.view.grid,
    ),
)
