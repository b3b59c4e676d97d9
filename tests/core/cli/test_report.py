"""`caihua report`: a project in, a condition report out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from resunet_core.box import Box
from resunet_core.imaging.photo import open_photo
from resunet_core.mask.fill import fill
from resunet_core.project.places import set_place
from resunet_core.project.records import Who
from resunet_core.project.store import Project
from tests.builders import a_mask, a_photo

Caihua = Callable[..., int]
LI = Who("person", "李伟")


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    path = tmp_path / "survey.caihua"
    with Project.open(path) as project:
        for name, building in (("额枋.png", "井亭"), ("檩.png", "长廊")):
            photo = open_photo(a_photo(tmp_path / "照片", name))
            record = project.add_photo(
                photo.path, sha256=photo.sha256, width=photo.width, height=photo.height
            )
            set_place(project, [record.id], {"building": building, "bay": "明间"})
            project.set_scale(record.id, 0.5)
            mask, ids = project.load_mask(record.id), a_mask()
            edit = fill(mask, Box(0, 0, 96, 128), ids, ids > 0, "Draw")
            assert edit is not None
            project.commit(record.id, edit, who=LI)
    return path


def test_a_project_gives_the_same_report_twice(
    tmp_path: Path, survey: Path, caihua: Caihua, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("一", "二"):
        out = tmp_path / name
        code = caihua(
            "report",
            survey,
            "--out",
            out,
            "--building",
            "井亭",
            "--made",
            "2026-05-14T09:30+08:00",
            "--sizes",
            "10,100",
        )
        assert code == 0
        assert f"1 photos reported. Files in {out}" in capsys.readouterr().out
    first, second = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("一", "二")
    )
    assert first == second
    assert {"report.pdf", "report.docx", "report.xlsx", "report.html"} < first.keys()
    assert "192" in first["photos.csv"].decode("utf-8-sig")  # mm² of loss


def test_a_photo_that_is_gone_is_named(
    tmp_path: Path, survey: Path, caihua: Caihua, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "照片" / "檩.png").unlink()
    assert caihua("report", survey, "--out", tmp_path / "out") == 1
    said = capsys.readouterr()
    assert "檩.png" in said.err
    assert "1 photos reported, 1 photos failed" in said.out


@pytest.mark.parametrize(
    "wrong",
    [("--made", "yesterday"), ("--sizes", "big"), ("--building", "nowhere")],
)
def test_wrong_values_are_refused(
    tmp_path: Path, survey: Path, caihua: Caihua, wrong: tuple[str, str]
) -> None:
    assert caihua("report", survey, "--out", tmp_path / "out", *wrong) == 2
