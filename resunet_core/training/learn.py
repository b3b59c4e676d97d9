"""A model learns from corrections, and is compared with the one it may replace."""

import copy
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import torch
from torch import nn

from resunet_core.defects import DEFAULT_CLASSES
from resunet_core.errors import BadData, BadModelFile
from resunet_core.model.config import ModelConfig
from resunet_core.model.model_file import (
    LoadedModel,
    find_model,
    load_model,
    read_model_info,
    save_model,
)
from resunet_core.progress import Progress, Steps
from resunet_core.training.challenge import challenge
from resunet_core.training.examples import Example, read_data_folders
from resunet_core.training.fit import TrainingProgress, fit
from resunet_core.training.learning_data import (
    LearningData,
    LearningOrder,
    learning_stream,
)
from resunet_core.training.look import OWN, WATCH, LearningJudge, Preview
from resunet_core.training.mix import mix, weights_of
from resunet_core.training.order import TrainingOrder, remember
from resunet_core.training.pack import Pack, empty_classes, pack
from resunet_core.training.parallel import Place
from resunet_core.training.plan import TrainingPlan
from resunet_core.training.replay import replay_pack
from resunet_core.training.roles import parted
from resunet_core.training.split import Split
from resunet_core.training.state import TrainingState
from resunet_core.training.verdict import LOCKED, Verdict

LOOK_PX = {OWN: 600_000, WATCH: 900_000, LOCKED: 1_500_000}
MIX_PX = {OWN: 600_000, WATCH: 3_600_000}
"""Weighed once, in the end: what is forgotten shows on many pictures only."""
WINDOW_PX = 512
CHECKPOINT, BEST_SO_FAR = "checkpoint.pt", "best.safetensors"
PAUSE_S = 0.2

Wish = Literal["go", "pause", "stop"]
Asked = Callable[[], Wish]


@dataclass(frozen=True)
class LearningOutcome:
    """What a learning ended in.

    Attributes:
        model: The file that was written; whether to use it is for others to say.
        reason: `all steps` or `asked to stop`.
        step: The step reached.
        best_step: The step whose weights were kept.
        seconds: It took, this run.
        verdict: Of champion and challenger.
    """

    model: Path
    reason: str
    step: int
    best_step: int
    seconds: float
    verdict: Verdict


def refuse_other_words(name: str, config: ModelConfig) -> None:
    """Refuse a model whose classes are not those of the masks.

    Raises:
        BadModelFile: It has others, or in another order.
    """
    if config.classes != DEFAULT_CLASSES.keys:
        raise BadModelFile(
            f"The model {name} knows {', '.join(config.classes)}; what you corrected "
            f"is {', '.join(DEFAULT_CLASSES.keys)}.",
            "Choose a model of the same kinds of damage to learn on from.",
        )


def learn(
    order: LearningOrder, place: Place, asked: Asked = lambda: "go"
) -> Steps[LearningOutcome]:
    """Do what is ordered, or go on with it where it was cut short.

    Each `TrainingProgress` carries an event. The same order on the same data gives
    the same model.

    Raises:
        BadData: The data cannot teach, or nothing is left to judge by.
        BadModelFile: A model cannot be read or has other classes.
        TrainingDiverged: The loss is no longer a number.
        CaihuaError: Whatever else a person can mend.
    """
    began = time.monotonic()
    device = place.device
    ready = yield from _prepare(order, device)
    state = TrainingState.start(trainable(ready.base), ready.plan)
    if ready.plan.teacher_weight:
        # What it was goes on being said where nothing was corrected.
        state.teacher = copy.deepcopy(state.averaged)
    before = weights_of(state.averaged)
    checkpoint = order.training.work / CHECKPOINT
    if checkpoint.is_file():
        state.load(checkpoint)
        yield _event(state, ready.plan, "resumed", f"Going on at step {state.step}.")
    reason = "asked to stop"
    if not order.finish_now:
        reason = yield from _learning(order, ready, state, place, asked)
    yield _event(state, ready.plan, "stage", "Comparing with the model in use.")
    share = 1.0
    if state.step:
        windows = ready.windows(WINDOW_PX, MIX_PX)
        share = yield from mix(state, ready.base, before, windows, device)
    verdict = yield from challenge(order, ready, state, device, share)
    _tidy(order.training)
    return LearningOutcome(
        order.training.out,
        reason,
        state.step,
        state.best_step,
        time.monotonic() - began,
        verdict,
    )


def _tidy(order: TrainingOrder) -> None:
    for name in (CHECKPOINT, BEST_SO_FAR):
        (order.work / name).unlink(missing_ok=True)
    # Windows keeps files that are mapped; a left-over copy does no harm.
    shutil.rmtree(order.work / "data", ignore_errors=True)


def _prepare(order: LearningOrder, device: torch.device) -> Steps[LearningData]:
    training = order.training
    for name in (training.start, order.champion):
        refuse_other_words(name, read_model_info(find_model(name)).config)
    examples = read_data_folders(training.data)
    remember(training)
    own = yield from pack(examples, training.work / "data")
    way = parted(examples, own.pictures, training.split)
    _refuse_one_sided(own, way, examples)
    replay = yield from replay_pack("replay")
    watch = yield from replay_pack("watch")
    check = yield from replay_pack("check")
    # Each look keeps what was reached, should this process not live to the next.
    plan = replace(training.plan, checkpoint_every=training.plan.judge_every)
    if device.type == "cuda":
        plan = replace(plan, trained_norms=True, precise=False)
    base = load_model(training.start, torch.device("cpu"))
    taught = [own.pictures[n] for n in way.train]
    px = {
        key: sum(picture.counts[number] for picture in taught)
        for number, key in enumerate(("background", *DEFAULT_CLASSES.keys))
    }
    event = {
        "event": "data",
        "teach": len(way.train),
        "judge": len(way.validation),
        "teach_px": px,
        "never_labelled": empty_classes(taught),
    }
    note = f"{len(way.train)} pictures teach, {len(way.validation)} judge"
    yield TrainingProgress(0, plan.steps, note, event)
    return LearningData(own, way, replay, watch, check, base, plan)


def _refuse_one_sided(own: Pack, way: Split, examples: Sequence[Example]) -> None:
    if not any(sum(own.pictures[n].counts[1:]) for n in way.train):
        raise BadData(
            "None of the pictures to learn from shows damage.",
            "Check tiles that show craquelure or paint loss as well.",
        )
    for numbers, what in ((way.train, "learn from"), (way.validation, "judge by")):
        if not any(sum(own.pictures[n].counts) for n in numbers):
            raise BadData(
                f"Nothing to {what} is labelled: all of {len(examples)} pictures' "
                "pixels are left out there.",
                "Check more tiles.",
            )


def trainable(base: LoadedModel) -> nn.Module:
    """The network of a loaded model, to be trained."""
    network = base.network.requires_grad_(requires_grad=True)
    return network.to(memory_format=torch.channels_last)


def _learning(
    order: LearningOrder,
    ready: LearningData,
    state: TrainingState,
    place: Place,
    asked: Asked,
) -> Steps[str]:
    plan, work = ready.plan, order.training.work
    device = place.device
    judging = LearningJudge(ready.windows(WINDOW_PX, LOOK_PX), device, plan.precise)
    shown = judging.windows[LOCKED] or judging.windows[OWN]
    preview = Preview.start(work / "preview", shown)
    state.move_to(device)
    if state.step == 0:
        state.judged(judging(state.averaged).score)
        yield _looked(state, plan, judging, preview)
    else:
        judging(state.averaged)
    steps = fit(
        state,
        learning_stream(order.training, ready),
        plan,
        place=place,
        checkpoint=work / CHECKPOINT,
        judge=judging,
    )
    try:
        for progress in steps:
            looked = _is_look(progress)
            if looked:
                yield _looked(state, plan, judging, preview)
                _keep_best(order.training, ready, state)
            else:
                yield progress
            if (yield from _waiting(state, plan, asked)) == "stop":
                return "asked to stop"
    finally:
        steps.close()
    return "all steps"


def _is_look(progress: Progress) -> bool:
    return (
        isinstance(progress, TrainingProgress)
        and progress.event.get("event") == "validation"
    )


def _looked(
    state: TrainingState,
    plan: TrainingPlan,
    judging: LearningJudge,
    preview: Preview | None,
) -> TrainingProgress:
    event: dict[str, Any] = {
        "event": "look",
        "step": state.step,
        "best": state.best_step == state.step,
        "sets": judging.event(),
    }
    if preview is not None:
        path = preview.show(
            state.averaged, state.step, judging.device, precise=plan.precise
        )
        event["preview"] = str(path)
    note = "the best yet" if event["best"] else "not better"
    return TrainingProgress(state.step, plan.steps, note, event)


def _waiting(state: TrainingState, plan: TrainingPlan, asked: Asked) -> Steps[Wish]:
    """Wait while a pause is wished; what is wished then."""
    wish, told = asked(), False
    while wish == "pause":
        if not told:
            yield _event(state, plan, "paused", "Paused.")
            told = True
        time.sleep(PAUSE_S)
        wish = asked()
    if told and wish == "go":
        yield _event(state, plan, "going_on", "Going on.")
    return wish


def _keep_best(order: TrainingOrder, ready: LearningData, state: TrainingState) -> None:
    """The best so far as a model file, should this process not live to the end."""
    path = order.work / BEST_SO_FAR
    if state.best_step == state.step or not path.is_file():
        save_model(path, state.averaged, ready.base.config, half=True)


def _event(
    state: TrainingState, plan: TrainingPlan, kind: str, text: str
) -> TrainingProgress:
    event = {"event": kind, "step": state.step, "text": text}
    return TrainingProgress(state.step, plan.steps, text, event)
