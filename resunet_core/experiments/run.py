"""One run of an experiment: a condition and a seed, resumed where it was stopped."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import cycle
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from resunet_core.defects import DEFAULT_CLASSES
from resunet_core.experiments.conditions import Condition
from resunet_core.experiments.measure import Found, find
from resunet_core.experiments.order import DAMAGED_SHARE, ExperimentOrder, plan_of
from resunet_core.experiments.records import RunResult
from resunet_core.files import write_bytes, write_text
from resunet_core.model.registry import build_network
from resunet_core.progress import Steps
from resunet_core.training.crops import CropStream, pack_source
from resunet_core.training.fit import TrainingProgress, fit
from resunet_core.training.judge import Window, WindowJudge, likeliest, windows_of
from resunet_core.training.pack import Pack
from resunet_core.training.parallel import Place
from resunet_core.training.plan import TrainingPlan
from resunet_core.training.presets import PAPER_TILES
from resunet_core.training.split import Split
from resunet_core.training.state import TrainingState
from resunet_core.training.step import TrainingDiverged

LOOK_SIDE_PX, LOOK_MOST_PX = 512, 1_000_000
JUDGE_SIDE_PX, JUDGE_MOST_PX = 1024, 8_000_000
CURVE_POINTS = 200
SHOWN, SHOWN_SIDE_PX, SHOWN_MOST_PX = 4, 384, 24_000_000


@dataclass(frozen=True)
class Bench:
    """What all runs of an experiment share.

    Attributes:
        order: What was asked.
        pack: The checked data.
        split: Which pictures teach and which judge.
        device: What computes.
    """

    order: ExperimentOrder
    pack: Pack
    split: Split
    device: torch.device

    @cached_property
    def looks(self) -> list[Window]:
        """What is judged while learning."""
        return self._windows(LOOK_SIDE_PX, LOOK_MOST_PX)

    @cached_property
    def judged(self) -> list[Window]:
        """What is judged at the end."""
        return self._windows(JUDGE_SIDE_PX, JUDGE_MOST_PX)

    @cached_property
    def shown(self) -> list[Window]:
        """What the page shows."""
        return telling_windows(self._windows(SHOWN_SIDE_PX, SHOWN_MOST_PX))

    def _windows(self, side_px: int, most_px: int) -> list[Window]:
        numbers = self.split.validation
        return windows_of(self.pack, numbers, side_px=side_px, most_px=most_px)

    def stream(self, seed: int) -> CropStream:
        """The crops of a seed, the same for every condition."""
        source = pack_source(
            self.pack,
            self.split.train,
            scales=(1.0, 1.0),
            damaged_share=DAMAGED_SHARE,
        )
        return CropStream(
            [source],
            self.order.crop_px,
            seed,
            augmentation="paper",
            expand=PAPER_TILES,
        )

    def work(self, condition: Condition, seed: int) -> Path:
        """The folder of a run in progress."""
        return self.order.out / "work" / f"{condition.name}-{seed}"


def telling_windows(windows: Sequence[Window]) -> list[Window]:
    """Windows that show much of each class in turn, of different photos if possible."""
    large = [w for w in windows if min(w.box.height, w.box.width) > SHOWN_SIDE_PX // 2]
    windows = large or windows
    masks = [window.load()[1] for window in windows]
    chosen: list[int] = []
    for _, defect in zip(range(SHOWN), cycle(DEFAULT_CLASSES), strict=False):
        shares = [float((mask == defect.id).mean()) for mask in masks]
        photos = {windows[k].number for k in chosen}
        left = [k for k in range(len(windows)) if k not in chosen]
        new = [k for k in left if windows[k].number not in photos]
        if left:
            chosen.append(max(new or left, key=shares.__getitem__))
    return [windows[k] for k in chosen]


@dataclass
class _Log:
    """What happened in a run so far, a line each; it outlives an interruption."""

    path: Path
    lines: list[dict[str, Any]]

    @staticmethod
    def until(path: Path, step: int) -> "_Log":
        """The log as it was at a checkpoint: what came after is done again."""
        lines = []
        if path.is_file():
            for line in path.read_text("utf-8").splitlines():
                try:
                    lines.append(json.loads(line))
                except ValueError:  # cut off by a crash
                    break
        kept = [line for line in lines if line["step"] <= step]
        text = "".join(json.dumps(line) + "\n" for line in kept)
        write_text(path, text)
        return _Log(path, kept)

    def add(self, line: dict[str, Any]) -> None:
        """Note a line, on disk before anything else happens."""
        self.lines.append(line)
        with self.path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")

    @property
    def seconds(self) -> float:
        """Spent so far."""
        return max((line["seconds"] for line in self.lines), default=0.0)

    def losses(self) -> list[list[float]]:
        """Step and loss at no more than `CURVE_POINTS` points."""
        steps = [line for line in self.lines if "loss" in line]
        parts = np.array_split(np.arange(len(steps)), min(len(steps), CURVE_POINTS))
        return [
            [steps[part[-1]]["step"], float(np.mean([steps[k]["loss"] for k in part]))]
            for part in parts
            if part.size
        ]

    def looks(self) -> list[dict[str, Any]]:
        """Steps and figures of the looks."""
        return [
            {"step": line["step"], "classes": line["classes"]}
            for line in self.lines
            if "classes" in line
        ]


def do_run(
    bench: Bench, condition: Condition, *, seed: int, steps: int
) -> Steps[RunResult]:
    """Train and judge; closed at any yield it can be gone on with.

    What is needed for that stays in `bench.work` until the run is on record.
    """
    plan = plan_of(bench.order, condition, steps=steps, seed=seed)
    state = start_of(condition, plan)
    folder = bench.work(condition, seed)
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = folder / "checkpoint.pt"
    if checkpoint.is_file():
        state.load(checkpoint)
    log = _Log.until(folder / "log.jsonl", state.step)
    diverged = False
    try:
        yield from _learn(bench, state, plan, log, checkpoint)
    except TrainingDiverged:
        diverged = True  # a result as well: this is what the condition leads to
    found: Found = yield from find(state.averaged, bench.judged, bench.device)
    if seed == 0:
        _write_masks(bench, condition, state)
    return RunResult(
        condition.name,
        seed,
        state.step,
        log.seconds,
        found.s_per_mp,
        found.totals,
        found.photos,
        log.losses(),
        log.looks(),
        diverged,
    )


def start_of(condition: Condition, plan: TrainingPlan) -> TrainingState:
    """Random weights, which the seed alone decides."""
    torch.manual_seed(plan.seed)
    network = build_network(condition.architecture, len(DEFAULT_CLASSES) + 1)
    return TrainingState.start(network.to(memory_format=torch.channels_last), plan)


def _learn(
    bench: Bench,
    state: TrainingState,
    plan: TrainingPlan,
    log: _Log,
    checkpoint: Path,
) -> Steps[None]:
    judge = WindowJudge(bench.looks, bench.device)
    began = time.monotonic() - log.seconds

    def look() -> None:
        if state.step % plan.judge_every and state.step != plan.steps:
            return
        if state.step and all(seen["step"] != state.step for seen in log.looks()):
            found = judge(state.averaged)
            seconds = time.monotonic() - began
            log.add({"step": state.step, "classes": found.classes, "seconds": seconds})

    state.move_to(bench.device)
    look()  # an interruption may have come before it
    stream, place = bench.stream(plan.seed), Place(bench.device)
    training = fit(state, stream, plan, place=place, checkpoint=checkpoint)
    try:
        for progress in training:
            if isinstance(progress, TrainingProgress):
                event = progress.event
                if event["event"] == "step":
                    seconds = time.monotonic() - began
                    step, loss = event["step"], event["loss"]
                    log.add({"step": step, "loss": loss, "seconds": seconds})
                    look()
            yield progress
    finally:
        training.close()


def _write_masks(bench: Bench, condition: Condition, state: TrainingState) -> None:
    """What this run finds in the windows that the page shows."""
    for number, window in enumerate(bench.shown):
        found = likeliest(state.averaged, window.load()[0], bench.device)
        write_bytes(mask_path(bench.order.out, condition.name, number), _png(found))


def mask_path(out: Path, condition: str, number: int) -> Path:
    """The mask that a condition found in a window that is shown."""
    return out / "masks" / condition / f"{number}.png"


def _png(classes: NDArray[np.uint8]) -> bytes:
    done, data = cv2.imencode(".png", classes)
    if not done:
        raise RuntimeError("OpenCV cannot write PNG")
    return data.tobytes()
