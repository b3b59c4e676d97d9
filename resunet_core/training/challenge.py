"""The challenger, written, judged beside the champion, and shown beside it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from resunet_core.files import write_text
from resunet_core.mask.threshold import classify, drop_small
from resunet_core.model.card import model_card
from resunet_core.model.config import ModelConfig
from resunet_core.model.model_file import LoadedModel, load_model, save_model
from resunet_core.progress import Progress, Steps
from resunet_core.training.evaluate import evaluate, probabilities_of
from resunet_core.training.examples import read_picture
from resunet_core.training.finish import TOLERANCE_PX
from resunet_core.training.fit import TrainingProgress
from resunet_core.training.judge import Window
from resunet_core.training.learning_data import (
    LearningData,
    LearningOrder,
    learning_stream,
)
from resunet_core.training.likeness import crops_worth, fit_likeness
from resunet_core.training.look import OWN, write_classes, write_picture
from resunet_core.training.metrics import Scores
from resunet_core.training.order import TrainingOrder
from resunet_core.training.plan import plan_text
from resunet_core.training.state import TrainingState
from resunet_core.training.verdict import CHECK, LOCKED, Verdict, figures, judge

JUDGE_PX, JUDGE_MOST_PX = 1024, 8_000_000
LIKENESS_PX = 600_000
SHOWN = 4

SETS = {
    LOCKED: "tiles of the person's own that were kept apart from all training",
    CHECK: "generated painted beams and walls of other seeds than those replayed",
}


def challenge(
    order: LearningOrder,
    ready: LearningData,
    state: TrainingState,
    device: torch.device,
    share: float,
) -> Steps[Verdict]:
    """Write the best weights as a model file with card, and judge both models.

    Args:
        order: Of the learning.
        ready: Its data.
        state: Its end.
        device: To judge on.
        share: Of what was learned that the weights hold, for the lineage.
    """
    training = order.training
    config = _described(order, ready, state, share)
    network = state.best_network()
    save_model(training.out, network, config, half=True)
    challenger = load_model(str(training.out), device)
    likeness = ready.base.likeness
    if ready.plan.trained_norms and (seen := crops_worth(state.step)):
        stream = learning_stream(training, ready)
        own = ready.windows(512, {OWN: LIKENESS_PX})[OWN]
        likeness = yield from fit_likeness(challenger, stream, own, crops=seen)
    champion = load_model(order.champion, device)
    most = {LOCKED: JUDGE_MOST_PX, CHECK: JUDGE_MOST_PX}
    windows = ready.windows(JUDGE_PX, most)
    before = yield from _scores(champion, windows)
    after = yield from _scores(challenger, windows)
    verdict = judge(before, after)
    config = replace(config, figures={**config.figures, **figures(after)})
    save_model(training.out, challenger.network, config, half=True, likeness=likeness)
    card = model_card(training.out.stem, config, SETS)
    write_text(training.out.with_suffix(".md"), card)
    shown = yield from _side_by_side(order, windows[LOCKED], champion, challenger)
    event = {
        "event": "verdict",
        **verdict.to_json(),
        "shown": shown,
        "data_hash": ready.own.data_hash,
    }
    yield TrainingProgress(state.step, ready.plan.steps, verdict.kind, event)
    return verdict


def _described(
    order: LearningOrder, ready: LearningData, state: TrainingState, share: float
) -> ModelConfig:
    base = ready.base
    lineage = (
        *base.config.lineage,
        f"corrections: {len(ready.way.train)} pictures, {state.best_step} of "
        f"{plan_text(ready.plan)}, {order.training.how.replay:.0%} of the crops "
        f"generated; {share:.0%} of what was learned, the rest {base.info.name} "
        f"({base.info.sha256[:12]})",
    )
    # The base's settings stay: chosen on what was taught they would flatter it.
    return replace(
        base.config,
        lineage=lineage,
        data_hash=ready.own.data_hash,
        figures={},
        mm_per_px=_scales(order.training, base.config),
    )


def _scales(order: TrainingOrder, base: ModelConfig) -> tuple[float, float] | None:
    if base.mm_per_px is None or order.mm_per_px is None:
        return base.mm_per_px
    low, high = base.mm_per_px
    return min(low, order.mm_per_px), max(high, order.mm_per_px)


def _scores(
    model: LoadedModel, windows: dict[str, list[Window]]
) -> Steps[dict[str, Scores]]:
    found = {}
    for name, some in windows.items():
        if some:
            evaluation = yield from evaluate(model, some, TOLERANCE_PX)
            found[name] = evaluation.scores
    return found


def _side_by_side(
    order: LearningOrder,
    locked: Sequence[Window],
    champion: LoadedModel,
    challenger: LoadedModel,
) -> Steps[list[dict[str, str]]]:
    """Write pictures with what both models find; the files of each."""
    folder = order.training.work / "shown"
    shown: list[dict[str, str]] = []
    pictures = [(path.stem, read_picture(path)) for path in order.show]
    pictures += [(w.stem, w.load()[0]) for w in locked[:SHOWN]]
    truths = {len(order.show) + n: w.load()[1] for n, w in enumerate(locked[:SHOWN])}
    for number, (name, pixels) in enumerate(pictures):
        files = {"name": name, "picture": str(folder / f"{number}-picture.png")}
        write_picture(Path(files["picture"]), pixels)
        for what, model in (("before", champion), ("after", challenger)):
            found = classify(
                probabilities_of(model, pixels),
                model.config.classes,
                model.config.thresholds,
            )
            files[what] = str(folder / f"{number}-{what}.png")
            write_classes(
                Path(files[what]), drop_small(found, model.config.min_area_px)
            )
        if number in truths:
            files["truth"] = str(folder / f"{number}-truth.png")
            write_classes(Path(files["truth"]), truths[number])
        shown.append(files)
        yield Progress(number + 1, len(pictures), "Side by side")
    return shown
