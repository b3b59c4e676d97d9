"""As much of what was learned as costs nothing of what was known.

Between the weights before and those after lies a line; models on it often are as good
on the new as the latter and on the old as the former (Wortsman et al., Robust
fine-tuning of zero-shot models, CVPR 2022).
"""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from resunet_core.progress import Progress, Steps
from resunet_core.training.judge import Window
from resunet_core.training.look import LearningJudge
from resunet_core.training.plan import TrainingPlan
from resunet_core.training.state import TrainingState

SHARES = (0.0, 0.2, 0.35, 0.5, 0.65, 0.8, 1.0)
MAY_FORGET = 0.004
"""Of each figure; what is forgotten beyond costs far more than can be gained."""

FORGETTING_COSTS = 20.0


def weights_of(network: nn.Module) -> dict[str, Tensor]:
    """A copy of a network's weights, on the processor."""
    found = network.state_dict()
    return {name: value.detach().cpu().clone() for name, value in found.items()}


def mix(
    state: TrainingState,
    before: Mapping[str, Tensor],
    windows: Mapping[str, Sequence[Window]],
    device: torch.device,
    plan: TrainingPlan,
) -> Steps[float]:
    """Put between the weights before and the best ones; the share of the latter.

    Chosen on the tiles that taught and on generated pictures of its own: never by the
    locked tiles, nor by the pictures that judge in the end.
    """
    after = dict(state.best or weights_of(state.averaged))
    state.averaged.to(device)
    judging = LearningJudge(
        windows,
        device,
        plan.precise,
        forgetting_costs=FORGETTING_COSTS,
        may_forget=MAY_FORGET,
    )
    best, chosen = -float("inf"), 0.0
    for number, share in enumerate(SHARES, start=1):
        state.averaged.load_state_dict(_between(before, after, share))
        score = judging(state.averaged).score
        if score > best:
            best, chosen = score, share
        yield Progress(number, len(SHARES), "Weighing new against old")
    state.best = _between(before, after, chosen)
    return chosen


def _between(
    before: Mapping[str, Tensor], after: Mapping[str, Tensor], share: float
) -> dict[str, Tensor]:
    return {
        name: torch.lerp(old.float(), after[name].float(), share).to(old.dtype)
        if old.is_floating_point()
        else after[name]
        for name, old in before.items()
    }
