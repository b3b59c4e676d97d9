"""The one training loop."""

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader

from resunet_core.progress import Progress
from resunet_core.training.crops import Batch, CropBatches, CropStream
from resunet_core.training.memory import memory_mib
from resunet_core.training.parallel import Place
from resunet_core.training.plan import TrainingPlan
from resunet_core.training.state import TrainingState
from resunet_core.training.step import Course, TrainingDiverged, average, take_step


@dataclass(frozen=True)
class TrainingProgress(Progress):
    """Progress with what happened, as plain values for a line of JSON."""

    event: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Judgement:
    """How good a network is on the validation pictures.

    Attributes:
        score: What training goes by: the mean of craquelure's centre-line F1 and paint
            loss's IoU, of those that the pictures have. Never accuracy, which a network
            that finds nothing has as well.
        classes: Figures per class key, None for a class that is never labelled.
    """

    score: float
    classes: dict[str, dict[str, float | None] | None]


Judge = Callable[[nn.Module], Judgement]


def fit(
    state: TrainingState,
    stream: CropStream,
    plan: TrainingPlan,
    *,
    place: Place,
    checkpoint: Path | None = None,
    judge: Judge | None = None,
) -> Generator[TrainingProgress, None, TrainingState]:
    """Learn from where `state` stands to the end of the plan, or to its patience's.

    Yields one `TrainingProgress` a step and one a look at the validation pictures.
    Closing the generator at a yield writes the checkpoint: nothing is lost.

    Raises:
        TrainingDiverged: The loss is no longer a number; the last good state is in the
            checkpoint.
        DeviceUnavailable: Not even one crop fits into the memory.
    """
    state.move_to(place.device)
    state.averaged.eval()
    course = Course(state, plan, place, state.network)
    keep = checkpoint if place.first else None
    try:
        yield from _learn(course, stream, keep, judge)
    except (GeneratorExit, TrainingDiverged):
        if keep is not None:
            state.save(keep)
        raise
    if keep is not None:
        state.save(keep)
    return state


def _learn(
    course: Course, stream: CropStream, checkpoint: Path | None, judge: Judge | None
) -> Generator[TrainingProgress, None, None]:
    state, plan = course.state, course.plan
    part = (course.place.rank, course.place.size)
    made = CropBatches(stream, plan.batch, state.step, part)
    clock, running = _Clock(state.step), 0.0
    batches: Iterator[Batch] | None = None
    if judge is not None and _has_to_look(state, plan):
        yield _judged(course, judge)  # it was stopped between the step and its look
    while state.step < plan.steps and not _has_no_patience(state, plan):
        if batches is None:  # a finished training has no crop made
            batches = _loader(made, plan, course.place.device)
        batch = clock.wait_for(batches)
        course.begin_step()
        parts = state.parts
        losses = take_step(course, batch)
        average(state, plan)
        state.step += 1
        loss = sum(losses.values())
        running = loss if clock.steps == 0 else 0.98 * running + 0.02 * loss
        clock.tick(state.step, len(batch.pixels) * course.place.size)
        if state.parts != parts:
            yield _notice(course, _smaller_batches(state, plan))
        yield _step_done(course, clock, losses, running)
        if judge is not None and _has_to_look(state, plan):
            yield _judged(course, judge)
        if checkpoint is not None and _due(state, plan, plan.checkpoint_every):
            state.save(checkpoint)


def _due(state: TrainingState, plan: TrainingPlan, every: int) -> bool:
    return state.step % every == 0 or state.step == plan.steps


def _has_to_look(state: TrainingState, plan: TrainingPlan) -> bool:
    return (
        state.step > 0
        and _due(state, plan, plan.judge_every)
        and state.looked_at != state.step
    )


def _has_no_patience(state: TrainingState, plan: TrainingPlan) -> bool:
    return 0 < plan.patience <= state.looks_since_best


def _loader(
    made: CropBatches, plan: TrainingPlan, device: torch.device
) -> Iterator[Batch]:
    loader = DataLoader(
        made,
        batch_size=None,  # they are batches already
        num_workers=plan.loaders,
        pin_memory=device.type == "cuda",
        persistent_workers=plan.loaders > 0,
    )
    return iter(loader)


@dataclass
class _Clock:
    """Where the seconds go, since this run began."""

    first: int
    began: float = field(default_factory=time.monotonic)
    waited: float = 0.0
    steps: int = 0
    crops: int = 0

    def wait_for(self, batches: Iterator[Batch]) -> Batch:
        since = time.monotonic()
        batch = next(batches)
        self.waited += time.monotonic() - since
        return batch

    def tick(self, step: int, crops: int) -> None:
        self.steps = step - self.first
        self.crops += crops

    @property
    def seconds(self) -> float:
        return max(1e-9, time.monotonic() - self.began)


def _step_done(
    course: Course, clock: _Clock, losses: dict[str, float], running: float
) -> TrainingProgress:
    state, plan = course.state, course.plan
    seconds = clock.seconds / clock.steps
    event = {
        "event": "step",
        "step": state.step,
        "steps": plan.steps,
        "loss": sum(losses.values()),
        "losses": losses,
        "rate": plan.rate_at(state.step - 1),
        "crops_per_s": clock.crops / clock.seconds,
        "waiting_share": clock.waited / clock.seconds,
        "eta_s": seconds * (plan.steps - state.step),
        "memory_mib": memory_mib(course.place.device),
    }
    note = f"loss {running:.4f}, {seconds:.2f} s a step"
    return TrainingProgress(state.step, plan.steps, note, event)


def _judged(course: Course, judge: Judge) -> TrainingProgress:
    state, plan = course.state, course.plan
    # All wait for the first one's judgement, so that all stop at the same step.
    found = course.place.agreed(judge(state.averaged) if course.place.first else None)
    if found is None:
        raise RuntimeError("the first training gave no judgement")
    best = state.judged(found.score)
    event = {
        "event": "validation",
        "step": state.step,
        "score": found.score,
        "best": best,
        "classes": found.classes,
    }
    note = f"score {found.score:.3f}" + (", the best yet" if best else "")
    return TrainingProgress(state.step, plan.steps, note, event)


def _smaller_batches(state: TrainingState, plan: TrainingPlan) -> str:
    size = -(-plan.batch // state.parts)
    return f"The memory was too small: from now on {size} crops at a time."


def _notice(course: Course, text: str) -> TrainingProgress:
    event = {"event": "notice", "text": text}
    return TrainingProgress(course.state.step, course.plan.steps, text, event)
