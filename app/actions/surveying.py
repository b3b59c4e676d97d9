"""The survey as a whole: its photos are searched, changed and found again."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.actions.context import Context
from app.actions.opening import Opener
from app.session.authors import ME
from app.session.change import Change
from resunet_core.project.collect import Collected
from resunet_core.project.query import FoundPhoto, PhotoQuery
from resunet_core.project.records import Level, PhotoRecord, ReviewState
from resunet_core.project.relink import Relinked
from resunet_core.project.store import Project

_QUIET_MS = 1500  # after the last change of a mask: its shares are counted anew


class Surveyor(QObject):
    """Keeps the survey as the project has it, and does what is asked for many photos.

    Photos that the project does not know yet are read into it first.
    """

    matched = Signal(object)  # ids that answer the last query

    def __init__(
        self, context: Context, opener: Opener, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._opener = opener
        self._generation = 0
        self._searches = 0
        self._timer = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._timer.timeout.connect(self.renew)
        session = context.session
        session.list_opened.connect(self._on_list_opened)
        session.project_changed.connect(self.renew)
        session.photo_shown.connect(self._on_photo_shown)
        session.mask_changed.connect(self._on_mask_changed)
        session.details_changed.connect(self._timer.start)

    # What is known

    def renew(self) -> None:
        """Read what the project knows of its photos."""
        project = self._context.session.project
        if project is None:
            return
        self._generation += 1
        work = partial(self._context.tasks.survey, project)
        job = self._context.jobs.quick(self.tr("Photos"), work)
        job.succeeded.connect(partial(self._on_read, self._generation))
        job.failed.connect(partial(self._on_failed, project))
        self._context.jobs.launch(job)

    def search(self, query: PhotoQuery) -> None:
        """Find the photos that answer a query; of several only the last counts."""
        project = self._context.session.project
        if project is None:
            return
        self._searches += 1
        work = partial(self._context.tasks.matching, project, query)
        job = self._context.jobs.quick(self.tr("Search"), work)
        job.succeeded.connect(partial(self._on_matched, self._searches))
        job.failed.connect(partial(self._on_failed, project))
        self._context.jobs.launch(job)

    def _on_list_opened(self) -> None:
        self._generation += 1
        self._searches += 1
        self._context.survey.take_missing(())
        self._look_for_files()

    def _look_for_files(self) -> None:
        project = self._context.session.project
        if project is None:
            return
        work = partial(self._context.tasks.missing, project)
        job = self._context.jobs.quick(self.tr("Missing photos"), work)
        job.succeeded.connect(partial(self._on_missing, project))
        job.failed.connect(partial(self._on_failed, project))
        self._context.jobs.launch(job)

    def _on_photo_shown(self) -> None:
        opened = self._context.session.opened
        if opened is not None and opened.record.path not in self._context.survey.photos:
            self.renew()

    def _on_mask_changed(self, change: Change) -> None:
        if not change.live:
            self._timer.start()

    def _on_read(self, generation: int, found: list[FoundPhoto]) -> None:
        if generation == self._generation:
            self._context.survey.take(found)

    def _on_missing(self, project: Project, paths: frozenset[Path]) -> None:
        if project is self._context.session.project:
            self._context.survey.take_missing(paths)

    def _on_matched(self, number: int, ids: frozenset[int]) -> None:
        if number == self._searches:
            self.matched.emit(ids)

    def _on_failed(self, project: Project, error: Exception) -> None:
        if project is self._context.session.project:  # else it was closed meanwhile
            self._context.notices.report(error)

    # What is changed

    def set_place(self, paths: Sequence[Path], levels: Mapping[Level, str]) -> None:
        """Say where photos were taken."""
        self._with_records(
            paths,
            lambda found: self._context.session.set_place(
                [record.id for record in found], levels
            ),
        )

    def set_review(self, paths: Sequence[Path], state: ReviewState) -> None:
        """Bring photos forward to a state, or back."""
        self._with_records(
            paths,
            lambda found: self._context.session.set_review(
                [record.id for record in found], state
            ),
        )

    def set_note(self, path: Path, text: str) -> None:
        """Note something on a photo."""
        self._with_records(
            [path],
            lambda found: self._context.session.set_note(found[0].id, text),
        )

    def _with_records(
        self, paths: Sequence[Path], then: Callable[[list[PhotoRecord]], None]
    ) -> None:
        """Do something with photos that the project knows, or then does."""
        survey, project = self._context.survey, self._context.session.project
        if project is None or not paths:
            return
        unknown = [path for path in paths if path not in survey.photos]
        if not unknown:
            then([survey.photos[path].record for path in paths])
            return
        self._context.errands.run(
            self.tr("Reading photos"),
            partial(self._context.tasks.add_photos, project, unknown, ME),
            partial(self._on_added, project, paths, then),
        )

    def _on_added(
        self,
        project: Project,
        paths: Sequence[Path],
        then: Callable[[list[PhotoRecord]], None],
        failed: list[str],
    ) -> None:
        if failed:
            self._context.notices.warn(
                self.tr("{0} photos could not be read.").format(len(failed)), failed[0]
            )
        self._generation += 1
        work = partial(self._context.tasks.survey, project)
        job = self._context.jobs.quick(self.tr("Photos"), work)
        job.succeeded.connect(partial(self._on_known, self._generation, paths, then))
        job.failed.connect(partial(self._on_failed, project))
        self._context.jobs.launch(job)

    def _on_known(
        self,
        generation: int,
        paths: Sequence[Path],
        then: Callable[[list[PhotoRecord]], None],
        found: list[FoundPhoto],
    ) -> None:
        self._on_read(generation, found)
        photos = self._context.survey.photos
        records = [photos[path].record for path in paths if path in photos]
        if records:
            then(records)

    # Files

    def find_missing(self, folder: Path) -> None:
        """Find missing photos in a folder by their content."""
        project = self._context.session.project
        if project is not None:
            self._context.errands.run(
                self.tr("Looking for photos"),
                partial(self._context.tasks.relink, project, folder),
                self._on_relinked,
            )

    def _on_relinked(self, result: Relinked) -> None:
        found, missing = len(result.found), len(result.missing)
        notices = self._context.notices
        if found:
            hint = self.tr("{0} are still missing.").format(missing) if missing else ""
            notices.tell(self.tr("{0} photos were found again.").format(found), hint)
            self._opener.reopen()
        elif result.changed:
            notices.warn(
                self.tr("None of the missing photos is there."),
                self.tr("{0} has its name, but is another picture.").format(
                    result.changed[0].name
                ),
            )
        else:
            notices.warn(
                self.tr("None of the missing photos is there."),
                self.tr("Choose another folder."),
            )

    def allow_outside(self) -> None:
        """Open photos outside the project's folder from now on."""
        project = self._context.session.project
        if project is None:
            return
        work = partial(self._context.tasks.allow_outside, project)
        job = self._context.jobs.quick(self.tr("Photos"), work)
        job.succeeded.connect(self._on_allowed)
        job.failed.connect(partial(self._on_failed, project))
        self._context.jobs.launch(job)

    def _on_allowed(self, _photos: object) -> None:
        self._opener.reopen()

    def collect(self, target: Path) -> None:
        """Write the project and its photos into one file."""
        project = self._context.session.project
        if project is not None:
            self._context.session.flush()
            self._context.errands.run(
                self.tr("Collecting"),
                partial(self._context.tasks.collect, project, target),
                self._on_collected,
            )

    def _on_collected(self, result: Collected) -> None:
        notices = self._context.notices
        said = self.tr("{0} photos and the project are in {1}.").format(
            result.photos, result.path.name
        )
        if result.missing or result.changed:
            names = [record.path.name for record in (*result.missing, *result.changed)]
            notices.warn(
                said,
                self.tr("Missing or changed since: {0}.").format(", ".join(names[:5])),
            )
        else:
            notices.tell(said, self.tr("Unzipped anywhere, the copy opens."))
