"""Photos of two campaigns compared; which photo belongs to which campaign."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from app.actions.context import Context
from app.dialogs.campaigns import CampaignPhoto
from app.jobs.swipe import Swipe
from app.session.authors import ME
from app.support.words import BETWEEN
from resunet_core.project.records import PhotoRecord
from resunet_core.project.scales import set_campaign, set_primary

Pairs = list[tuple[int, int]]


class Campaigner(QObject):
    """Compares beside the window."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def photos(self) -> tuple[CampaignPhoto, ...]:
        """What can be compared, photos of one component beside each other."""
        records = [found.record for found in self._context.survey.photos.values()]
        records.sort(key=lambda r: (r.place.levels, r.campaign, r.path.name))
        return tuple(
            CampaignPhoto(record.id, _said(record), record.campaign)
            for record in records
        )

    def find_pair(self, then: Callable[[Pairs], None]) -> None:
        """The pairs of photos of one component in two campaigns."""
        project, jobs = self._context.session.project, self._context.jobs
        if project is None:
            return
        work = partial(self._context.tasks.measuring.pairs, project)
        job = jobs.quick(self.tr("Campaigns"), work)
        job.succeeded.connect(then)
        job.failed.connect(self._context.notices.report)
        jobs.launch(job)

    def compare(
        self,
        pair: tuple[int, int],
        then: Callable[[Swipe], None],
        otherwise: Callable[[Exception], None],
    ) -> None:
        """Lay two photos over each other."""
        project = self._context.session.project
        if project is None:
            return
        self._context.session.flush()
        work = partial(self._context.tasks.measuring.compare, project, *pair)
        self._context.errands.run(self.tr("Comparing"), work, then, otherwise=otherwise)

    def set_campaign(self, photo_ids: list[int], name: str) -> None:
        """Say to which campaign photos belong."""
        self._context.session.change_project(
            partial(set_campaign, photo_ids=photo_ids, name=name, who=ME)
        )

    def set_primary(self, photo_id: int, *, is_primary: bool) -> None:
        """Choose a photo to stand for its component, or no longer."""
        self._context.session.change_project(
            partial(set_primary, photo_id=photo_id, is_primary=is_primary, who=ME)
        )


def _said(record: PhotoRecord) -> str:
    place = BETWEEN.join(filter(None, record.place.levels[2:]))
    return "  ·  ".join(filter(None, (place, record.campaign, record.path.name)))
