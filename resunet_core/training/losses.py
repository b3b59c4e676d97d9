"""Losses on logits [N, C, H, W] and class ids [N, H, W]; 255 is left out."""

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own customary name
from torch import Tensor

from resunet_core.defects import IGNORE_ID


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


def dice_loss(logits: Tensor, classes: Tensor, smooth: float = 1.0) -> Tensor:
    """One minus the soft Dice score, averaged over the defect classes.

    Sums run over the batch, so that crops without a class do not swing it (Milletari
    et al. 2016); sound paint is left out, since it is large and easy.
    """
    counts = (classes != IGNORE_ID).unsqueeze(1)
    probabilities = logits.softmax(dim=1) * counts
    known = torch.where(classes == IGNORE_ID, 0, classes)
    truth = F.one_hot(known, logits.shape[1]).movedim(-1, 1) * counts
    both = (probabilities * truth).sum(dim=(0, 2, 3))
    total = probabilities.sum(dim=(0, 2, 3)) + truth.sum(dim=(0, 2, 3))
    score = (2 * both + smooth) / (total + smooth)
    return 1 - score[1:].mean()
