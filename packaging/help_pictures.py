"""Take the pictures of the help pages, in both languages, without a display.

.venv/bin/python packaging/help_pictures.py [--only NAME]
"""

import argparse
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import cast

import screenshot
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction, QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QDockWidget
from screenshot import ROOT, SAMPLES, rest, wait

from app.dialogs.export import ExportDialog, ExportSubject
from app.dialogs.report import ReportDialog, ReportSubject
from app.jobs.tasks import make_tasks
from app.main_window import MainWindow
from app.program import build
from app.session.view_state import Page, ToolKind

OUT = ROOT / "resources" / "help" / "pictures"
LANGUAGES = ("en", "zh_CN")
WIDEST_PX = 700
QUALITY = 82  # of a JPEG
MOST_BYTES = 1_500_000  # of the whole set
SIZE = (1366, 820)
OPERATOR = "李伟"


def main() -> None:
    """Stage the window once in each language and take every picture."""
    parser = argparse.ArgumentParser(description="Take the pictures of the help.")
    parser.add_argument("--only", choices=PICTURES, help="one picture alone")
    asked = parser.parse_args()
    app = QApplication(["caihua", "-platform", "offscreen"])
    app.setApplicationDisplayName("Caihua")
    screenshot.SIZE = SIZE
    for language in LANGUAGES:
        with tempfile.TemporaryDirectory() as scratch:
            os.environ["CAIHUA_CONFIG"] = str(Path(scratch) / "settings")
            photos = Path(scratch) / "east bay"
            shutil.copytree(SAMPLES, photos)
            window = build(app, make_tasks())
            action(window, f"language_{language}").trigger()
            screenshot.stage(window, photos, "light")
            for name in [asked.only] if asked.only else PICTURES:
                keep(PICTURES[name](window), OUT / language / f"{name}.jpg")
            window.close()
            window.deleteLater()
    total = sum(path.stat().st_size for path in OUT.rglob("*.jpg"))
    print(f"{OUT}: {total / 1e6:.2f} MB")
    if total > MOST_BYTES:
        raise SystemExit(f"That is more than {MOST_BYTES / 1e6:.1f} MB.")


def action(window: MainWindow, name: str) -> QAction:
    """An action of the window."""
    return next(one for one in window.actions() if one.objectName() == name)


def keep(picture: QPixmap, path: Path) -> None:
    """Write a picture, no wider than a page of the help."""
    if picture.width() > WIDEST_PX:
        smooth = Qt.TransformationMode.SmoothTransformation
        picture = picture.scaledToWidth(WIDEST_PX, smooth)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not picture.save(str(path), quality=QUALITY):
        raise SystemExit(f"{path} cannot be written.")


def whole(window: MainWindow) -> QPixmap:
    """The window."""
    window.bench.context.view.show_page(None)
    rest(300)
    return window.grab()


def detection(window: MainWindow) -> QPixmap:
    """The panels that detect and show what was found."""
    window.bench.context.view.show_page(None)
    rest(300)
    return window.grab(_around(window, "model", "layers"))


def tools(window: MainWindow) -> QPixmap:
    """The tools at the left and what they paint above."""
    view = window.bench.context.view
    view.show_page(None)
    view.set_tool(ToolKind.BRUSH)
    rest(300)
    top = window.menuBar().height()
    picture = window.grab(QRect(0, top, WIDEST_PX, 360))
    view.set_tool(ToolKind.MOVE)
    return picture


def page(shown: Page, window: MainWindow) -> QPixmap:
    """A page of the drawer."""
    window.bench.context.view.show_page(shown)
    waiting = window.bench.measurer
    rest(1500)
    wait(lambda: shown is not Page.FIGURES or not waiting.waiting)
    rest(600)
    picture = window.grab(_around(window, "drawer"))
    window.bench.context.view.show_page(None)
    return picture


def review(window: MainWindow) -> QPixmap:
    """A place in doubt, and the answers under it."""
    reviewer = window.bench.reviewer
    reviewer.start()
    wait(lambda: reviewer.place is not None)
    rest(800)
    area = window.canvas.rect().translated(window.canvas.mapTo(window, QPoint()))
    area.setBottom(window.statusBar().y())
    area.setTop(area.bottom() - 300)
    picture = window.grab(area)
    reviewer.stop()
    return picture


def report(window: MainWindow) -> QPixmap:
    """What a report asks for."""
    buildings = ((screenshot.BUILDING, 3),)
    folder = Path("survey report")
    sizes = "100, 1000, 10000"
    subject = ReportSubject(buildings, 0, OPERATOR, "", sizes, folder)
    return _dialog(ReportDialog(subject, window))


def export(window: MainWindow) -> QPixmap:
    """What can be exported."""
    context = window.bench.context
    photo = Path(SAMPLES / "02-hexi-dragon.jpg")
    formats = context.tasks.formats()
    return _dialog(
        ExportDialog(ExportSubject(photo, 1, 3, 0, Path("results"), formats), window)
    )


def _dialog(dialog: QDialog) -> QPixmap:
    dialog.show()
    rest(200)
    picture = dialog.grab()
    dialog.deleteLater()
    return picture


def _around(window: MainWindow, *docks: str) -> QRect:
    """The part of the window that docks take."""
    area = QRect()
    for name in docks:
        dock = cast("QDockWidget", window.findChild(QDockWidget, name))
        area = area.united(dock.geometry())
    return area


PICTURES: Mapping[str, Callable[[MainWindow], QPixmap]] = {
    "window": whole,
    "detect": detection,
    "correct": tools,
    "scale": partial(page, Page.SCALE),
    "review": review,
    "report": report,
    "export": export,
    "history": partial(page, Page.HISTORY),
    "figures": partial(page, Page.FIGURES),
}

if __name__ == "__main__":
    main()
