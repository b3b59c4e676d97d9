"""All writing to the project, in order, on one thread beside the window's."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from PySide6.QtCore import QObject, Signal


class ProjectWriter(QObject):
    """Runs what it is given one after the other; errors come back as a signal."""

    failed = Signal(object)  # the exception

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="project-writer")

    def submit(self, work: Callable[[], object]) -> None:
        """Do `work` after all that was submitted before; returns at once."""
        self._thread.submit(self._run, work)

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
