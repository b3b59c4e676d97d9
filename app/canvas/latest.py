"""Work for what is under the mouse: only the last that was asked for counts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

T = TypeVar("T")


class Latest(QObject):
    """Works beside the window's thread; what was asked for before is dropped."""

    failed = Signal(object)  # the exception
    _done = Signal(int, object)  # number, what to call on the window's thread

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="under-the-mouse")
        self._number = 0
        self._done.connect(self._on_done)

    def ask(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Do `work`, and call `then` on the window's thread if it is still wanted."""
        self._number += 1
        self._thread.submit(self._run, self._number, work, then)

    def forget(self, *, wait: bool = False) -> None:
        """Want nothing any more; with `wait`, return when nothing is worked on."""
        self._number += 1
        if wait:
            self._thread.submit(lambda: None).result()

    def stop(self) -> None:
        """End the thread."""
        self.forget()
        self._thread.shutdown(wait=True)

    def _run(
        self, number: int, work: Callable[[], T], then: Callable[[T], None]
    ) -> None:
        if number != self._number:
            return
        try:
            value = work()
        except Exception as error:  # noqa: BLE001 - the edge of the thread
            self._done.emit(number, partial(self.failed.emit, error))
        else:
            self._done.emit(number, partial(then, value))

    def _on_done(self, number: int, call: Callable[[], None]) -> None:
        if number == self._number:
            call()
