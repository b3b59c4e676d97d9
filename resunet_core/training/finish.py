"""From the trained weights to a model file that says what it is worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from resunet_core.defects import BACKGROUND_KEY, DEFAULT_CLASSES
from resunet_core.files import write_text
from resunet_core.model.card import JUDGED_BY, model_card
from resunet_core.model.config import ModelConfig
from resunet_core.model.model_file import LoadedModel, load_model, save_model
from resunet_core.progress import Steps
from resunet_core.training.calibrate import best_temperature, choose
from resunet_core.training.crops import CropStream
from resunet_core.training.evaluate import evaluate
from resunet_core.training.judge import Window, judgement_of
from resunet_core.training.likeness import crops_worth, fit_likeness
from resunet_core.training.metrics import Scores
from resunet_core.training.state import TrainingState

TOLERANCE_PX = 4
SETS = {"validation": "photos of the training data that were kept apart"}


@dataclass(frozen=True)
class Description:
    """What is known of a model before it is judged; see `ModelConfig`."""

    architecture: str
    data_hash: str
    lineage: tuple[str, ...]
    mm_per_px: tuple[float, float] | None


@dataclass(frozen=True)
class Taught:
    """What a network was taught with.

    Attributes:
        stream: Crops like those of the training.
        seen: How many it saw.
    """

    stream: CropStream
    seen: int


def finish(
    out: Path,
    state: TrainingState,
    description: Description,
    windows: Sequence[Window],
    device: torch.device,
    *,
    taught: Taught,
) -> Steps[dict[str, Any]]:
    """Write the best weights with settings and figures, and a card; the figures.

    Args:
        out: The model file.
        state: Of the training.
        description: Written into the file.
        windows: Settings are chosen and figures taken on them: for want of a third
            set, both on the same.
        device: To judge on.
        taught: To know unlike photos by.
    """
    config = ModelConfig(
        description.architecture,
        data_hash=description.data_hash,
        lineage=description.lineage,
        mm_per_px=description.mm_per_px,
    )
    save_model(out, state.best_network(), config, half=True)
    # Read back: what is judged is the file, in its 16-bit weights.
    model = load_model(str(out), device)
    likeness = None
    if crops := crops_worth(taught.seen):
        likeness = yield from fit_likeness(model, taught.stream, windows, crops=crops)
    model = _with_config(model, _settings(model, windows))
    evaluation = yield from evaluate(model, windows, TOLERANCE_PX)
    figures = figures_of(evaluation.scores)
    config = replace(model.config, figures={"validation": figures})
    save_model(out, model.network, config, half=True, likeness=likeness)
    write_text(out.with_suffix(".md"), model_card(out.stem, config, SETS))
    return figures


def figures_of(scores: Scores) -> dict[str, Any]:
    """What a model file keeps of scores: per class, and the share of it that was said.

    The share is of all counted pixels: how much a class fires where it should not.
    """
    said = scores.confusion.sum(axis=0) / max(1, scores.confusion.sum())
    keys = (BACKGROUND_KEY, *DEFAULT_CLASSES.keys)
    return {
        "pictures": len({part.name for part in scores.parts}),
        "classes": {
            key: {name: round(v, 4) for name, v in found.items() if v is not None}
            for key, found in judgement_of(scores).classes.items()
            if found is not None
        },
        "said": dict(zip(keys, (round(float(s), 5) for s in said), strict=True)),
    }


def _settings(model: LoadedModel, windows: Sequence[Window]) -> ModelConfig:
    """Temperature, thresholds and smallest regions, chosen on the windows."""
    temperature = best_temperature(model, windows, np.random.default_rng(0))
    config = replace(model.config, temperature=temperature)
    for key in _labelled(windows):
        chosen = choose(
            _with_config(model, config),
            {"validation": windows},
            key=key,
            measure=JUDGED_BY[key],
        )
        config = replace(
            config,
            thresholds=_set(config.thresholds, key, chosen.threshold),
            min_area_px=_set(config.min_area_px, key, chosen.min_area_px),
        )
    return config


def _labelled(windows: Sequence[Window]) -> list[str]:
    """Keys of the classes that the windows show."""
    seen = {int(value) for window in windows for value in np.unique(window.load()[1])}
    return [defect.key for defect in DEFAULT_CLASSES if defect.id in seen]


def _set(values: Mapping[str, Any], key: str, value: float) -> dict[str, Any]:
    return {**values, key: value}


def _with_config(model: LoadedModel, config: ModelConfig) -> LoadedModel:
    return replace(model, info=replace(model.info, config=config))
