"""What training goes by: windows of the validation photos, and a score that is fair."""

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from torch import Tensor, nn

from resunet_core.defects import DEFAULT_CLASSES
from resunet_core.progress import run_to_end
from resunet_core.training.examples import read_data_folder
from resunet_core.training.judge import (
    WindowJudge,
    judgement_of,
    likeliest,
    windows_of,
)
from resunet_core.training.metrics import Scores
from resunet_core.training.pack import Pack, PackedPicture, pack
from tests.builders import a_mask, painted_pixels

CPU = torch.device("cpu")


def _sized(*sizes: tuple[int, int]) -> Pack:
    pictures = tuple(
        PackedPicture(f"d/{n}", "", height, width, 0, (1, 1, 1), "")
        for n, (height, width) in enumerate(sizes)
    )
    return Pack(Path(), pictures)


@given(
    st.lists(st.tuples(st.integers(1, 300), st.integers(1, 300)), max_size=5),
    st.integers(32, 128),
    st.integers(1, 60_000),
)
def test_windows_never_overlap_nor_exceed(
    sizes: list[tuple[int, int]], side_px: int, most_px: int
) -> None:
    packed = _sized(*sizes)
    windows = windows_of(
        packed, range(len(sizes)), side_px=side_px, most_px=most_px, seed=3
    )
    seen = [np.zeros(size, int) for size in sizes]
    for window in windows:
        seen[window.number][window.box.slices] += 1
        assert max(window.box.height, window.box.width) <= side_px
    assert all(picture.max(initial=0) <= 1 for picture in seen)
    taken = sum(window.box.area for window in windows)
    assert taken <= most_px or len(windows) == 1
    assert bool(windows) == bool(sizes)  # something is always looked at
    again = windows_of(
        packed, range(len(sizes)), side_px=side_px, most_px=most_px, seed=3
    )
    assert again == windows


def test_each_photo_is_looked_at_before_one_is_twice() -> None:
    packed = _sized((256, 256), (256, 256), (64, 64))
    windows = windows_of(packed, (0, 1, 2), side_px=64, most_px=5 * 64 * 64)
    numbers = [window.number for window in windows]
    assert sorted(numbers[:3]) == [0, 1, 2]
    assert sorted(numbers[3:]) == [0, 1]


def test_no_room_for_all_does_not_leave_out_the_last() -> None:
    packed = _sized(*[(64, 64)] * 40)
    numbers = {
        window.number
        for window in windows_of(packed, range(40), side_px=64, most_px=10 * 64 * 64)
    }
    assert len(numbers) == 10
    assert max(numbers) >= 20
    assert min(numbers) < 20


class _Dark(nn.Module):
    """Takes dark pixels for craquelure and bright ones for loss."""

    def forward(self, photos: Tensor) -> Tensor:
        grey = photos.mean(dim=1)
        return torch.stack([torch.full_like(grey, 0.25), 0.5 - grey, grey - 0.5], dim=1)


def test_a_network_is_judged_by_what_it_finds_likeliest(tmp_path: Path) -> None:
    for number in range(2):
        mask = a_mask(70, 90)
        pixels = np.full((70, 90, 3), 128, np.uint8)
        pixels[mask == 1], pixels[mask == 2] = 0, 255
        for folder, array in (("images", pixels), ("masks", mask)):
            (tmp_path / folder).mkdir(exist_ok=True)
            Image.fromarray(array).save(tmp_path / folder / f"{number}.png")
    packed = run_to_end(pack(read_data_folder(tmp_path), tmp_path / "work"))
    windows = windows_of(packed, (0, 1), side_px=512, most_px=10**6)
    network = _Dark().train()
    judgement = WindowJudge(windows, CPU)(network)
    assert judgement.score == pytest.approx(1.0)
    assert network.training  # as it was
    wrong = WindowJudge(windows, CPU)(nn.Conv2d(3, 3, 1).requires_grad_())
    assert wrong.score < 0.7


def test_odd_sizes_come_back_as_they_were() -> None:
    pixels = painted_pixels(37, 53)
    pixels[:10] = 0
    found = likeliest(_Dark(), pixels, CPU)
    assert found.shape == (37, 53)
    assert (found[:10] == 1).all()


def test_the_score_is_of_the_classes_there_are_never_of_accuracy() -> None:
    truth = np.zeros((40, 40), np.uint8)
    truth[20:23, 5:35] = 1
    nothing = Scores(DEFAULT_CLASSES)
    nothing.add(np.zeros_like(truth), truth)
    assert judgement_of(nothing).score == 0.0
    assert nothing.accuracy is not None
    assert nothing.accuracy > 0.9
    right = Scores(DEFAULT_CLASSES)
    right.add(truth, truth)
    found = judgement_of(right)
    assert found.score == 1.0  # paint loss, which is nowhere, costs nothing
    assert found.classes["paint_loss"] is None
