"""How a network is trained: everything that decides what it becomes, but the data."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from resunet_core.errors import WrongUsage

FROM_DATA = "from data"

PAPER_EPOCHS = 100
PAPER_WARM_UP = 3
PAPER_FLAT = 5
PAPER_START = 0.1


@dataclass(frozen=True)
class LossTerm:
    """One loss of a sum of several.

    Attributes:
        name: In `LOSSES`.
        weight: Factor of this term.
        options: Its parameters where they are not the defaults, such as `gamma`.
        from_share: Share of the steps after which it counts.
    """

    name: str
    weight: float = 1.0
    options: Mapping[str, float] = field(default_factory=dict)
    from_share: float = 0.0


SHIPPED_LOSS = (LossTerm("ce"), LossTerm("dice_defects"))


@dataclass(frozen=True)
class TrainingPlan:
    """How long, how fast and by what loss to learn.

    Attributes:
        steps: Optimiser steps.
        batch: Crops a step, over all GPUs together.
        rate: Highest learning rate.
        optimiser: `adamw`, or `adam` as in the paper.
        schedule: `cosine`: linear warm-up, then a cosine to `last_rate`; `paper`: the
            steps taken as 100 epochs of which 3 warm up and the last 5 are flat, the
            rate being changed once an epoch.
        warm_up: Steps over which the rate rises, for `cosine`.
        last_rate: Share of `rate` that the schedule ends at.
        decay: Weight decay.
        loss: Its terms.
        class_weights: Of sound paint and each defect class in the cross-entropy;
            `FROM_DATA` for those of `losses.class_weights`, None for none.
        teacher_weight: Of what a teacher says where no label contradicts it, as
            `teacher_loss`; 0 for none.
        frozen_share: Share of the steps, from the first, in which the encoder stays
            as it is.
        frozen_statistics: Whether the encoder's running means then stay as well; in
            the paper's training they move.
        trained_norms: Whether the encoder's normalisation scales are trained even
            while it is frozen.
        kept_statistics: Whether no running mean moves, of the decoder neither: a few
            crops of a few photos say little of all photos.
        average: Decay of the running mean of the weights, which is what is kept; 0
            keeps the weights themselves.
        precise: Compute in 32 bits; else in bfloat16 where torch thinks it safe.
        checkpoint_every: Steps between checkpoints.
        judge_every: Steps between looks at the validation pictures.
        patience: Looks without a gain after which training stops; 0 never does.
        loaders: Processes that make crops; 0 makes them in this one.
        seed: Of the network's start, of dropout and of the crops.
    """

    steps: int
    batch: int = 8
    rate: float = 1e-3
    optimiser: str = "adamw"
    schedule: str = "cosine"
    warm_up: int = 100
    last_rate: float = 0.01
    decay: float = 1e-2
    loss: tuple[LossTerm, ...] = SHIPPED_LOSS
    class_weights: tuple[float, ...] | str | None = (1.0, 2.0, 1.5)
    teacher_weight: float = 0.0
    frozen_share: float = 0.0
    frozen_statistics: bool = True
    trained_norms: bool = False
    kept_statistics: bool = False
    average: float = 0.998
    precise: bool = False
    checkpoint_every: int = 100
    judge_every: int = 200
    patience: int = 0
    loaders: int = 1
    seed: int = 11

    def __post_init__(self) -> None:
        if self.steps < 1 or self.batch < 1:
            raise WrongUsage(
                f"{self.steps} steps of {self.batch} crops teach nothing.",
                "Ask for at least one step of one crop.",
            )

    def rate_at(self, step: int) -> float:
        """Learning rate of step `step` (from 0)."""
        if self.schedule == "paper":
            return self._paper_rate(step)
        if step < self.warm_up:
            return self.rate * (step + 1) / self.warm_up
        done = (step - self.warm_up) / max(1, self.steps - self.warm_up)
        return self._cosine(min(1.0, done))

    def _paper_rate(self, step: int) -> float:
        epoch = step * PAPER_EPOCHS // self.steps
        if epoch < PAPER_WARM_UP:
            risen = (epoch / PAPER_WARM_UP) ** 2
            return self.rate * (PAPER_START + (1 - PAPER_START) * risen)
        cosine_epochs = PAPER_EPOCHS - PAPER_WARM_UP - PAPER_FLAT
        return self._cosine(min(1.0, (epoch - PAPER_WARM_UP) / cosine_epochs))

    def _cosine(self, done: float) -> float:
        height = 0.5 * (1 + math.cos(math.pi * done))
        return self.rate * (self.last_rate + (1 - self.last_rate) * height)

    def frozen_at(self, step: int) -> bool:
        """Whether the encoder stays as it is in that step."""
        return step < self.frozen_share * self.steps

    def to_json(self) -> dict[str, Any]:
        """As plain values, for `json.dumps`."""
        return asdict(self)

    @staticmethod
    def from_json(raw: Mapping[str, Any]) -> "TrainingPlan":
        """The plan that `to_json` gave.

        Raises:
            TypeError: It is of another version.
        """
        weights = raw["class_weights"]
        return TrainingPlan(
            **{
                **raw,
                "loss": tuple(LossTerm(**term) for term in raw["loss"]),
                "class_weights": tuple(weights)
                if isinstance(weights, list)
                else weights,
            }
        )


def with_data_weights(plan: TrainingPlan, weights: tuple[float, ...]) -> TrainingPlan:
    """The plan with the weights that the data gave, where it asks for them."""
    if plan.class_weights != FROM_DATA:
        return plan
    return replace(plan, class_weights=weights)


def plan_text(plan: TrainingPlan) -> str:
    """The plan in one line, for a model's lineage."""
    loss = " + ".join(
        f"{term.weight:g} {term.name}"
        + (f"({', '.join(f'{k} {v:g}' for k, v in term.options.items())})")
        * bool(term.options)
        for term in plan.loss
    )
    return (
        f"{plan.steps} steps of {plan.batch} crops, loss {loss}, {plan.optimiser} "
        f"{plan.rate:g}, seed {plan.seed}"
    )


def same_course(one: TrainingPlan, other: TrainingPlan) -> bool:
    """Whether both plans lead to the same network: loaders and rhythm aside."""
    alike = {"loaders": 0, "checkpoint_every": 0}
    return json.dumps({**one.to_json(), **alike}) == json.dumps(
        {**other.to_json(), **alike}
    )
