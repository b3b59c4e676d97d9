"""A project's scales, scope, point checks and campaigns are in its figures."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from openpyxl import load_workbook
from PIL import ExifTags, Image

from resunet_core.box import Box
from resunet_core.errors import CaihuaError
from resunet_core.exchange.campaigns import (
    campaign_pairs,
    compare_photos,
    years_between,
)
from resunet_core.exchange.reporting import (
    ReportWish,
    measure_project_photo,
    project_report,
    project_totals,
)
from resunet_core.imaging.photo import open_photo
from resunet_core.mask.fill import fill
from resunet_core.mask.tiled import NOT_ASSESSABLE
from resunet_core.measure.geometry import FourPoints
from resunet_core.measure.sampling import count_strata, draw_points
from resunet_core.measure.surface import Surface
from resunet_core.progress import run_to_end
from resunet_core.project.places import set_place
from resunet_core.project.point_checks import answer_point, start_point_check
from resunet_core.project.records import Who
from resunet_core.project.review import set_review
from resunet_core.project.scales import set_campaign
from resunet_core.project.store import Project
from resunet_core.reports.changes import change_rows
from resunet_core.reports.condition import PhotoEntry
from resunet_core.reports.content import write_document
from resunet_core.reports.xlsx import render_xlsx
from tests.builders import write_photo

LI = Who("person", "李伟")
HEIGHT, WIDTH = 480, 640


def _wall() -> np.ndarray:
    rng = np.random.default_rng(2)
    wall = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    for sigma, strength in ((1.5, 150), (4, 300), (12, 700)):
        noise = rng.normal(size=wall.shape).astype(np.float32)
        wall += strength * cv2.GaussianBlur(noise, (0, 0), sigma)
    return np.clip(wall + 128, 0, 255).astype(np.uint8)


@pytest.fixture
def survey(tmp_path: Path) -> Iterator[Project]:
    """One beam in 2024 and, moved by 20 px, in 2026: its loss has grown by then."""
    wall = _wall()
    with Project.open(tmp_path / "survey.caihua") as project:
        for year, moved, wide in (("2024", 0, 60), ("2026", 20, 100)):
            path = write_photo(
                tmp_path / "照片" / f"额枋 {year}.png", np.roll(wall, moved, axis=1)
            )
            photo = open_photo(path)
            record = project.add_photo(
                path, sha256=photo.sha256, width=WIDTH, height=HEIGHT
            )
            set_place(project, [record.id], {"building": "井亭", "component": "额枋"})
            set_campaign(project, [record.id], year)
            project.set_scale(record.id, 0.5)
            mask = project.load_mask(record.id)
            box = Box(200, 200 + moved, 260, 200 + moved + wide)
            edit = fill(mask, box, 2, np.ones((60, wide), np.bool_), "Draw")
            assert edit is not None
            project.commit(record.id, edit, who=LI)
        yield project


def _reported(project: Project) -> dict[str, PhotoEntry]:
    outcome = run_to_end(project_report(project, ReportWish()))
    assert outcome.failed == ()
    return {entry.figures.name: entry for entry in outcome.report.photos}


def test_only_the_newest_campaign_counts(survey: Project) -> None:
    report = run_to_end(project_report(survey, ReportWish())).report
    assert report.title == "井亭"
    assert report.whole.photos == ("额枋 2026",)
    assert report.whole.left_out == ("额枋 2024",)
    assert report.whole.loss == 60 * 100 * 0.25
    (change,) = report.changes
    assert (change.before, change.after) == ("额枋 2024 (2024)", "额枋 2026 (2026)")
    assert change.comparison.count("grown") == 1
    (row,) = change_rows(report.changes)
    assert row["paint_loss_after_mm2"] == pytest.approx(60 * 100 * 0.25, rel=0.03)
    assert row["years"] == 2
    assert row["paint_loss_growth_mm2_per_year"] == pytest.approx(300, rel=0.1)
    assert row["crack_growth_mm_per_year"] == 0
    book = load_workbook(io.BytesIO(render_xlsx(report)))
    assert "Change 变化" in book.sheetnames
    figures = {k: run_to_end(measure_project_photo(survey, k)) for k in (1, 2)}
    (place,) = project_totals(survey, figures, 5)
    assert place.loss == report.whole.loss


def test_two_campaigns_of_a_beam_are_compared(survey: Project) -> None:
    assert campaign_pairs(survey) == [(1, 2)]
    found = run_to_end(compare_photos(survey, 1, 2))
    (loss,) = found.regions
    assert loss.kind == "grown"
    assert found.mm2(found.loss_after_px - found.loss_before_px) == pytest.approx(
        60 * 40 * 0.25, rel=0.03
    )


def test_dates_of_the_files_go_before_the_names_of_campaigns(survey: Project) -> None:
    before, after = survey.photo(1), survey.photo(2)
    assert years_between(before, after) == 2
    assert years_between(after, before) is None
    assert years_between(before, replace(after, campaign="spring")) is None
    for record, day in (
        (before, "2024:03:01 10:00:00"),
        (after, "2025:03:01 09:00:00"),
    ):
        with Image.open(record.path) as picture:
            exif = picture.getexif()
            exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = day
            picture.save(record.path, exif=exif)
    assert years_between(before, after) == pytest.approx(1, abs=0.01)


def test_photos_of_other_places_are_not_compared(survey: Project) -> None:
    other = np.random.default_rng(0).integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8)
    path = write_photo(survey.path.parent / "别处.png", other)
    photo = open_photo(path)
    record = survey.add_photo(path, sha256=photo.sha256, width=WIDTH, height=HEIGHT)
    # All damage of the first would seem to be gone.
    with pytest.raises(CaihuaError, match="has not been assessed yet"):
        run_to_end(compare_photos(survey, 1, record.id))
    set_review(survey, [record.id], "checked", who=LI)
    with pytest.raises(CaihuaError, match="do not show the same place"):
        run_to_end(compare_photos(survey, 1, record.id))


def test_scope_point_check_and_rectification_are_applied(survey: Project) -> None:
    mask = survey.load_mask(2)
    strip = Box(0, 0, 120, WIDTH)
    edit = fill(
        mask,
        strip,
        NOT_ASSESSABLE,
        np.ones((120, WIDTH), np.bool_),
        "Scope",
        plane="scope",
    )
    assert edit is not None
    survey.commit(2, edit, who=LI)
    surface = Surface(mask, mask.scope)
    points = draw_points(surface, 100, seed=1)
    check = start_point_check(survey, 2, points, count_strata(surface), who=LI)
    for one in check.points:
        answer_point(survey, check.id, one.number, one.point.mapped, who=LI)
    figures = _reported(survey)["额枋 2026"].figures
    assert figures.surface.not_assessable_px == 120 * WIDTH
    assert figures.loss_check is not None
    assert figures.loss_check.area_px == 6000
    assert figures.loss_check.low_px < 6000 < figures.loss_check.high_px

    square = FourPoints(((0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)), 640, 480)
    survey.set_scale(2, square.rectified().scale, geometry=square, who=LI)
    entry = _reported(survey)["额枋 2026"]
    flat = entry.figures
    assert flat.scale is not None
    assert flat.scale.method == "rectified"
    assert flat.losses.area_px == pytest.approx(6000, rel=0.01)
    assert flat.loss_check is not None
    assert flat.loss_check.area_px == pytest.approx(6000, rel=0.01)
    assert flat.surface.coverage == pytest.approx(0.75, abs=0.01)


def test_a_photo_that_nobody_looked_at_is_not_one_without_damage(
    survey: Project,
) -> None:
    paths = [
        write_photo(
            survey.path.parent / f"{name}.png", np.full((60, 80, 3), 90, np.uint8)
        )
        for name in ("檩", "柱")
    ]
    for path in paths:
        photo = open_photo(path)
        added = survey.add_photo(path, sha256=photo.sha256, width=80, height=60)
        survey.set_scale(added.id, 0.5)
    before = run_to_end(project_report(survey, ReportWish(building="井亭"))).report
    # Somebody looked at the column, and found nothing.
    set_review(survey, [added.id], "checked", who=LI)
    report = run_to_end(project_report(survey, ReportWish())).report
    assert report.unseen == ("檩",)
    assert report.photos_taken == 4
    assert report.whole.assessed == before.whole.assessed + 60 * 80 * 0.25
    said = str(write_document(report).blocks)
    assert "Not yet assessed, and in no figure of this report: 檩." in said
    assert "尚未评估" in said
    assert "3 of 4 photos" in said


def test_a_survey_that_nobody_looked_at_has_no_report(tmp_path: Path) -> None:
    path = write_photo(tmp_path / "檩.png", np.full((60, 80, 3), 90, np.uint8))
    with Project.open(tmp_path / "new.caihua") as project:
        sha256 = open_photo(path).sha256
        project.add_photo(path, sha256=sha256, width=80, height=60)
        with pytest.raises(CaihuaError, match="has been assessed yet"):
            run_to_end(project_report(project, ReportWish()))
