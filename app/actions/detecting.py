"""Detect: one photo after the other in the background, with the time that remains."""

import time
from collections import deque
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.actions.context import Context
from app.jobs.tasks import DetectionRequest, DetectionResult
from app.session.entry import EntryState
from app.session.lock import Lock
from app.support.language import said_core
from resunet_core.errors import CaihuaError
from resunet_core.progress import Progress

if TYPE_CHECKING:
    from app.jobs.job import Job

_TELLS_FROM_S = 1.5  # before, the speed is a guess


@dataclass(frozen=True)
class DetectionProgress:
    """How far a detection is: share 0 to 1, seconds left or None while unknown."""

    photo: str
    number: int
    of: int
    fraction: float
    note: str
    seconds_left: float | None


class Detector(QObject):
    """Works through the photos it was given; one that fails does not stop the rest."""

    started = Signal()
    progressed = Signal(object)  # DetectionProgress
    ended = Signal()
    device_used = Signal(str)

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._waiting: deque[Path] = deque()
        self._job: Job | None = None
        self._path = Path()
        self._number = self._of = 0
        self._failed: list[str] = []
        self._began = 0.0

    @property
    def is_running(self) -> bool:
        """Whether a detection is under way."""
        return self._job is not None

    def detect_current(self) -> None:
        """Detect on the photo on the screen."""
        opened = self._context.session.opened
        if opened is not None and self._context.session.may_change():
            self._begin([opened.record.path])

    def detect_all(self) -> None:
        """Detect on all photos of the list that can be read and are not approved."""
        survey = self._context.survey
        self._begin(
            [
                entry.path
                for entry in self._context.session.entries
                if entry.state is not EntryState.BROKEN
                and not survey.is_approved(entry.path)
            ]
        )

    def cancel(self) -> None:
        """Stop at the next tile; photos that are done stay done."""
        self._waiting.clear()
        if self._job is not None:
            self._job.cancel()

    def _begin(self, paths: list[Path]) -> None:
        if self.is_running or not paths:
            return
        if self._context.session.lock in (Lock.READ_ONLY, Lock.BUSY):
            self._context.session.may_change()  # says why not
            return
        self._waiting = deque(paths)
        self._number, self._of = 0, len(paths)
        self._failed = []
        self._next()
        self.started.emit()

    def _next(self) -> None:
        context, project = self._context, self._context.session.project
        if project is None or not self._waiting:
            self._end()
            return
        self._path = self._waiting.popleft()
        self._number += 1
        self._began = time.monotonic()
        settings = context.preferences.settings
        request = DetectionRequest(self._path, settings.model, settings.device)
        job = context.jobs.heavy(
            self._path.name, partial(context.tasks.detect, project, request)
        )
        job.progressed.connect(self._on_progressed)
        job.succeeded.connect(self._on_succeeded)
        job.failed.connect(self._on_failed)
        job.cancelled.connect(self._on_cancelled)
        job.ended.connect(self._on_ended)
        self._job = job
        context.jobs.launch(job)
        self._on_progressed(Progress(0, 0, ""))

    def _on_progressed(self, progress: Progress) -> None:
        if progress.done == 0:  # loading the model says nothing about the speed
            self._began = time.monotonic()
        spent, done = time.monotonic() - self._began, progress.fraction
        left = spent / done - spent if done > 0 and spent > _TELLS_FROM_S else None
        if left is not None:  # the photos to come, as if they were like this one
            left += len(self._waiting) * spent / done
        self.progressed.emit(
            DetectionProgress(
                self._path.name, self._number, self._of, done, progress.note, left
            )
        )

    def _on_succeeded(self, result: DetectionResult) -> None:
        self.device_used.emit(result.device)
        if result.notice and self._number == 1:
            self._context.notices.warn(said_core(result.notice))
        session = self._context.session
        session.take_detection(result.record, result.found, self.tr("Detection"))

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, CaihuaError) and self._of > 1:
            self._failed.append(f"{self._path.name}: {error.message}")
        else:
            self._context.notices.report(error)

    def _on_cancelled(self) -> None:
        self._context.notices.tell(self.tr("Detection was cancelled."))

    def _on_ended(self, _job: object) -> None:
        self._next()

    def _end(self) -> None:
        self._job = None
        if self._failed:
            self._context.notices.warn(
                self.tr("{0} of {1} photos could not be analysed.").format(
                    len(self._failed), self._of
                ),
                " ".join(self._failed[:3]),
            )
        self.ended.emit()
