"""The sums over the places of a project."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from resunet_core.exchange.reporting import project_totals
from resunet_core.measure.totals import Depth, PhotoFigures, Total, total, worst_first
from resunet_core.project.store import Project

_DEPTHS: tuple[Depth, ...] = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class PlaceSum:
    """The sum over one place.

    Attributes:
        total: Its figures.
        photo_ids: Photos that count, the one with most damage first.
        measured: How many photos of it were looked at and measured.
        taken: How many there are.
    """

    total: Total
    photo_ids: tuple[int, ...]
    measured: int
    taken: int

    @property
    def levels(self) -> tuple[str, ...]:
        """Names from the site down to the place; as many as it lies deep."""
        return self.total.levels


@dataclass(frozen=True)
class Sums:
    """The sums over all places, wholes before their parts."""

    places: tuple[PlaceSum, ...] = ()

    def at(self, depth: int) -> tuple[PlaceSum, ...]:
        """The places of a depth: 1 sites, 2 buildings ... 5 components."""
        return tuple(place for place in self.places if len(place.levels) == depth)

    def parts(self, levels: tuple[str, ...], depth: int) -> tuple[PlaceSum, ...]:
        """The places of a depth inside another place."""
        return tuple(p for p in self.at(depth) if p.levels[: len(levels)] == levels)


def sum_up(project: Project, figures: Mapping[int, PhotoFigures]) -> Sums:
    """The sums over every place, with places and primary views as they are now."""
    records = project.photos()
    ids = {one.name: photo_id for photo_id, one in figures.items()}
    found = []
    for depth in _DEPTHS:
        sums = {one.levels: one for one in project_totals(project, figures, depth)}
        taken: dict[tuple[str, ...], list[int]] = {}
        for record in records:
            taken.setdefault(record.place.levels[:depth], []).append(record.id)
        for levels, members in taken.items():
            found.append(_place_sum(sums.get(levels), levels, members, figures, ids))
    return Sums(tuple(found))


def _place_sum(
    found: Total | None,
    levels: tuple[str, ...],
    members: Sequence[int],
    figures: Mapping[int, PhotoFigures],
    ids: Mapping[str, int],
) -> PlaceSum:
    measured = [photo_id for photo_id in members if photo_id in figures]
    whole = total((), levels) if found is None else found
    counted = [ids[name] for name in whole.photos]
    worst = worst_first(total([figures[photo_id]]) for photo_id in counted)
    return PlaceSum(
        whole,
        tuple(ids[one.photos[0]] for one in worst),
        len(measured),
        len(members),
    )
