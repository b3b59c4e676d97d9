"""Point checks: each answer is on the disk at once, and corrects the areas."""

from pathlib import Path

import numpy as np
import pytest

from resunet_core.box import Box
from resunet_core.errors import WrongUsage
from resunet_core.mask.fill import fill
from resunet_core.mask.tiled import OUT_OF_SCOPE
from resunet_core.measure.sampling import CheckPoint, count_strata, draw_points
from resunet_core.measure.surface import Surface
from resunet_core.progress import run_to_end
from resunet_core.project.point_checks import (
    PointCheck,
    add_points,
    answer_point,
    point_check_of,
    start_point_check,
)
from resunet_core.project.recovery import examine
from resunet_core.project.review import set_review
from resunet_core.project.salvage import salvage
from resunet_core.project.store import PhotoRecord, Project, Who

LI = Who("person", "李伟")


@pytest.fixture
def check(project: Project, photo: PhotoRecord) -> PointCheck:
    """A loss of 200 x 300 px that is mapped, on a photo with a strip out of scope."""
    mask = project.load_mask(photo.id)
    for box, value, plane in (
        (Box(100, 100, 300, 400), 2, "person"),
        (Box(0, 0, 50, 1100), OUT_OF_SCOPE, "scope"),
    ):
        everywhere = np.ones((box.height, box.width), np.bool_)
        edit = fill(mask, box, value, everywhere, "Draw", plane=plane)  # type: ignore[arg-type] # mypy widens the names of planes
        assert edit is not None
        project.commit(photo.id, edit, who=LI)
    again = project.load_mask(photo.id)
    surface = Surface(again, again.scope)
    points = draw_points(surface, 120, seed=1)
    return start_point_check(project, photo.id, points, count_strata(surface), who=LI)


def test_a_check_is_gone_on_with_where_it_was_left(
    project: Project, photo: PhotoRecord, check: PointCheck, project_path: Path
) -> None:
    assert check.strata == {0: 1100 * 650 - 60_000, 2: 60_000}
    for one in check.points[:50]:
        answer_point(project, check.id, one.number, one.point.mapped, who=LI)
    answer_point(project, check.id, 0, None, who=LI)
    project.close()
    with Project.open(project_path) as again:
        found = point_check_of(again, photo.id)
        assert found is not None
        assert found.answered == 49
        assert [one.point for one in found.points] == [p.point for p in check.points]
        assert found.points[0].seen is None
        assert (found.points[1].who, found.who) == ("李伟", "李伟")
        entry = again.log(photo.id)[-1]
        place = check.points[0].point
        assert entry.what == "point 1: answer taken back"
        assert entry.box == Box(place.y, place.x, place.y + 1, place.x + 1)


def test_answers_correct_the_area(project: Project, check: PointCheck) -> None:
    for one in check.points:  # every second mapped loss is none
        seen = one.point.mapped if one.number % 2 else 0
        answer_point(project, check.id, one.number, seen, who=LI)
    found = point_check_of(project, check.photo_id)
    assert found is not None
    area = found.estimate(2)
    assert area.low_px < area.area_px < area.high_px
    assert area.area_px == pytest.approx(30_000, rel=0.35)
    assert sum(found.points_to_halve(2).values()) > 100


def test_more_points_join_the_check(project: Project, check: PointCheck) -> None:
    more = add_points(project, check.id, [CheckPoint(400, 5, 0)], who=LI)
    assert len(more.points) == len(check.points) + 1
    assert more.points[-1].point == CheckPoint(400, 5, 0)
    with pytest.raises(KeyError):
        answer_point(project, check.id, 10_000, 1, who=LI)


def test_an_approved_photo_takes_no_answer(
    project: Project, photo: PhotoRecord, check: PointCheck
) -> None:
    for state in ("checked", "approved"):
        set_review(project, [photo.id], state, who=LI)
    with pytest.raises(WrongUsage, match="approved"):
        answer_point(project, check.id, 0, 2, who=LI)


def test_a_check_is_read_from_a_damaged_project_too(
    project: Project, photo: PhotoRecord, check: PointCheck, project_path: Path
) -> None:
    answer_point(project, check.id, 0, 2, who=LI)
    project.close()
    target = project_path.with_name("saved.caihua")
    run_to_end(salvage(project_path, target))
    assert run_to_end(examine(target)).is_sound
    with Project.open(target) as saved:
        found = point_check_of(saved, photo.id)
        assert found is not None
        assert found.answered == 1
