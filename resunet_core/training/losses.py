"""Losses on logits [N, C, H, W] and class ids [N, H, W]; 255 is left out."""

from collections.abc import Callable

import cv2
import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own customary name
from torch import Tensor

from resunet_core.defects import CRAQUELURE, IGNORE_ID
from resunet_core.mask.skeleton import skeletonise

PAPER_SMOOTH = 1e-5
TUBE_STEPS = 2
CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


def cross_entropy(
    logits: Tensor, classes: Tensor, weights: Tensor | None = None
) -> Tensor:
    """Mean cross-entropy over the pixels that count, weighted per class.

    Zero, not a division by zero, where no pixel counts.
    """
    total = F.cross_entropy(
        logits, classes, weight=weights, ignore_index=IGNORE_ID, reduction="sum"
    )
    counted = classes[classes != IGNORE_ID]
    if counted.numel() == 0:
        return total
    return total / (counted.numel() if weights is None else weights[counted].sum())


def dice_loss(
    logits: Tensor,
    classes: Tensor,
    smooth: float = 1.0,
    *,
    background: bool = False,
) -> Tensor:
    """One minus the soft Dice score, averaged over the defect classes.

    Sums run over the batch, so that crops without a class do not swing it (Milletari
    et al. 2016); sound paint is left out, since it is large and easy.

    Args:
        logits: Of the network.
        classes: The truth.
        smooth: Added above and below; a class that is nowhere scores 1.
        background: Count sound paint as one class more.
    """
    counts = (classes != IGNORE_ID).unsqueeze(1)
    probabilities = logits.softmax(dim=1) * counts
    known = torch.where(classes == IGNORE_ID, 0, classes)
    truth = F.one_hot(known, logits.shape[1]).movedim(-1, 1) * counts
    both = (probabilities * truth).sum(dim=(0, 2, 3))
    total = probabilities.sum(dim=(0, 2, 3)) + truth.sum(dim=(0, 2, 3))
    score = (2 * both + smooth) / (total + smooth)
    return 1 - (score if background else score[1:]).mean()


def paper_dice(logits: Tensor, classes: Tensor) -> Tensor:
    """The paper's Dice loss: sound paint counts as a class, hardly smoothed."""
    return dice_loss(logits, classes, PAPER_SMOOTH, background=True)


def focal_loss(
    logits: Tensor, classes: Tensor, alpha: float = 0.5, gamma: float = 2.0
) -> Tensor:
    """Mean of `-alpha (1 - p)^gamma log p`, p the probability of the true class.

    Lin et al. 2017, with the paper's values and its one alpha for all classes. The
    mean is over the pixels that count, zero where none does.
    """
    counts = classes != IGNORE_ID
    known = torch.where(counts, classes, 0).unsqueeze(1)
    log_p = logits.log_softmax(dim=1).gather(1, known).squeeze(1)
    # Not down to 0, where a gamma below 1 has no finite slope.
    missed = (-torch.expm1(log_p)).clamp_min(1e-7)
    each = -alpha * missed**gamma * log_p
    return (each * counts).sum() / counts.sum().clamp_min(1)


def mixed1(logits: Tensor, classes: Tensor, focal_share: float = 1.0) -> Tensor:
    """The paper's best: Dice + lambda x focal, lambda being `focal_share`."""
    return paper_dice(logits, classes) + focal_share * focal_loss(logits, classes)


def mixed2(logits: Tensor, classes: Tensor, weights: Tensor | None = None) -> Tensor:
    """The paper's sum of three: Dice + focal + cross-entropy (weighted if asked)."""
    dice_and_focal = mixed1(logits, classes)
    return dice_and_focal + cross_entropy(logits, classes, weights)


def _craquelure(logits: Tensor, classes: Tensor) -> tuple[Tensor, Tensor]:
    """Probability and truth of craquelure, both [N, 1, H, W], 0 where ignored."""
    counts = classes != IGNORE_ID
    probability = logits.softmax(dim=1)[:, CRAQUELURE.id] * counts
    truth = (classes == CRAQUELURE.id).to(probability.dtype)
    return probability.unsqueeze(1), truth.unsqueeze(1)


def _shrunk(pictures: Tensor) -> Tensor:
    """Minimum over each pixel and its four neighbours."""
    upright = F.max_pool2d(-pictures, (3, 1), 1, (1, 0))
    level = F.max_pool2d(-pictures, (1, 3), 1, (0, 1))
    return -torch.maximum(upright, level)


def _opened(pictures: Tensor) -> Tensor:
    return F.max_pool2d(_shrunk(pictures), 3, 1, 1)


def soft_skeleton(pictures: Tensor, steps: int) -> Tensor:
    """Centre lines of pictures [N, 1, H, W] of 0 to 1, in a way that has a gradient.

    Shit et al. 2021, algorithm 1: what vanishes when a shape is shrunk and grown again
    is collected while the shape is shrunk `steps` times. Good for lines up to
    `2 * steps` pixels wide.
    """
    skeleton = F.relu(pictures - _opened(pictures))
    for _ in range(steps):
        pictures = _shrunk(pictures)
        skeleton = skeleton + (1 - skeleton) * F.relu(pictures - _opened(pictures))
    return skeleton


def cl_dice_loss(
    logits: Tensor, classes: Tensor, steps: int = 5, smooth: float = 1.0
) -> Tensor:
    """One minus the soft centre-line Dice of craquelure (Shit et al. 2021).

    The harmonic mean of how much of the found centre line lies on the truth and of how
    much of the true one was found: a gap costs as much in a hairline as in a wide
    crack. Says nothing of other classes or of width: add it to a loss that does.
    """
    found, truth = _craquelure(logits, classes)
    found_line = soft_skeleton(found, steps)
    true_line = soft_skeleton(truth, steps)
    right = ((found_line * truth).sum() + smooth) / (found_line.sum() + smooth)
    reached = ((true_line * found).sum() + smooth) / (true_line.sum() + smooth)
    return 1 - 2 * right * reached / (right + reached)


def tubes(classes: Tensor) -> Tensor:
    """The inner part of true craquelure near its centre line, bool [N, H, W].

    Two steps to each side, by 4 neighbours, and never beyond the craquelure itself.
    """
    craquelure = (classes == CRAQUELURE.id).cpu().numpy()
    tube = np.zeros(craquelure.shape, np.bool_)
    for inside, crop in zip(tube, craquelure, strict=True):
        line = skeletonise(crop).astype(np.uint8)
        inside[:] = cv2.dilate(line, CROSS, iterations=TUBE_STEPS) > 0
    return torch.from_numpy(tube & craquelure).to(classes.device)


def skeleton_recall_loss(
    logits: Tensor, classes: Tensor, smooth: float = 1.0
) -> Tensor:
    """Minus the mean probability of craquelure in its `tubes`: from 0 down to -1.

    Kirchhoff et al. 2024; the centre lines are made on the CPU. Recall alone is best
    served by craquelure everywhere: add it to a loss that punishes that.
    """
    found, _ = _craquelure(logits, classes)
    tube = tubes(classes).unsqueeze(1)
    return -((found * tube).sum() + smooth) / (tube.sum() + smooth)


def class_weights(counts: Tensor) -> Tensor:
    """Weights for the cross-entropy from the pixels of each class, float32 [C].

    One over the square root of the class's share, scaled to a mean of 1. Between no
    weights, which let craquelure drown in sound paint, and one over the share, which
    paints it wide: at 96 % sound and 1 % craquelure it weighs 10 times as much, not 96.
    A class without a pixel has no share; it weighs 1 and does not enter the mean.

    Args:
        counts: Pixels per class over the training data, sound paint first, [C].
    """
    seen = counts > 0
    raw = counts[seen].double().rsqrt()
    weights = torch.ones(counts.shape, dtype=torch.float64, device=counts.device)
    weights[seen] = raw / raw.mean()
    return weights.float()


LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "ce": cross_entropy,
    "dice": paper_dice,
    "dice_defects": dice_loss,
    "focal": focal_loss,
    "mixed1": mixed1,
    "mixed2": mixed2,
    # Terms to add to one of those above: they judge craquelure alone.
    "cldice": cl_dice_loss,
    "skeleton_recall": skeleton_recall_loss,
}
"""Each loss by the name that experiments and presets have for it, at its defaults."""
