"""Menus and the toolbar as tables of action ids; `-` is a line between them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.actions import (
    checking,
    edit,
    file,
    help,  # noqa: A004 - named after its menu
    learn,
    measure,
    model,
    overlays,
    record,
    regions,
    review,
    survey,
    tools,
    view,
)
from app.actions.spec import ActionSpec
from app.support.translate import QT_TRANSLATE_NOOP

SPECS: tuple[ActionSpec, ...] = (
    *file.SPECS,
    *survey.SPECS,
    *edit.SPECS,
    *tools.SPECS,
    *regions.SPECS,
    *checking.SPECS,
    *review.SPECS,
    *record.SPECS,
    *view.SPECS,
    *overlays.SPECS,
    *measure.SPECS,
    *model.SPECS,
    *learn.SPECS,
    *help.SPECS,
)


@dataclass(frozen=True)
class MenuSpec:
    """A menu: its title, and the ids of actions or further menus."""

    title: str
    items: tuple["str | MenuSpec", ...]


RECENT = "recent"  # stands for a menu that is filled when it opens

MENUS = (
    MenuSpec(
        QT_TRANSLATE_NOOP("Actions", "&File"),
        (
            *("open_photos", "open_folder", "open_project", RECENT, "-"),
            *("import_files", "import_folder", "-", "export", "collect", "-"),
            *("find_missing", "allow_outside", "-", "quit"),
        ),
    ),
    MenuSpec(
        QT_TRANSLATE_NOOP("Actions", "&Edit"),
        (
            *("undo", "redo", "-", "check_tile", "check_seen", "-"),
            *("drop_specks", "join_gaps", "smooth", "-", "scope_only", "-"),
            "preferences",
        ),
    ),
    MenuSpec(
        QT_TRANSLATE_NOOP("Actions", "&Tools"),
        (
            *("tool_move", "tool_brush", "tool_eraser", "tool_pen", "tool_loss"),
            *("tool_polygon", "tool_lasso", "tool_fill", "tool_region", "tool_remove"),
            *("tool_pick", "tool_area", "tool_check", "-", "class_1", "class_2"),
            *("out_of_scope", "not_assessable", "-", "smaller_brush", "larger_brush"),
            "light_cracks",
        ),
    ),
    MenuSpec(
        QT_TRANSLATE_NOOP("Actions", "Re&gion"),
        (
            *("accept_region", "reject_region", "region_is_1", "region_is_2"),
            *("fill_holes", "-", "review", "review_accept", "review_fix"),
            *("review_skip", "review_back"),
        ),
    ),
    MenuSpec(
        QT_TRANSLATE_NOOP("Actions", "&View"),
        (
            *("zoom_fit", "zoom_full", "zoom_in", "zoom_out", "-"),
            *("show_1", "show_2", "solo_1", "solo_2", "-"),
            MenuSpec(
                QT_TRANSLATE_NOOP("Actions", "&Overlay style"),
                (
                    *("style_fill", "style_outline", "style_hatch", "style_line", "-"),
                    "next_style",
                ),
            ),
            *("layer_heat", "layer_origin", "show_scope", "show_legend", "-"),
            *("show_grid", "-", "page_steps", "page_history", "page_snapshots"),
            *("page_notices", "-"),
            MenuSpec(
                QT_TRANSLATE_NOOP("Actions", "&Theme"),
                ("theme_system", "theme_light", "theme_dark"),
            ),
            MenuSpec(
                QT_TRANSLATE_NOOP("Actions", "La&nguage"),
                ("language_system", "language_en", "language_zh_CN"),
            ),
        ),
    ),
    MenuSpec(
        QT_TRANSLATE_NOOP("Actions", "&Photo"),
        (
            *("next_photo", "previous_photo", "search_photos", "-"),
            *("edit_place", "edit_note", "-"),
            *("review_draft", "review_checked", "review_approved", "-"),
            *("take_snapshot", "compare", "bring_photo_back", "bring_area_back"),
            *("forget_snapshot", "-", "write_log"),
        ),
    ),
    MenuSpec(
        QT_TRANSLATE_NOOP("Actions", "&Detect"),
        ("detect", "detect_all", "cancel_detection", "-", "learn", "about_model"),
    ),
    MenuSpec(
        QT_TRANSLATE_NOOP("Actions", "&Measure"),
        (
            *("page_scale", "check_points", "-", "page_figures", "page_building", "-"),
            *("set_campaign", "turn_primary", "compare_campaigns", "-", "report"),
        ),
    ),
    MenuSpec(
        QT_TRANSLATE_NOOP("Actions", "&Help"),
        (
            *("help_here", "help", "-", "tour", "sample", "-"),
            *("diagnostics", "about"),
        ),
    ),
)

PHOTO_MENU = (  # of the photos chosen in the list
    *("edit_place", "edit_note", "-"),
    *("review_draft", "review_checked", "review_approved", "-", "export"),
)

BRUSH = "brush"  # stands for class and size of the brush
SPACE = "space"  # pushes what follows to the right

LABELLED = ("export",)  # tools that show their name

TOOLBAR = (
    *("open_photos", "open_folder", "-", "undo", "redo", "-"),
    *(BRUSH, "-", "zoom_fit", "zoom_full", SPACE, "export"),
)

PALETTE = (
    *("tool_move", "-", "tool_brush", "tool_eraser", "tool_pen", "tool_loss"),
    *("tool_polygon", "tool_lasso", "tool_fill", "-", "tool_region", "tool_remove"),
    *("tool_pick", "-", "tool_area", "tool_check"),
)
"""Of the bar on the left: the tools."""


def menu_paths(
    menus: Sequence[MenuSpec] = MENUS, above: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each action's id with the titles of the menus that lead to it, in their order."""
    for menu in menus:
        path = (*above, menu.title)
        for item in menu.items:
            if isinstance(item, MenuSpec):
                yield from menu_paths((item,), path)
            elif item not in ("-", RECENT):
                yield item, path
