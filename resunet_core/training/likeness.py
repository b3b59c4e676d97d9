"""What a model keeps of its training crops, to know photos that are unlike them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from resunet_core.inference.pooling import MARGIN_PX
from resunet_core.inference.torch_engine import pooled_maps
from resunet_core.model.likeness import (
    CELL_PX,
    Floats,
    LevelStatistics,
    LikenessStatistics,
)
from resunet_core.model.model_file import LoadedModel
from resunet_core.progress import Progress, Steps
from resunet_core.training.crops import CropStream, Pick, Source
from resunet_core.training.examples import LabelledPicture

CROPS = 600
HELD_BACK = 0.5
"""As a share of them, further crops, which only say how far such crops are."""

SCALES = (0.9, 1.1)
"""Photos are looked at at native scale: a trained range is cut to this."""

FEWEST = 64
"""From fewer crops nothing can be said; so many are one of `A_CROP_OF` seen."""

A_CROP_OF = 4

AXES = 32
CROPS_AN_AXIS = 8
EVERY = 3
DRAWS = 20

QUANTILES = 201
QUIET = 0.985
"""Of what is held back, so much must not be warned of."""


def fit_likeness(
    model: LoadedModel,
    stream: CropStream,
    held_back: Sequence[LabelledPicture],
    *,
    crops: int = CROPS,
) -> Steps[LikenessStatistics]:
    """Look at training crops as they are, neither turned nor in another light.

    In every light, as they are trained on, they lie so far apart that blur and text
    are no farther. How far crops are is measured on pictures that the statistics are
    not of: on their own pictures it would seem too little.

    Args:
        model: The trained network.
        stream: Of the training; its crops are taken in the size of a photo's cells.
        held_back: Pictures of the same kinds that training did not see.
        crops: How many make the statistics; half as many more say, with `held_back`,
            from where on to warn.
    """
    others = round(HELD_BACK * crops)
    side = CELL_PX + 2 * MARGIN_PX
    plain = replace(stream, side_px=side, augmentation="none", paste=0.0)
    native = [_native(source) for source in stream.sources]
    streams = [
        replace(plain, sources=[_part(source, measured=part) for source in native])
        for part in (False, True)
    ]
    total = crops + others + len(held_back)
    seen: list[list[Floats]] = []
    for number in range(crops + others):
        crop = streams[number >= crops].crop(number)
        seen.append(_features(model, crop.pixels))
        yield Progress(number + 1, total, "Likeness")
    features = [np.concatenate(level) for level in zip(*seen, strict=True)]
    levels = []
    for level in features:
        fitted = _fitted(level[:crops])
        typical = float(np.median(fitted.distances_of(level[crops:])))
        scaled = fitted.variances * max(typical, 1e-3) ** 2
        levels.append(replace(fitted, variances=scaled.astype(np.float32)))
    whole = LikenessStatistics(tuple(levels), np.zeros(2, np.float32), 1.0)
    apart = whole.distances_of([level[crops:] for level in features])
    middles = []
    for picture in held_back:
        cells = whole.distances_of(_features(model, picture.load()[0]))
        middles.append(float(np.median(cells)))
        done = crops + others + len(middles)
        yield Progress(done, total, "Likeness")
    quantiles = np.quantile(apart, np.linspace(0, 1, QUANTILES)).astype(np.float32)
    limit = float(np.quantile([*apart, *middles], QUIET))
    return replace(whole, distances=quantiles, limit=limit)


def crops_worth(seen: int) -> int:
    """How many crops to look at after a training that saw `seen`; 0 after a try."""
    crops = min(CROPS, seen // A_CROP_OF)
    return crops if crops >= FEWEST else 0


def _native(source: Source) -> Source:
    low, high = (float(np.clip(scale, *SCALES)) for scale in source.scales)
    return source if low == high else replace(source, scales=(low, high))


def _part(source: Source, *, measured: bool) -> Source:
    """Crops of every third picture of a source, or of the others."""
    chosen = [n for n in range(source.count) if (n % EVERY == 0) == measured]
    if source.count < EVERY:
        return source
    draw = source.pick
    if draw is None:
        load = source.load
        return replace(source, count=len(chosen), load=lambda n: load(chosen[n]))

    def pick(rng: np.random.Generator) -> Pick:
        for _ in range(DRAWS):
            drawn = draw(rng)
            if (drawn[0] % EVERY == 0) == measured:
                return drawn
        return int(rng.choice(chosen)), None

    return replace(source, pick=pick)


@torch.inference_mode()
def _features(model: LoadedModel, pixels: NDArray[np.uint8]) -> list[Floats]:
    """Pooled features of one picture, RGB uint8 [h, w, 3]: per level [cells, F_k]."""
    photo = torch.from_numpy(np.array(pixels)[np.newaxis])
    photo = photo.to(model.device).permute(0, 3, 1, 2).float() / 255
    maps = model.network.get_submodule("encoder")(photo)
    return pooled_maps(maps, *pixels.shape[:2])


def _fitted(features: Floats) -> LevelStatistics:
    """Of the features of one scale, [N, F]."""
    values = features.astype(np.float64)
    count, width = values.shape
    centre, scale = values.mean(axis=0), values.std(axis=0)
    scale += 1e-2 * scale.mean() + 1e-6  # a channel may be all but dead
    _, singular, directions = np.linalg.svd(
        (values - centre) / scale, full_matrices=False
    )
    variances = singular**2 / count
    kept = max(1, min(AXES, width // 2, count // CROPS_AN_AXIS))
    others = variances[kept:].sum() / (width - kept)
    kinds = np.maximum([*variances[:kept], others], 1e-6 * variances[0] + 1e-12)
    return LevelStatistics(
        *(
            np.ascontiguousarray(part, np.float32)
            for part in (centre, scale, directions[:kept].T, kinds)
        )
    )
