"""All writing to the project, in order, on one thread beside the window's."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

T = TypeVar("T")


class ProjectWriter(QObject):
    """Runs what it is given one after the other; errors come back as a signal."""

    failed = Signal(object)  # the exception
    _answered = Signal(object)  # what to call on the window's thread

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="project-writer")
        self._answered.connect(self._on_answered)

    def submit(self, work: Callable[[], object]) -> None:
        """Do `work` after all that was submitted before; returns at once."""
        self._thread.submit(self._run, work)

    def ask(
        self,
        work: Callable[[], T],
        then: Callable[[T], None],
        otherwise: Callable[[Exception], None],
    ) -> None:
        """Do `work` in its turn, and call one of the others on the window's thread."""
        self._thread.submit(self._answer, work, then, otherwise)

    def flush(self) -> None:
        """Wait until all that was submitted is on the disk."""
        done: Future[None] = self._thread.submit(lambda: None)
        done.result()

    def stop(self) -> None:
        """Finish what was submitted, then end the thread."""
        self._thread.shutdown(wait=True)

    def _run(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - the edge of the thread
            self.failed.emit(error)

    def _answer(
        self,
        work: Callable[[], T],
        then: Callable[[T], None],
        otherwise: Callable[[Exception], None],
    ) -> None:
        try:
            value = work()
        except Exception as error:  # noqa: BLE001 - the edge of the thread
            self._answered.emit(partial(otherwise, error))
        else:
            self._answered.emit(partial(then, value))

    def _on_answered(self, call: Callable[[], None]) -> None:
        call()
