"""The loss of a plan, and as a person writes it: a sum of terms."""

import inspect
import re
from collections.abc import Callable
from typing import Any

from torch import Tensor

from resunet_core.errors import WrongUsage
from resunet_core.training.losses import LOSSES
from resunet_core.training.plan import LossTerm, TrainingPlan

Loss = Callable[[Tensor, Tensor], Tensor]


def loss_of(plan: TrainingPlan, step: int) -> dict[str, Callable[..., Tensor]]:
    """The terms that count at a step, by name: each of logits and class ids."""
    if isinstance(plan.class_weights, str):
        raise TypeError("the class weights were never taken from the data")
    return {
        term.name: _term(term, plan.class_weights)
        for term in plan.loss
        if step >= term.from_share * plan.steps
    }


def _term(term: LossTerm, class_weights: tuple[float, ...] | None) -> Loss:
    loss = LOSSES[term.name]

    def weighed(logits: Tensor, classes: Tensor) -> Tensor:
        options: dict[str, Any] = dict(term.options)
        if term.name == "ce" and class_weights is not None:
            options["weights"] = logits.new_tensor(class_weights)
        return term.weight * loss(logits, classes, **options)

    return weighed


def parse_loss(text: str) -> tuple[LossTerm, ...]:
    """The terms of a sum such as `ce+0.5*focal(alpha=0.25,gamma=2)`.

    Raises:
        WrongUsage: It is no such sum, or a name or parameter is not known.
    """
    terms = []
    for part in re.split(r"\+(?![^()]*\))", text.replace(" ", "")):
        found = _TERM.fullmatch(part)
        if found is None or found["name"] not in LOSSES:
            raise WrongUsage(
                f"{part or text!r} is no loss.",
                f"Losses are {', '.join(LOSSES)}; for example ce+0.5*cldice.",
            )
        options = dict(
            pair.split("=") for pair in (found["options"] or "").split(",") if pair
        )
        known = inspect.signature(LOSSES[found["name"]]).parameters
        for option in options:
            if option not in known:
                raise WrongUsage(
                    f"The loss {found['name']} has no parameter {option!r}.",
                    f"It has {', '.join(list(known)[2:]) or 'none'}.",
                )
        numbers = {name: float(value) for name, value in options.items()}
        terms.append(LossTerm(found["name"], float(found["weight"] or 1), numbers))
    return tuple(terms)


_NUMBER = r"[0-9]*\.?[0-9]+(?:e-?[0-9]+)?"
_TERM = re.compile(
    rf"(?:(?P<weight>{_NUMBER})\*)?(?P<name>[a-z_0-9]+)"
    rf"(?:\((?P<options>[a-z_]+={_NUMBER}(?:,[a-z_]+={_NUMBER})*)\))?"
)
