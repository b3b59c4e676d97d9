"""Learning from what another network says, besides the labels.

Hinton et al. 2015 (a small network learns from a large one); Li and Hoiem 2016 (a
network that learns something new listens to what it was, so that it forgets less).
"""

import torch
from torch import Tensor

from resunet_core.defects import IGNORE_ID

CONTRADICTED = 0.5
"""A teacher that gives the labelled class less than this is wrong there."""


def teacher_loss(logits: Tensor, taught: Tensor, classes: Tensor) -> Tensor:
    """Mean divergence from the teacher's probabilities where no label contradicts it.

    Args:
        logits: [N, C, H, W] of the network that learns.
        taught: [N, C, H, W], the teacher's.
        classes: [N, H, W]; at 255 there is no label, so the teacher is believed.
    """
    told = taught.softmax(dim=1)
    known = torch.where(classes == IGNORE_ID, 0, classes).unsqueeze(1)
    agreed = told.gather(1, known).squeeze(1) >= CONTRADICTED
    believed = agreed | (classes == IGNORE_ID)
    apart = told * (taught.log_softmax(dim=1) - logits.log_softmax(dim=1))
    return (apart.sum(dim=1) * believed).sum() / believed.sum().clamp_min(1)
