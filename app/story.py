"""A short story that the program tells of itself, to see that it is whole.

`caihua --story OUT` opens a sample in the real window, detects, draws, exports and
reports by the window's own actions, speaks Chinese and English, and closes; with
`--story-steps N` it also learns N steps from what was checked. What happened is in
`OUT/story.json`. `packaging/smoke.py` runs it in each program that is built.
"""

import json
import logging
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication, QDialog

from app.actions.training import Phase
from app.jobs.export import ExportRequest
from app.jobs.report import FORMATS, ReportWish
from app.main_window import MainWindow
from app.session.notices import Notice
from resunet_core import __version__
from resunet_core.errors import CaihuaError
from resunet_core.model.device import torch_is_here
from resunet_core.resources import resource

WAIT_S = 1200
_POLL_MS = 40
_SETTLE_MS = 300  # until what was just changed is drawn
_LOG = logging.getLogger(__name__)
_CHINESE = "\u6587\u4ef6"  # File, as the first menu says it


class Story:
    """Tells the story in one window; `told` is what becomes of it, step by step."""

    def __init__(self, window: MainWindow, out: Path, train_steps: int) -> None:
        self._window = window
        self._bench = window.bench
        self._out = out
        self._train_steps = train_steps
        self._complaints: list[str] = []
        self._bench.context.notices.posted.connect(self._on_notice)
        self._bench.context.notices.crashed.connect(self._on_crash)
        self.told: dict[str, Any] = {
            "version": __version__,
            "frozen": bool(getattr(sys, "frozen", False)),
            "platform": QGuiApplication.platformName(),
            "torch_at_start": "torch" in sys.modules,
            "ok": False,
            "steps": {},
        }

    def tell(self) -> None:
        """Do it all, write down how it went, and close the window."""
        try:
            self._out.mkdir(parents=True, exist_ok=True)
            for name, act in self._chapters():
                with self._timed(name):
                    act()
            self.told["ok"] = True
        except Exception as error:  # noqa: BLE001 - what broke it is the answer
            _LOG.exception("The story broke off")
            self.told["error"] = f"{type(error).__name__}: {error}"
        self._window.close()
        text = json.dumps(self.told, indent=2, ensure_ascii=False)
        (self._out / "story.json").write_text(f"{text}\n", "utf-8")

    def _chapters(self) -> Iterator[tuple[str, Callable[[], None]]]:
        yield "languages", self._speak
        yield "open", self._open
        yield "detect", self._detect
        yield "draw", self._draw
        yield "export", self._export
        yield "report", self._report
        if self._train_steps:
            yield "learn", self._learn
        elif not torch_is_here():
            yield "refuse", self._refuse

    # The chapters

    def _speak(self) -> None:
        self._trigger("language_zh_CN")
        title = self._window.menuBar().actions()[0].text()
        self._note(chinese_menu=title)
        self._picture("chinese")
        if _CHINESE not in title:
            raise CaihuaError(f"The first menu is called {title} in Chinese.")
        self._trigger("language_en")

    def _open(self) -> None:
        photos = self._out / "\u6881 beam"
        photos.mkdir(exist_ok=True)
        for sample in sorted(resource("samples", "images").iterdir())[:1]:
            shutil.copyfile(sample, photos / sample.name)
        self._bench.opener.open_paths([photos])
        session = self._bench.context.session
        self._wait(lambda: session.opened is not None)
        self._trigger("zoom_fit")
        self._wait(lambda: not self._bench.context.view.seen.is_empty)

    def _detect(self) -> None:
        devices: list[str] = []
        self._bench.detector.device_used.connect(devices.append)
        self._trigger("detect")
        self._wait(lambda: not self._bench.detector.is_running)
        self._wait(lambda: bool(self._pixels()[1] and self._pixels()[2]))
        self._note(device=devices, pixels=self._pixels(), torch="torch" in sys.modules)
        self._picture("detected")

    def _draw(self) -> None:
        session, before = self._bench.context.session, self._pixels()
        canvas = self._window.canvas
        middle = QPointF(canvas.width() / 2, canvas.height() / 2)
        self._trigger("class_2")
        self._trigger("tool_brush")
        for kind, x in (
            (QEvent.Type.MouseButtonPress, -60),
            (QEvent.Type.MouseMove, 0),
            (QEvent.Type.MouseMove, 60),
            (QEvent.Type.MouseButtonRelease, 60),
        ):
            _send(canvas, kind, middle + QPointF(x, 0))
        self._wait(lambda: self._pixels() != before)
        session.flush()
        self._note(pixels=self._pixels(), undo=session.undo_name)

    def _export(self) -> None:
        project = self._bench.context.session.project
        if project is None:
            raise CaihuaError("There is no project after a stroke.")
        folder = self._out / "labels"
        self._bench.exporter.export(ExportRequest(folder, tuple(project.photos())))
        self._wait(lambda: (folder / "report.html").is_file() or self._said(folder))
        self._note(files=_names(folder))

    def _report(self) -> None:
        folder = self._out / "report"
        self._bench.reporter.write(ReportWish(folder, FORMATS, operator="A reader"))
        self._wait(lambda: self._said(folder))
        self._note(files=_names(folder))

    def _learn(self) -> None:
        trainer = self._bench.trainer
        self._trigger("zoom_fit")
        self._wait(lambda: self._window.canvas.scale > 0)
        self._trigger("check_seen")
        trainer.steps = self._train_steps
        self._trigger("learn")
        self._wait(lambda: not trainer.is_busy)
        if trainer.phase is not Phase.READY:
            raise CaihuaError(trainer.complaint)
        trainer.learn()
        self._wait(lambda: not trainer.is_busy)
        self._picture("learned")
        if trainer.verdict is None:
            raise CaihuaError(trainer.complaint)
        steps = sum(event["event"] == "step" for event in trainer.events)
        self._note(verdict=trainer.verdict["kind"], steps=steps)
        trainer.drop()

    def _refuse(self) -> None:
        trainer = self._bench.trainer
        self._trigger("learn")
        self._wait(lambda: not trainer.is_busy)
        if "full" not in trainer.complaint:
            raise CaihuaError(f"Without torch, learning said: {trainer.complaint}")
        self._note(said=trainer.complaint)
        panel = self._window.findChild(QDialog)
        if panel is not None:
            panel.grab().save(str(self._out / "refused.png"))

    # What the chapters are made of

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        self._chapter: dict[str, Any] = {}
        self.told["steps"][name] = self._chapter
        yield
        self._chapter["seconds"] = round(time.monotonic() - began, 2)

    def _note(self, **facts: Any) -> None:  # noqa: ANN401 - whatever JSON can say
        self._chapter.update(facts)

    def _trigger(self, name: str) -> None:
        """Do what a menu entry does, which must not be greyed."""
        action = next(a for a in self._window.actions() if a.objectName() == name)
        self._wait(action.isEnabled)
        action.trigger()

    def _wait(self, condition: Callable[[], bool]) -> None:
        """Let the program go on until something is so, or until it complains."""
        end = time.monotonic() + WAIT_S
        while not condition():
            if self._complaints:
                raise CaihuaError(self._complaints[0])
            if time.monotonic() > end:
                raise CaihuaError(f"It did not happen within {WAIT_S} s.")
            _pass(_POLL_MS)

    def _pixels(self) -> list[int]:
        opened = self._bench.context.session.opened
        if opened is None:
            return []
        counts = opened.mask.counts()
        return [int(counts[class_id]) for class_id in range(3)]

    def _said(self, folder: Path) -> bool:
        """Whether the person was told that a folder is written."""
        said = self._bench.context.notices.said
        return any(str(folder) in notice.sentence for notice in said)

    def _picture(self, name: str) -> None:
        _pass(_SETTLE_MS)
        self._window.grab().save(str(self._out / f"{name}.png"))

    def _on_notice(self, notice: Notice) -> None:
        if notice.kind == "warning":
            self._complaints.append(notice.sentence)

    def _on_crash(self, error: BaseException) -> None:
        self._complaints.append(f"{type(error).__name__}: {error}")


def _send(widget: Any, kind: QEvent.Type, place: QPointF) -> None:  # noqa: ANN401 - a canvas of any make
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind is QEvent.Type.MouseMove else left
    held = none if kind is QEvent.Type.MouseButtonRelease else left
    event = QMouseEvent(
        kind,
        place,
        QPointF(widget.mapToGlobal(place)),
        button,
        held,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(widget, event)


def _pass(milliseconds: int) -> None:
    """Let the program go on for a moment."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())
