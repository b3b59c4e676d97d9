"""The one training loop."""

import copy
import math
import pickle
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from resunet_core.errors import BadData
from resunet_core.files import replacing
from resunet_core.progress import Progress, Steps
from resunet_core.training.crops import CropBatches, CropStream
from resunet_core.training.losses import cross_entropy, dice_loss

_UNREADABLE = (OSError, EOFError, ValueError, pickle.UnpicklingError)


@dataclass(frozen=True)
class TrainingPlan:
    """How long and how fast to learn.

    Attributes:
        steps: Optimiser steps.
        batch: Crops a step.
        rate: Highest learning rate of AdamW, after the warm-up.
        warm_up: Steps over which the rate rises from zero.
        last_rate: Share of `rate` that the cosine ends at.
        decay: Weight decay.
        class_weights: Of sound paint and each defect class in the cross-entropy.
        average: Decay of the running mean of the weights, which is what is kept.
        checkpoint_every: Steps between checkpoints.
        loaders: Processes that make crops; 0 makes them in this one.
    """

    steps: int
    batch: int = 8
    rate: float = 1e-3
    warm_up: int = 100
    last_rate: float = 0.01
    decay: float = 1e-2
    class_weights: tuple[float, ...] = (1.0, 2.0, 1.5)
    average: float = 0.998
    checkpoint_every: int = 100
    loaders: int = 1

    def rate_at(self, step: int) -> float:
        """Learning rate of step `step` (from 0): linear warm-up, then a cosine."""
        if step < self.warm_up:
            return self.rate * (step + 1) / self.warm_up
        done = (step - self.warm_up) / max(1, self.steps - self.warm_up)
        cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
        return self.rate * (self.last_rate + (1 - self.last_rate) * cosine)


@dataclass
class TrainingState:
    """Everything that a resumed training needs to go on as if never stopped."""

    network: nn.Module
    averaged: nn.Module
    optimiser: torch.optim.Optimizer
    step: int = 0

    @staticmethod
    def start(network: nn.Module, plan: TrainingPlan) -> "TrainingState":
        """The state before the first step."""
        averaged = copy.deepcopy(network).requires_grad_(requires_grad=False)
        optimiser = torch.optim.AdamW(
            network.parameters(), lr=plan.rate, weight_decay=plan.decay
        )
        return TrainingState(network, averaged, optimiser)

    def save(self, path: Path) -> None:
        """Write a checkpoint, whole or not at all."""
        with replacing(path) as beside:
            torch.save(
                {
                    "step": self.step,
                    "network": self.network.state_dict(),
                    "averaged": self.averaged.state_dict(),
                    "optimiser": self.optimiser.state_dict(),
                },
                beside,
            )

    def load(self, path: Path) -> None:
        """Go back to a checkpoint of our own; tensors and numbers only, no code.

        Raises:
            BadData: It cannot be read or is of another network.
        """
        try:
            kept = torch.load(path, map_location="cpu", weights_only=True)
            self.network.load_state_dict(kept["network"])
            self.averaged.load_state_dict(kept["averaged"])
            self.optimiser.load_state_dict(kept["optimiser"])
            self.step = int(kept["step"])
        except (*_UNREADABLE, RuntimeError, LookupError, TypeError) as error:
            raise BadData(
                f"The checkpoint {path} is damaged or of another training.",
                "Remove it to start anew.",
            ) from error


def fit(
    state: TrainingState,
    stream: CropStream,
    plan: TrainingPlan,
    *,
    device: torch.device,
    checkpoint: Path | None = None,
) -> Steps[TrainingState]:
    """Learn from where `state` stands to the end of the plan.

    Yields one progress a step, with the running loss in its note. Stopping at a yield
    loses nothing but the steps since the last checkpoint.

    Raises:
        BadData: The loss is no longer a number; the last checkpoint is still good.
    """
    state.network.to(device).train()
    state.averaged.to(device).eval()
    _move_optimiser(state.optimiser, device)
    weights = torch.tensor(plan.class_weights, device=device)
    first, running, began = state.step, 0.0, time.monotonic()
    batches = _batches(CropBatches(stream, plan.batch, first), plan, device)
    for step, (photos, classes) in zip(range(first, plan.steps), batches, strict=False):
        for group in state.optimiser.param_groups:
            group["lr"] = plan.rate_at(step)
        loss = _step(state, photos, classes, weights)
        _average(state, plan, step)
        state.step = step + 1
        running = loss if step == first else 0.98 * running + 0.02 * loss
        if checkpoint is not None and state.step % plan.checkpoint_every == 0:
            state.save(checkpoint)
        seconds = (time.monotonic() - began) / (state.step - first)
        yield Progress(
            state.step, plan.steps, f"loss {running:.4f}, {seconds:.2f} s a step"
        )
    if checkpoint is not None:
        state.save(checkpoint)
    return state


def _batches(
    made: CropBatches, plan: TrainingPlan, device: torch.device
) -> Iterator[tuple[Tensor, Tensor]]:
    loader = DataLoader(
        made,
        batch_size=None,  # they are batches already
        num_workers=plan.loaders,
        pin_memory=device.type == "cuda",
        persistent_workers=plan.loaders > 0,
    )
    for photos, classes in loader:
        yield (
            photos.to(device, memory_format=torch.channels_last, non_blocking=True),
            classes.to(device, non_blocking=True),
        )


def _step(
    state: TrainingState, photos: Tensor, classes: Tensor, weights: Tensor
) -> float:
    # bfloat16 has float32's range: no loss scaling is needed, on the CPU or on CUDA.
    with torch.autocast(photos.device.type, dtype=torch.bfloat16):
        logits = state.network(photos)
    logits = logits.float()
    loss = cross_entropy(logits, classes, weights) + dice_loss(logits, classes)
    state.optimiser.zero_grad(set_to_none=True)
    torch.autograd.backward(loss)
    norm = nn.utils.clip_grad_norm_(state.network.parameters(), 1.0)
    if not torch.isfinite(loss.detach() + norm):
        # Before the weights take harm: a later checkpoint would keep it.
        raise BadData(
            f"Training stopped at step {state.step}: the loss is no longer a number.",
            "Lower the learning rate; the last checkpoint is still good.",
        )
    state.optimiser.step()
    return float(loss.detach())


@torch.no_grad()
def _average(state: TrainingState, plan: TrainingPlan, step: int) -> None:
    # Early on the mean must follow fast, or it would remember the random start.
    keep = min(plan.average, (step + 1) / (step + 10))
    for kept, new in zip(
        state.averaged.state_dict().values(),
        state.network.state_dict().values(),
        strict=True,
    ):
        if kept.is_floating_point():
            kept.lerp_(new, 1 - keep)
        else:
            kept.copy_(new)


def _move_optimiser(optimiser: torch.optim.Optimizer, device: torch.device) -> None:
    for slot in optimiser.state.values():
        for name, value in slot.items():
            if isinstance(value, Tensor) and name != "step":
                slot[name] = value.to(device)
