"""Take the picture of the window for the README, from nothing, without a display.

.venv/bin/python packaging/screenshot.py [--theme dark|light] [--out FILE]
"""

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QPointF, QTimer
from PySide6.QtWidgets import QApplication

from app.jobs.tasks import make_tasks
from app.main_window import MainWindow
from app.panels.regions import RegionsPanel
from app.program import build

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "resources" / "samples" / "images"
OUT = ROOT / "resources" / "pictures" / "window.jpg"
SIZE = (1600, 1000)
QUALITY = 92  # of a JPEG, a fifth of a PNG of a painting
WAIT_S = 900

SAMPLE = 1  # of the list: the dragon
BUILDING, MM_PER_PX = "太和殿 east bay", 0.3
SCALE, MIDDLE = 1.0, (760, 470)  # both classes over the painting
OPACITIES = {1: 0.85, 2: 0.55}


def main() -> None:
    """Work on a copy of the samples, as a person would, and keep a picture."""
    parser = argparse.ArgumentParser(description="Take the picture for the README.")
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    parser.add_argument("--out", type=Path, default=OUT)
    asked = parser.parse_args()
    app = QApplication(["caihua", "-platform", "offscreen"])
    app.setApplicationDisplayName("Caihua")
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["CAIHUA_CONFIG"] = str(Path(scratch) / "settings")
        photos = Path(scratch) / "east bay"
        shutil.copytree(SAMPLES, photos)
        window = build(app, make_tasks())
        stage(window, photos, asked.theme)
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        if not window.grab().save(str(asked.out), quality=QUALITY):
            raise SystemExit(f"{asked.out} cannot be written.")
        window.close()
    print(f"{asked.out}: {asked.out.stat().st_size / 1e6:.2f} MB")


def stage(window: MainWindow, photos: Path, theme: str) -> None:
    """Detect on all samples and look closely at one."""
    bench, canvas = window.bench, window.canvas
    session, view = bench.context.session, bench.context.view
    regions = window.findChild(RegionsPanel)
    next(a for a in window.actions() if a.objectName() == f"theme_{theme}").trigger()
    window.resize(*SIZE)
    window.show()
    bench.opener.open_paths([photos])
    wait(lambda: session.opened is not None)
    bench.detector.detect_all()
    wait(lambda: not bench.detector.is_running)
    bench.opener.open_index(SAMPLE)
    wait(lambda: session.index == SAMPLE)
    session.set_building(BUILDING)
    session.set_scale(MM_PER_PX)
    for class_id, opacity in OPACITIES.items():
        view.set_opacity(class_id, opacity)
    wait(lambda: regions is not None and regions.count > 0)
    middle = QPointF(canvas.width() / 2, canvas.height() / 2)
    canvas.zoom(SCALE / canvas.scale, middle)
    canvas.pan(middle - canvas.viewport.to_screen(*MIDDLE))
    rest(2000)


def wait(condition: Callable[[], bool]) -> None:
    """Let the program go on until something is so."""
    end = time.monotonic() + WAIT_S
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("The window did not get ready; see its log.")
        rest(50)


def rest(milliseconds: int) -> None:
    """Let the program go on for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


if __name__ == "__main__":
    main()
