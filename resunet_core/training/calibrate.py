"""Temperature and thresholds, chosen on pictures that training never saw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import cross_entropy

from resunet_core.defects import DEFAULT_CLASSES, IGNORE_ID
from resunet_core.mask.threshold import classify, drop_small
from resunet_core.model.config import ModelConfig
from resunet_core.model.model_file import LoadedModel
from resunet_core.training.evaluate import probabilities_of
from resunet_core.training.examples import LabelledPicture
from resunet_core.training.metrics import Scores

PIXELS_A_PICTURE = 4000
TEMPERATURES = tuple(float(t) for t in np.geomspace(0.4, 4.0, 47))
THRESHOLDS = tuple(round(0.2 + 0.05 * k, 2) for k in range(16))
MIN_AREAS = (0, 12, 24, 48)


def best_temperature(
    model: LoadedModel, examples: Sequence[LabelledPicture], rng: np.random.Generator
) -> float:
    """The temperature of least cross-entropy on pixels drawn from the examples.

    Guo et al., On Calibration of Modern Neural Networks (2017), section 4.2.
    """
    plain = replace(model, info=replace(model.info, config=_untempered(model.config)))
    logits, classes = [], []
    for example in examples:
        pixels, truth = example.load()
        probabilities = probabilities_of(plain, pixels).astype(np.float32) / 255
        known = np.flatnonzero(truth.ravel() != IGNORE_ID)
        if not known.size:
            continue
        drawn = rng.choice(known, min(PIXELS_A_PICTURE, known.size), replace=False)
        logits.append(
            _log_odds(probabilities.reshape(len(probabilities), -1)[:, drawn])
        )
        classes.append(torch.from_numpy(truth.ravel()[drawn].astype(np.int64)))
    every, truths = torch.cat(logits), torch.cat(classes)
    losses = [float(cross_entropy(every / t, truths)) for t in TEMPERATURES]
    return TEMPERATURES[int(np.argmin(losses))]


def _untempered(config: ModelConfig) -> ModelConfig:
    return replace(config, temperature=1.0)


def _log_odds(probabilities: NDArray[np.floating]) -> Tensor:
    """Logits [n, C + 1], up to a constant, of byte-rounded probabilities [C, n]."""
    sound = 1 - probabilities.sum(axis=0, keepdims=True)
    whole = np.concatenate([sound, probabilities]).clip(1 / 510, 1)
    return torch.from_numpy(np.log(whole).T.copy())


@dataclass(frozen=True)
class Choice:
    """A threshold and minimum size for one class, and what they score."""

    threshold: float
    min_area_px: int
    score: float


def choose(
    model: LoadedModel,
    sets: Mapping[str, Sequence[LabelledPicture]],
    *,
    key: str,
    measure: str,
    sound: str | None = None,
    max_false: float = 0.0,
) -> Choice:
    """The setting with the best mean score over sets and few enough false alarms.

    One and the same setting for all sets: nobody tunes a photo before seeing it.

    Args:
        model: Its own settings of the other classes stay.
        sets: Labelled examples by set name.
        key: Class key whose setting is chosen.
        measure: Field of `ClassScore` that is averaged over the sets with the class.
        sound: Name of the set without any damage, where there is one.
        max_false: Largest share of its pixels that may get the class, if reachable.
    """
    class_id = DEFAULT_CLASSES.by_key(key).id
    kept = {name: _predicted(model, examples) for name, examples in sets.items()}
    rated = []
    for threshold in THRESHOLDS:
        for least in MIN_AREAS:
            config = _with(model.config, key, threshold, least)
            found = {name: _score(config, pairs) for name, pairs in kept.items()}
            false = 0.0 if sound is None else _said(found[sound], class_id)
            values = [
                getattr(s.of(class_id), measure)
                for s in found.values()
                if s.of(class_id)
            ]
            excess = max(0.0, false - max_false)
            mean = float(np.mean([v or 0.0 for v in values])) if values else 0.0
            # Beyond the limit each false percent costs more than any set can gain.
            rated.append((mean - 20 * excess, Choice(threshold, least, mean)))
    return max(rated, key=lambda pair: pair[0])[1]


def _said(scores: Scores, class_id: int) -> float:
    """The share of all counted pixels that was given the class."""
    confusion = scores.confusion
    return float(confusion[:, class_id].sum() / max(1, confusion.sum()))


def _with(config: ModelConfig, key: str, threshold: float, least: int) -> ModelConfig:
    return replace(
        config,
        thresholds={**config.thresholds, key: threshold},
        min_area_px={**config.min_area_px, key: least},
    )


Pairs = list[tuple[NDArray[np.uint8], NDArray[np.uint8]]]


def _predicted(model: LoadedModel, examples: Sequence[LabelledPicture]) -> Pairs:
    """Probabilities and truth of each example."""
    loaded = (example.load() for example in examples)
    return [(probabilities_of(model, pixels), truth) for pixels, truth in loaded]


def _score(config: ModelConfig, pairs: Pairs) -> Scores:
    scores = Scores(DEFAULT_CLASSES)
    for probabilities, truth in pairs:
        mask = classify(probabilities, config.classes, config.thresholds)
        scores.add(drop_small(mask, config.min_area_px), truth)
    return scores
