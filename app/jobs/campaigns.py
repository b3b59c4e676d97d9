"""Photos of two campaigns compared, with their pictures to swipe between."""

from contextlib import closing

import numpy as np
from numpy.typing import NDArray

from app.jobs.swipe import SHOWN_PX, Swipe
from resunet_core.box import Box
from resunet_core.exchange.campaigns import compare_photos
from resunet_core.imaging.photo import open_photo
from resunet_core.imaging.pyramid import build_pyramid
from resunet_core.progress import Steps
from resunet_core.project.store import Project


def compare(project: Project, before_id: int, after_id: int) -> Steps[Swipe]:
    """Compare two photos of the project.

    Raises:
        CaihuaError: A file is gone, or they do not show the same place.
    """
    comparison = yield from compare_photos(project, before_id, after_id)
    before = yield from _picture(project, before_id)
    after = yield from _picture(project, after_id)
    sizes = before.shape[:2], after.shape[:2]
    laid = comparison.registration.scaled(
        (sizes[0][0], sizes[0][1]), (sizes[1][0], sizes[1][1])
    )
    warped = laid.warp(before, Box.of(*sizes[1]))
    width = project.photo(after_id).width
    return Swipe(comparison, warped, after, width / sizes[1][1])


def _picture(project: Project, photo_id: int) -> Steps[NDArray[np.uint8]]:
    photo = open_photo(project.photo(photo_id).path)
    with closing((yield from build_pyramid(photo))) as pyramid:
        sizes = pyramid.levels
        fitting = (k for k, size in enumerate(sizes) if max(size) <= SHOWN_PX)
        level = next(fitting, len(sizes) - 1)
        return pyramid.read(level, Box.of(*sizes[level]))
