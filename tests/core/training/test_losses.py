"""Losses against values worked out by hand, and their gradients against differences."""

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from resunet_core.defects import IGNORE_ID
from resunet_core.training.losses import cross_entropy, dice_loss

Loss = Callable[[Tensor, Tensor], Tensor]
WEIGHTS = (1.0, 2.0, 1.5)


def _weighted(logits: Tensor, classes: Tensor) -> Tensor:
    weights = torch.tensor(WEIGHTS, dtype=logits.dtype)
    return cross_entropy(logits, classes, weights)


LOSSES: dict[str, Loss] = {
    "cross-entropy": cross_entropy,
    "weighted": _weighted,
    "dice": dice_loss,
}


def _logits(*pixels: tuple[float, float, float]) -> Tensor:
    """Logits [1, 3, 1, N] whose softmax is the given probabilities."""
    return torch.tensor(pixels, dtype=torch.float64).log().T[None, :, None, :]


def _ids(*ids: int) -> Tensor:
    return torch.tensor(ids)[None, None, :]


def test_cross_entropy_by_hand() -> None:
    logits = _logits((0.5, 0.25, 0.25), (0.1, 0.8, 0.1), (0.9, 0.05, 0.05))
    classes = _ids(0, 1, IGNORE_ID)
    plain = -(math.log(0.5) + math.log(0.8)) / 2
    weighted = -(math.log(0.5) + 2 * math.log(0.8)) / 3
    assert cross_entropy(logits, classes).item() == pytest.approx(plain)
    assert _weighted(logits, classes).item() == pytest.approx(weighted)


def test_dice_by_hand() -> None:
    logits = _logits((0.5, 0.25, 0.25), (0.1, 0.8, 0.1), (0.9, 0.05, 0.05))
    classes = _ids(0, 1, IGNORE_ID)
    crack = (2 * 0.8 + 1) / (0.25 + 0.8 + 1 + 1)
    loss = (0 + 1) / (0.25 + 0.1 + 0 + 1)
    expected = 1 - (crack + loss) / 2
    assert dice_loss(logits, classes).item() == pytest.approx(expected)


@pytest.mark.parametrize("name", LOSSES)
def test_gradients_agree_with_differences(name: str) -> None:
    generator = torch.Generator().manual_seed(2)
    logits = torch.randn(2, 3, 3, 4, generator=generator, dtype=torch.float64)
    classes = torch.randint(0, 3, (2, 3, 4), generator=generator)
    classes[0, 0] = IGNORE_ID
    logits.requires_grad_()
    assert torch.autograd.gradcheck(lambda given: LOSSES[name](given, classes), logits)


@pytest.mark.parametrize("name", LOSSES)
def test_ignored_pixels_teach_nothing(name: str) -> None:
    logits = torch.randn(1, 3, 4, 4, dtype=torch.float64, requires_grad=True)
    classes = torch.full((1, 4, 4), IGNORE_ID)
    classes[0, :2] = torch.tensor([0, 1, 2, 1])
    loss = LOSSES[name](logits, classes)
    (gradient,) = torch.autograd.grad(loss, logits)
    assert gradient[..., :2, :].abs().min() > 0
    assert gradient[..., 2:, :].abs().max() == 0


@pytest.mark.parametrize("name", LOSSES)
def test_a_batch_that_is_ignored_whole_is_no_division_by_zero(name: str) -> None:
    logits = torch.randn(1, 3, 4, 4, requires_grad=True)
    loss = LOSSES[name](logits, torch.full((1, 4, 4), IGNORE_ID))
    (gradient,) = torch.autograd.grad(loss, logits)
    assert loss.isfinite()
    assert gradient.abs().max() == 0
