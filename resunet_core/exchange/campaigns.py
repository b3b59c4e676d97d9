"""The photos of a project that show one component in two campaigns, compared."""

from collections.abc import Collection
from contextlib import closing
from datetime import date

import numpy as np
from numpy.typing import NDArray

from resunet_core.box import Box
from resunet_core.errors import CaihuaError
from resunet_core.imaging.photo import open_photo
from resunet_core.imaging.pyramid import Pyramid, build_pyramid
from resunet_core.measure.compare import CampaignView, Comparison, compare_campaigns
from resunet_core.measure.registration import Registration, register
from resunet_core.progress import Steps
from resunet_core.project.looked_at import is_looked_at
from resunet_core.project.records import PhotoRecord
from resunet_core.project.store import Project
from resunet_core.reports.camera import taken_with
from resunet_core.reports.changes import change_picture
from resunet_core.reports.condition import ComponentChange
from resunet_core.reports.pictures import jpeg

REGISTERED_PX = 2400
"""Longer side of what two photos are laid over each other by."""

DAYS_A_YEAR = 365.25


def campaign_of(record: PhotoRecord) -> str:
    """The campaign that a person named, else the year that the file says."""
    if record.campaign or not record.path.is_file():
        return record.campaign
    return taken_with(record.path)[0][:4]


def campaign_pairs(project: Project) -> list[tuple[int, int]]:
    """Ids of photos of one component, of the last campaign and the one before it.

    Where a campaign has several photos of it the primary view stands for them, or the
    largest one.
    """
    shown: dict[tuple[str, ...], dict[str, list[PhotoRecord]]] = {}
    for record in project.photos():
        name = campaign_of(record)
        if record.component and name:
            of_place = shown.setdefault(record.place.levels, {})
            of_place.setdefault(name, []).append(record)
    pairs = []
    for campaigns in shown.values():
        if len(campaigns) > 1:
            before, after = sorted(campaigns)[-2:]
            pairs.append((_stands(campaigns[before]).id, _stands(campaigns[after]).id))
    return pairs


def compare_photos(
    project: Project, before_id: int, after_id: int
) -> Steps[Comparison]:
    """Lay two photos of a project over each other and compare their masks.

    Raises:
        CaihuaError: A file is gone, nobody has looked at one of them, or they do not
            show the same place.
    """
    before, after = project.photo(before_id), project.photo(after_id)
    for record in (before, after):
        if not is_looked_at(project, record):
            raise CaihuaError(
                f"{record.path.name} has not been assessed yet.",
                "Let the program detect damage on it, or draw it, and compare then: "
                "otherwise all damage of the other photo would seem to be a change.",
            )
    first = yield from build_pyramid(open_photo(before.path))
    with closing(first):
        second = yield from build_pyramid(open_photo(after.path))
        with closing(second):
            registration = yield from _registered(first, second)
    if registration is None:
        raise CaihuaError(
            f"{before.path.name} and {after.path.name} do not show the same place.",
            "Choose two photos of one component, taken from about the same direction.",
        )
    return (
        yield from compare_campaigns(
            _view(project, before), _view(project, after), registration
        )
    )


def changes_of(
    project: Project, photo_ids: Collection[int]
) -> Steps[tuple[ComponentChange, ...]]:
    """Every component of some photos that two campaigns show, for a report.

    Photos that cannot be laid over each other, or are not there, are left out.
    """
    found = []
    for before_id, after_id in campaign_pairs(project):
        if after_id not in photo_ids:
            continue
        try:
            found.append((yield from _change(project, before_id, after_id)))
        except CaihuaError:
            continue
    return tuple(found)


def _change(project: Project, before_id: int, after_id: int) -> Steps[ComponentChange]:
    comparison = yield from compare_photos(project, before_id, after_id)
    before, after = project.photo(before_id), project.photo(after_id)
    first = yield from build_pyramid(open_photo(before.path))
    with closing(first):
        old = _reduced(first)
    second = yield from build_pyramid(open_photo(after.path))
    with closing(second):
        new = _reduced(second)
    small = comparison.registration.scaled(
        (old.shape[0], old.shape[1]), (new.shape[0], new.shape[1])
    )
    return ComponentChange(
        place_words(after.place.levels),
        f"{before.path.stem} ({campaign_of(before)})",
        f"{after.path.stem} ({campaign_of(after)})",
        comparison,
        jpeg(small.warp(old, Box.of(new.shape[0], new.shape[1]))),
        jpeg(change_picture(new, comparison)),
        years_between(before, after),
    )


def years_between(before: PhotoRecord, after: PhotoRecord) -> float | None:
    """Years from one photo to a later one; None where their dates are not known.

    The files' own dates count; without them the campaigns, where they are years.
    """
    days = [_day_of(record) for record in (before, after)]
    if days[0] and days[1]:
        years = (days[1] - days[0]).days / DAYS_A_YEAR
    elif all(record.campaign.isdecimal() for record in (before, after)):
        years = float(int(after.campaign) - int(before.campaign))
    else:
        return None
    return years if years > 0 else None


def _day_of(record: PhotoRecord) -> date | None:
    try:
        return date.fromisoformat(taken_with(record.path)[0])
    except ValueError:  # no date, or none of the calendar
        return None


def place_words(levels: tuple[str, ...]) -> str:
    """The names of a place from the building down."""
    return " · ".join(name for name in levels[1:] if name)


def _registered(first: Pyramid, second: Pyramid) -> Steps[Registration | None]:
    found = yield from register(_reduced(first), _reduced(second))
    return None if found is None else found.scaled(first.levels[0], second.levels[0])


def _reduced(pyramid: Pyramid) -> NDArray[np.uint8]:
    level = next(
        (k for k, size in enumerate(pyramid.levels) if max(size) <= REGISTERED_PX),
        len(pyramid.levels) - 1,
    )
    return pyramid.read(level, Box.of(*pyramid.levels[level]))


def _stands(records: list[PhotoRecord]) -> PhotoRecord:
    return max(records, key=lambda r: (r.is_primary, r.width * r.height, -r.id))


def _view(project: Project, record: PhotoRecord) -> CampaignView:
    mask = project.load_mask(record.id)
    return CampaignView(mask, mask.scope, record.scale)
