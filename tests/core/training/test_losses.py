"""Losses against values worked out by hand, and their gradients against differences."""

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from resunet_core.defects import IGNORE_ID
from resunet_core.training.losses import (
    LOSSES,
    cl_dice_loss,
    class_weights,
    cross_entropy,
    dice_loss,
    focal_loss,
    mixed1,
    mixed2,
    paper_dice,
    skeleton_recall_loss,
    soft_skeleton,
    tubes,
)

Loss = Callable[[Tensor, Tensor], Tensor]
WEIGHTS = (1.0, 2.0, 1.5)
THIN = ("cldice", "skeleton_recall")


def _weighted(logits: Tensor, classes: Tensor) -> Tensor:
    weights = torch.tensor(WEIGHTS, dtype=logits.dtype)
    return cross_entropy(logits, classes, weights)


def _keen(logits: Tensor, classes: Tensor) -> Tensor:
    return focal_loss(logits, classes, alpha=0.25, gamma=0.5)


ALL: dict[str, Loss] = {**LOSSES, "weighted": _weighted, "keen": _keen}


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


def test_the_papers_losses_by_hand() -> None:
    logits = _logits((0.5, 0.25, 0.25), (0.1, 0.8, 0.1), (0.9, 0.05, 0.05))
    classes = _ids(0, 1, IGNORE_ID)
    sound = 2 * 0.5 / (0.5 + 0.1 + 1)
    crack = 2 * 0.8 / (0.25 + 0.8 + 1)
    dice = 1 - (sound + crack + 0) / 3  # paint loss is nowhere, and was expected
    focal = -0.5 * (0.5**2 * math.log(0.5) + 0.2**2 * math.log(0.8)) / 2
    entropy = -(math.log(0.5) + math.log(0.8)) / 2
    near = 1e-4  # the smoothing, which is left out here
    assert paper_dice(logits, classes).item() == pytest.approx(dice, abs=near)
    assert focal_loss(logits, classes).item() == pytest.approx(focal)
    half = mixed1(logits, classes, focal_share=0.5).item()
    assert half == pytest.approx(dice + 0.5 * focal, abs=near)
    assert mixed2(logits, classes).item() == pytest.approx(
        dice + focal + entropy, abs=near
    )


def _sure_of_craquelure(found: Tensor) -> Tensor:
    """Logits [1, 3, H, W] whose softmax is `found`, the rest being sound paint."""
    rest = (1 - found).clamp_min(1e-9)
    nothing = torch.full_like(found, 1e-9)
    return torch.stack([rest, found.clamp_min(1e-9), nothing]).log()[None]


def test_a_soft_skeleton_is_the_middle_of_a_bar() -> None:
    bar = torch.zeros(1, 1, 11, 21)
    bar[..., 4:7, 3:18] = 0.7
    line = torch.zeros_like(bar)
    line[..., 5, 4:17] = 0.7
    torch.testing.assert_close(soft_skeleton(bar, 2), line)


def test_centre_line_dice_by_hand() -> None:
    """A true line of ten pixels; six of them found, and two of sound paint beside."""
    classes = torch.zeros(1, 7, 14, dtype=torch.long)
    classes[0, 3, 2:12] = 1
    found = torch.zeros(7, 14, dtype=torch.float64)
    found[3, 2:8] = 1
    found[0, 12:14] = 1
    right, reached = (6 + 1) / (8 + 1), (6 + 1) / (10 + 1)
    expected = 1 - 2 * right * reached / (right + reached)
    loss = cl_dice_loss(_sure_of_craquelure(found), classes).item()
    assert loss == pytest.approx(expected, abs=1e-6)


def test_skeleton_recall_by_hand() -> None:
    """In a bar of 9 x 21 the tube is the middle line with two pixels to each side."""
    classes = torch.zeros(1, 15, 27, dtype=torch.long)
    classes[0, 3:12, 3:24] = 1
    tube = tubes(classes)
    assert not tube[classes != 1].any()
    assert tube[0, 2:13, 13].tolist() == [False] * 3 + [True] * 5 + [False] * 3
    found = torch.zeros(15, 27, dtype=torch.float64)
    found[7] = 0.5
    line = int(tube[0, 7].sum())
    expected = -(0.5 * line + 1) / (int(tube.sum()) + 1)
    loss = skeleton_recall_loss(_sure_of_craquelure(found), classes).item()
    assert loss == pytest.approx(expected, abs=1e-6)


def test_the_tube_of_a_hairline_is_the_hairline() -> None:
    classes = torch.zeros(2, 9, 9, dtype=torch.long)
    classes[1, 4] = 1
    assert torch.equal(tubes(classes), classes == 1)


def test_a_gap_costs_more_where_the_centre_line_is_looked_at() -> None:
    classes = torch.zeros(1, 20, 40, dtype=torch.long)
    classes[0, 4:6] = 1
    classes[0, 10:18] = 1
    whole = (classes[0] == 1).double()
    gap_in_hairline, worn_edge = whole.clone(), whole.clone()
    gap_in_hairline[4:6, 10:20] = 0
    worn_edge[10, :20] = 0  # as many pixels

    def more(loss: Loss) -> float:
        gap, worn = (
            loss(_sure_of_craquelure(f), classes).item()
            for f in (gap_in_hairline, worn_edge)
        )
        return gap - worn

    assert more(paper_dice) == pytest.approx(0, abs=1e-6)
    assert more(cl_dice_loss) > 0.05
    assert more(skeleton_recall_loss) > 0.05


def test_class_weights_by_hand() -> None:
    """Shares of 64, 4 and 1: one over the root is 1/8, 1/2 and 1, their mean 13/24."""
    weights = class_weights(torch.tensor([6400, 400, 100]))
    torch.testing.assert_close(weights, torch.tensor([3.0, 12.0, 24.0]) / 13)
    empty = class_weights(torch.tensor([900, 0, 100]))
    torch.testing.assert_close(empty, torch.tensor([0.5, 1.0, 1.5]))
    assert class_weights(torch.zeros(3)).tolist() == [1, 1, 1]


@pytest.mark.parametrize("name", ALL)
def test_gradients_agree_with_differences(name: str) -> None:
    generator = torch.Generator().manual_seed(2)
    logits = torch.randn(2, 3, 3, 4, generator=generator, dtype=torch.float64)
    classes = torch.randint(0, 3, (2, 3, 4), generator=generator)
    classes[0, 0] = IGNORE_ID
    logits.requires_grad_()
    assert torch.autograd.gradcheck(lambda given: ALL[name](given, classes), logits)


@pytest.mark.parametrize("name", ALL)
def test_ignored_pixels_teach_nothing(name: str) -> None:
    logits = torch.randn(1, 3, 4, 4, dtype=torch.float64, requires_grad=True)
    classes = torch.full((1, 4, 4), IGNORE_ID)
    classes[0, :2] = torch.tensor([0, 1, 2, 1])
    loss = ALL[name](logits, classes)
    (gradient,) = torch.autograd.grad(loss, logits)
    taught = gradient[..., :2, :].abs()
    assert (taught.max() if name in THIN else taught.min()) > 0
    assert gradient[..., 2:, :].abs().max() == 0


@pytest.mark.parametrize("name", ALL)
def test_a_batch_that_is_ignored_whole_is_no_division_by_zero(name: str) -> None:
    logits = torch.randn(1, 3, 4, 4, requires_grad=True)
    loss = ALL[name](logits, torch.full((1, 4, 4), IGNORE_ID))
    (gradient,) = torch.autograd.grad(loss, logits)
    assert loss.isfinite()
    assert gradient.abs().max() == 0
