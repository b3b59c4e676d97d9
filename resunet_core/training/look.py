"""The look at how learning goes: on taught tiles, on generated ones, on locked ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from resunet_core.defects import DEFAULT_CLASSES
from resunet_core.files import write_bytes
from resunet_core.model.card import JUDGED_BY
from resunet_core.training.fit import Judgement
from resunet_core.training.judge import Window, WindowJudge, likeliest
from resunet_core.training.verdict import LOCKED

OWN, WATCH = "own", "watch"
"""Tiles that teach; generated pictures that neither teach nor judge in the end."""

FORGETTING_COSTS = 1.0
PREVIEW_PX = 384


@dataclass
class LearningJudge:
    """Goes by what is taught and by what must not be forgotten; looks at the rest.

    The locked tiles have no say in which weights are kept: their figures are shown.

    Attributes:
        windows: Of the sets `own`, `watch` and `locked`.
        device: To judge on.
        precise: Compute in 32 bits.
        seen: What the last look found, by set.
    """

    windows: Mapping[str, Sequence[Window]]
    device: torch.device
    precise: bool
    seen: dict[str, Judgement] = field(default_factory=dict)
    _at_first: Judgement | None = None

    def __call__(self, network: nn.Module) -> Judgement:
        """Its score: of the taught tiles, less what was forgotten of the others."""
        self.seen = {
            name: WindowJudge(windows, self.device, self.precise)(network)
            for name, windows in self.windows.items()
            if windows
        }
        own, watched = self.seen[OWN].score, self.seen[WATCH]
        self._at_first = self._at_first or watched
        lost = forgotten(self._at_first, watched)
        shown = self.seen.get(LOCKED, self.seen[OWN])
        score = own - FORGETTING_COSTS * lost
        return Judgement(score, shown.classes)

    def event(self) -> dict[str, Any]:
        """The last look as plain values."""
        return {
            name: {
                "score": round(found.score, 4),
                **{
                    key: scores and {k: v and round(v, 4) for k, v in scores.items()}
                    for key, scores in found.classes.items()
                },
            }
            for name, found in self.seen.items()
        }


def measures(found: Judgement) -> list[float]:
    """The figure of each class that matters; 0 where there is none."""
    return [
        (found.classes[key] or {}).get(measure) or 0.0
        for key, measure in JUDGED_BY.items()
    ]


def forgotten(at_first: Judgement, found: Judgement, may_forget: float = 0.0) -> float:
    """How far the figures fell together, each beyond what it may."""
    pairs = zip(measures(at_first), measures(found), strict=True)
    return sum(max(0.0, one - other - may_forget) for one, other in pairs)


@dataclass(frozen=True)
class Preview:
    """One tile that is looked at again and again, to be shown while it gets better."""

    folder: Path
    pixels: NDArray[np.uint8]

    @staticmethod
    def start(folder: Path, windows: Sequence[Window]) -> "Preview | None":
        """Write picture and truth of the tile with most to see; None without any."""
        found = max(((_worth(w), n) for n, w in enumerate(windows)), default=(0.0, -1))
        if found[1] < 0:
            return None
        pixels, truth = windows[found[1]].load()
        top, left = _busiest(truth)
        place = (slice(top, top + PREVIEW_PX), slice(left, left + PREVIEW_PX))
        write_picture(folder / "picture.png", pixels[place])
        write_classes(folder / "truth.png", truth[place])
        return Preview(folder, np.ascontiguousarray(pixels[place]))

    def show(
        self, network: nn.Module, step: int, device: torch.device, *, precise: bool
    ) -> Path:
        """Write what the network finds on it now; the file of class ids."""
        was_training = network.training
        network.eval()
        found = likeliest(network, self.pixels, device, precise=precise)
        network.train(was_training)
        path = self.folder / f"step-{step:05d}.png"
        write_classes(path, found)
        return path


def write_picture(path: Path, pixels: NDArray[np.uint8]) -> None:
    """Write RGB uint8 [h, w, 3] as PNG."""
    _write(path, pixels[..., ::-1])


def write_classes(path: Path, classes: NDArray[np.uint8]) -> None:
    """Write class ids uint8 [h, w] as grey PNG."""
    _write(path, classes)


def _write(path: Path, pixels: NDArray[np.uint8]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, cv2.imencode(".png", np.ascontiguousarray(pixels))[1].tobytes())


def _worth(window: Window) -> float:
    """Share of damage, so that one kind counts as much as the other."""
    _, truth = window.load()
    ids = [defect.id for defect in DEFAULT_CLASSES]
    return float(sum(np.sqrt((truth == number).mean()) for number in ids))


def _busiest(truth: NDArray[np.uint8]) -> tuple[int, int]:
    """Top and left of the part of `PREVIEW_PX` with most damage."""
    damage = np.isin(truth, [defect.id for defect in DEFAULT_CLASSES])
    sums = cv2.integral(damage.astype(np.uint8))
    best, place = -1, (0, 0)
    height, width = truth.shape
    side = PREVIEW_PX
    for top in range(0, max(1, height - side + 1), 32):
        for left in range(0, max(1, width - side + 1), 32):
            bottom, right = min(top + side, height), min(left + side, width)
            count = int(
                sums[bottom, right]
                - sums[top, right]
                - sums[bottom, left]
                + sums[top, left]
            )
            if count > best:
                best, place = count, (top, left)
    return place
