"""A network listens to another one where no label contradicts it."""

import numpy as np
import torch
from torch import Tensor, nn

from resunet_core.progress import run_to_end
from resunet_core.training.crops import CropStream, Labelled, Source
from resunet_core.training.fit import fit
from resunet_core.training.parallel import Place
from resunet_core.training.plan import TrainingPlan
from resunet_core.training.state import TrainingState
from resunet_core.training.teacher import teacher_loss
from tests.builders import painted_pixels

SURE = 8.0


class _SaysLoss(nn.Module):
    """Sure of paint loss, everywhere."""

    def forward(self, photo: Tensor) -> Tensor:
        count, _, tall, wide = photo.shape
        logits = torch.zeros(count, 3, tall, wide)
        logits[:, 2] = SURE
        return logits


def _half_labelled(_index: int) -> Labelled:
    """Dark and labelled sound above, bright and unlabelled below."""
    pixels = painted_pixels(60, 60) // 8
    pixels[30:] += 200
    classes = np.zeros((60, 60), np.uint8)
    classes[30:] = 255
    return pixels, classes


def test_the_teacher_is_believed_where_nothing_is_labelled_and_only_there() -> None:
    torch.manual_seed(4)
    network = nn.Sequential(nn.Conv2d(3, 8, 1), nn.ReLU(), nn.Conv2d(8, 3, 1))
    plan = TrainingPlan(
        150, batch=4, rate=0.05, warm_up=5, loaders=0, teacher_weight=1.0, average=0.9
    )
    state = TrainingState.start(network, plan)
    state.teacher = _SaysLoss()
    source = Source("half", 1.0, 1, _half_labelled, (1.0, 1.0))
    stream = CropStream([source], 48, seed=0, augmentation="none")
    run_to_end(fit(state, stream, plan, place=Place(torch.device("cpu"))))
    pixels, _ = _half_labelled(0)
    photo = torch.from_numpy(pixels).permute(2, 0, 1)[None] / 255
    with torch.no_grad():
        said = state.averaged(photo).argmax(dim=1)[0]
    assert (said[:28] == 0).float().mean() > 0.95
    assert (said[32:] == 2).float().mean() > 0.95


def test_the_divergence_is_that_of_two_distributions() -> None:
    """Known by hand: KL of (3/4, 1/4) from (1/2, 1/2) is ln 2 - entropy(1/4)."""
    taught = torch.tensor([0.75, 0.25]).log().reshape(1, 2, 1, 1).expand(1, 2, 2, 2)
    unlabelled = torch.full((1, 2, 2), 255)
    found = teacher_loss(torch.zeros(1, 2, 2, 2), taught, unlabelled)
    entropy = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))
    torch.testing.assert_close(float(found), np.log(2) - entropy, rtol=1e-5, atol=0)
    contradicted = torch.ones(1, 2, 2, dtype=torch.long)
    assert teacher_loss(torch.zeros(1, 2, 2, 2), taught, contradicted) == 0
