"""The look at the validation pictures that training goes by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from resunet_core.box import Box
from resunet_core.defects import CRAQUELURE, DEFAULT_CLASSES, PAINT_LOSS
from resunet_core.training.fit import Judgement
from resunet_core.training.metrics import Scores
from resunet_core.training.pack import Pack

FIGURES = ("iou", "f1", "precision", "recall", "centerline_f1")
STEP_PX = 32
"""Sides of windows are cut to multiples of it, so that nothing need be made up."""


@dataclass(frozen=True)
class Window:
    """A part of a packed picture, as large as can be judged at once."""

    pack: Pack
    number: int
    box: Box

    @property
    def stem(self) -> str:
        """The name of the picture it is of."""
        return self.pack.pictures[self.number].name

    @property
    def truth(self) -> str:
        """The mask of the picture it is of."""
        return f"The mask of {self.stem}"

    def load(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """RGB uint8 [h, w, 3] and class ids uint8 [h, w]."""
        pixels, classes = self.pack.load(self.number)
        return np.array(pixels[self.box.slices]), np.array(classes[self.box.slices])


def windows_of(
    pack: Pack,
    numbers: Sequence[int],
    *,
    side_px: int,
    most_px: int,
    seed: int = 0,
) -> list[Window]:
    """Windows over the pictures, no two overlapping, of `most_px` pixels at most.

    Where there are too many, each picture gives one in turn, pictures and windows at
    random but always the same ones: scores of one training can be compared.
    """
    rng = np.random.default_rng(seed)
    waiting = []
    # In any order: the pictures of a folder that is named last count as much.
    for number in rng.permutation(np.array(numbers, int)).tolist():
        picture = pack.pictures[number]
        boxes = list(_grid(picture.height, picture.width, side_px))
        order = rng.permutation(len(boxes))
        waiting.append([Window(pack, number, boxes[k]) for k in order])
    chosen: list[Window] = []
    pixels = 0
    for turn in range(max(map(len, waiting), default=0)):
        for windows in waiting:
            if turn < len(windows):
                window = windows[turn]
                pixels += window.box.area
                if chosen and pixels > most_px:
                    return chosen
                chosen.append(window)
    return chosen


def _grid(height: int, width: int, side_px: int) -> Iterable[Box]:
    for top in range(0, height, side_px):
        for left in range(0, width, side_px):
            box = Box(top, left, min(top + side_px, height), min(left + side_px, width))
            # A strip at the border shows too little to be judged by.
            if min(box.height, box.width) >= min(STEP_PX, height, width):
                yield box


@dataclass(frozen=True)
class WindowJudge:
    """Judges networks by what they find most likely in each pixel of the windows."""

    windows: Sequence[Window]
    device: torch.device
    precise: bool = False

    def __call__(self, network: nn.Module) -> Judgement:
        """Scores of a network; its mode is as before afterwards."""
        was_training = network.training
        network.eval()
        scores = Scores(DEFAULT_CLASSES)
        for window in self.windows:
            pixels, truth = window.load()
            found = likeliest(network, pixels, self.device, precise=self.precise)
            scores.add(found, truth, window.stem)
        network.train(was_training)
        return judgement_of(scores)


def likeliest(
    network: nn.Module,
    pixels: NDArray[np.uint8],
    device: torch.device,
    *,
    precise: bool = False,
) -> NDArray[np.uint8]:
    """The likeliest class of each pixel, uint8 [h, w], of RGB uint8 [h, w, 3]."""
    height, width = pixels.shape[:2]
    rows, columns = -height % STEP_PX, -width % STEP_PX
    whole = np.pad(pixels, ((0, rows), (0, columns), (0, 0)), mode="symmetric")
    photo = torch.from_numpy(whole[np.newaxis]).to(device)
    return classes_of(network, photo, precise=precise)[:height, :width]


@torch.inference_mode()
def classes_of(
    network: nn.Module, photo: Tensor, *, precise: bool = False
) -> NDArray[np.uint8]:
    """The same of one photo on the network's device, uint8 [1, h, w, 3].

    Network, softmax, argmax and the copy to the processor: what the paper timed.
    """
    with torch.autocast(photo.device.type, torch.bfloat16, enabled=not precise):
        logits = network(photo.permute(0, 3, 1, 2).float() / 255)
    classes = logits.float().softmax(dim=1)[0].argmax(dim=0)
    return np.asarray(classes.cpu().numpy(), np.uint8)


def judgement_of(scores: Scores) -> Judgement:
    """What training goes by, from scores over the validation pictures."""
    by_key = scores.by_key()
    classes = {
        key: None if score is None else {f: getattr(score, f) for f in FIGURES}
        for key, score in by_key.items()
    }
    craquelure, loss = by_key[CRAQUELURE.key], by_key[PAINT_LOSS.key]
    parts = []
    if craquelure is not None:
        parts.append(craquelure.centerline_f1 or 0.0)
    if loss is not None:
        parts.append(loss.iou or 0.0)
    return Judgement(float(np.mean(parts)) if parts else 0.0, classes)
