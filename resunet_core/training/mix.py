"""As much of what was learned as costs nothing of what was known.

Between the weights before and those after lies a line; models on it often are as good
on the new as the latter and on the old as the former (Wortsman et al., Robust
fine-tuning of zero-shot models, CVPR 2022).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import torch
from torch import Tensor, nn

from resunet_core.model.model_file import LoadedModel
from resunet_core.progress import Steps
from resunet_core.training.evaluate import evaluate
from resunet_core.training.finish import TOLERANCE_PX
from resunet_core.training.fit import Judgement, TrainingProgress
from resunet_core.training.judge import Window, judgement_of
from resunet_core.training.look import OWN, WATCH, forgotten
from resunet_core.training.state import TrainingState

SHARES = (0.0, 0.15, 0.3, 0.45, 0.6, 0.8, 1.0)
MAY_FORGET = 0.005
"""Of each figure; what is forgotten beyond costs far more than can be gained."""

FORGETTING_COSTS = 15.0


def weights_of(network: nn.Module) -> dict[str, Tensor]:
    """A copy of a network's weights, on the processor."""
    found = network.state_dict()
    return {name: value.detach().cpu().clone() for name, value in found.items()}


def mix(
    state: TrainingState,
    base: LoadedModel,
    before: Mapping[str, Tensor],
    windows: Mapping[str, Sequence[Window]],
    device: torch.device,
) -> Steps[float]:
    """Put between the weights before and the best ones; the share of the latter.

    Chosen on the tiles that taught and on generated pictures of its own: never by the
    locked tiles, nor by the pictures that judge in the end. Each share is judged with
    the base's thresholds, with which it will be used.
    """
    after = dict(state.best or weights_of(state.averaged))
    network = state.averaged.to(device).eval()
    model = replace(base, network=network, device=device)
    best, chosen = -float("inf"), 0.0
    at_first: Judgement | None = None
    for number, share in enumerate(SHARES, start=1):
        network.load_state_dict(_between(before, after, share))
        found: dict[str, Judgement] = {}
        for name, some in windows.items():
            evaluation = yield from evaluate(model, some, TOLERANCE_PX)
            found[name] = judgement_of(evaluation.scores)
        at_first = at_first or found[WATCH]
        lost = forgotten(at_first, found[WATCH], MAY_FORGET)
        score = found[OWN].score - FORGETTING_COSTS * lost
        if score > best:
            best, chosen = score, share
        event = {"event": "mix", "share": share, "score": round(score, 4)}
        note = "Weighing new against old"
        yield TrainingProgress(number, len(SHARES), note, event)
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
