"""The review queue: what is least sure and largest first, one key for each answer."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.actions.context import Context
from app.session import edits
from app.session.view_state import Target, ToolKind
from resunet_core.box import Box
from resunet_core.mask.doubt import Doubt, doubts

if TYPE_CHECKING:
    from app.jobs.job import Job


class Reviewer(QObject):
    """Leads from place to place; the photo it was begun on is the one it is about."""

    changed = Signal()

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._places: tuple[Doubt, ...] = ()
        self._at = 0
        self._job: Job | None = None
        context.session.photo_left.connect(self.stop)

    @property
    def place(self) -> Doubt | None:
        """What is to be looked at now; None while nothing is reviewed."""
        return self._places[self._at] if self._at < len(self._places) else None

    @property
    def number(self) -> int:
        """Of the place, counted from 1."""
        return self._at + 1

    @property
    def count(self) -> int:
        """How many places there are."""
        return len(self._places)

    @property
    def at_stake_px(self) -> float:
        """Pixels that are probably wrong, in this place and all after it."""
        return sum(place.at_stake_px for place in self._places[self._at :])

    def start(self) -> None:
        """Find what is in doubt, and go to the worst of it; again, look anew."""
        opened = self._context.session.opened
        if opened is None or self._job is not None:
            return
        self._leave()
        work = partial(
            doubts, opened.mask.snapshot(), opened.probabilities, opened.checked
        )
        job = self._context.jobs.steps(self.tr("Review"), work)
        job.succeeded.connect(partial(self._on_found, opened.record.id))
        job.failed.connect(self._context.notices.report)
        job.ended.connect(self._on_ended)
        self._job = job
        self._context.jobs.launch(job)

    def stop(self) -> None:
        """End the review; what was answered stays."""
        if self._job is not None:
            self._job.cancel()
        self._leave()

    def accept(self) -> None:
        """Say that the place is right as it is now, and go on."""
        place, session = self.place, self._context.session
        if place is None or not session.may_change():
            return
        if place.pixel is None:
            session.set_checked(place.box, checked=True)
        else:
            name = QCoreApplication.translate("Actions", "Accept a region")
            session.change(edits.accepted(place.pixel, place.box, name))
        self.skip()

    def fix(self) -> None:
        """Take the brush in the class that is in doubt; accepting goes on."""
        place, view = self.place, self._context.view
        if place is None or not self._context.session.may_change():
            return
        class_id = view.class_id if place.class_id is None else place.class_id
        if view.target != Target("person", class_id):
            view.set_class(class_id)
        view.set_tool(ToolKind.BRUSH)
        self._show()

    def skip(self, places: int = 1) -> None:
        """Go on (positive) or back; behind the last place the review ends."""
        if self.place is None:
            return
        self._at = max(0, self._at + places)
        if self._at >= len(self._places):
            self._leave()
            self._context.notices.tell(
                self.tr("All that was in doubt has been looked at."),
                self.tr("What was skipped comes again when you review again."),
            )
        else:
            self._show()

    def _leave(self) -> None:
        self._places, self._at = (), 0
        self._context.view.set_spot(None)
        self.changed.emit()

    def _on_found(self, photo_id: int, places: tuple[Doubt, ...]) -> None:
        opened = self._context.session.opened
        if opened is None or opened.record.id != photo_id:
            return
        self._places, self._at = places, 0
        if places:
            self._show()
        elif opened.is_looked_at:
            self._context.notices.tell(self.tr("Nothing on this photo is in doubt."))
        else:
            self._context.notices.tell(
                self.tr("There is nothing to review yet."),
                self.tr("Detect first (Ctrl+D)."),
            )

    def _on_ended(self, _job: object) -> None:
        self._job = None

    def _show(self) -> None:
        place = self.place
        if place is not None:
            self._context.view.set_spot(place.box)
            self._context.view.look_at(_looked_at(place))
        self.changed.emit()


def _looked_at(place: Doubt) -> Box:
    """What to look at: of a tile its middle, as the canvas shows what is around it."""
    if place.pixel is not None:
        return place.box
    return place.box.grow(-min(place.box.height, place.box.width) * 3 // 10)
