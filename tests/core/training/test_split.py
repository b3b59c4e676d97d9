"""Pictures are parted before augmentation, whole groups at a time, evenly."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resunet_core.errors import BadData, WrongUsage
from resunet_core.training.pack import PackedPicture
from resunet_core.training.split import SplitRule, read_split, split, write_split


def _picture(name: str, counts: tuple[int, int, int] = (90, 5, 5)) -> PackedPicture:
    return PackedPicture(name, name, 10, 10, 0, counts, name)


def _pictures(*names: str) -> list[PackedPicture]:
    return [_picture(f"data/{name}.jpg") for name in names]


@given(count=st.integers(2, 60), share=st.floats(0.02, 0.9), seed=st.integers(0, 1000))
def test_each_picture_is_on_one_side_and_none_is_empty(
    count: int, share: float, seed: int
) -> None:
    pictures = _pictures(*(f"beam{n}" for n in range(count)))
    way = split(pictures, SplitRule(share, "photo", seed))
    assert sorted(way.train + way.validation) == list(range(count))
    assert way.train
    assert way.validation
    assert way == split(pictures, SplitRule(share, "photo", seed))
    wanted = max(1, round(share * count))
    assert len(way.validation) == min(wanted, count - 1)


@pytest.mark.parametrize(
    ("rule", "names", "together"),
    [
        (
            "building",
            ["Well Pavilion 1", "Well Pavilion 02", "东华门-1", "东华门-2", "hall_3"],
            [{0, 1}, {2, 3}, {4}],
        ),
        (r"(\w+)-\w+", ["a-x", "a-y", "b-x", "c"], [{0, 1}, {2}, {3}]),
        ("[ab]", ["a1", "a2", "b1", "c1"], [{0, 1}, {2}, {3}]),
    ],
)
def test_what_belongs_together_is_never_parted(
    rule: str, names: list[str], together: list[set[int]]
) -> None:
    pictures = _pictures(*names)
    for seed in range(20):
        way = split(pictures, SplitRule(0.4, rule, seed))
        for group in together:
            assert group <= set(way.train) or group <= set(way.validation)


def test_a_rare_class_is_on_both_sides() -> None:
    pictures = [
        _picture(f"d/{n}.jpg", (100, 10, 50 if n < 3 else 0)) for n in range(40)
    ]
    for seed in range(10):
        way = split(pictures, SplitRule(0.1, "photo", seed))
        lost = [n for n in way.validation if pictures[n].counts[2]]
        assert 1 <= len(lost) <= 2


def test_what_was_written_is_read_back_and_must_fit(tmp_path: Path) -> None:
    pictures = _pictures("梁1", "梁2", "梁3", "梁4")
    way = split(pictures, SplitRule(0.25))
    path = tmp_path / "split.json"
    write_split(path, pictures, way)
    assert read_split(path, pictures) == way
    with pytest.raises(BadData, match=r"data/梁4\.jpg is only in one"):
        read_split(path, pictures[:3])
    path.write_text('{"train": []}', "utf-8")
    with pytest.raises(BadData, match="is no split"):
        read_split(path, pictures)


def test_what_cannot_be_parted_is_said() -> None:
    one_building = _pictures("hall 1", "hall 2", "hall 3")
    with pytest.raises(BadData, match="all 3 photos belong together"):
        split(one_building, SplitRule(0.1, "building"))
    with pytest.raises(WrongUsage, match="is no rule"):
        split(one_building, SplitRule(0.1, "(hall"))
    with pytest.raises(WrongUsage, match="not between 0 and 1"):
        split(one_building, SplitRule(1.0))
