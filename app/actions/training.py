"""Learn from my corrections: from what is checked to a model that may be used."""

import json
import time
from dataclasses import replace
from enum import Enum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.actions.context import Context
from app.jobs.learning import Learning, LearningWish, Outlook, Prepared, make_learning
from app.jobs.learning_process import LearningProcess
from app.session.notices import Notice, Offer
from app.support.language import said_core
from resunet_core.box import Box
from resunet_core.cache import cache_dir
from resunet_core.errors import CaihuaError
from resunet_core.model.library import Version, keep, library_dir, versions
from resunet_core.model.model_file import DEFAULT_MODEL

if TYPE_CHECKING:
    from app.jobs.job import Job

SHOWN_PX = 768
KEPT_EVENTS = frozenset({"start", "data", "step", "look", "notice", "resumed"})


class Phase(Enum):
    """Where a learning stands."""

    IDLE = "idle"
    LOOKING = "looking"
    READY = "ready"
    GATHERING = "gathering"
    LEARNING = "learning"
    PAUSED = "paused"
    STOPPING = "stopping"
    JUDGED = "judged"
    BROKEN = "broken"


_RUNNING = {Phase.LEARNING, Phase.PAUSED, Phase.STOPPING}
_BUSY = _RUNNING | {Phase.LOOKING, Phase.GATHERING}


class Trainer(QObject):
    """Keeps the one learning there is, whether its panel is open or not."""

    wanted = Signal()  # the panel
    changed = Signal()  # phase, outlook, verdict, complaint
    progressed = Signal(object)  # Progress, before the training itself
    told = Signal(object)  # an event of the training
    models_changed = Signal()

    def __init__(
        self,
        context: Context,
        parent: QObject | None = None,
        learning: Learning | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self.learning = learning or make_learning()
        self.process = LearningProcess(self)
        self.process.told.connect(self._on_told)
        self.process.ended.connect(self._on_ended)
        self._job: Job | None = None
        self.phase = Phase.IDLE
        self.folders: tuple[Path, ...] = ()
        self.options: tuple[str, ...] = ()
        self.steps = 0
        self.outlook: Outlook | None = None
        self.prepared: Prepared | None = None
        self.verdict: dict[str, Any] | None = None
        self.complaint = ""
        self.events: list[dict[str, Any]] = []
        self.installed: Version | None = None
        self.began = 0.0
        self._box_to_show: Box | None = None
        context.session.photo_shown.connect(self._on_photo_shown)

    @property
    def is_running(self) -> bool:
        """Whether a child process learns now."""
        return self.phase in _RUNNING

    @property
    def is_busy(self) -> bool:
        """Whether anything is under way."""
        return self.phase in _BUSY

    # Before

    def show(self) -> None:
        """Open the panel, and look at what there is unless something is under way."""
        self.wanted.emit()
        if not self.is_busy and self.phase is not Phase.JUDGED:
            self.look()

    def look(self) -> None:
        """See what there is to learn from."""
        if self.is_busy:
            return
        session, settings = self._context.session, self._context.preferences.settings
        session.flush()
        wish = LearningWish(
            settings.model or DEFAULT_MODEL,
            settings.device,
            self.folders,
            steps=self.steps,
            options=self.options,
        )
        self.outlook, self.complaint, self.verdict = None, "", None
        self.installed = None
        self._run(
            Phase.LOOKING, partial(self.learning.look, session.project, wish), "looked"
        )

    def add_folder(self, folder: Path) -> None:
        """Let the pictures of a folder, labelled elsewhere, join."""
        if folder not in self.folders:
            self.folders = (*self.folders, folder)
            self.look()

    def forget_folders(self) -> None:
        """Learn from the project alone."""
        self.folders = ()
        self.look()

    def _run(self, phase: Phase, start: Any, then: str) -> None:  # noqa: ANN401 - any work
        self._set(phase)
        job = self._context.jobs.steps(self.tr("Learning"), start)
        job.progressed.connect(self.progressed.emit)
        job.succeeded.connect(
            self._on_looked if then == "looked" else self._on_prepared
        )
        job.failed.connect(self._on_failed)
        job.cancelled.connect(self._on_cancelled)
        self._job = job
        self._context.jobs.launch(job)

    def _on_looked(self, outlook: Outlook) -> None:
        self._job, self.outlook = None, outlook
        self._set(Phase.READY)

    def _on_failed(self, error: Exception) -> None:
        self._job = None
        self.complaint = str(error)
        if isinstance(error, CaihuaError):
            said = said_core(error.message), said_core(error.hint)
            self.complaint = " ".join(said).rstrip()
        self._set(Phase.IDLE)

    def _on_cancelled(self) -> None:
        self._job = None
        self._set(Phase.IDLE)

    # During

    def learn(self) -> None:
        """Begin; at the end both models are shown on what is on the screen now."""
        if self.phase is not Phase.READY or self.outlook is None:
            return
        self.events = []
        shown = self._what_is_seen()
        start = partial(
            self.learning.prepare, self._context.session.project, self.outlook, shown
        )
        self._run(Phase.GATHERING, start, "prepared")

    def _what_is_seen(self) -> Path | None:
        """A picture of the middle of the screen, without any overlay."""
        opened = self._context.session.opened
        if opened is None:
            return None
        height, width = opened.photo.height, opened.photo.width
        seen = self._context.view.seen.clip(Box.of(height, width))
        top = (seen.top + seen.bottom - SHOWN_PX) // 2
        left = (seen.left + seen.right - SHOWN_PX) // 2
        top = max(0, min(top, height - SHOWN_PX))
        left = max(0, min(left, width - SHOWN_PX))
        box = Box(top, left, top + SHOWN_PX, left + SHOWN_PX)
        pixels = opened.pyramid.read(0, box.clip(Box.of(height, width)))
        image = QImage(
            pixels.tobytes(),
            pixels.shape[1],
            pixels.shape[0],
            3 * pixels.shape[1],
            QImage.Format.Format_RGB888,
        )
        path = cache_dir("learning") / f"{opened.photo.path.stem}.png"
        return path if image.save(str(path)) else None

    def _on_prepared(self, prepared: Prepared) -> None:
        self._job, self.prepared = None, prepared
        self._start(prepared)

    def _start(self, prepared: Prepared) -> None:
        self.began = time.monotonic()
        self.complaint, self.verdict = "", None
        self.process.start(prepared.command, prepared.folder / "words.txt")
        self._set(Phase.LEARNING)

    def pause(self) -> None:
        """Wait, or go on."""
        if self.phase is Phase.LEARNING:
            self.process.wish("pause")
            self._set(Phase.PAUSED)
        elif self.phase is Phase.PAUSED:
            self.process.wish("go")
            self._set(Phase.LEARNING)

    def stop(self) -> None:
        """Learn no more: the best so far is judged."""
        if self.phase in {Phase.LEARNING, Phase.PAUSED}:
            self.process.wish("stop")
            self._set(Phase.STOPPING)

    def judge_the_rest(self) -> None:
        """After it broke off: judge what it had reached."""
        if self.phase is Phase.BROKEN and self.prepared is not None:
            command = (*self.prepared.command, "--finish-now")
            self._start(replace(self.prepared, command=command))
            self._set(Phase.STOPPING)

    @property
    def can_judge_the_rest(self) -> bool:
        """Whether a training that broke off left something to judge."""
        if self.prepared is None:
            return False
        work = self.prepared.model.with_suffix(".training")
        return (work / "checkpoint.pt").is_file()

    def _on_told(self, event: dict[str, Any]) -> None:
        if event["event"] in KEPT_EVENTS:
            self.events.append(event)
        if event["event"] == "verdict":
            self.verdict = event
        self.told.emit(event)

    def _on_ended(self, well: bool, why: str) -> None:
        notices = self._context.notices
        if well and self.verdict is not None:
            self._keep_run()
            self._set(Phase.JUDGED)
            offer = Offer(self.tr("See it"), self.wanted.emit)
            text = self.tr("The model has learned from your corrections.")
            notices.post(Notice("info", text, "", offer))
            return
        self.complaint = why
        rest = (
            self.tr("What it had learned until then is kept.")
            if self.can_judge_the_rest
            else self.tr("The model in use is as it was.")
        )
        notices.warn(why, rest)
        self._set(Phase.BROKEN)

    def _keep_run(self) -> None:
        """Keep the course of the run, to compare later ones with."""
        if self.prepared is None:
            return
        folder = library_dir() / "runs"
        kept = [e for e in self.events if e["event"] in {"start", "look", "step"}]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{self.prepared.folder.name}.jsonl"
            path.write_text("".join(f"{json.dumps(e)}\n" for e in kept), "utf-8")
        except OSError:
            return  # no comparison then; nothing that a person would miss

    # After

    def look_at_once_shown(self, box: Box) -> None:
        """Look at a part of the photo that is about to be opened."""
        self._box_to_show = box

    def _on_photo_shown(self) -> None:
        box, self._box_to_show = self._box_to_show, None
        if box is not None:
            self._context.view.look_at(box)

    def use(self, *, insisted: bool = False, notes: str = "") -> None:
        """Install what was learned, and use it from now on."""
        if self.phase is not Phase.JUDGED or self.verdict is None:
            return
        if self.prepared is None or self.outlook is None:
            return
        try:
            version = self.learning.install(
                self.prepared, self.outlook, self.verdict, insisted, notes
            )
        except Exception as error:  # noqa: BLE001 - told, whatever it is
            self._context.notices.report(error)
            return
        self.installed = version
        before = self._context.preferences.settings.model or DEFAULT_MODEL
        self.choose(version.name)
        offer = Offer(self.tr("Go back"), partial(self.choose, before))
        text = self.tr("The model {0} is in use from now on.").format(version.name)
        hint = self.tr("{0} is kept.").format(before)
        self._context.notices.post(Notice("info", text, hint, offer))
        self._set(Phase.IDLE)

    def drop(self) -> None:
        """Keep the model that was in use."""
        if self.phase is Phase.JUDGED:
            self.verdict = None
            self._set(Phase.IDLE)

    def choose(self, name: str) -> None:
        """Use another version: forward or back."""
        self._context.preferences.change(model=name)
        self.models_changed.emit()
        self.changed.emit()

    def versions(self) -> list[Version]:
        """Those of the person, newest first."""
        return versions()[::-1]

    def note(self, version: Version, text: str) -> None:
        """Write a person's notes to a version."""
        if text != version.notes:
            keep(replace(version, notes=text))
            self.changed.emit()

    @property
    def model_in_use(self) -> str:
        """Its name."""
        return self._context.preferences.settings.model or DEFAULT_MODEL

    def runs(self) -> list[Path]:
        """Courses of earlier runs, newest first."""
        return sorted((library_dir() / "runs").glob("*.jsonl"), reverse=True)

    def close(self) -> None:
        """Leave, as the window closes; what was reached stays on the disk."""
        if self._job is not None:
            self._job.cancel()
        self.process.leave()

    def _set(self, phase: Phase) -> None:
        self.phase = phase
        self.changed.emit()
