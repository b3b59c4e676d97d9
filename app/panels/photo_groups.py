"""The photos of a survey in groups of their places: pure values."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.support.words import BETWEEN


@dataclass
class Group:
    """A place with what is in it; the groups before the photos.

    Attributes:
        name: Of the place, or of several that lie in each other alone.
        groups: The places in it.
        photos: Places in the list of the photos that are right here.
    """

    name: str
    groups: list["Group"] = field(default_factory=list)
    photos: list[int] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many photos are here and in all groups."""
        return len(self.photos) + sum(group.count for group in self.groups)


def grouped(places: Sequence[tuple[int, Sequence[str]]], unplaced: str) -> Group:
    """Group photos by the names of their places, empty names left out.

    Args:
        places: Of each photo its place in the list, and the names from the site on.
        unplaced: Name of the group of photos without a place; where no photo has one
            they stand without any group.
    """
    root = Group("")
    known: dict[tuple[str, ...], Group] = {(): root}
    for index, levels in places:
        names = tuple(name for name in levels if name)
        _group_of(names, known).photos.append(index)
    for group in known.values():
        group.groups.sort(key=_natural)
    if root.groups and root.photos:
        root.groups.append(Group(unplaced, photos=root.photos))
        root.photos = []
    _join(root)
    return root


def in_order(group: Group) -> list[int]:
    """All photos from top to bottom."""
    return [i for inner in group.groups for i in in_order(inner)] + group.photos


def _natural(group: Group) -> list[tuple[int, str]]:
    """Sorts Bay 2 before Bay 10."""
    parts = re.split(r"(\d+)", group.name.casefold())
    return [(int(p), "") if p.isdecimal() else (-1, p) for p in parts]


def _group_of(names: tuple[str, ...], known: dict[tuple[str, ...], Group]) -> Group:
    if names not in known:
        known[names] = made = Group(names[-1])
        _group_of(names[:-1], known).groups.append(made)
    return known[names]


def _join(group: Group) -> None:
    """Let a group that holds nothing but one other take that one's place."""
    for number, inner in enumerate(group.groups):
        while len(inner.groups) == 1 and not inner.photos:
            (only,) = inner.groups
            only.name = f"{inner.name}{BETWEEN}{only.name}"
            inner = group.groups[number] = only  # noqa: PLW2901 - goes on down
        _join(inner)
