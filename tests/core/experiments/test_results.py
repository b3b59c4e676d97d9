"""What runs say together: table, paper's claims, page."""

import csv
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from resunet_core.defects import CRAQUELURE
from resunet_core.errors import WrongUsage
from resunet_core.experiments.conditions import (
    EXPERIMENTS,
    chosen_conditions,
)
from resunet_core.experiments.page import About, Shown, write_page, write_table
from resunet_core.experiments.page import sentences as sentences_of
from resunet_core.experiments.records import RunResult, add_run, read_runs
from resunet_core.experiments.results import results_of
from resunet_core.model.registry import ARCHITECTURES
from resunet_core.training.losses import LOSSES
from tests.builders import a_mask, painted_pixels
from tests.core.experiments.made import a_run

LOSS_EXPERIMENT = EXPERIMENTS["losses"]
CONDITIONS = chosen_conditions(LOSS_EXPERIMENT, "resunet18_light", None)
LEVELS = {"ce": 0.40, "dice": 0.52, "focal": 0.60, "mixed1": 0.60, "mixed2": 0.70}
SPEEDS = {"resunet18_light": {"fps": 2.5}}


def some_runs(photos: int = 24, seeds: int = 3) -> list[RunResult]:
    """Runs at known levels, on photos that differ, by seeds that differ a little."""
    rng = np.random.default_rng(0)
    of_photo = rng.normal(0, 0.05, photos)
    return [
        a_run(
            name,
            seed,
            level + of_photo + rng.normal(0, 0.005) + rng.normal(0, 0.01, photos),
        )
        for seed in range(seeds)
        for name, level in LEVELS.items()
    ]


def results_for(runs: Sequence[RunResult]) -> dict[str, Any]:
    return results_of(LOSS_EXPERIMENT, CONDITIONS, runs, SPEEDS)


def verdict_of(results: dict[str, Any], condition: str, metric: str) -> str:
    (found,) = (
        c["verdict"]
        for c in results["comparisons"]
        if (c["condition"], c["metric"]) == (condition, metric)
        and c["against"] == results["reference"]
    )
    return str(found)


@pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=list(EXPERIMENTS))
def test_conditions_are_ready_to_run_and_claims_speak_of_them(
    experiment: Any,  # noqa: ANN401 - the values of a parametrisation
) -> None:
    conditions = chosen_conditions(experiment, None, None)
    names = {condition.name for condition in conditions}
    assert len(names) == len(conditions) >= 4
    assert {c.architecture for c in conditions} <= set(ARCHITECTURES)
    assert {term.name for c in conditions for term in c.loss} <= set(LOSSES)
    assert experiment.reference in names
    for finding in experiment.findings:
        assert {finding.better, finding.worse} <= names


def test_any_network_may_join_those_that_are_compared() -> None:
    wanted = ["resunet18_light", "resunet18"]
    chosen = chosen_conditions(EXPERIMENTS["backbones"], None, wanted)
    assert [condition.architecture for condition in chosen] == [
        "resunet18",
        "resunet18_light",
    ]
    with pytest.raises(WrongUsage, match="no condition 'resunet18'"):
        chosen_conditions(EXPERIMENTS["losses"], None, ["ce", "resunet18"])


@pytest.mark.parametrize(
    ("name", "architecture", "wanted", "said"),
    [
        ("losses", None, ["ce", "hinge"], "no condition 'hinge'"),
        ("losses", None, ["ce"], "cannot be compared"),
        ("losses", "resnet", None, "no architecture"),
        ("models", "resunet18", None, "compares architectures itself"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(
    name: str, architecture: str | None, wanted: list[str] | None, said: str
) -> None:
    with pytest.raises(WrongUsage, match=said):
        chosen_conditions(EXPERIMENTS[name], architecture, wanted)


def test_the_verdicts_and_the_papers_claims_follow_the_levels() -> None:
    results = results_for(some_runs())
    assert verdict_of(results, "ce", "craquelure.iou") == "worse"
    assert verdict_of(results, "mixed2", "miou") == "better"
    assert verdict_of(results, "focal", "paint_loss.iou").startswith("not decided")
    claims = {(f["better"], f["worse"]): f["verdict"] for f in results["findings"]}
    assert claims["mixed1", "ce"] == "holds here"
    assert claims["mixed1", "mixed2"] == "the other way round here"
    assert claims["mixed1", "focal"] == "not decided at this budget"
    assert claims["dice", "ce"] == "holds here"
    assert results["steady"][0]["verdict"] == "does not hold here"
    # Four conditions by four figures, and the two claims about other pairs.
    assert len(results["comparisons"]) == 18
    row = results["conditions"][0]
    values = row["figures"]["craquelure.iou"]["seeds"]
    assert row["figures"]["craquelure.iou"]["mean"] == pytest.approx(np.mean(values))
    assert row["figures"]["craquelure.iou"]["deviation"] == pytest.approx(
        np.std(values, ddof=1)
    )
    assert row["fps"] == 2.5


def test_only_seeds_that_all_conditions_have_count() -> None:
    runs = some_runs()[:-1]  # the last condition lacks its third seed
    assert results_for(runs)["seeds"] == [0, 1]
    assert results_for(runs[:3])["seeds"] == []
    assert results_for(runs[:3])["comparisons"] == []


def test_few_photos_are_named_as_the_reason() -> None:
    said = " ".join(sentences_of(results_for(some_runs(photos=5))))
    assert "5 photos give no p below 0.062" in said
    assert "cannot be decided with so few" in said
    assert "so few" not in " ".join(sentences_of(results_for(some_runs())))


def test_a_class_that_no_photo_has_is_left_out_and_said() -> None:
    runs = some_runs()
    for run in runs:
        for scored in (run.totals, *run.photos):
            scored["classes"]["paint_loss"] = None
    results = results_for(runs)
    assert results["missing"] == ["paint_loss.iou"]
    assert results["steady"] == []
    assert sentences_of(results)[-1].startswith("Paint-loss IoU: the validation photos")


def test_the_table_holds_a_row_a_condition(tmp_path: Path) -> None:
    results = results_for(some_runs())
    write_table(tmp_path / "table.csv", results)
    text = (tmp_path / "table.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["condition"] for row in rows] == list(LEVELS)
    assert float(rows[0]["craquelure.iou_mean"]) == pytest.approx(
        results["conditions"][0]["figures"]["craquelure.iou"]["mean"], rel=1e-5
    )
    assert rows[3]["miou_verdict"] == "reference"
    assert {row["fps_512"] for row in rows} == {"2.5"}


def a_page(path: Path, runs: Sequence[RunResult]) -> str:
    results = results_for(runs)
    about = About("Five <losses>", "Why?", "So.", [("Photos", "24")], "caihua x", 9, 15)
    mask = a_mask()
    shown = [
        Shown(name, painted_pixels(), mask, dict.fromkeys(LEVELS, mask))
        for name in ("hall/东.png", "hall/01.png")
    ]
    of_condition = {n: [r for r in runs if r.condition == n] for n in LEVELS}
    write_page(path, results, about, of_condition, shown)
    return path.read_text("utf-8")


def test_the_page_shows_everything_and_needs_nothing_beside_it(tmp_path: Path) -> None:
    text = a_page(tmp_path / "index.html", some_runs())
    for condition in CONDITIONS:
        assert condition.label in text
        assert f"<code>{condition.name}</code>" in text
    assert text.count("<img ") == 2 * (2 + len(CONDITIONS))
    assert text.count("<svg ") == 3
    assert "hall/东.png" in text
    assert "Five &lt;losses&gt;" in text
    assert "9 of 15 runs are done" in text
    assert "caihua x" in text
    links = re.findall(r"(?:src|href)=\"(?!data:|#)[^\"]*\"|url\((?!#)", text)
    assert links == []
    assert "<script" not in text
    assert text == a_page(tmp_path / "again.html", some_runs())


def test_a_page_before_the_first_seed_is_whole(tmp_path: Path) -> None:
    text = a_page(tmp_path / "index.html", some_runs()[:3])
    assert "No seed is finished" in text


def test_runs_are_kept_line_by_line_and_survive_a_cut_off_one(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    runs = some_runs(photos=2)[:2]
    assert read_runs(path) == []
    add_run(path, [], runs[0])
    add_run(path, runs[:1], runs[1])
    assert read_runs(path) == runs
    with path.open("a", encoding="utf-8") as stream:
        stream.write('{"condition": "foc')
    assert read_runs(path) == runs


def test_a_figure_without_a_value_is_no_number_in_json(tmp_path: Path) -> None:
    runs = some_runs(seeds=1)
    for run in runs:
        for scored in (run.totals, *run.photos):
            scored["classes"][CRAQUELURE.key]["precision"] = None
    results = results_for(runs)
    assert results["conditions"][0]["figures"]["craquelure.precision"] is None
    assert not math.isnan(results["comparisons"][0]["difference"])
    assert "nan" not in a_page(tmp_path / "index.html", runs).lower()
