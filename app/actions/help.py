"""Help, the tour, the samples, diagnostics, preferences."""

from functools import partial

from PySide6.QtWidgets import QApplication, QWidget

from app.actions.spec import ActionSpec
from app.actions.view import use_language, use_theme
from app.actions.workbench import Workbench
from app.dialogs.diagnostics import ask_diagnostics
from app.dialogs.preferences import PreferencesDialog, PreferencesSubject
from app.help.desk import HelpDesk
from app.help.pages import FIRST
from app.help.topics import page_of
from app.jobs.diagnostics import Diagnostics
from app.session.view_state import ToolKind
from app.support.environment import take_effect
from app.support.translate import QT_TRANSLATE_NOOP
from resunet_core.cache import cache_dir
from resunet_core.model.device import cuda_may_be_here

_OF_TOOL = {ToolKind.CHECK: "review", ToolKind.AREA: "scale"}


def open_page(window: QWidget, page: str) -> None:
    """Show a page of the help."""
    desk = window.findChild(HelpDesk)
    if desk is not None:
        desk.open(page)


def show_help(_bench: Workbench, window: QWidget) -> None:
    """Show the help from its first page on."""
    open_page(window, FIRST)


def show_help_here(bench: Workbench, window: QWidget) -> None:
    """Show the page on what the person is doing: the panel in focus, or the tool."""
    open_page(window, topic(bench, QApplication.focusWidget()))


def topic(bench: Workbench, focus: QWidget | None) -> str:
    """The page on a part of the window, else on the tool in the hand."""
    page = page_of(focus)
    if page is not None:
        return page
    if bench.context.session.opened is None:
        return FIRST
    tool = bench.context.view.tool
    if tool is ToolKind.MOVE:
        return "first-photo"
    return _OF_TOOL.get(tool, "correct")


def open_sample(bench: Workbench, _window: QWidget) -> None:
    """Open the sample building."""
    bench.guide.open_sample()


def start_tour(bench: Workbench, _window: QWidget) -> None:
    """Begin the tour."""
    bench.guide.start_tour()


def save_diagnostics(bench: Workbench, window: QWidget) -> None:
    """Show what the diagnostics say, then save them."""
    bench.guide.diagnose(partial(_ask_diagnostics, bench, window))


def _ask_diagnostics(
    bench: Workbench, window: QWidget, diagnostics: Diagnostics
) -> None:
    target = ask_diagnostics(window, diagnostics)
    if target is not None:
        bench.guide.write(diagnostics, target)


def show_preferences(bench: Workbench, window: QWidget) -> None:
    """Show the preferences; each takes effect at once."""
    settings = bench.context.preferences.settings
    folder = str(cache_dir("pyramids").parent)
    subject = PreferencesSubject(settings, folder, cuda_may_be_here())
    dialog = PreferencesDialog(subject, window)
    dialog.changed.connect(partial(change_preference, bench))

    def count(_freed: int = 0) -> None:
        bench.guide.measure_cache(show)

    def show(size_bytes: int) -> None:
        if is_there:
            dialog.show_size(size_bytes)

    is_there = [True]
    dialog.clear_wanted.connect(partial(bench.guide.clear_cache, count))
    count()
    dialog.exec()
    is_there.clear()
    dialog.deleteLater()


def change_preference(bench: Workbench, name: str, value: object) -> None:
    """Give a setting another value, in force from now on."""
    if name == "language":
        use_language(bench, str(value))
        return
    before = bench.context.preferences.settings
    bench.context.preferences.change(**{name: value})
    now = bench.context.preferences.settings
    take_effect(now, before)
    bench.context.view.feels_pressure = now.pen_pressure
    if name == "theme":
        use_theme(now.theme)


SPECS = (
    ActionSpec(
        "help_here",
        QT_TRANSLATE_NOOP("Actions", "&Help on this"),
        show_help_here,
        "question",
        "F1",
        QT_TRANSLATE_NOOP("Actions", "The page on the panel or tool in use."),
    ),
    ActionSpec(
        "help", QT_TRANSLATE_NOOP("Actions", "&Contents"), show_help, "book-open"
    ),
    ActionSpec(
        "sample",
        QT_TRANSLATE_NOOP("Actions", "Open the &sample building"),
        open_sample,
        "house-line",
        tip=QT_TRANSLATE_NOOP("Actions", "A copy of your own, to try everything on."),
    ),
    ActionSpec(
        "tour", QT_TRANSLATE_NOOP("Actions", "&Tour in five steps"), start_tour, "path"
    ),
    ActionSpec(
        "diagnostics",
        QT_TRANSLATE_NOOP("Actions", "Save &diagnostics…"),
        save_diagnostics,
        tip=QT_TRANSLATE_NOOP(
            "Actions", "For whoever helps you; without photos and names."
        ),
    ),
    ActionSpec(
        "preferences",
        QT_TRANSLATE_NOOP("Actions", "Pre&ferences…"),
        show_preferences,
        "gear",
        "Ctrl+,",
    ),
)
