"""The figures of photos and places, kept up to date while somebody looks at them."""

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.actions.context import Context
from app.session.change import Change
from app.session.view_state import Page

if TYPE_CHECKING:
    from app.jobs.figures import Sums
    from resunet_core.mask.tiled import DefectMask
    from resunet_core.measure.totals import PhotoFigures
    from resunet_core.project.store import Project

_QUIET_MS = 600  # after the last change
_PATIENCE_S = 3.0  # between sums while photos are still being measured


class Measurer(QObject):
    """Measures one photo after the other, the one on the screen first.

    Nothing is measured while neither its page nor that of the building is open.
    """

    photo_measured = Signal(int)  # its id
    summed = Signal()
    worked = Signal()  # how many wait has changed

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._figures: dict[int, PhotoFigures] = {}
        self._stale: set[int] = set()
        self._refused: set[int] = set()
        self._generation = 0
        self._is_working = False
        self._is_summed = True
        self._summed_at = 0.0
        self.sums: Sums | None = None
        self._timer = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._timer.timeout.connect(self._next)
        session = context.session
        session.list_opened.connect(self._on_list_opened)
        session.photo_shown.connect(self._next)
        session.mask_changed.connect(self._on_mask_changed)
        session.checks_changed.connect(self._on_open_changed)
        session.detection_changed.connect(self._on_open_changed)
        session.details_changed.connect(self._on_open_changed)
        session.project_changed.connect(self._on_places_changed)
        session.entry_changed.connect(self._on_entry_changed)
        context.survey.renewed.connect(self._timer.start)
        context.view.page_changed.connect(self._next)

    def figures_of(self, photo_id: int) -> "PhotoFigures | None":
        """What was measured of a photo last; it may be a moment old."""
        return self._figures.get(photo_id)

    def is_current(self, photo_id: int) -> bool:
        """Whether the figures of a photo are those of its mask as it is."""
        return photo_id in self._figures and photo_id not in self._stale

    @property
    def waiting(self) -> int:
        """How many photos of the project are still to be measured."""
        return len(self._wanted_ids())

    @property
    def measured(self) -> int:
        """How many photos of the project are measured."""
        return len(self._figures)

    # What makes figures old

    def _on_list_opened(self) -> None:
        self._generation += 1
        self._figures.clear()
        self._stale.clear()
        self._refused.clear()
        self.sums, self._is_summed = None, False
        self.summed.emit()
        self._timer.start()

    def _on_mask_changed(self, change: Change) -> None:
        if not change.live:
            self._on_open_changed()

    def _on_open_changed(self) -> None:
        opened = self._context.session.opened
        if opened is not None:
            self._stale.add(opened.record.id)
            self._refused.discard(opened.record.id)
            self._is_summed = False
            self._timer.start()

    def _on_places_changed(self) -> None:
        self._is_summed = False
        self._timer.start()

    def _on_entry_changed(self, index: int) -> None:
        """Something was found on a photo that is not on the screen."""
        session = self._context.session
        found = self._context.survey.photos.get(session.entries[index].path)
        if found is not None and index != session.index:
            self._stale.add(found.record.id)
            self._timer.start()

    # Work

    def _wanted_ids(self) -> list[int]:
        """The photos to measure, in order."""
        page, opened = self._context.view.page, self._context.session.opened
        wanted: list[int] = []
        if page in (Page.FIGURES, Page.BUILDING) and opened is not None:
            wanted += [opened.record.id] if opened.is_looked_at else []
        if page is Page.BUILDING:
            wanted += [
                found.record.id
                for found in self._context.survey.photos.values()
                if found.record.id not in wanted
                and (
                    found.is_detected
                    or any(found.pixels.values())
                    or found.record.review != "draft"
                )
            ]
        done = (self._figures.keys() - self._stale) | self._refused
        return [photo_id for photo_id in wanted if photo_id not in done]

    def _next(self) -> None:
        project = self._context.session.project
        if project is None or self._is_working:
            return
        wanted = self._wanted_ids()
        is_due = time.monotonic() - self._summed_at > _PATIENCE_S
        is_seen = self._context.view.page is Page.BUILDING
        if is_seen and not self._is_summed and (is_due or not wanted):
            self._sum_up(project)
        elif wanted:
            self._measure(project, wanted[0])
        self.worked.emit()

    def _measure(self, project: "Project", photo_id: int) -> None:
        opened, context = self._context.session.opened, self._context
        mask: DefectMask | None = None
        if opened is not None and opened.record.id == photo_id:
            mask = opened.mask.snapshot()
        self._is_working = True
        self._stale.discard(photo_id)
        work = partial(context.tasks.measuring.photo, project, photo_id, mask)
        job = context.jobs.steps(self.tr("Measuring"), work)
        job.succeeded.connect(partial(self._on_measured, self._generation, photo_id))
        job.failed.connect(partial(self._on_failed, self._generation, photo_id))
        job.ended.connect(self._on_ended)
        context.jobs.launch(job)

    def _on_measured(
        self, generation: int, photo_id: int, figures: "PhotoFigures"
    ) -> None:
        if generation == self._generation:
            self._figures[photo_id] = figures
            self._is_summed = False
            self.photo_measured.emit(photo_id)

    def _sum_up(self, project: "Project") -> None:
        context = self._context
        self._is_working = self._is_summed = True
        self._summed_at = time.monotonic()
        work = partial(context.tasks.measuring.sums, project, dict(self._figures))
        job = context.jobs.quick(self.tr("Sums"), work)
        job.succeeded.connect(partial(self._on_summed, self._generation))
        job.failed.connect(partial(self._on_failed, self._generation, None))
        job.ended.connect(self._on_ended)
        context.jobs.launch(job)

    def _on_summed(self, generation: int, sums: "Sums") -> None:
        if generation == self._generation:
            self.sums = sums
            self.summed.emit()

    def _on_failed(
        self, generation: int, photo_id: int | None, error: Exception
    ) -> None:
        if generation != self._generation:
            return  # the project was closed meanwhile
        if photo_id is not None:
            self._refused.add(photo_id)
        self._context.notices.report(error)

    def _on_ended(self, _job: object) -> None:
        self._is_working = False
        self._next()
