"""A point check: its points drawn and kept, and what is seen around each of them."""

from collections.abc import Mapping
from contextlib import closing

import numpy as np
from numpy.typing import NDArray

from app.jobs.points import CROP_PX, PointsAsked
from resunet_core.box import Box
from resunet_core.imaging.photo import open_photo
from resunet_core.imaging.pyramid import Pyramid, build_pyramid
from resunet_core.measure.sampling import CheckPoint, count_strata, draw_points
from resunet_core.measure.surface import Surface
from resunet_core.progress import Progress, Steps
from resunet_core.project.point_checks import (
    PointCheck,
    add_points,
    point_check_of,
    start_point_check,
)
from resunet_core.project.records import Who
from resunet_core.project.store import Project


def begin(
    project: Project, photo_id: int, points: int, seed: int, who: Who
) -> Steps[PointsAsked]:
    """Draw the points of a new check and keep them; what is to be seen at each.

    Raises:
        CaihuaError: The photo cannot be read, is approved, or the project read-only.
    """
    yield Progress(0, 0)
    mask = project.load_mask(photo_id)
    surface = Surface(mask, mask.scope)
    drawn = draw_points(surface, points, seed=seed)
    strata = count_strata(surface)
    check = start_point_check(project, photo_id, drawn, strata, who=who)
    return (yield from _asked(project, check))


def go_on(project: Project, photo_id: int) -> Steps[PointsAsked]:
    """The last check of a photo where it was left; KeyError where there is none."""
    yield Progress(0, 0)
    check = point_check_of(project, photo_id)
    if check is None:
        raise KeyError(photo_id)
    return (yield from _asked(project, check))


def ask_more(
    project: Project,
    check: PointCheck,
    more: Mapping[int, int],
    seed: int,
    who: Who,
) -> Steps[PointsAsked]:
    """So many more points in each stratum of a check, as far as the mask has them."""
    yield Progress(0, 0)
    mask = project.load_mask(check.photo_id)
    surface = Surface(mask, mask.scope)
    known = {(one.point.y, one.point.x) for one in check.points}
    wanted = dict(more)
    found: list[CheckPoint] = []
    # Strata get at least so many each; what is too many is left out again.
    for point in draw_points(surface, 4 * sum(more.values()) + 200, seed=seed):
        if wanted.get(point.mapped, 0) > 0 and (point.y, point.x) not in known:
            wanted[point.mapped] -= 1
            found.append(point)
    kept = add_points(project, check.id, found, who=who) if found else check
    return (yield from _asked(project, kept))


def _asked(project: Project, check: PointCheck) -> Steps[PointsAsked]:
    """The pictures around all points, those that are answered too: one may go back."""
    record = project.photo(check.photo_id)
    crops: dict[int, NDArray[np.uint8]] = {}
    with closing((yield from build_pyramid(open_photo(record.path)))) as pyramid:
        for done, one in enumerate(check.points):
            yield Progress(done, len(check.points))
            crops[one.number] = _crop(pyramid, one.point)
    return PointsAsked(check, crops, record.mm_per_px)


def _crop(pyramid: Pyramid, point: CheckPoint) -> NDArray[np.uint8]:
    """The surroundings of a point, grey outside the photo: RGB [side, side, 3]."""
    half = CROP_PX // 2
    wanted = Box(point.y - half, point.x - half, point.y + half, point.x + half)
    inside = wanted.clip(pyramid.photo.box)
    crop = np.full((CROP_PX, CROP_PX, 3), 128, np.uint8)
    crop[inside.within(wanted).slices] = pyramid.read(0, inside)
    return crop
