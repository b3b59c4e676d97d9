"""The longer work that a person asks for beside detecting: one at a time, to watch."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

from PySide6.QtCore import QObject, Signal

from app.jobs.queue import JobQueue
from resunet_core.progress import Progress, Steps

if TYPE_CHECKING:
    from app.jobs.job import Job

T = TypeVar("T")


class Errands(QObject):
    """Runs an export, an import or a search; refuses a second one meanwhile."""

    started = Signal(str)  # what it is called
    progressed = Signal(object)  # Progress
    ended = Signal()
    failed = Signal(object)  # the exception, where nobody else takes it
    refused = Signal(str)  # what is running already

    def __init__(self, jobs: JobQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._job: Job | None = None
        self._results: list[object] = []  # of the job, when it has one

    @property
    def is_running(self) -> bool:
        """Whether something is under way."""
        return self._job is not None

    def run(
        self,
        title: str,
        start: Callable[[], Steps[T]],
        then: Callable[[T], None],
        *,
        otherwise: Callable[[Exception], None] | None = None,
        at_end: Callable[[], None] | None = None,
    ) -> bool:
        """Begin, unless something is under way.

        When it is over `at_end` is called, whatever came of it, and then `then`, which
        may begin something else.
        """
        if self._job is not None:
            self.refused.emit(self._job.title)
            return False
        job = self._jobs.steps(title, start)
        job.progressed.connect(self._on_progressed)
        job.succeeded.connect(self._on_succeeded)
        job.failed.connect(otherwise or self.failed.emit)
        job.ended.connect(partial(self._on_ended, then, at_end))
        self._job = job
        self._jobs.launch(job)
        self.started.emit(title)
        return True

    def cancel(self) -> None:
        """Stop at the next step."""
        if self._job is not None:
            self._job.cancel()

    def _on_progressed(self, progress: Progress) -> None:
        self.progressed.emit(progress)

    def _on_succeeded(self, result: object) -> None:
        self._results.append(result)

    def _on_ended(
        self,
        then: Callable[[T], None],
        at_end: Callable[[], None] | None,
        _job: object,
    ) -> None:
        self._job = None
        results, self._results = self._results, []
        self.ended.emit()
        if at_end is not None:
            at_end()
        for result in results:
            then(cast("T", result))
