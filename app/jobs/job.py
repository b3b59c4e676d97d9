"""One long operation on a worker thread, and its signals on the window's."""

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal, SignalInstance

from resunet_core.progress import Progress, Steps

T = TypeVar("T")
_LOG = logging.getLogger(__name__)
_REPORT_EVERY_S = 0.05


class Job(QObject):
    """Drives a core generator; lives on the window's thread and outlives the work.

    Exactly one of `succeeded`, `failed` and `cancelled` is sent, then `ended`, all of
    them on the window's thread, so that they may be connected to anything.
    """

    progressed = Signal(object)  # Progress, at most 20 a second
    succeeded = Signal(object)  # what the generator returned
    failed = Signal(object)  # the exception
    cancelled = Signal()
    ended = Signal(object)  # the job
    _told = Signal(str, object)  # from the worker: which signal, with what

    def __init__(
        self,
        title: str,
        start: Callable[[], Steps[T]],
        *,
        is_heavy: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.title = title
        self.is_heavy = is_heavy
        self._start = start
        self._stop = threading.Event()
        self._told.connect(self._on_told)

    def cancel(self) -> None:
        """Ask it to stop; takes effect at the generator's next step."""
        self._stop.set()

    def run(self) -> None:
        """Do the work; called by the queue, on a worker thread."""
        try:
            self._drive()
        except Exception as error:  # noqa: BLE001 - the edge of the thread
            _LOG.info("%s failed", self.title, exc_info=error)
            self._told.emit("failed", error)
        self._told.emit("ended", self)

    def _drive(self) -> None:
        if self._stop.is_set():
            self._told.emit("cancelled", None)
            return
        steps = self._start()
        reported = 0.0
        while not self._stop.is_set():
            try:
                progress = next(steps)
            except StopIteration as finished:
                self._told.emit("succeeded", finished.value)
                return
            now = time.monotonic()
            if now - reported >= _REPORT_EVERY_S:
                reported = now
                self._told.emit("progressed", progress)
        steps.close()
        self._told.emit("cancelled", None)

    def _on_told(self, what: str, value: object) -> None:
        if what == "cancelled":
            self.cancelled.emit()
        else:
            signal: SignalInstance = getattr(self, what)
            signal.emit(value)


def in_one_step(work: Callable[[], T]) -> Steps[T]:
    """A quick piece of work in the shape of a long one."""
    yield Progress(0, 1)
    return work()
