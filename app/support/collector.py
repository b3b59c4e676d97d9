"""Keeps Python's collector on the GUI thread.

Run from a worker it may destroy widgets there, which Qt does not survive.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_INTERVAL_MS = 500


class Collector(QObject):
    """Collects on the GUI thread, when the interpreter itself would have done so."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start(_INTERVAL_MS)

    def stop(self) -> None:
        """Hand the collecting back to the interpreter."""
        self._timer.stop()
        gc.enable()

    def _on_timeout(self) -> None:
        due = [
            count > limit
            for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)
        ]
        for generation in (2, 1, 0):
            if due[generation]:
                gc.collect(generation)
                return
