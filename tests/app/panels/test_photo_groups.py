"""Photos in groups of their places."""

from hypothesis import given
from hypothesis import strategies as st

from app.panels.photo_groups import Group, grouped, in_order

LEVELS = st.tuples(*[st.sampled_from(["", "a", "b"])] * 5)


def test_places_that_hold_nothing_but_one_other_stand_in_one_line() -> None:
    root = grouped(
        [
            (0, ("Palace", "Corridor", "East", "", "Beam")),
            (1, ("Palace", "Corridor", "East", "", "Bracket")),
            (2, ("Palace", "Hall", "", "", "")),
            (3, ("", "", "", "", "")),
        ],
        "Without a place",
    )
    palace, rest = root.groups
    assert (palace.name, palace.count) == ("Palace", 3)
    assert [group.name for group in palace.groups] == ["Corridor \u203a East", "Hall"]
    assert [group.name for group in palace.groups[0].groups] == ["Beam", "Bracket"]
    assert (rest.name, rest.photos) == ("Without a place", [3])
    assert in_order(root) == [0, 1, 2, 3]


def test_photos_of_no_place_stand_without_groups() -> None:
    assert grouped([(1, ()), (0, ("", ""))], "-") == Group("", photos=[1, 0])


@given(st.lists(LEVELS, max_size=12))
def test_every_photo_is_in_one_group(levels: list[tuple[str, ...]]) -> None:
    root = grouped(list(enumerate(levels)), "-")
    assert sorted(in_order(root)) == list(range(len(levels)))
    assert root.count == len(levels)
