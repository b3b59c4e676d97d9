"""Menus and the toolbar as tables of action ids; `-` is a line between them."""

from dataclasses import dataclass

from app.actions import checking, edit, file, model, record, survey, view
from app.actions.spec import ActionSpec
from app.support.translate import QT_TRANSLATE_NOOP

SPECS: tuple[ActionSpec, ...] = (
    *file.SPECS,
    *survey.SPECS,
    *edit.SPECS,
    *checking.SPECS,
    *record.SPECS,
    *view.SPECS,
    *model.SPECS,
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
            *("undo", "redo", "-", "tool_move", "tool_brush", "tool_eraser"),
            *("tool_area", "tool_check", "-", "check_tile", "check_seen", "-"),
            *("class_1", "class_2", "-", "smaller_brush", "larger_brush"),
        ),
    ),
    MenuSpec(
        QT_TRANSLATE_NOOP("Actions", "&View"),
        (
            *("zoom_fit", "zoom_full", "zoom_in", "zoom_out", "-"),
            *("show_1", "show_2", "-"),
            *("show_grid", "-", "page_history", "page_snapshots", "page_notices", "-"),
            MenuSpec(
                QT_TRANSLATE_NOOP("Actions", "&Theme"),
                ("theme_system", "theme_light", "theme_dark"),
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
        ("detect", "detect_all", "cancel_detection", "-", "about_model"),
    ),
    MenuSpec(QT_TRANSLATE_NOOP("Actions", "&Help"), ("about",)),
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
    *("tool_move", "tool_brush", "tool_eraser", BRUSH, "-"),
    *("tool_area", "tool_check", "-"),
    *("zoom_fit", "zoom_full", SPACE, "export"),
)
