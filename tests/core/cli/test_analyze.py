"""`caihua analyze`: every photo that can be read is done, and nothing is lost."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from resunet_core.analysis import photo as analysis
from resunet_core.box import Box
from resunet_core.inference import detect as detection
from resunet_core.inference.blend import BandBlender
from resunet_core.inference.engine import Engine
from resunet_core.mask.stroke import Stroke
from resunet_core.model.model_file import load_model, save_model
from resunet_core.progress import Progress, Steps
from resunet_core.project.records import Who
from resunet_core.project.store import Project
from resunet_core.reports.results import PhotoToWrite, write_photo
from tests.builders import a_photo, likeness_of_nothing
from tests.labelme_contract import painted, problems

Caihua = Callable[..., int]
SUMMARY = {
    "regions.csv",
    "photos.csv",
    "buildings.csv",
    "report.html",
    "report.pdf",
    "run.json",
}


def _of_photo(name: str) -> set[str]:
    return {f"{name}.json", f"{name}.mask.png", f"{name}.overlay.jpg"}


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def _run_record(out: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((out / "run.json").read_bytes())
    return record


def _mask(out: Path, name: str) -> NDArray[np.uint8]:
    with Image.open(out / f"{name}.mask.png") as picture:
        return np.array(picture)


def test_one_broken_photo_does_not_stop_the_others(
    tmp_path: Path,
    light_model: Path,
    caihua: Caihua,
    capsys: pytest.CaptureFixture[str],
) -> None:
    photos, out = tmp_path / "照片", tmp_path / "结果" / "一"
    a_photo(photos, "东 间.png")
    a_photo(photos, "west.jpg", height=150, width=201, seed=1, orientation=6)
    (photos / "broken.jpg").write_bytes(b"\xff\xd8\xff broken")
    code = caihua(
        *("analyze", photos, "--out", out, "--model", light_model),
        *("--device", "cpu", "--building", "井亭", "--mm-per-px", "0.5"),
    )
    assert code == 1
    assert _names(out) == SUMMARY | _of_photo("东 间") | _of_photo("west")
    record = _run_record(out)
    (failed,) = record["failed"]
    assert failed["path"].endswith("broken.jpg")
    assert "damaged" in failed["message"]
    said = capsys.readouterr()
    assert "broken.jpg" in said.err
    assert "2 done, 1 failed" in said.out
    assert {photo["name"] for photo in record["photos"]} == {"东 间", "west"}
    assert all(photo["tiles"] > 0 for photo in record["photos"])
    document = json.loads((out / "west.json").read_bytes())
    assert problems(document, 201, 150) == []  # turned upright
    mask = _mask(out, "west")
    assert (painted(document) != "").sum() == (mask > 0).sum() > 0
    with (out / "regions.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["photo"] == "west"]
    assert sum(int(row["area_px"]) for row in rows) == (mask > 0).sum()
    assert {row["building"] for row in rows} == {"井亭"}


def test_a_photo_unlike_all_that_was_learned_is_told(
    tmp_path: Path,
    light_model: Path,
    caihua: Caihua,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Again when its probabilities were kept; and of a model that cannot, neither."""
    known = load_model(str(light_model), torch.device("cpu"))
    model = tmp_path / "wary.safetensors"
    config = replace(known.config, mm_per_px=(0.1, 0.4))
    save_model(model, known.network, config, likeness=likeness_of_nothing())
    photo = a_photo(tmp_path, "x.png")
    for number in range(2):
        out = tmp_path / str(number)
        arguments = ("analyze", photo, "--out", out, "--mm-per-px", "2")
        assert caihua(*arguments, "--model", model) == 0
        (run,) = _run_record(out)["photos"]
        assert (run["tiles"] == 0) == (number == 1)
        assert run["likeness"]["percentile"] == 100
        assert run["likeness"]["distance"] > 1
        assert run["scale_in_range"] is False
        assert len(run["warnings"]) == 2
        said = capsys.readouterr().out
        page = (out / "report.html").read_text("utf-8")
        for warning in (*run["warnings"], "1 photo is outside what the model learned"):
            assert warning in said
            assert warning in page
    assert caihua(*arguments, "--model", light_model) == 0
    (run,) = _run_record(out)["photos"]
    assert run["likeness"] is None
    assert run["scale_in_range"] is None
    assert run["warnings"] == []
    assert "learned from" not in capsys.readouterr().out
    assert "cannot tell photos that are unlike" in (out / "report.html").read_text()


def test_two_photos_of_one_stem_do_not_meet(
    tmp_path: Path, light_model: Path, caihua: Caihua
) -> None:
    """Nor does a photo called run meet run.json; one named twice is counted once."""
    one = a_photo(tmp_path / "a", "x.png")
    other = a_photo(tmp_path / "b", "X.png", height=70, seed=1)
    run = a_photo(tmp_path / "b", "run.png", height=40, seed=2)
    out = tmp_path / "out"
    twice = tmp_path / "b" / ".." / "a" / "x.png"
    code = caihua(
        "analyze", one, twice, tmp_path / "b", "--out", out, "--model", light_model
    )
    assert code == 0
    photos = _of_photo("x") | _of_photo("X-2") | _of_photo("run-2")
    assert _names(out) == SUMMARY | photos
    paths = {photo["name"]: photo["path"] for photo in _run_record(out)["photos"]}
    assert paths == {"x": str(one), "X-2": str(other), "run-2": str(run)}
    assert _mask(out, "x").shape == (96, 128)
    assert _mask(out, "X-2").shape == (70, 128)


def test_results_below_the_photos_are_no_photos(
    tmp_path: Path, light_model: Path, caihua: Caihua
) -> None:
    photo = a_photo(tmp_path, "x.png")
    before = photo.read_bytes()
    for _ in range(2):
        arguments = ("analyze", tmp_path, "--out", tmp_path, "--model", light_model)
        assert caihua(*arguments) == 0
        assert _names(tmp_path) == {"x.png"} | SUMMARY | _of_photo("x")
    assert photo.read_bytes() == before
    assert _run_record(tmp_path)["photos"][0]["tiles"] == 0  # kept from before


def test_labels_that_a_person_drew_beside_the_photo_are_kept(
    tmp_path: Path, light_model: Path, caihua: Caihua
) -> None:
    a_photo(tmp_path, "x.png")
    (tmp_path / "x.json").write_text('{"shapes": ["hers"]}')
    arguments = ("analyze", tmp_path, "--out", tmp_path, "--model", light_model)
    assert caihua(*arguments) == 1
    assert (tmp_path / "x.json").read_text() == '{"shapes": ["hers"]}'
    assert "not from Caihua" in _run_record(tmp_path)["failed"][0]["message"]
    assert (tmp_path / "regions.csv").read_text("utf-8-sig").count("\n") == 1


def test_what_a_person_drew_survives_another_analysis(
    tmp_path: Path, light_model: Path, caihua: Caihua
) -> None:
    photo, project_path = a_photo(tmp_path, "x.png"), tmp_path / "亭.caihua"
    arguments = (
        *("analyze", photo, "--model", light_model, "--project", project_path),
        *("--mm-per-px", "0.5", "--building", "井亭"),
    )
    assert caihua(*arguments, "--out", tmp_path / "1") == 0
    with Project.open(project_path) as project:
        (record,) = project.photos()
        assert (record.building, record.mm_per_px) == ("井亭", 0.5)
        mask = project.load_mask(record.id)
        for class_id, x in ((2, 30.0), (0, 90.0)):
            stroke = Stroke(mask, class_id, 9, "Brush")
            stroke.extend(x, 50.0)
            edit = stroke.finish()
            assert edit is not None
            project.commit(record.id, edit, who=Who("person", "安娜"))
    short = ("analyze", photo, "--model", light_model, "--project", project_path)
    assert caihua(*short, "--out", tmp_path / "2") == 0
    first, second = _mask(tmp_path / "1", "x"), _mask(tmp_path / "2", "x")
    drawn = mask.read_origin(Box.of(96, 128)).astype(bool)
    assert drawn.sum() == 2 * 256
    np.testing.assert_array_equal(second[~drawn], first[~drawn])
    assert set(second[drawn]) == {0, 2}
    with Project.open(project_path) as project:
        (record,) = project.photos()
        kept = project.load_mask(record.id).read(Box.of(96, 128))
        np.testing.assert_array_equal(kept, second)
        detected = project.detection(record.id)
        assert detected is not None
        assert detected.model_name == "light"
        authors = [entry.who for entry in project.log(record.id)]
    assert Who("model", "light", detected.model_sha256) in authors
    with (tmp_path / "2" / "photos.csv").open(encoding="utf-8-sig") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["building"], row["mm_per_px"]) == ("井亭", "0.5")  # the project knows
    assert int(row["person_px"]) == drawn.sum()


def test_ctrl_c_leaves_nothing_half_written(
    tmp_path: Path,
    light_model: Path,
    caihua: Caihua,
    own_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """At the second photo: the first is whole, of the second there is no trace."""
    for number in range(2):
        a_photo(tmp_path / "in", f"{number}.png", seed=number)
    real = detection.run_tiles
    calls = []

    def interrupted(
        network: Engine,
        source: detection.PixelSource,
        blender: BandBlender,
        batch: Callable[[], int],
    ) -> Steps[None]:
        calls.append(blender.grid)
        if len(calls) == 2:
            yield Progress(0, 2)
            raise KeyboardInterrupt
        yield from real(network, source, blender, batch)

    monkeypatch.setattr(detection, "run_tiles", interrupted)
    project_path, out = tmp_path / "p.caihua", tmp_path / "out"
    code = caihua(
        *("analyze", tmp_path / "in", "--out", out, "--model", light_model),
        *("--project", project_path),
    )
    assert code == 130
    assert "nothing is half-written" in capsys.readouterr().err
    assert _names(out) == _of_photo("0")
    with Project.open(project_path) as project:
        assert [record.path.name for record in project.photos()] == ["0.png"]
    cached = [path for path in (own_home / "caihua-cache").rglob("*") if path.is_file()]
    assert sorted(path.suffix for path in cached) == [".npy", ".tif", ".tif"]
    assert not [path for path in cached if path.name.startswith(".")]


def test_an_unexpected_failure_costs_one_photo_only(
    tmp_path: Path, light_model: Path, caihua: Caihua, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2):
        a_photo(tmp_path / "in", f"{number}.png", seed=number)

    def failing(folder: Path, job: PhotoToWrite) -> object:
        if job.name == "0":
            raise RuntimeError("a bug")
        return write_photo(folder, job)

    monkeypatch.setattr(analysis, "write_photo", failing)
    out = tmp_path / "out"
    assert caihua("analyze", tmp_path / "in", "--out", out, "--model", light_model) == 1
    assert "RuntimeError: a bug" in _run_record(out)["failed"][0]["message"]
    assert _of_photo("1") < _names(out)


@pytest.mark.parametrize(
    "wrong",
    [
        ("--mm-per-px", "0"),
        ("--mm-per-px", "nan"),
        ("--mm-per-px", "wide"),
        ("--device", "abacus"),
        ("--out", "{photo}"),
        ("--unknown", "1"),
    ],
)
def test_wrong_usage(
    tmp_path: Path, light_model: Path, caihua: Caihua, wrong: tuple[str, str]
) -> None:
    photo = a_photo(tmp_path, "x.png")
    values = [word.format(photo=photo) for word in wrong]
    arguments = ["analyze", photo, "--out", tmp_path / "out", "--model", light_model]
    assert caihua(*arguments, *values) == 2
    assert _names(tmp_path) == {"x.png"}


def test_a_folder_without_photos_is_wrong_usage(
    tmp_path: Path, light_model: Path, caihua: Caihua
) -> None:
    (tmp_path / "in").mkdir()
    code = caihua(
        "analyze", tmp_path / "in", "--out", tmp_path / "out", "--model", light_model
    )
    assert code == 2


def test_a_missing_model_is_one_sentence(
    tmp_path: Path, caihua: Caihua, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = a_photo(tmp_path, "x.png")
    code = caihua("analyze", photo, "--out", tmp_path / "out", "--model", "nobody")
    assert code == 1
    said = capsys.readouterr().err
    assert said.startswith("caihua: There is no model called 'nobody'.")
    assert "Traceback" not in said


def test_the_project_may_lie_among_the_results(
    tmp_path: Path, light_model: Path, caihua: Caihua
) -> None:
    out = tmp_path / "new" / "结果"
    project = out / "survey.caihua"
    photo = a_photo(tmp_path, "x.png")
    model = ("--model", light_model)
    assert caihua("analyze", photo, *model, "--out", out, "--project", project) == 0
    with Project.open(project) as opened:
        assert [record.path.name for record in opened.photos()] == ["x.png"]
