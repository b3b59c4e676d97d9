"""What a trained network finds on the validation photos, and how fast."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from resunet_core.defects import DEFAULT_CLASSES
from resunet_core.model.registry import build_network
from resunet_core.progress import Progress, Steps
from resunet_core.training.judge import Window, classes_of, likeliest
from resunet_core.training.metrics import ClassScore, Scores

SPEED_SIDE_PX = 512
SPEED_SECONDS, SPEED_LEAST, SPEED_MOST = 3.0, 3, 50
FIGURES = (
    "iou",
    "f1",
    "precision",
    "recall",
    "centerline_f1",
    "centerline_precision",
    "centerline_recall",
    "cldice",
)


@dataclass(frozen=True)
class Found:
    """What a network found.

    Attributes:
        totals: Figures over all pixels: per class key (None: never labelled), and the
            averages `accuracy`, `miou`, `macro`.
        photos: The same per photo, with its name.
        s_per_mp: Seconds of the network a megapixel, on these photos.
    """

    totals: dict[str, Any]
    photos: list[dict[str, Any]]
    s_per_mp: float


def find(
    network: nn.Module, windows: Sequence[Window], device: torch.device
) -> Steps[Found]:
    """Score a network by what it finds likeliest in each pixel of the windows."""
    network.eval()
    scores = Scores(DEFAULT_CLASSES)
    seconds = 0.0
    for number, window in enumerate(windows, start=1):
        pixels, truth = window.load()
        began = time.perf_counter()
        found = likeliest(network, pixels, device)
        seconds += time.perf_counter() - began
        scores.add(found, truth, window.stem)
        yield Progress(number, len(windows), f"judging {window.stem}")
    area = sum(window.box.area for window in windows)
    return Found(
        {
            "classes": _by_key(scores),
            "accuracy": scores.accuracy,
            "miou": scores.mean("iou"),
            "macro": {
                name: getattr(scores.macro, name)
                for name in ("precision", "recall", "f1", "iou")
            },
        },
        _photos(scores),
        1e6 * seconds / area,
    )


def _by_key(scores: Scores) -> dict[str, dict[str, float | None] | None]:
    return {key: _figures(score) for key, score in scores.by_key().items()}


def _figures(score: ClassScore | None) -> dict[str, float | None] | None:
    return None if score is None else {name: getattr(score, name) for name in FIGURES}


def _photos(scores: Scores) -> list[dict[str, Any]]:
    """Each photo's figures, over all of its windows."""
    parts: dict[str, list[int]] = {}
    for number, part in enumerate(scores.parts):
        parts.setdefault(part.name, []).append(number)
    found = []
    for name, numbers in parts.items():
        of_photo = scores.of_pictures(numbers)
        found.append(
            {
                "name": name,
                "classes": _by_key(of_photo),
                "miou": of_photo.mean("iou"),
            }
        )
    return found


def frames_per_second(architecture: str, device: torch.device) -> float:
    """Pictures of 512 px a second as the paper counts them, one at a time.

    Network, softmax, argmax and the copy to the processor; reading and resizing are
    left out. The median, after a warm-up.
    """
    network = build_network(architecture, len(DEFAULT_CLASSES) + 1).to(device)
    network = network.to(memory_format=torch.channels_last).eval()
    side = SPEED_SIDE_PX
    photo = torch.zeros((1, side, side, 3), dtype=torch.uint8, device=device)
    classes_of(network, photo)
    seconds: list[float] = []
    while len(seconds) < SPEED_LEAST or (
        len(seconds) < SPEED_MOST and sum(seconds) < SPEED_SECONDS
    ):
        began = time.perf_counter()
        classes_of(network, photo)
        seconds.append(time.perf_counter() - began)
    return 1 / float(np.median(seconds))
