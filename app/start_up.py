"""Times the start of the program: to its window, to a photo on it, to a first result.

`caihua --start-up FILE PHOTO` opens the photo, detects on it and closes; FILE then
holds when each was there, in seconds of the system's clock. `caihua bench` asks for it.
"""

import json
import time
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer

from app.canvas.tile_loader import TileLoader
from app.main_window import MainWindow

_WAIT_MS = 300_000


class StartUp(QObject):
    """Watches one window from before it is shown; closes it in the end.

    Attributes:
        is_told: Whether all came as it should, and is written down.
    """

    def __init__(self, window: MainWindow, into: Path) -> None:
        super().__init__(window)
        self.is_told = False
        self._window = window
        self._into = into
        self._times: dict[str, float] = {}
        window.installEventFilter(self)
        for loader in window.canvas.findChildren(TileLoader):
            loader.loaded.connect(self._on_tile)
        window.bench.detector.ended.connect(partial(self._soon, "result"))
        QTimer.singleShot(_WAIT_MS, window.close)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See the window being drawn for the first time; stop nothing."""
        if event.type() is QEvent.Type.Paint:
            self._soon("window")
        return super().eventFilter(watched, event)

    def _on_tile(self, _tile: object) -> None:
        self._soon("photo")

    def _soon(self, what: str) -> None:
        """Note the time once what is waiting now has been drawn."""
        if what not in self._times:
            QTimer.singleShot(0, partial(self._note, what))

    def _note(self, what: str) -> None:
        if what in self._times:
            return
        self._times[what] = time.time()
        if what == "photo":
            self._window.bench.detector.detect_current()
        elif what == "result":
            self._tell()

    def _tell(self) -> None:
        opened = self._window.bench.context.session.opened
        if opened is not None and opened.detection is not None:
            self._into.write_text(json.dumps(self._times), "utf-8")
            self.is_told = True
        self._window.close()
