"""Menus and the toolbar as tables of action ids; `-` is a line between them."""

from dataclasses import dataclass

from app.actions import edit, file, model, view
from app.actions.spec import ActionSpec
from app.support.translate import QT_TRANSLATE_NOOP

SPECS: tuple[ActionSpec, ...] = (
    *file.SPECS,
    *edit.SPECS,
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
            *("next_photo", "previous_photo", "-", "export", "-", "quit"),
        ),
    ),
    MenuSpec(
        QT_TRANSLATE_NOOP("Actions", "&Edit"),
        (
            *("undo", "redo", "-", "tool_move", "tool_brush", "tool_eraser", "-"),
            *("class_1", "class_2", "-", "smaller_brush", "larger_brush"),
        ),
    ),
    MenuSpec(
        QT_TRANSLATE_NOOP("Actions", "&View"),
        (
            *("zoom_fit", "zoom_full", "zoom_in", "zoom_out", "-"),
            *("show_1", "show_2", "-"),
            MenuSpec(
                QT_TRANSLATE_NOOP("Actions", "&Theme"),
                ("theme_system", "theme_light", "theme_dark"),
            ),
        ),
    ),
    MenuSpec(
        QT_TRANSLATE_NOOP("Actions", "&Detect"),
        ("detect", "detect_all", "cancel_detection", "-", "about_model"),
    ),
    MenuSpec(QT_TRANSLATE_NOOP("Actions", "&Help"), ("about",)),
)

BRUSH = "brush"  # stands for class and size of the brush
SPACE = "space"  # pushes what follows to the right

LABELLED = ("export",)  # tools that show their name

TOOLBAR = (
    *("open_photos", "open_folder", "-", "undo", "redo", "-"),
    *("tool_move", "tool_brush", "tool_eraser", BRUSH, "-"),
    *("zoom_fit", "zoom_full", SPACE, "export"),
)
