"""Boxes, progress, the vocabulary, resources and the cache."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resunet_core.box import Box
from resunet_core.cache import cache_dir, prune
from resunet_core.defects import DEFAULT_CLASSES
from resunet_core.errors import CaihuaError
from resunet_core.progress import Progress, Steps, run_to_end
from resunet_core.resources import resource

boxes = st.builds(Box, *(st.integers(-6, 9) for _ in range(4)))


def _pixels(box: Box) -> set[tuple[int, int]]:
    rows, columns = range(box.top, box.bottom), range(box.left, box.right)
    return {(y, x) for y in rows for x in columns}


@given(boxes, boxes)
def test_boxes_are_sets_of_pixels(one: Box, other: Box) -> None:
    assert one.area == len(_pixels(one))
    assert _pixels(one.clip(other)) == _pixels(one) & _pixels(other)
    both = one.union(other)
    assert _pixels(both) >= _pixels(one) | _pixels(other)
    if not one.is_empty and not other.is_empty:
        assert both.top == min(one.top, other.top)
        assert both.right == max(one.right, other.right)
        assert one.within(other).move(other.top, other.left) == one


def test_steps_are_driven_to_their_value() -> None:
    def count() -> Steps[str]:
        yield Progress(1, 2)
        yield Progress(3, 2)
        return "done"

    seen: list[float] = []
    assert run_to_end(count(), lambda p: seen.append(p.fraction)) == "done"
    assert seen == [0.5, 1.0]
    assert Progress(5, 0).fraction == 0.0


def test_classes_are_found_by_id_and_key() -> None:
    for defect in DEFAULT_CLASSES:
        assert DEFAULT_CLASSES.by_id(defect.id) is DEFAULT_CLASSES.by_key(defect.key)
    with pytest.raises(KeyError):
        DEFAULT_CLASSES.by_id(0)
    with pytest.raises(KeyError):
        DEFAULT_CLASSES.by_key("mould")


def test_resources_are_there_or_refused() -> None:
    assert resource("templates", "report.html").is_file()
    with pytest.raises(CaihuaError, match=r"nothing/here\.txt is missing"):
        resource("nothing", "here.txt")


def test_the_least_recently_used_goes_first_and_the_new_one_stays(
    own_home: Path,
) -> None:
    folder = cache_dir("pyramids")
    assert folder.is_relative_to(own_home)
    for age, name in enumerate(("new", "used", "old", "oldest")):
        (folder / name).write_bytes(b"12345")
        os.utime(folder / name, (1000 - age, 1000 - age))
    prune(folder / "oldest", limit_bytes=11)  # just made, whatever the clock says
    assert {p.name for p in folder.iterdir()} == {"new", "oldest"}
