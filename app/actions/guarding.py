"""A change that cannot be made is answered with why, and with what can be done."""

from PySide6.QtCore import QObject

from app.actions.context import Context
from app.session.lock import Lock, said_lock
from app.session.notices import Notice, Offer


class Guard(QObject):
    """Says once a moment why nothing changes; an approval can be taken back at once."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        context.session.change_refused.connect(self._on_change_refused)
        context.session.project_refused.connect(context.notices.report)
        context.view.told.connect(context.notices.warn)
        context.errands.failed.connect(context.notices.report)
        context.errands.refused.connect(self._on_errand_refused)

    def _on_change_refused(self, lock: Lock) -> None:
        notices, opened = self._context.notices, self._context.session.opened
        if lock is Lock.APPROVED and opened is not None:
            offer = Offer(self.tr("Take the approval back"), self._take_back)
            who = opened.record.reviewed_by
            by = self.tr("Approved by {0}.").format(who) if who else ""
            notices.offer(said_lock(lock), by, offer)
        elif lock is Lock.READ_ONLY:
            hint = self.tr("To work on it, copy it to a folder you may write to.")
            notices.post(Notice("warning", said_lock(lock), hint))
        else:
            notices.warn(said_lock(lock))

    def _on_errand_refused(self, running: str) -> None:
        self._context.notices.warn(
            self.tr("One thing at a time: {0} is still going on.").format(running),
            self.tr("Wait until it is done, or cancel it below."),
        )

    def _take_back(self) -> None:
        opened = self._context.session.opened
        if opened is not None:
            self._context.session.set_review([opened.record.id], "checked")
            self._context.notices.tell(
                self.tr("The approval of {0} was taken back.").format(
                    opened.record.path.name
                )
            )
