"""`caihua export`: a project or the results of an analysis, for other programs."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from resunet_core.box import Box
from resunet_core.exchange.export import FORMATS
from resunet_core.imaging.photo import open_photo
from resunet_core.mask.fill import fill
from resunet_core.project.checked import set_checked
from resunet_core.project.records import Who
from resunet_core.project.store import Project
from resunet_core.training.examples import read_data_folder
from tests.builders import a_mask, a_photo

Caihua = Callable[..., int]
LI = Who("person", "Li")


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    path = tmp_path / "survey.caihua"
    with Project.open(path) as project:
        for name in ("东间.png", "west.png"):
            photo = open_photo(a_photo(tmp_path / "照片", name))
            record = project.add_photo(
                photo.path, sha256=photo.sha256, width=photo.width, height=photo.height
            )
            mask, ids = project.load_mask(record.id), a_mask()
            edit = fill(mask, Box(0, 0, 96, 128), ids, ids > 0, "Draw")
            assert edit is not None
            project.commit(record.id, edit, who=LI)
            set_checked(project, record.id, Box(0, 0, 1, 1), who=LI)
    return path


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_written_for_one_photo_or_all(
    tmp_path: Path,
    survey: Path,
    caihua: Caihua,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    out = tmp_path / "出" / name
    assert caihua("export", survey, "--format", name, "--out", out) == 0
    assert f"2 written. Files in {out}" in capsys.readouterr().out
    assert any(path.suffix for path in out.rglob("*"))
    one = ("--photo", "west.png", "--out", tmp_path / "one")
    assert caihua("export", survey, "--format", name, *one) == 0
    assert "1 written" in capsys.readouterr().out


def test_results_of_an_analysis_are_exported(
    tmp_path: Path, light_model: Path, caihua: Caihua
) -> None:
    a_photo(tmp_path / "photos", "a.png")
    results = tmp_path / "results"
    options = ("--out", results, "--model", light_model, "--device", "cpu")
    assert caihua("analyze", tmp_path / "photos", *options, "--mm-per-px", 0.2) == 0
    outlines = tmp_path / "outlines"
    assert caihua("export", results, "--format", "geojson", "--out", outlines) == 0
    document = json.loads((outlines / "a.geojson").read_bytes())
    with Image.open(results / "a.mask.png") as picture:
        mask = np.array(picture)
    areas = [feature["properties"]["area_px"] for feature in document["features"]]
    assert sum(areas) == np.count_nonzero(mask) > 0
    assert document["caihua"]["unit"] == "mm"
    data = tmp_path / "data"
    assert caihua("export", results, "--format", "dataset", "--out", data) == 0
    (example,) = read_data_folder(data)
    np.testing.assert_array_equal(example.load()[1], mask)


def test_a_photo_that_is_gone_is_named_and_the_others_are_done(
    tmp_path: Path, survey: Path, caihua: Caihua, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "照片" / "东间.png").unlink()
    out = tmp_path / "tiles"
    assert caihua("export", survey, "--format", "labelme-tiles", "--out", out) == 1
    said = capsys.readouterr()
    assert "1 written, 1 failed" in said.out
    assert "东间: " in said.err
    assert not (out / "东间").exists() or not any((out / "东间").iterdir())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("gone.caihua", "--format", "mask"), "is not there"),
        ((".", "--format", "mask"), "holds no results"),
        (("{}", "--format", "gif"), "invalid choice"),
        (("{}", "--format", "mask", "--tolerance", "1"), "takes no --tolerance"),
        (("{}", "--format", "dxf", "--tolerance", "nan"), "nan is not possible"),
        (("{}", "--format", "mask", "--photo", "x"), "no photo 'x'"),
    ],
)
def test_wrong_usage_says_what_is_wrong(
    tmp_path: Path,
    survey: Path,
    caihua: Caihua,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    said: str,
) -> None:
    spelled = [word.format(survey) for word in words]
    if spelled[0] == ".":
        spelled[0] = str(tmp_path)
    assert caihua("export", *spelled, "--out", tmp_path / "out") == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_an_area_and_the_size_of_tiles_are_chosen(
    tmp_path: Path, survey: Path, caihua: Caihua, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("export", survey, "--format", "labelme-tiles", "--out", tmp_path / "out")
    area = ("--area", 10, 20, 60, 50)
    assert caihua(*words, "--photo", "west.png", *area, "--tile", 256) == 0
    assert "Only an area of 60 by 50 px" in capsys.readouterr().out
    index = json.loads((tmp_path / "out" / "index.json").read_bytes())
    assert [tile["box"] for tile in index["photos"][0]["tiles"]] == [[20, 10, 70, 70]]
    for wrong, words_said in (
        (area, "of one photo"),
        (("--tile", 9000), "Tiles of 9000 px"),
        (("--area", 10, 20, 0, 50), "0 by 50 px"),
    ):
        assert caihua(*words, *wrong) != 0
        assert words_said in capsys.readouterr().err
