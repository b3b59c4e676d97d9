"""One step of a training: gradients of a batch within the memory, and the mean."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from resunet_core.errors import BadData, DeviceUnavailable
from resunet_core.training.crops import Batch
from resunet_core.training.loss_sum import loss_of
from resunet_core.training.parallel import Place
from resunet_core.training.plan import TrainingPlan
from resunet_core.training.state import TrainingState
from resunet_core.training.teacher import teacher_loss

GRADIENT_NORM = 1.0


class TrainingDiverged(BadData):
    """The loss is no longer a number."""


@dataclass
class Course:
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


def take_step(course: Course, batch: Batch) -> dict[str, float]:
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
    course: Course, photos: Tensor, classes: Tensor
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


def _half(course: Course) -> torch.autocast:
    # bfloat16 has float32's range: no loss scaling is needed, anywhere.
    kind = course.place.device.type
    return torch.autocast(kind, torch.bfloat16, enabled=not course.plan.precise)


def _accumulate(course: Course, photos: Tensor, classes: Tensor) -> dict[str, Tensor]:
    terms = loss_of(course.plan, course.state.step)
    zero = torch.zeros((), device=course.place.device)
    sums = dict.fromkeys(terms, zero)
    teacher = course.state.teacher
    if teacher is not None:
        sums["teacher"] = zero
    parts = min(course.state.parts, len(photos))
    for some, truth in zip(photos.chunk(parts), classes.chunk(parts), strict=True):
        share = len(some) / len(photos)
        with _half(course):
            logits = course.forward(some)
        logits = logits.float()
        found = {name: share * term(logits, truth) for name, term in terms.items()}
        if teacher is not None:
            with torch.no_grad(), _half(course):
                taught = teacher(some)
            apart = teacher_loss(logits, taught.float(), truth)
            found["teacher"] = share * course.plan.teacher_weight * apart
        torch.autograd.backward(torch.stack(list(found.values())).sum())
        sums = {name: sums[name] + found[name].detach() for name in sums}
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
def average(state: TrainingState, plan: TrainingPlan) -> None:
    """Draw the averaged weights towards those of the network."""
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
