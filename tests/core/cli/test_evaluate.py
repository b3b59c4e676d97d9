"""`evaluate`: what scripts rely on in its JSON, and what a person reads."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from resunet_core.cli.evaluate import as_json, as_table
from resunet_core.defects import DEFAULT_CLASSES
from resunet_core.training.changed import CHANGES
from resunet_core.training.evaluate import Evaluation
from resunet_core.training.metrics import Scores
from tests.builders import a_mask, a_photo

Caihua = Callable[..., int]
FIGURES = {
    "iou",
    "f1",
    "precision",
    "recall",
    "centerline_f1",
    "centerline_precision",
    "centerline_recall",
    "cldice",
    "length_ratio",
    "relative_area_error",
}
KEYS = {
    "images",
    "accuracy",
    "miou",
    "macro_f1",
    "macro",
    "fps",
    "tolerance_px",
    "classes",
    "intervals",
    "mean_intervals",
    "bootstrap",
    "photos",
}


def _data(folder: Path) -> Path:
    """Two labelled pictures; nobody labelled paint loss in them."""
    (folder / "masks").mkdir(parents=True)
    for name in ("一", "2"):
        a_photo(folder / "images", f"{name}.png")
        mask = a_mask()
        mask[mask == 2] = 0
        Image.fromarray(mask).save(folder / "masks" / f"{name}.png")
    return folder


def test_evaluate_writes_what_scripts_rely_on(
    tmp_path: Path,
    light_model: Path,
    caihua: Caihua,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "out" / "scores.json"
    data = _data(tmp_path / "data")
    assert (
        caihua("evaluate", "--data", data, "--model", light_model, "--json", path) == 0
    )
    said = json.loads(path.read_bytes())
    assert set(said) == KEYS
    assert said["images"] == 2
    assert 0 <= said["accuracy"] <= 1
    assert set(said["classes"]) == {"background", "craquelure", "paint_loss"}
    assert said["classes"]["paint_loss"] is None
    for key in ("background", "craquelure"):
        assert set(said["classes"][key]) == {*FIGURES, "support_px"}
    assert said["classes"]["craquelure"]["support_px"] == 2 * (a_mask() == 1).sum()
    assert said["classes"]["craquelure"]["centerline_recall"] is not None
    ious = [said["classes"][key]["iou"] for key in ("background", "craquelure")]
    assert said["miou"] == said["macro"]["iou"] == pytest.approx(sum(ious) / 2)
    assert [photo["name"] for photo in said["photos"]] == ["2", "一"]
    assert "never labelled" in capsys.readouterr().out


def _evaluated(pictures: int) -> dict[str, Any]:
    """The document of pictures where half of the craquelure, or all of it, is found."""
    scores = Scores(DEFAULT_CLASSES, 2)
    for number in range(pictures):
        truth = a_mask()
        truth[truth == 2] = 0
        predicted = truth.copy()
        predicted[:, 64 : 64 if number % 2 else 128] = 0
        scores.add(predicted, truth, f"photo {number}")
    document = as_json(Evaluation(scores, 2.5))
    again: dict[str, Any] = json.loads(json.dumps(document, allow_nan=False))
    assert again == document
    return document


def test_every_figure_lies_in_its_interval() -> None:
    said = _evaluated(6)
    assert said["intervals"]["paint_loss"] is None
    for key in ("background", "craquelure"):
        intervals = said["intervals"][key]
        assert set(intervals) == FIGURES
        for name, interval in intervals.items():
            value = said["classes"][key][name]
            assert (interval is None) == (value is None)
            assert value is None or interval[0] <= value <= interval[1]
    low, high = said["intervals"]["craquelure"]["recall"]
    assert 0.5 <= low < 0.75 < high <= 1
    for name in ("accuracy", "miou", "macro_f1"):
        low, high = said["mean_intervals"][name]
        assert low < said[name] < high
    assert set(said["mean_intervals"]["macro"]) == set(said["macro"])
    assert said["bootstrap"]["draws"] == 2000
    assert said["bootstrap"]["left_out"]["craquelure"]["recall"] == 0
    recalls = [photo["classes"]["craquelure"]["recall"] for photo in said["photos"]]
    assert recalls == [0.5, 1] * 3


def test_the_table_reads_straight_down() -> None:
    lines = as_table(_evaluated(6), "CPU").splitlines()
    head = lines[2]
    assert lines[0] == "6 pictures, 2.50 a second on CPU"
    for line, label in zip(lines[3:12], ("IoU", "F1", "precision"), strict=False):
        assert line.startswith(f"{label} ")
        cell = line[head.index("craquelure") :]
        assert cell.startswith(("0.", "1."))
        assert "]" in cell
    (area,) = (line for line in lines if line.startswith("area error"))
    assert "-25.0% [" in area
    assert max(map(len, lines)) <= 80
    assert "too narrow with so few" in lines[-1]


def test_one_photo_has_figures_without_intervals() -> None:
    said = _evaluated(1)
    assert set(said["intervals"]["craquelure"].values()) == {None}
    assert set(said["mean_intervals"]["macro"].values()) == {None}
    table = as_table(said, "CPU")
    assert "[" not in table
    assert "two photos" in table


def test_a_class_nobody_found_has_a_table_too() -> None:
    scores = Scores(DEFAULT_CLASSES)
    for _ in range(2):
        scores.add(np.zeros((96, 128), np.uint8), a_mask())
    table = as_table(as_json(Evaluation(scores, 1.0)), "CPU")
    (precision,) = (x for x in table.splitlines() if x.startswith("precision"))
    assert precision.split()[-2:] == ["-", "-"]
    assert "-100.0% [-100.0, -100.0]" in table


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--tolerance", "-1"), 2),
        (("--tolerance", "far"), 2),
        (("--data", "nowhere"), 1),
        (("--model", "nobody"), 1),
    ],
)
def test_evaluate_refuses(
    tmp_path: Path, light_model: Path, caihua: Caihua, words: tuple[str, str], code: int
) -> None:
    path = tmp_path / "scores.json"
    data = _data(tmp_path / "data")
    arguments = ("evaluate", "--data", data, "--model", light_model, "--json", path)
    assert caihua(*arguments, *words) == code
    assert not path.exists()


def test_evaluate_also_writes_a_page_and_scores_changed_photos(
    tmp_path: Path,
    light_model: Path,
    caihua: Caihua,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path, page = tmp_path / "scores.json", tmp_path / "page.html"
    data = _data(tmp_path / "data")
    options = ("--model", light_model, "--json", path, "--page", page, "--changes")
    assert caihua("evaluate", "--data", data, *options) == 0
    said = json.loads(path.read_bytes())
    changes = said["changes"]
    assert set(changes) == set(CHANGES)
    for classes in changes.values():
        assert classes["paint_loss"] is None
        assert classes["craquelure"]["support_px"] > 0
    half, double = (
        changes[name]["craquelure"]["support_px"]
        for name in ("half scale", "double scale")
    )
    assert half < said["classes"]["craquelure"]["support_px"] < double
    assert "half scale" in capsys.readouterr().out
    text = page.read_text(encoding="utf-8")
    assert text.count("<img") == 6
    assert "craquelure centre-line F1" in text
