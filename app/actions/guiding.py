"""What helps a person on her way: samples, the tour, the caches, diagnostics."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from app.actions.context import Context
from app.actions.opening import Opener
from app.jobs.diagnostics import Diagnostics, DiagnosticsWish, collect, write
from app.jobs.samples import copy_samples
from app.session.authors import ME
from app.session.notices import Notice, Offer
from app.support.paths import log_path
from resunet_core import cache
from resunet_core.imaging.pyramid import pyramid_path
from resunet_core.inference.probability import kept_path


class Guide(QObject):
    """Does what the help menu and the preferences offer."""

    tour_wanted = Signal()

    def __init__(
        self, context: Context, opener: Opener, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._opener = opener

    # The sample building

    def open_sample(self) -> None:
        """Open the person's own copy of the samples."""
        name = self.tr("Sample building")
        job = self._context.jobs.quick(name, partial(copy_samples, name))
        job.succeeded.connect(self._on_copied)
        job.failed.connect(self._context.notices.report)
        self._context.jobs.launch(job)

    def _on_copied(self, folder: Path) -> None:
        self._opener.open_paths([folder])
        self._context.notices.tell(
            self.tr("These are painted samples to try everything on."),
            self.tr("They are your own copy, in {0}.").format(folder),
        )

    def start_tour(self) -> None:
        """Ask the window to begin the tour."""
        self.tour_wanted.emit()

    # Diagnostics

    def diagnose(self, then: Callable[[Diagnostics], None]) -> None:
        """Look at everything, then go on on the window's thread."""
        context = self._context
        wish = DiagnosticsWish(
            context.preferences.settings,
            log_path(),
            tuple(self._private()),
            tuple(notice.sentence for notice in context.notices.said),
        )
        job = context.jobs.quick(self.tr("Diagnostics"), partial(collect, wish))
        job.succeeded.connect(then)
        job.failed.connect(context.notices.report)
        context.jobs.launch(job)

    def write(self, diagnostics: Diagnostics, target: Path) -> None:
        """Write what the person has seen and wants to have."""
        work = partial(write, diagnostics, target)
        job = self._context.jobs.quick(self.tr("Diagnostics"), work)
        job.succeeded.connect(self._on_written)
        job.failed.connect(self._context.notices.report)
        self._context.jobs.launch(job)

    def _on_written(self, target: Path) -> None:
        where = QUrl.fromLocalFile(str(target.parent))
        offer = Offer(self.tr("Open folder"), partial(_open, where))
        text = self.tr("The diagnostics were saved.")
        hint = self.tr("It is in {0}.").format(target)
        self._context.notices.post(Notice("info", text, hint, offer))

    def _private(self) -> list[str]:
        """The names of persons, photos, places and folders that are known here."""
        context = self._context
        project, names = context.session.project, [ME.name]
        paths = [Path(name) for name in context.preferences.settings.recent]
        paths += [entry.path for entry in context.session.entries]
        if project is not None:
            paths.append(project.path)
        for path in paths:
            names += [str(path), str(path.parent), path.name, path.stem]
            names.append(path.parent.name)
        for found in context.survey.photos.values():
            record = found.record
            names += [record.building, record.note, *record.place.levels]
        return names

    # Caches

    def clear_cache(self, then: Callable[[int], None]) -> None:
        """Delete the large files that are not in use, then say how many bytes."""
        opened, keep = self._context.session.opened, []
        if opened is not None:
            keep.append(pyramid_path(opened.photo))
            if opened.detection is not None:
                model = opened.detection.model_sha256
                keep.append(kept_path(opened.photo.sha256, model))
        work = partial(cache.clear, tuple(keep))
        job = self._context.jobs.quick(self.tr("Clearing"), work)
        job.succeeded.connect(then)
        job.failed.connect(self._context.notices.report)
        self._context.jobs.launch(job)

    def measure_cache(self, then: Callable[[int], None]) -> None:
        """Count the bytes that could be cleared."""
        job = self._context.jobs.quick(self.tr("Counting"), cache.size_bytes)
        job.succeeded.connect(then)
        job.failed.connect(self._context.notices.report)
        self._context.jobs.launch(job)


def _open(folder: QUrl) -> None:
    QDesktopServices.openUrl(folder)
