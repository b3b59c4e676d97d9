"""Which jobs run when: one heavy one at a time, quick reads beside it."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject

from app.jobs.job import Job, in_one_step
from resunet_core.progress import Steps

T = TypeVar("T")
_QUICK_THREADS = 2


class JobQueue(QObject):
    """Makes and starts jobs, keeps them until they have ended, waits for them on quit.

    Connect to a job's signals, then `launch` it.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heavy = ThreadPoolExecutor(1, thread_name_prefix="heavy-job")
        self._quick = ThreadPoolExecutor(_QUICK_THREADS, thread_name_prefix="quick-job")
        self._running: dict[Job, Future[None]] = {}
        self._is_closed = False

    def heavy(self, title: str, start: Callable[[], Steps[T]]) -> Job:
        """A job for the accelerator: one at a time."""
        return Job(title, start, is_heavy=True, parent=self)

    def quick(self, title: str, work: Callable[[], T]) -> Job:
        """A short read."""
        return Job(title, partial(in_one_step, work), parent=self)

    def steps(self, title: str, start: Callable[[], Steps[T]]) -> Job:
        """A long job that needs no accelerator and may run beside a heavy one."""
        return Job(title, start, parent=self)

    def launch(self, job: Job) -> None:
        """Let a job run as soon as a thread is free; never, once the queue is closed.

        A job that ended just before the window closed may still ask for the next one.
        """
        if self._is_closed:
            job.deleteLater()
            return
        job.ended.connect(self._on_ended)
        threads = self._heavy if job.is_heavy else self._quick
        self._running[job] = threads.submit(job.run)

    def close(self) -> None:
        """Cancel everything and wait; takes at most one step of each running job."""
        self._is_closed = True
        for job in self._running:
            job.cancel()
        self._quick.shutdown(wait=True)
        self._heavy.shutdown(wait=True)

    def _on_ended(self, job: Job) -> None:
        self._running.pop(job).result()  # its thread has let go of it, or is about to
        job.deleteLater()  # not at once: it is still sending this signal
