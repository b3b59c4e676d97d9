"""`caihua import`: labels of other programs into a project."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from resunet_core.box import Box
from resunet_core.project.records import Who
from resunet_core.project.store import Project
from tests.builders import a_photo

Caihua = Callable[..., int]


def _labels(folder: Path, name: str, *labels: str) -> Path:
    a_photo(folder, f"{name}.png")
    shapes = [
        {
            "label": label,
            "points": [[2, 4 * k], [9, 4 * k + 2]],
            "shape_type": "rectangle",
        }
        for k, label in enumerate(labels)
    ]
    path = folder / f"{name}.json"
    document = {"imagePath": f"{name}.png", "imageData": None, "shapes": shapes}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def test_labels_are_mapped_painted_logged_and_can_be_undone(
    tmp_path: Path, caihua: Caihua, capsys: pytest.CaptureFixture[str]
) -> None:
    path, survey = _labels(tmp_path, "东间", "裂缝", "Salz"), tmp_path / "s.caihua"
    options = ("--project", survey, "--map", "salz=paint_loss", "--by", "王")
    assert caihua("import", path, *options) == 0
    assert "东间.png: 48 px changed" in capsys.readouterr().out
    expected = np.zeros((96, 128), np.uint8)
    expected[0:3, 2:10], expected[4:7, 2:10] = 1, 2
    with Project.open(survey) as project:
        (photo,) = project.photos()
        mask = project.load_mask(photo.id)
        np.testing.assert_array_equal(mask.read(Box(0, 0, 96, 128)), expected)
        assert project.log()[-1].who == Who("person", "王")
        project.undo(photo.id, mask)
        assert not mask.read(Box(0, 0, 96, 128)).any()
        assert project.undo_name(photo.id) is None


def test_unknown_labels_of_all_files_are_named_at_once(
    tmp_path: Path, caihua: Caihua, capsys: pytest.CaptureFixture[str]
) -> None:
    _labels(tmp_path / "labels", "a", "rust", "crack")
    _labels(tmp_path / "labels", "b", "mould")
    _labels(tmp_path / "labels", "c", "loss")
    survey = tmp_path / "s.caihua"
    assert caihua("import", tmp_path / "labels", "--project", survey) == 1
    said = capsys.readouterr()
    assert "1 imported, 2 refused" in said.out
    assert "not known: 'mould', 'rust'" in said.err
    mapping = ("--map", "rust=background", "--map", "mould=ignore")
    assert caihua("import", tmp_path / "labels", "--project", survey, *mapping) == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("gone.json",), "gone.json is not there"),
        (("{}", "--map", "rust"), "'rust' is no mapping"),
        (("{}", "--map", "rust=iron"), "no class 'iron'"),
        (("{}", "--line-width", "0"), "--line-width 0 is not possible"),
    ],
)
def test_wrong_usage_makes_no_project(
    tmp_path: Path,
    caihua: Caihua,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    said: str,
) -> None:
    path, survey = _labels(tmp_path, "a", "crack"), tmp_path / "s.caihua"
    spelled = [word.format(path) for word in words]
    assert caihua("import", *spelled, "--project", survey) == 2
    assert said in capsys.readouterr().err
    assert not survey.exists()
