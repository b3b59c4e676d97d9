"""Builds the program once, from the settings to the window, and runs it."""

import argparse
import logging
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from app.actions.context import Context
from app.actions.opening import missing
from app.actions.workbench import make_workbench
from app.jobs.errands import Errands
from app.jobs.queue import JobQueue
from app.jobs.tasks import Tasks, make_tasks
from app.main_window import MainWindow
from app.session.notices import Notices
from app.session.preferences import Preferences
from app.session.session import Session
from app.session.survey import Survey
from app.session.view_state import Measure, OverlayStyle, ViewState
from app.start_up import StartUp
from app.story import Story
from app.support.collector import Collector
from app.support.environment import take_effect
from app.support.handed import HandedFiles
from app.support.icons import program_icon
from app.support.language import set_language
from app.support.logging import start_logging
from app.support.settings import settings_path
from app.support.theme import apply_theme, install_font

_LOG = logging.getLogger(__name__)
_SMOKE_MS = 500
_USAGE = 2


def build(app: QApplication, tasks: Tasks) -> MainWindow:
    """The window with everything behind it; the tasks can be others in a test."""
    owner = QObject()
    preferences = Preferences(settings_path(), owner)
    take_effect(preferences.settings)
    install_font(app)
    apply_theme(app, preferences.settings.theme)
    set_language(app, preferences.settings.language)
    view = ViewState(parent=owner)
    settings = preferences.settings
    view.set_brush_radius(settings.brush_radius_px)
    view.set_measure(Measure.WIDTH, settings.pen_width_px)
    view.set_measure(Measure.TOLERANCE, settings.loss_tolerance)
    with suppress(ValueError):  # a style of a later version
        view.set_style(OverlayStyle(settings.overlay_style))
    view.feels_pressure = settings.pen_pressure
    view.set_opacity(1, settings.craquelure_opacity)
    view.set_opacity(2, settings.paint_loss_opacity)
    jobs = JobQueue(owner)
    context = Context(
        session=Session(owner),
        survey=Survey(owner),
        view=view,
        jobs=jobs,
        errands=Errands(jobs, owner),
        tasks=tasks,
        preferences=preferences,
        notices=Notices(owner),
    )
    window = MainWindow(make_workbench(context, owner))
    owner.setParent(window)
    return window


def run_window(words: Sequence[str]) -> int:
    """Open the window on what was named; the exit status."""
    asked = _parse(words)
    if asked.paths and not any(path.exists() for path in asked.paths):
        said = f"caihua: {missing(asked.paths[0])} `caihua --help` lists the commands."
        print(said, file=sys.stderr)  # noqa: T201 - there is no window yet to say it in
        return _USAGE
    start_logging()
    app = _application()
    collector = Collector(app)
    window = build(app, make_tasks())
    _take_handed_files(app, window)
    notices = window.bench.context.notices

    def on_unexpected(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        _LOG.error("Unexpected", exc_info=(kind, error, trace))
        notices.report(error)

    sys.excepthook = on_unexpected
    start_up = StartUp(window, asked.start_up) if asked.start_up else None
    window.show()
    if asked.paths:
        window.bench.opener.open_paths(asked.paths)
    if asked.smoke:
        QTimer.singleShot(_SMOKE_MS, window.close)
    story = Story(window, asked.story, asked.story_steps) if asked.story else None
    if story is not None:
        QTimer.singleShot(_SMOKE_MS, story.tell)
    status = app.exec()
    if story is not None:
        status = 0 if story.told["ok"] else 1
    if start_up is not None:
        status = 0 if start_up.is_told else 1
    collector.stop()
    sys.excepthook = sys.__excepthook__
    return status


def _take_handed_files(app: QApplication, window: MainWindow) -> None:
    if sys.platform == "darwin":  # elsewhere they are words of the command line
        HandedFiles(app, window.bench.opener.open_paths)


def _application() -> QApplication:
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Caihua")
    app.setApplicationDisplayName("Caihua")
    app.setDesktopFileName("caihua")
    app.setWindowIcon(program_icon())
    return app


def _parse(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="caihua")
    parser.add_argument("paths", nargs="*", type=Path, metavar="PROJECT|PHOTO|FOLDER")
    parser.add_argument(
        "--smoke", action="store_true", help="open the window, close it, exit"
    )
    # To see that an installed program is whole: `app.story` says how.
    parser.add_argument("--story", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--story-steps", type=int, default=0, help=argparse.SUPPRESS)
    # To time the start: `app.start_up` says how.
    parser.add_argument("--start-up", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args(words)
