"""Zoom, pages, theme."""

from functools import partial

from PySide6.QtWidgets import QApplication, QWidget

from app.actions.file import has_photo
from app.actions.spec import ActionSpec
from app.actions.workbench import Workbench
from app.session.view_state import Page, ZoomRequest
from app.support.language import set_language
from app.support.theme import apply_theme
from app.support.translate import QT_TRANSLATE_NOOP


def _zoom(request: ZoomRequest, bench: Workbench, _window: QWidget) -> None:
    bench.context.view.request_zoom(request)


def _set_theme(theme: str, bench: Workbench, _window: QWidget) -> None:
    bench.context.preferences.change(theme=theme)
    use_theme(theme)


def follow_system_theme(bench: Workbench) -> None:
    """Take on the desktop's theme where that is what the person wants."""
    if bench.context.preferences.settings.theme == "system":
        use_theme("system")


def use_theme(theme: str) -> None:
    """Give the whole program a theme."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        apply_theme(app, theme)


def _has_theme(theme: str, bench: Workbench) -> bool:
    return bench.context.preferences.settings.theme == theme


def _set_language(language: str, bench: Workbench, _window: QWidget) -> None:
    use_language(bench, language)


def use_language(bench: Workbench, language: str) -> None:
    """Say everything in another language from now on, and remember it."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        set_language(app, language)
    context = bench.context
    context.preferences.change(language=language)
    for changed in (  # what is put together of several texts is put together anew
        context.session.details_changed,
        context.session.history_changed,
        context.session.lock_changed,
        context.view.overlay_changed,
        context.view.tool_changed,
        context.view.brush_changed,
    ):
        changed.emit()


def _has_language(language: str, bench: Workbench) -> bool:
    return bench.context.preferences.settings.language == language


def _show_page(page: Page, bench: Workbench, _window: QWidget) -> None:
    view = bench.context.view
    view.show_page(None if view.page is page else page)


def _is_shown(page: Page, bench: Workbench) -> bool:
    return bench.context.view.page is page


def _page_spec(page: Page, text: str, icon: str, shortcut: str) -> ActionSpec:
    return ActionSpec(
        f"page_{page.value}",
        text,
        partial(_show_page, page),
        icon,
        shortcut,
        checked_when=partial(_is_shown, page),
    )


def _zoom_spec(request: ZoomRequest, text: str, icon: str, shortcut: str) -> ActionSpec:
    return ActionSpec(
        f"zoom_{request.value}",
        text,
        partial(_zoom, request),
        icon,
        shortcut,
        enabled_when=has_photo,
    )


def _theme_spec(theme: str, text: str, icon: str) -> ActionSpec:
    return ActionSpec(
        f"theme_{theme}",
        text,
        partial(_set_theme, theme),
        icon,
        checked_when=partial(_has_theme, theme),
    )


def _language_spec(language: str, text: str) -> ActionSpec:
    return ActionSpec(
        f"language_{language}",
        text,
        partial(_set_language, language),
        checked_when=partial(_has_language, language),
    )


SPECS = (
    _language_spec("system", QT_TRANSLATE_NOOP("Actions", "As the s&ystem")),
    _language_spec("en", QT_TRANSLATE_NOOP("Actions", "&English")),
    _language_spec("zh_CN", QT_TRANSLATE_NOOP("Actions", "&简体中文")),
    _zoom_spec(
        ZoomRequest.FIT,
        QT_TRANSLATE_NOOP("Actions", "&Fit to window"),
        "corners-out",
        "Ctrl+0",
    ),
    _zoom_spec(
        ZoomRequest.FULL,
        QT_TRANSLATE_NOOP("Actions", "&Actual pixels"),
        "magnifying-glass",
        "Ctrl+1",
    ),
    _zoom_spec(
        ZoomRequest.IN,
        QT_TRANSLATE_NOOP("Actions", "Zoom &in"),
        "magnifying-glass-plus",
        "Ctrl+=",
    ),
    _zoom_spec(
        ZoomRequest.OUT,
        QT_TRANSLATE_NOOP("Actions", "Zoom &out"),
        "magnifying-glass-minus",
        "Ctrl+-",
    ),
    _page_spec(
        Page.STEPS,
        QT_TRANSLATE_NOOP("Actions", "St&eps"),
        "list-numbers",
        "F9",
    ),
    _page_spec(
        Page.HISTORY,
        QT_TRANSLATE_NOOP("Actions", "&History"),
        "clock-counter-clockwise",
        "Ctrl+H",
    ),
    _page_spec(
        Page.SNAPSHOTS,
        QT_TRANSLATE_NOOP("Actions", "&Snapshots"),
        "camera",
        "Ctrl+Shift+H",
    ),
    _page_spec(
        Page.SCALE,
        QT_TRANSLATE_NOOP("Actions", "S&cale"),
        "ruler",
        "Ctrl+Shift+M",
    ),
    _page_spec(
        Page.FIGURES,
        QT_TRANSLATE_NOOP("Actions", "&Figures of the photo"),
        "chart-bar",
        "Ctrl+M",
    ),
    _page_spec(
        Page.BUILDING,
        QT_TRANSLATE_NOOP("Actions", "&Building"),
        "house-line",
        "Ctrl+B",
    ),
    _page_spec(Page.NOTICES, QT_TRANSLATE_NOOP("Actions", "&Notices"), "info", "F8"),
    _theme_spec("system", QT_TRANSLATE_NOOP("Actions", "As the &system"), "desktop"),
    _theme_spec("light", QT_TRANSLATE_NOOP("Actions", "&Light"), "sun"),
    _theme_spec("dark", QT_TRANSLATE_NOOP("Actions", "&Dark"), "moon"),
)
