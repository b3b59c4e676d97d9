"""What validates the shipped model is never trained on."""

from pathlib import Path

import pytest

from resunet_core.errors import BadData
from resunet_core.training.examples import Example
from resunet_core.training.shipped import (
    GAP,
    HELD_BACK,
    held_back,
    is_validation,
    sources,
)


def _named(stem: str) -> Example:
    return Example(Path(f"{stem}.png"), Path(f"{stem}.png"))


def test_crops_of_a_painting_are_held_back_in_runs_with_a_gap() -> None:
    for school, runs in HELD_BACK.items():
        for low, high in runs:
            for number in (low, high):
                assert held_back(f"{school}_{number:04d}")
                assert is_validation("craquelure_nga", 0, _named(f"{school}_{number}"))
            assert not held_back(f"{school}_{high + 1}")
            assert held_back(f"{school}_{high + GAP}", GAP)
            assert not held_back(f"{school}_{high + GAP + 1}", GAP)
    assert not held_back("spanish_5")


def test_of_other_sets_each_eighth_is_held_back() -> None:
    kept = [is_validation("uav_cracks", n, _named("x_1")) for n in range(16)]
    assert sum(kept) == 2


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="no folder"):
        sources(tmp_path / "nothing")
