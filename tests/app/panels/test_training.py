"""The training panel, from looking to using, going back, breaking and closing."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel
from safetensors.numpy import save_file

from app import main_window
from app.actions.training import Phase, Trainer
from app.jobs.learning import Learning, LearningWish, Outlook, Pace, Prepared
from app.panels.training import TrainingPanel
from resunet_core.corrections.ledger import Ledger, part
from resunet_core.corrections.survey import CheckedPhoto, Survey
from resunet_core.errors import BadData
from resunet_core.model.config import ModelConfig
from resunet_core.model.library import Version, keep, library_dir, next_name
from resunet_core.model.model_file import METADATA_KEY
from resunet_core.progress import Progress, Steps
from resunet_core.project.store import Project
from tests.builders import a_photo
from tests.e2e.conftest import Desk

if TYPE_CHECKING:
    from app.session.notices import Notice

STANDARD = "default"
CHILD = """
import json, sys, time
def say(**event): print(json.dumps(event), flush=True)
def figures(v): return {"score": v, "craquelure": {"centerline_f1": v},
                        "paint_loss": {"iou": v}}
say(event="start", device="x")
kind, mode = sys.argv[1], sys.argv[2]
for step in range(1, 4):
    say(event="step", step=step, steps=3, loss=1.0 / step, rate=1e-3, eta_s=9.0,
        memory_mib=512.0)
    say(event="look", step=step, best=True, sets={"locked": figures(step / 4)})
if mode == "wait":
    for line in sys.stdin:
        say(event="stage", step=3, text=line.strip())
        if line.strip() == "stop":
            break
if mode == "break":
    say(event="error", text="The disk is full.", hint="Make room.")
    sys.exit(1)
one = {"of": "locked", "key": "craquelure", "measure": "centerline_f1",
       "before": 0.4, "after": 0.6 if kind == "better" else 0.2, "support_px": 9}
say(event="verdict", kind=kind, comparisons=[one],
    fallen=[] if kind == "better" else [one], shown=[])
say(event="finished", model="m")
"""


def a_photo_checked(name: str, tiles: int) -> CheckedPhoto:
    keys = frozenset((0, n) for n in range(tiles))
    counts = {0: 900_000, 1: 50_000, 2: 50_000}
    return CheckedPhoto(
        name, Path(name), name, (512, 9999), keys, counts, mm_per_px=0.2
    )


class InventedLearning:
    """Ten tiles on three photos; the child is a few lines."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kind, self.mode = "better", "run"
        self.error: BadData | None = None

    def look(self, _project: Project | None, wish: LearningWish) -> Steps[Outlook]:
        yield Progress(0, 1)
        if self.error is not None:
            raise self.error
        photos = tuple(
            a_photo_checked(name, tiles)
            for name, tiles in (("东.jpg", 5), ("b.jpg", 3), ("c.jpg", 2))
        )
        parting = part(photos, Ledger())
        pace = Pace("CPU, 2 threads", "resunet18_light", 1.2, 1.0, 4.0)
        doubts = ("Something to know.",)
        return Outlook(wish, Survey(photos), parting, doubts, pace, 240, ())

    def prepare(
        self, _project: Project | None, _outlook: Outlook, _shown: Path | None
    ) -> Steps[Prepared]:
        yield Progress(0, 1)
        command = (sys.executable, "-c", CHILD, self.kind, self.mode)
        return Prepared(self.folder, command)

    def install(
        self,
        _prepared: Prepared,
        _outlook: Outlook,
        verdict: Mapping[str, Any],
        insisted: bool,  # noqa: FBT001 - as the window calls it
        notes: str,
    ) -> Version:
        made = "2026-11-23T10:00:00"
        version = Version(
            next_name(), made, STANDARD, STANDARD, "f" * 64, ("东.jpg",), ("c.jpg",)
        )
        keep(version)
        path = library_dir() / f"{version.name}.safetensors"
        about = {METADATA_KEY: ModelConfig("resunet18_light").to_json()}
        save_file({"weight": np.zeros(1, np.float32)}, path, metadata=about)
        assert verdict["kind"] == self.kind
        assert insisted is (self.kind == "worse")
        assert notes == ""
        return version


@pytest.fixture
def learning(tmp_path: Path) -> InventedLearning:
    return InventedLearning(tmp_path)


@pytest.fixture
def panel(desk: Desk, tmp_path: Path, learning: InventedLearning) -> TrainingPanel:
    desk.open(a_photo(tmp_path))
    desk.bench.context.preferences.change(model=STANDARD)
    desk.bench.trainer.learning = Learning(
        learning.look, learning.prepare, learning.install
    )
    desk.key("learn")
    desk.wait(lambda: not desk.bench.trainer.is_busy)
    return desk.child(TrainingPanel)


def text_of(panel: TrainingPanel, name: str) -> str:
    label = panel.findChild(QLabel, name)
    assert label is not None
    return label.text()


def judged(desk: Desk) -> Trainer:
    trainer = desk.bench.trainer
    desk.wait(lambda: trainer.phase in {Phase.JUDGED, Phase.BROKEN})
    return trainer


def test_it_says_what_it_learns_then_learns_then_is_used_and_taken_back(
    desk: Desk, panel: TrainingPanel
) -> None:
    assert "8 tiles on 2 photos: 东.jpg, b.jpg" in text_of(panel, "taught")
    assert "2.4 megapixels" in text_of(panel, "taught")
    assert "2 tiles on 1 photo: c.jpg" in text_of(panel, "judged")
    assert "CPU, 2 threads" in text_of(panel, "time")
    assert text_of(panel, "doubts") == "Something to know."
    said: list[Notice] = []
    desk.bench.context.notices.posted.connect(said.append)
    panel.learn.click()
    panel.close()  # it goes on without its panel
    trainer = judged(desk)
    desk.bench.trainer.show()
    assert text_of(panel, "verdict") == "The new model is better on your tiles."
    assert panel.curves._points["locked.craquelure.centerline_f1"] == (
        [1.0, 2.0, 3.0],
        [0.25, 0.5, 0.75],
    )
    assert panel.insist.isHidden()
    panel.use.click()
    assert trainer.model_in_use == "learned-1"
    offer = said[-1].offer
    assert offer is not None
    offer.take()
    assert trainer.model_in_use == STANDARD
    assert [version.name for version in trainer.versions()] == ["learned-1"]
    assert len(trainer.runs()) == 1
    panel.close()


def test_a_worse_model_is_used_only_by_who_insists(
    desk: Desk, panel: TrainingPanel, learning: InventedLearning
) -> None:
    learning.kind = "worse"
    panel.learn.click()
    trainer = judged(desk)
    assert panel.use.isHidden()
    assert trainer.model_in_use == STANDARD
    panel.keep.click()
    assert trainer.phase is Phase.IDLE
    assert trainer.versions() == []
    trainer.look()
    desk.wait(lambda: trainer.phase is Phase.READY)
    panel.learn.click()
    judged(desk)
    panel.insist.click()
    assert trainer.model_in_use == "learned-1"
    panel.close()


def test_what_breaks_off_is_one_sentence_and_changes_nothing(
    desk: Desk, panel: TrainingPanel, learning: InventedLearning
) -> None:
    learning.mode = "break"
    panel.learn.click()
    trainer = judged(desk)
    assert trainer.phase is Phase.BROKEN
    assert text_of(panel, "state") == "The disk is full. Make room."
    learning.mode = "wait"
    trainer.look()
    desk.wait(lambda: trainer.phase is Phase.READY)
    panel.learn.click()
    desk.wait(lambda: len(trainer.events) > 6)
    trainer.process.kill()
    judged(desk)
    assert "The system ended the training" in text_of(panel, "state")
    assert trainer.model_in_use == STANDARD
    learning.error = BadData("No tile is checked yet.", "Check one.")
    trainer.look()
    desk.wait(lambda: trainer.phase is Phase.IDLE)
    assert text_of(panel, "state") == "No tile is checked yet. Check one."
    assert not panel.learn.isEnabled()
    panel.close()


def test_pause_go_on_stop_and_closing_the_window_asks(
    desk: Desk,
    panel: TrainingPanel,
    learning: InventedLearning,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    learning.mode = "wait"
    panel.learn.click()
    trainer = desk.bench.trainer
    heard: list[str] = []
    trainer.told.connect(
        lambda event: heard.append(event["text"]) if "text" in event else None
    )
    desk.wait(lambda: len(trainer.events) > 6)
    panel.pause.click()
    assert panel.pause.text() == "Go on"
    panel.pause.click()
    desk.wait(lambda: heard == ["pause", "go"])
    monkeypatch.setattr(main_window, "ask_to_leave_training", lambda _window: False)
    assert not desk.window.close()
    assert trainer.is_running
    panel.stop.click()
    assert judged(desk).phase is Phase.JUDGED
    assert heard[-1] == "stop"
    panel.close()


def test_closing_anyway_leaves_no_child(
    desk: Desk,
    panel: TrainingPanel,
    learning: InventedLearning,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    learning.mode = "wait"
    panel.learn.click()
    trainer = desk.bench.trainer
    desk.wait(lambda: len(trainer.events) > 6)
    monkeypatch.setattr(main_window, "ask_to_leave_training", lambda _window: True)
    assert desk.window.close()
    assert not trainer.process.is_running
