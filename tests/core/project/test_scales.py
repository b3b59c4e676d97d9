"""Scales with their story, campaigns, primary views, report settings: kept and told."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from resunet_core.errors import BadProject, WrongUsage
from resunet_core.measure.geometry import FourPoints
from resunet_core.measure.planes import Cylinder
from resunet_core.measure.scale import scale_of_distance
from resunet_core.progress import run_to_end
from resunet_core.project.recovery import examine
from resunet_core.project.report_settings import (
    ReportSettings,
    report_settings,
    set_report_settings,
)
from resunet_core.project.review import set_review
from resunet_core.project.scales import (
    scale_of,
    set_campaign,
    set_primary,
    set_scale,
)
from resunet_core.project.store import PhotoRecord, Project, Who

ANNA = Who("person", "安娜")
CORNERS = ((100.0, 90.0), (900.0, 60.0), (950.0, 600.0), (80.0, 560.0))


def test_a_measured_scale_survives_with_who_when_and_how_well(
    project: Project, photo: PhotoRecord, project_path: Path
) -> None:
    began = datetime.now(UTC)
    measured = scale_of_distance((0, 0), (500, 0), 250, operator="李伟")
    set_scale(project, photo.id, measured, who=ANNA)
    project.close()
    with Project.open(project_path) as again:
        kept = scale_of(again, photo.id)
        assert kept is not None
        assert kept.scale == measured == again.photo(photo.id).scale
        assert kept.at is not None
        assert (kept.at - began).total_seconds() > -0.01
        assert again.photo(photo.id).mm_per_px == 0.5
        entry = again.log(photo.id)[-1]
        assert (entry.action, entry.who) == ("scale", ANNA)
        assert "0.5 mm/px ± " in entry.what


@pytest.mark.parametrize(
    "geometry",
    [FourPoints(CORNERS, 600.0, 400.0), Cylinder(400.0, 120.0, 90.0, 10.0, 650.0)],
)
def test_the_points_behind_a_scale_are_kept(
    project: Project, photo: PhotoRecord, geometry: FourPoints | Cylinder
) -> None:
    scale = (
        geometry.rectified().scale
        if isinstance(geometry, FourPoints)
        else geometry.scale
    )
    project.set_scale(photo.id, scale, geometry=geometry)
    kept = scale_of(project, photo.id)
    assert kept is not None
    assert kept.geometry == geometry
    project.set_scale(photo.id, None)
    assert scale_of(project, photo.id) is None
    assert project.photo(photo.id).scale is None


def test_a_bare_number_is_one_that_somebody_gives(
    project: Project, photo: PhotoRecord
) -> None:
    project.set_scale(photo.id, 0.25, who=ANNA)
    scale = project.photo(photo.id).scale
    assert scale is not None
    assert (scale.method, scale.operator, scale.relative_se) == ("given", "安娜", 0.02)


@pytest.mark.parametrize("story", ["{}", "no json", '{"mm_per_px": 3}', None])
def test_a_story_that_was_never_written_is_damage(
    project: Project, photo: PhotoRecord, story: str | None
) -> None:
    project.set_scale(photo.id, 0.25)
    with project.changing() as database:
        database.execute("UPDATE photos SET scale = ?", (story,))
    if story is None:  # of a project that was read from a damaged one
        scale = project.photo(photo.id).scale
        assert scale is not None
        assert scale.method == "given"
    else:
        with pytest.raises(BadProject):
            project.photos()


def test_campaign_and_primary_view_are_kept_and_logged(
    project: Project, photo: PhotoRecord
) -> None:
    set_campaign(project, [photo.id], " 2026 ", who=ANNA)
    set_primary(project, photo.id, who=ANNA)
    now = project.photo(photo.id)
    assert (now.campaign, now.is_primary) == ("2026", True)
    set_primary(project, photo.id, is_primary=False)
    assert not project.photo(photo.id).is_primary
    said = [(entry.action, entry.what) for entry in project.log(photo.id)[-3:]]
    assert said == [
        ("campaign", "2026"),
        ("primary", "primary view"),
        ("primary", "not a primary view"),
    ]
    for state in ("checked", "approved"):
        set_review(project, [photo.id], state, who=ANNA)
    with pytest.raises(WrongUsage, match="approved"):
        set_campaign(project, [photo.id], "2027")
    with pytest.raises(WrongUsage, match="approved"):
        set_primary(project, photo.id)


def test_report_settings_are_those_of_the_project(
    project: Project, photo: PhotoRecord, project_path: Path
) -> None:
    assert report_settings(project) == ReportSettings()
    mine = ReportSettings((50.0, 500.0), "李伟", "王敏")
    set_report_settings(project, mine, who=ANNA)
    assert project.log(photo.id)[-1].what == "size bins 50, 500 mm²"
    with pytest.raises(WrongUsage, match="size bins"):
        set_report_settings(project, ReportSettings((500.0, 50.0)))
    project.close()
    assert run_to_end(examine(project_path)).is_sound
    with Project.open(project_path) as again:
        assert report_settings(again) == mine
