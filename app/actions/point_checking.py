"""Point checks of the photo on the screen: begun, gone on with, each answer kept."""

import secrets
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.actions.context import Context
from app.dialogs.point_check_start import CheckBefore, CheckWish
from app.session.authors import ME
from app.support.times import said_time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.jobs.points import PointsAsked
    from resunet_core.project.point_checks import PointCheck

Then = Callable[["PointsAsked"], None]


class PointChecker(QObject):
    """Draws points beside the window and keeps what is answered."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def look_back(self, then: Callable[[CheckBefore | None], None]) -> None:
        """Find out whether the photo was checked before."""
        project, opened = self._context.session.project, self._context.session.opened
        if project is None or opened is None:
            return
        tasks, jobs = self._context.tasks, self._context.jobs
        work = partial(tasks.measuring.point_check, project, opened.record.id)
        job = jobs.quick(self.tr("Point check"), work)
        job.succeeded.connect(lambda check: then(_as_before(check)))
        job.failed.connect(self._context.notices.report)
        jobs.launch(job)

    def begin(self, wish: CheckWish, then: Then) -> None:
        """Draw points, or take those of the last check."""
        session, measuring = self._context.session, self._context.tasks.measuring
        project, opened = session.project, session.opened
        if project is None or opened is None:
            return
        if wish.kind == "new" and not session.may_change():
            return
        session.flush()  # points are drawn from the mask that the project has
        photo_id = opened.record.id
        work = partial(measuring.go_on_checking, project, photo_id)
        if wish.kind == "new":
            work = partial(
                measuring.begin_check, project, photo_id, wish.points, _seed(), ME
            )
        self._context.errands.run(self.tr("Drawing points"), work, then)

    def ask_more(
        self, check: "PointCheck", more: "Mapping[int, int]", then: Then
    ) -> None:
        """Draw more points for the same check."""
        project = self._context.session.project
        if project is None:
            return
        self._context.session.flush()
        ask = self._context.tasks.measuring.ask_more
        work = partial(ask, project, check, dict(more), _seed(), ME)
        self._context.errands.run(self.tr("Drawing points"), work, then)

    def keep(self, check_id: int, number: int, seen: int | None) -> None:
        """Keep an answer, or that it was taken back."""
        answer = self._context.tasks.measuring.answer
        self._context.session.keep_answer(
            partial(answer, check_id=check_id, number=number, seen=seen, who=ME)
        )

    def finish(self) -> None:
        """The areas that were corrected are to be seen."""
        self._context.session.details_changed.emit()


def _seed() -> int:
    return secrets.randbits(32)


def _as_before(check: "PointCheck | None") -> CheckBefore | None:
    if check is None:
        return None
    return CheckBefore(
        said_time(check.at), check.who, check.answered, len(check.points)
    )
