"""The training panel: a window beside the main one, which may be closed meanwhile."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.actions.learn import go_to_tile
from app.actions.training import Phase
from app.actions.workbench import Workbench
from app.panels.parts import MARGIN_PX, SPACE_PX, heading, muted, row
from app.panels.training_compare import ComparePage
from app.panels.training_curves import TrainingCurves
from app.panels.training_expert import ExpertPart
from app.panels.training_pictures import OverlaidPicture
from app.panels.training_versions import VersionsPage
from app.panels.training_words import (
    judged_lines,
    step_line,
    taught_lines,
    time_line,
    verdict_lines,
    verdict_title,
)
from resunet_core.box import Box
from resunet_core.mask.tile import TILE_PX
from resunet_core.progress import Progress

_LEFT_PX = 360
_PREVIEW_PX = 200
_SIZE = (1180, 760)


def show_training(bench: Workbench, window: QWidget) -> None:
    """Bring the panel to the front; made when it is wanted first."""
    panel = window.findChild(TrainingPanel)
    if panel is None:
        panel = TrainingPanel(bench, window)
    panel.show()
    panel.activateWindow()


class TrainingPanel(QDialog):
    """What it will learn from, how it goes, and whether the result is used."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._trainer = bench.trainer
        self.setWindowTitle(self.tr("Learn from my corrections"))
        self.resize(*_SIZE)
        self.setMinimumSize(940, 640)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, MARGIN_PX)
        layout.setSpacing(MARGIN_PX)
        layout.addWidget(self._left())
        layout.addLayout(self._right(), 1)
        trainer = self._trainer
        trainer.changed.connect(self._renew)
        trainer.progressed.connect(self._on_progress)
        trainer.told.connect(self._on_told)
        self.curves.show_events(trainer.events)
        self._show_last_preview()
        self._renew()

    # Its parts

    def _left(self) -> QWidget:
        side = QWidget()
        side.setFixedWidth(_LEFT_PX)
        outer = QVBoxLayout(side)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(SPACE_PX)
        body = QWidget()
        body.setObjectName("panel")
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, SPACE_PX, 0)
        column.setSpacing(SPACE_PX)
        self._texts: dict[str, QLabel] = {}
        for key, title in (
            ("taught", self.tr("It will learn from")),
            ("judged", self.tr("Kept apart, to judge by")),
            ("time", self.tr("Time")),
            ("doubts", self.tr("To know before")),
        ):
            text = QLabel()
            text.setWordWrap(True)
            text.setObjectName(key)
            head = heading(title)
            head.setObjectName(f"{key}_head")
            column.addWidget(head)
            column.addWidget(text)
            column.addSpacing(SPACE_PX)
            self._texts[key] = text
        self._next_head = heading(self.tr("Label next: these teach most"))
        column.addWidget(self._next_head)
        self._next = QLabel()
        self._next.setWordWrap(True)
        self._next.setTextFormat(Qt.TextFormat.RichText)
        self._next.linkActivated.connect(self._on_tile)
        column.addWidget(self._next)
        column.addSpacing(SPACE_PX)
        self._folder = QPushButton(self.tr("Add a folder labelled elsewhere…"))
        self._folder.setToolTip(
            self.tr("LabelMe files with their photos, or folders images and masks")
        )
        self._folder.clicked.connect(self._on_folder)
        column.addWidget(self._folder, 0, Qt.AlignmentFlag.AlignLeft)
        self.expert = ExpertPart(self._bench)
        column.addWidget(self.expert)
        column.addStretch(1)
        scroll = _scrolled(body)
        outer.addWidget(scroll, 1)
        outer.addWidget(self._foot())
        return side

    def _foot(self) -> QWidget:
        foot = QWidget()
        column = QVBoxLayout(foot)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_PX)
        self._state = QLabel()
        self._state.setWordWrap(True)
        self._state.setObjectName("state")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self.learn = _button(self.tr("Learn"), "learn_button", primary=True)
        self.learn.clicked.connect(self._on_learn)
        self.pause = _button(self.tr("Pause"), "pause_button")
        self.pause.clicked.connect(self._trainer.pause)
        self.stop = _button(self.tr("Stop and keep the best"), "stop_button")
        self.stop.clicked.connect(self._trainer.stop)
        self.again = _button(self.tr("Look again"), "again_button")
        self.again.clicked.connect(self._trainer.look)
        self.rest = _button(self.tr("Judge what it had"), "rest_button")
        self.rest.clicked.connect(self._trainer.judge_the_rest)
        column.addWidget(self._state)
        column.addWidget(self._bar)
        column.addLayout(
            row(self.learn, self.pause, self.stop, self.rest, self.again, None)
        )
        return foot

    def _right(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(SPACE_PX)
        column.addWidget(self._verdict_bar())
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.curves = TrainingCurves()
        self.expert.compared.connect(self.curves.compare_with)
        course = QWidget()
        inner = QHBoxLayout(course)
        inner.setContentsMargins(0, SPACE_PX, 0, 0)
        inner.setSpacing(MARGIN_PX)
        inner.addWidget(self.curves, 1)
        inner.addLayout(self._previews())
        self.compare = ComparePage()
        self.tabs.addTab(course, self.tr("How it goes"))
        self.tabs.addTab(self.compare, self.tr("Before and after"))
        self.tabs.addTab(VersionsPage(self._bench), self.tr("Versions"))
        column.addWidget(self.tabs, 1)
        return column

    def _previews(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(SPACE_PX)
        self.preview = OverlaidPicture(self.tr("What it finds now"))
        self.truth = OverlaidPicture(self.tr("As you corrected it"))
        self._preview_head = heading(self.tr("What it finds now"))
        for head, view in (
            (self._preview_head, self.preview),
            (heading(self.tr("As you corrected it")), self.truth),
        ):
            view.setFixedSize(_PREVIEW_PX, _PREVIEW_PX)
            column.addWidget(head)
            column.addWidget(view)
        column.addWidget(muted(self.tr("One of the tiles kept apart."), wrap=True))
        column.addStretch(1)
        return column

    def _verdict_bar(self) -> QFrame:
        bar = QFrame()
        bar.setProperty("role", "notice")
        layout = QVBoxLayout(bar)
        layout.setContentsMargins(MARGIN_PX, SPACE_PX + 4, MARGIN_PX, SPACE_PX + 4)
        layout.setSpacing(SPACE_PX)
        self._verdict = QLabel()
        self._verdict.setProperty("role", "figure")
        self._verdict.setObjectName("verdict")
        self._figures = QLabel()
        self._figures.setWordWrap(True)
        self.use = _button(self.tr("Use the new model"), "use_button", primary=True)
        self.use.clicked.connect(self._on_use)
        self.keep = _button(self.tr("Keep the one in use"), "keep_button")
        self.keep.clicked.connect(self._trainer.drop)
        self.insist = _button(self.tr("Use it anyway"), "insist_button")
        self.insist.clicked.connect(self._on_insist)
        layout.addWidget(self._verdict)
        layout.addWidget(self._figures)
        layout.addLayout(row(self.use, self.keep, self.insist, None))
        self._verdict_frame = bar
        return bar

    # From the trainer to the panel

    def _renew(self) -> None:
        trainer, outlook = self._trainer, self._trainer.outlook
        phase = trainer.phase
        running = trainer.is_running
        self.learn.setVisible(not running and phase is not Phase.JUDGED)
        self.learn.setEnabled(phase is Phase.READY)
        self.pause.setVisible(running)
        self.pause.setEnabled(phase is not Phase.STOPPING)
        paused = phase is Phase.PAUSED
        self.pause.setText(self.tr("Go on") if paused else self.tr("Pause"))
        self.stop.setVisible(running)
        self.stop.setEnabled(phase is not Phase.STOPPING)
        self.again.setVisible(phase in {Phase.READY, Phase.IDLE, Phase.BROKEN})
        self.rest.setVisible(phase is Phase.BROKEN and trainer.can_judge_the_rest)
        self._folder.setEnabled(not trainer.is_busy)
        self.expert.setEnabled(not trainer.is_busy)
        self._bar.setVisible(trainer.is_busy)
        if phase in {Phase.LOOKING, Phase.GATHERING}:
            self._bar.setRange(0, 0)
            self.curves.show_events(())
        self._state.setText(self._said_state(phase))
        self._state.setVisible(bool(self._state.text()))
        self._show_outlook(outlook)
        self._show_verdict()

    def _said_state(self, phase: Phase) -> str:
        if self._trainer.complaint:
            return self._trainer.complaint
        return {
            Phase.LOOKING: self.tr("Looking at what you checked\u2026"),
            Phase.GATHERING: self.tr("Gathering the tiles\u2026"),
            Phase.LEARNING: self.tr("Getting ready\u2026"),
            Phase.PAUSED: self.tr("Paused. What it has learned is kept."),
            Phase.STOPPING: self.tr("Stopping, then comparing\u2026"),
        }.get(phase, "")

    def _show_outlook(self, outlook: Any) -> None:  # noqa: ANN401 - loads torch
        texts: dict[str, list[str]] = {key: [] for key in self._texts}
        if outlook is not None:
            self.curves.expect(outlook.steps)
            texts = {
                "taught": taught_lines(outlook),
                "judged": judged_lines(outlook),
                "time": [time_line(outlook)],
                "doubts": list(outlook.doubts),
            }
        for key, lines in texts.items():
            self._texts[key].setText("\n".join(lines))
            shown = bool(lines)
            self._texts[key].setVisible(shown)
            head = self.findChild(QLabel, f"{key}_head")
            if head is not None:
                head.setVisible(shown)
        tiles = () if outlook is None else outlook.next_tiles
        self._next.setText(
            " \u00b7 ".join(
                f'<a href="{t.photo_id} {t.key[0]} {t.key[1]}">{t.name} '
                f"{t.key[0] + 1}/{t.key[1] + 1}</a>"
                for t in tiles
            )
        )
        self._next.setVisible(bool(tiles))
        self._next_head.setVisible(bool(tiles))

    def _show_verdict(self) -> None:
        trainer = self._trainer
        verdict = trainer.verdict
        judged = trainer.phase is Phase.JUDGED and verdict is not None
        self._verdict_frame.setVisible(judged)
        if not judged or verdict is None:
            return
        kind = verdict["kind"]
        self._verdict.setText(verdict_title(kind))
        self._figures.setText("\n".join(verdict_lines(verdict)))
        self.use.setVisible(kind in {"better", "same"})
        self.insist.setVisible(kind in {"worse", "unknown"})
        if self.compare.views["before"].is_empty or self.compare.property("of") != str(
            trainer.prepared
        ):
            self.compare.setProperty("of", str(trainer.prepared))
            self.compare.show_pictures(verdict["shown"])
            self.expert.renew_runs()

    def _on_progress(self, progress: Progress) -> None:
        self._bar.setRange(0, progress.total)
        self._bar.setValue(progress.done)

    def _on_told(self, event: dict[str, Any]) -> None:
        kind = event["event"]
        if kind == "step":
            self._bar.setRange(0, event["steps"])
            self._bar.setValue(event["step"])
            if self._trainer.phase is Phase.LEARNING:
                self._state.setText(step_line(event))
        elif kind == "progress":
            self._bar.setRange(0, event["total"])
            self._bar.setValue(event["done"])
        elif kind == "stage":
            self._state.setText(self.tr("Comparing with the model in use\u2026"))
        if kind == "look" and "preview" in event:
            self._show_preview(Path(event["preview"]), event["step"])
        if kind in {"step", "look"}:
            self.curves.show_events(self._trainer.events)

    def _show_last_preview(self) -> None:
        looks = [e for e in self._trainer.events if "preview" in e]
        if looks:
            self._show_preview(Path(looks[-1]["preview"]), looks[-1]["step"])

    def _show_preview(self, path: Path, step: int) -> None:
        picture = path.with_name("picture.png")
        self.preview.show_files(picture, path)
        self.truth.show_files(picture, path.with_name("truth.png"))
        text = self.tr("What it finds at step {0}") if step else self.tr("Before")
        self._preview_head.setText(text.format(step))

    # From the person

    def _on_learn(self) -> None:
        self._trainer.learn()
        self.tabs.setCurrentIndex(0)

    def _on_use(self) -> None:
        self._trainer.use()
        self.tabs.setCurrentIndex(2)

    def _on_insist(self) -> None:
        self._trainer.use(insisted=True)
        self.tabs.setCurrentIndex(2)

    def _on_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self, self.tr("Folder with labelled photos")
        )
        if name:
            self._trainer.add_folder(Path(name))

    def _on_tile(self, link: str) -> None:
        photo_id, tile_row, tile_col = (int(word) for word in link.split())
        box = Box(
            tile_row * TILE_PX,
            tile_col * TILE_PX,
            (tile_row + 1) * TILE_PX,
            (tile_col + 1) * TILE_PX,
        )
        go_to_tile(self._bench, photo_id, box)


def _scrolled(body: QWidget) -> QScrollArea:
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(body)
    return scroll


def _button(text: str, name: str, *, primary: bool = False) -> QPushButton:
    made = QPushButton(text)
    made.setObjectName(name)
    made.setAutoDefault(False)
    if primary:
        made.setProperty("role", "primary")
    return made
