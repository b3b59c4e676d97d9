"""Detect, cancel, and what the model says of itself."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.actions.file import has_list, has_photo
from app.actions.spec import ActionSpec, why_read_only
from app.actions.workbench import Workbench
from app.dialogs.about import show_about
from app.dialogs.model_card import show_model_card
from app.support.translate import QT_TRANSLATE_NOOP


def detect(bench: Workbench, _window: QWidget) -> None:
    """Detect on the photo on the screen."""
    bench.detector.detect_current()


def detect_all(bench: Workbench, _window: QWidget) -> None:
    """Detect on all photos of the list."""
    bench.detector.detect_all()


def cancel(bench: Workbench, _window: QWidget) -> None:
    """Stop detecting."""
    bench.detector.cancel()


def can_detect(bench: Workbench) -> bool:
    """Whether there is a photo and nothing is being detected."""
    return has_photo(bench) and not bench.detector.is_running


def can_detect_all(bench: Workbench) -> bool:
    """Whether there are photos and nothing is being detected."""
    return has_list(bench) and not bench.detector.is_running


def is_detecting(bench: Workbench) -> bool:
    """Whether there is something to cancel."""
    return bench.detector.is_running


def about_model(bench: Workbench, window: QWidget) -> None:
    """Show the card of the chosen model."""
    chosen = bench.context.preferences.settings.model
    models = bench.context.tasks.models()
    for model in models:
        if model.name == chosen or model is models[-1]:
            show_model_card(window, model)
            return
    bench.context.notices.warn(
        QCoreApplication.translate("Model", "No model is installed."),
        QCoreApplication.translate("Model", "Install the program again."),
    )


def about(_bench: Workbench, window: QWidget) -> None:
    """Say what this program is."""
    show_about(window)


SPECS = (
    ActionSpec(
        "detect",
        QT_TRANSLATE_NOOP("Actions", "&Detect on this photo"),
        detect,
        "magic-wand",
        "Ctrl+D",
        QT_TRANSLATE_NOOP(
            "Actions",
            "Find craquelure and paint loss. What you drew is never touched.",
        ),
        can_detect,
        why_not=why_read_only,
    ),
    ActionSpec(
        "detect_all",
        QT_TRANSLATE_NOOP("Actions", "Detect on &all photos"),
        detect_all,
        "stack",
        "Ctrl+Shift+D",
        "",
        can_detect_all,
        why_not=why_read_only,
    ),
    ActionSpec(
        "cancel_detection",
        QT_TRANSLATE_NOOP("Actions", "&Cancel detection"),
        cancel,
        "x",
        "Ctrl+.",
        "",
        is_detecting,
    ),
    ActionSpec(
        "about_model",
        QT_TRANSLATE_NOOP("Actions", "About this &model"),
        about_model,
        "info",
    ),
    ActionSpec("about", QT_TRANSLATE_NOOP("Actions", "&About Caihua"), about),
)
