"""Thresholds and minimum sizes: at once on the screen, one step when let go."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.actions.context import Context
from app.session.entry import ModelTile
from resunet_core.mask.threshold import DetectionSettings
from resunet_core.mask.tiled import tiles_meeting
from resunet_core.project.store import Detection

if TYPE_CHECKING:
    from collections.abc import Iterator


class Adjuster(QObject):
    """Decides anew from kept probabilities; of many wishes only the last one counts."""

    settled = Signal()

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._generation = 0
        self._is_working = False
        self._parts: Iterator[tuple[ModelTile, ...]] = iter(())
        self._wish: DetectionSettings | None = None
        self._shown: DetectionSettings | None = None  # everywhere in the photo
        self._keep = False
        context.session.photo_left.connect(self._forget)
        context.session.detection_changed.connect(self._forget)

    def show(self, settings: DetectionSettings) -> None:
        """Show the mask under other settings; not kept yet."""
        self._wish = settings
        self._keep = False
        self._work()

    def keep(self) -> None:
        """Make what is shown, or about to be, a step of the history."""
        self._keep = True
        if not self._is_working:
            self._settle()

    def _forget(self) -> None:
        self._generation += 1
        self._is_working, self._keep = False, False
        self._wish = self._shown = None

    def _work(self) -> None:
        opened, settings = self._context.session.opened, self._wish
        if settings is None or opened is None or opened.probabilities is None:
            return
        if self._is_working:
            return
        self._wish, self._shown = None, None
        self._is_working = True
        self._parts = self._context.tasks.classify(
            opened.probabilities, settings, self._context.view.seen
        )
        self._next(settings)

    def _next(self, settings: DetectionSettings) -> None:
        """Decide on some tiles more; those on the screen come first."""
        work = partial(next, self._parts, None)
        job = self._context.jobs.quick(self.tr("Threshold"), work)
        generation = self._generation
        job.succeeded.connect(partial(self._on_part, generation, settings))
        job.failed.connect(partial(self._on_failed, generation))
        self._context.jobs.launch(job)

    def _on_part(
        self,
        generation: int,
        settings: DetectionSettings,
        part: tuple[ModelTile, ...] | None,
    ) -> None:
        if generation != self._generation:
            return
        if part is not None:
            self._context.session.preview_model(part)
            if self._wish is None or self._is_seen(part):
                self._next(settings)
                return
        else:
            self._shown = settings
        self._is_working = False
        if self._wish is not None:
            self._work()
        elif self._keep:
            self._settle()

    def _is_seen(self, part: tuple[ModelTile, ...]) -> bool:
        """Whether any of these tiles is on the screen, and so worth finishing."""
        seen = {*tiles_meeting(self._context.view.seen)}
        return any((row, col) in seen for row, col, _ in part)

    def _on_failed(self, generation: int, error: Exception) -> None:
        if generation == self._generation:
            self._is_working = False
            self._context.session.drop_preview()
            self._context.notices.report(error)

    def _settle(self) -> None:
        opened, shown = self._context.session.opened, self._shown
        if opened is None or opened.detection is None or shown is None:
            return
        kept = Detection(
            opened.detection.model_name,
            opened.detection.model_sha256,
            shown.thresholds,
            shown.min_area_px,
        )
        self._context.session.keep_preview(kept, self.tr("Thresholds"))
        self.settled.emit()
