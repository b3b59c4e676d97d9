"""What a training stands at, kept so that it can go on as if never stopped."""

import copy
import pickle
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from resunet_core.errors import BadData
from resunet_core.files import replacing
from resunet_core.training.plan import TrainingPlan

_UNREADABLE = (OSError, EOFError, ValueError, pickle.UnpicklingError)


@dataclass
class TrainingState:
    """Everything that a resumed training needs.

    Attributes:
        network: What learns.
        averaged: The running mean of its weights: what is judged and kept.
        optimiser: With its moments.
        step: Steps done.
        parts: Into how many parts a batch is cut, for a small memory.
        best: The averaged weights that were judged best; empty before the first look.
        best_score: Their score.
        best_step: The step they are of.
        looks_since_best: Looks at the validation pictures that brought no gain.
        looked_at: The step of the last look.
        teacher: Another network that is listened to, as much as the plan's
            `teacher_weight` says; not part of a checkpoint.
    """

    network: nn.Module
    averaged: nn.Module
    optimiser: torch.optim.Optimizer
    step: int = 0
    parts: int = 1
    best: dict[str, Tensor] = field(default_factory=dict)
    best_score: float = -1.0
    best_step: int = 0
    looks_since_best: int = 0
    looked_at: int = 0
    teacher: nn.Module | None = None

    @staticmethod
    def start(network: nn.Module, plan: TrainingPlan) -> "TrainingState":
        """The state before the first step."""
        averaged = copy.deepcopy(network).requires_grad_(requires_grad=False)
        return TrainingState(network, averaged, _optimiser(network, plan))

    def move_to(self, device: torch.device) -> None:
        """Networks and moments onto a device."""
        self.network.to(device)
        self.averaged.to(device)
        if self.teacher is not None:
            self.teacher.to(device).to(memory_format=torch.channels_last)
            self.teacher.eval().requires_grad_(requires_grad=False)
        for slot in self.optimiser.state.values():
            for name, value in slot.items():
                if isinstance(value, Tensor) and name != "step":
                    slot[name] = value.to(device)

    def judged(self, score: float) -> bool:
        """Take note of a score of the averaged weights; whether it is the best yet."""
        self.looked_at = self.step
        if score <= self.best_score:
            self.looks_since_best += 1
            return False
        self.best_score, self.best_step = score, self.step
        self.looks_since_best = 0
        weights = self.averaged.state_dict()
        self.best = {
            name: value.detach().cpu().clone() for name, value in weights.items()
        }
        return True

    def best_network(self) -> nn.Module:
        """The averaged network with the weights that were judged best."""
        if self.best:
            self.averaged.load_state_dict(self.best)
        return self.averaged

    def save(self, path: Path) -> None:
        """Write a checkpoint, whole or not at all."""
        with replacing(path) as beside:
            torch.save(dict(self._contents()), beside)

    def _contents(self) -> Iterator[tuple[str, Any]]:
        yield "network", self.network.state_dict()
        yield "averaged", self.averaged.state_dict()
        yield "optimiser", self.optimiser.state_dict()
        for name in _VALUES:
            yield name, getattr(self, name)

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
            for name in _VALUES:
                setattr(self, name, kept[name])
        except (*_UNREADABLE, RuntimeError, LookupError, TypeError) as error:
            raise BadData(
                f"The checkpoint {path} is damaged or of another training.",
                "Remove it to start anew.",
            ) from error


_VALUES = (
    "step",
    "parts",
    "best",
    "best_score",
    "best_step",
    "looks_since_best",
    "looked_at",
)


def _optimiser(network: nn.Module, plan: TrainingPlan) -> torch.optim.Optimizer:
    if plan.optimiser == "adam":
        return torch.optim.Adam(
            network.parameters(), lr=plan.rate, weight_decay=plan.decay
        )
    return torch.optim.AdamW(
        network.parameters(), lr=plan.rate, weight_decay=plan.decay
    )
