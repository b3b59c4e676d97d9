"""The tour: five steps on the real controls, each over once it was really done."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMainWindow

from app.actions.workbench import Workbench
from app.panels.callout import Callout
from app.panels.tour_steps import BRUSH, DETECT, OPEN, REPORT, SCALE, STEPS, Said
from app.session.change import Change
from app.session.view_state import ToolKind

_LOOK_MS = 150  # controls move when panels open and windows change their size


class Tour(QObject):
    """Follows what the person does; nothing is held up and nothing done for her."""

    def __init__(self, bench: Workbench, window: QMainWindow) -> None:
        super().__init__(window)
        self._bench = bench
        self._window = window
        self._at: int | None = None
        self.callout = Callout(window)
        self.callout.skipped.connect(self._go_on)
        self.callout.left.connect(self.leave)
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._renew)
        bench.guide.tour_wanted.connect(self.start)
        session = bench.context.session
        session.photo_shown.connect(self._on_photo_shown)
        session.detection_changed.connect(self._on_detected)
        session.mask_changed.connect(self._on_mask_changed)
        session.details_changed.connect(self._on_details_changed)
        bench.reporter.written.connect(self._on_reported)

    @property
    def step(self) -> int | None:
        """The step it is at, counted from 0; None while there is no tour."""
        return self._at

    def start(self) -> None:
        """Begin, at the first step that there is something to do for."""
        self._window.installEventFilter(self)
        self._at = OPEN if self._bench.context.session.opened is None else DETECT
        self._timer.start()
        self._renew()

    def leave(self) -> None:
        """End it here."""
        self._at = None
        self._timer.stop()
        self._window.removeEventFilter(self)
        self.callout.put_away()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size; Escape that nobody else wants ends the tour."""
        if event.type() == QEvent.Type.Resize:
            self._renew()
        elif (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Escape
        ):
            self.leave()
        return super().eventFilter(watched, event)

    def _renew(self) -> None:
        at = self._at
        if at is None:
            return
        if at == len(STEPS):
            count, said, target = "", _said_end(), None
        else:
            count = self.tr("Step {0} of {1}").format(at + 1, len(STEPS))
            said = STEPS[at].said(self._bench)
            target = STEPS[at].target(self._bench, self._window)
        self.callout.say(count, said.title, said.text, is_last=at == len(STEPS))
        self.callout.place(target)

    def _go_on(self) -> None:
        if self._at is not None:
            self._at += 1
            self._renew()

    def _done(self, step: int) -> None:
        if self._at == step:
            self._go_on()

    # What she really did

    def _on_photo_shown(self) -> None:
        self._done(OPEN)

    def _on_detected(self) -> None:
        opened = self._bench.context.session.opened
        if opened is not None and opened.detection is not None:
            self._done(DETECT)

    def _on_mask_changed(self, change: Change) -> None:
        if not change.live and self._bench.context.view.tool is ToolKind.BRUSH:
            self._done(BRUSH)

    def _on_details_changed(self) -> None:
        opened = self._bench.context.session.opened
        if opened is not None and opened.record.scale is not None:
            self._done(SCALE)

    def _on_reported(self) -> None:
        self._done(REPORT)


def _said_end() -> Said:
    said = QCoreApplication.translate
    return Said(
        said("Tour", "That is the whole way"),
        said(
            "Tour",
            "From the photo to the report. F1 tells more about whatever you are using; "
            "the tour is in the help menu.",
        ),
    )
