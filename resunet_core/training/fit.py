"""The one training loop."""

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.utils.data import DataLoader

from resunet_core.errors import BadData, DeviceUnavailable
from resunet_core.progress import Progress
from resunet_core.training.crops import Batch, CropBatches, CropStream
from resunet_core.training.loss_sum import loss_of
from resunet_core.training.memory import memory_mib
from resunet_core.training.parallel import Place
from resunet_core.training.plan import TrainingPlan
from resunet_core.training.state import TrainingState

GRADIENT_NORM = 1.0


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


class TrainingDiverged(BadData):
    """The loss is no longer a number."""


@dataclass
class _Course:
    """One run of `fit`: what its helpers share."""

    state: TrainingState
    plan: TrainingPlan
    place: Place
    forward: nn.Module
    frozen: bool | None = None

    def begin_step(self) -> None:
        """Set what depends on the step alone: rate, seed, what is frozen."""
        step = self.state.step
        for group in self.state.optimiser.param_groups:
            group["lr"] = self.plan.rate_at(step)
        # Dropout then does the same after a resumption; on each GPU something else.
        torch.manual_seed((self.plan.seed * 1_000_003 + step) * 64 + self.place.rank)
        frozen = self.plan.frozen_at(step)
        if frozen != self.frozen:
            _freeze(self.state.network, self.plan, frozen=frozen)
            self.forward = self.place.joined(self.state.network)
            self.frozen = frozen


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
    course = _Course(state, plan, place, state.network)
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
    course: _Course, stream: CropStream, checkpoint: Path | None, judge: Judge | None
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
        losses = _step(course, batch)
        _average(state, plan)
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


def _step(course: _Course, batch: Batch) -> dict[str, float]:
    """One step of the optimiser; the loss of each term."""
    state = course.state
    photos, classes = batch.on(course.place.device)
    losses = None
    while losses is None:
        state.optimiser.zero_grad(set_to_none=True)
        losses = _backward(course, photos, classes)
    norm = nn.utils.clip_grad_norm_(state.network.parameters(), GRADIENT_NORM)
    values = torch.stack([*losses.values(), norm]).tolist()  # waits for the GPU, once
    if not all(abs(value) < float("inf") for value in values):  # false for NaN too
        # Before the weights take harm: a later checkpoint would keep it.
        raise TrainingDiverged(
            f"Training stopped at step {state.step}: the loss is no longer a number.",
            "Lower the learning rate; the last checkpoint is still good.",
        )
    state.optimiser.step()
    return dict(zip(losses, values, strict=False))


def _backward(
    course: _Course, photos: Tensor, classes: Tensor
) -> dict[str, Tensor] | None:
    """Gradients of the whole batch; None where the memory did not suffice.

    The batch is then cut into twice as many parts, whose gradients add up.
    """
    try:
        return _accumulate(course, photos, classes)
    except RuntimeError as error:
        if not _is_out_of_memory(error):
            raise
        if course.state.parts >= len(photos) or course.place.size > 1:
            raise DeviceUnavailable(
                "The memory is too small for this training.",
                "Ask for smaller crops, a smaller batch or a lighter architecture.",
            ) from error
    # Outside of `except`, whose traceback holds on to what filled the memory.
    course.state.parts *= 2
    if course.place.device.type == "cuda":
        torch.cuda.empty_cache()
    return None


def _is_out_of_memory(error: RuntimeError) -> bool:
    # On a CPU torch has no class of its own for it.
    return isinstance(error, torch.OutOfMemoryError) or "allocate memory" in str(error)


def _accumulate(course: _Course, photos: Tensor, classes: Tensor) -> dict[str, Tensor]:
    terms = loss_of(course.plan, course.state.step)
    zero = torch.zeros((), device=course.place.device)
    sums = dict.fromkeys(terms, zero)
    parts = min(course.state.parts, len(photos))
    for some, truth in zip(photos.chunk(parts), classes.chunk(parts), strict=True):
        share = len(some) / len(photos)
        # bfloat16 has float32's range: no loss scaling is needed, anywhere.
        with torch.autocast(
            course.place.device.type, torch.bfloat16, enabled=not course.plan.precise
        ):
            logits = course.forward(some)
        logits = logits.float()
        found = {name: share * term(logits, truth) for name, term in terms.items()}
        torch.autograd.backward(torch.stack(list(found.values())).sum())
        sums = {name: sums[name] + found[name].detach() for name in terms}
    return sums


def _freeze(network: nn.Module, plan: TrainingPlan, *, frozen: bool) -> None:
    network.train()
    if plan.kept_statistics:
        for module in network.modules():
            if isinstance(module, _BatchNorm):
                module.eval()
    encoder = getattr(network, "encoder", None)
    if not isinstance(encoder, nn.Module):
        return
    encoder.requires_grad_(requires_grad=not frozen)
    for module in encoder.modules():
        if frozen and isinstance(module, _BatchNorm):
            module.train(mode=not plan.frozen_statistics)
            module.requires_grad_(requires_grad=plan.trained_norms)


@torch.no_grad()
def _average(state: TrainingState, plan: TrainingPlan) -> None:
    # Early on the mean must follow fast, or it would remember the random start.
    keep = min(plan.average, (state.step + 1) / (state.step + 10))
    for kept, new in zip(
        state.averaged.state_dict().values(),
        state.network.state_dict().values(),
        strict=True,
    ):
        if kept.is_floating_point():
            kept.lerp_(new, 1 - keep)
        else:
            kept.copy_(new)


def _step_done(
    course: _Course, clock: _Clock, losses: dict[str, float], running: float
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


def _judged(course: _Course, judge: Judge) -> TrainingProgress:
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


def _notice(course: _Course, text: str) -> TrainingProgress:
    event = {"event": "notice", "text": text}
    return TrainingProgress(course.state.step, course.plan.steps, text, event)
