"""The real window with real photos; only what a network would find is invented."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.jobs.tasks import (
    DetectionRequest,
    DetectionResult,
    classify_all,
    make_tasks,
)
from app.main_window import MainWindow
from app.program import build
from app.session.entry import Detected
from app.session.session import Session
from resunet_core.imaging.photo import open_photo
from resunet_core.inference.probability import (
    ProbabilityMap,
    new_rows,
    probability_path,
)
from resunet_core.mask.threshold import DetectionSettings
from resunet_core.progress import Progress, Steps
from resunet_core.project.store import Detection, Project

W = TypeVar("W", bound=QWidget)
MODEL = "invented"
HASH = "0" * 64
KEYS = ("craquelure", "paint_loss")


@dataclass
class InventedModel:
    """Sees craquelure on the left half (p 0.8) and paint loss below (p 0.6).

    With `held` it stays at its second step until `release` is set.
    """

    held: bool = False
    release: threading.Event = field(default_factory=threading.Event)
    closed: threading.Event = field(default_factory=threading.Event)
    started: threading.Event = field(default_factory=threading.Event)

    def __call__(
        self, project: Project, request: DetectionRequest
    ) -> Steps[DetectionResult]:
        """In place of the real detection."""
        try:
            photo = open_photo(request.path)
            yield Progress(0, 2, "Detecting")
            self.started.set()
            while self.held and not self.release.wait(0.01):
                yield Progress(1, 2, "Detecting")
            record = project.add_photo(
                photo.path, sha256=photo.sha256, width=photo.width, height=photo.height
            )
            planes = np.zeros((2, photo.height, photo.width), np.uint8)
            planes[0, :, : photo.width // 2] = 204
            planes[1, photo.height * 3 // 4 :] = 153
            path = probability_path(photo.sha256, HASH)
            with new_rows(path, planes.shape) as write:
                write(planes)
            settings = DetectionSettings(
                dict.fromkeys(KEYS, 0.5), dict.fromkeys(KEYS, 0)
            )
            probabilities = ProbabilityMap.open(path, KEYS)
            found = Detected(
                Detection(MODEL, HASH, settings.thresholds, settings.min_area_px),
                probabilities,
                classify_all(probabilities, settings),
            )
            return DetectionResult(record, found, "an invented processor")
        finally:
            self.closed.set()


class Desk:
    """A window under test, with the gestures of a person."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window = window
        self.canvas = window.canvas
        self.bench = window.bench
        self.view = window.bench.context.view
        self._qtbot = qtbot

    @property
    def session(self) -> Session:
        return self.bench.context.session

    def open(self, path: Path) -> None:
        """Open a photo, folder or project and wait for its first photo."""
        with self._qtbot.waitSignal(self.session.photo_shown, timeout=60_000):
            self.bench.opener.open_paths([path])

    def wait(self, condition: Callable[[], bool]) -> None:
        """Wait until something is so."""
        self._qtbot.waitUntil(condition, timeout=60_000)

    def pause(self, milliseconds: int) -> None:
        """Let the program go on for a moment."""
        self._qtbot.wait(milliseconds)

    def at(self, x: float, y: float) -> QPoint:
        """Where a point of the photo is on the canvas."""
        return self.canvas.viewport.to_screen(x, y).toPoint()

    def drag(
        self,
        *points: tuple[float, float],
        modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        """Draw through points of the photo with the left button."""
        left = Qt.MouseButton.LeftButton
        QTest.mousePress(self.canvas, left, modifier, self.at(*points[0]))
        for point in points[1:]:
            QTest.mouseMove(self.canvas, self.at(*point))
        QTest.mouseRelease(self.canvas, left, modifier, self.at(*points[-1]))

    def detect(self) -> None:
        """Detect on the photo and wait."""
        with self._qtbot.waitSignal(self.bench.detector.ended, timeout=60_000):
            self.bench.detector.detect_current()

    def class_at(self, x: int, y: int) -> int:
        """The class id of a pixel."""
        opened = self.session.opened
        assert opened is not None
        return int(opened.mask.read(opened.photo.box)[y, x])

    def pixels(self, class_id: int) -> int:
        """How many pixels a class has."""
        opened = self.session.opened
        assert opened is not None
        return opened.mask.counts()[class_id]

    def child(self, kind: type[W], name: str = "") -> W:
        """The part of the window of a kind, and of a name where there are several."""
        found: list[W] = self.window.findChildren(kind)
        return next(part for part in found if name in ("", part.objectName()))

    def key(self, text: str) -> None:
        """Trigger the action of an id, as its menu entry would."""
        action = next(a for a in self.window.actions() if a.objectName() == text)
        assert action.isEnabled(), text
        action.trigger()


@pytest.fixture
def model() -> InventedModel:
    return InventedModel()


@pytest.fixture
def new_desk(
    qtbot: QtBot, qapp: QApplication, model: InventedModel
) -> Iterator[Callable[[], Desk]]:
    """Opens a window, each time with everything behind it made anew."""
    windows: list[MainWindow] = []

    def make() -> Desk:
        window = build(qapp, replace(make_tasks(), detect=model))
        windows.append(window)
        window.bench.context.preferences.change(model=MODEL)
        window.resize(1366, 768)
        window.show()
        qtbot.waitExposed(window)
        return Desk(window, qtbot)

    yield make
    model.release.set()
    for window in windows:
        if window.isVisible():
            window.close()
        window.deleteLater()


@pytest.fixture
def desk(new_desk: Callable[[], Desk]) -> Desk:
    return new_desk()
