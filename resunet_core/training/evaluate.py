"""A model's scores on labelled pictures, by the same way that photos are analysed."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.defects import DEFAULT_CLASSES, IGNORE_ID, SOUND_ID
from resunet_core.errors import BadData
from resunet_core.inference.blend import BandBlender
from resunet_core.inference.detect import grid_for, run_tiles
from resunet_core.inference.engine import Engine, as_engine
from resunet_core.mask.threshold import classify, drop_small
from resunet_core.model.model_file import LoadedModel
from resunet_core.progress import Progress, Steps, run_to_end
from resunet_core.training.examples import LabelledPicture
from resunet_core.training.metrics import Scores


@dataclass(frozen=True)
class ArraySource:
    """A picture in memory, read like a pyramid: RGB uint8 [H, W, 3]."""

    pixels: NDArray[np.uint8]

    def read(self, level: int, box: Box) -> NDArray[np.uint8]:
        """The pixels of a box; there is level 0 only."""
        if level != 0:
            raise ValueError(f"an array has no level {level}")
        return self.pixels[box.slices]


@dataclass(frozen=True)
class Evaluation:
    """Scores over pictures, and pictures a second of the network alone."""

    scores: Scores
    fps: float


def probabilities_of(
    model: LoadedModel | Engine, pixels: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """Probabilities times 255 of a picture in memory: uint8 [C, H, W]."""
    engine = as_engine(model)
    grid = grid_for(engine, *pixels.shape[:2])
    rows: list[NDArray[np.uint8]] = []
    blender = BandBlender(grid, len(engine.config.classes), rows.append)
    run_to_end(run_tiles(engine, ArraySource(pixels), blender, lambda: engine.batch))
    return np.concatenate(rows, axis=1)


Seen = Callable[[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]], None]


def evaluate(
    model: LoadedModel | Engine,
    examples: Sequence[LabelledPicture],
    tolerance_px: int,
    *,
    seen: Seen | None = None,
) -> Steps[Evaluation]:
    """Score a model with its own thresholds and minimum sizes.

    Args:
        model: What is judged.
        examples: On what.
        tolerance_px: How far apart centre lines may lie and still agree.
        seen: Gets pixels, truth and prediction of each in turn.

    Raises:
        BadData: A picture or mask cannot be read, they do not fit, or a mask has a
            class that is not known.
    """
    scores = Scores(DEFAULT_CLASSES, tolerance_px)
    config = model.config
    seconds = 0.0
    for number, example in enumerate(examples, start=1):
        pixels, truth = example.load()
        _refuse_unknown(example, truth)
        began = time.perf_counter()
        probabilities = probabilities_of(model, pixels)
        seconds += time.perf_counter() - began
        predicted = classify(probabilities, config.classes, config.thresholds)
        predicted = drop_small(predicted, config.min_area_px)
        scores.add(predicted, truth, example.stem)
        if seen is not None:
            seen(pixels, truth, predicted)
        yield Progress(number, len(examples), example.stem)
    return Evaluation(scores, len(examples) / seconds if seconds else 0.0)


def _refuse_unknown(example: LabelledPicture, truth: NDArray[np.uint8]) -> None:
    known = {SOUND_ID, IGNORE_ID, *(defect.id for defect in DEFAULT_CLASSES)}
    unknown = sorted(int(value) for value in set(np.unique(truth)) - known)
    if unknown:
        raise BadData(
            f"{example.truth} has the class {unknown[0]}, which is not known.",
            f"Known are {', '.join(map(str, sorted(known)))} (255 is left out).",
        )
