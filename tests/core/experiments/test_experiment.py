"""A whole small experiment: run, stopped and resumed, within a budget, refused."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from resunet_core.errors import BadData, WrongUsage
from resunet_core.experiments import measure
from resunet_core.experiments.budget import Cost, steps_within
from resunet_core.experiments.conditions import EXPERIMENTS, chosen_conditions
from resunet_core.experiments.experiment import Stage, experiment
from resunet_core.experiments.order import ExperimentOrder
from resunet_core.experiments.run import Bench, telling_windows
from resunet_core.model.device import choose_device
from resunet_core.model.registry import ARCHITECTURES
from resunet_core.progress import Progress, Steps, run_to_end
from resunet_core.training.examples import read_data_folder
from resunet_core.training.judge import windows_of
from resunet_core.training.pack import Pack, pack
from resunet_core.training.split import Split
from tests.builders import a_mask, a_photo
from tests.core.experiments.made import tiny_network

DEVICE = choose_device("cpu")
TIMES = {"seconds", "s_per_mp"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six photos of 64 px with both defects."""
    folder = tmp_path_factory.mktemp("hall")
    write_photos(folder, 6)
    return folder


def write_photos(folder: Path, count: int) -> None:
    (folder / "masks").mkdir()
    for number in range(count):
        name = f"梁{number}.png"
        a_photo(folder / "images", name, height=64, width=64, seed=number)
        mask = np.roll(a_mask(64, 64), 5 * number, axis=0)
        coded = cv2.imencode(".png", mask)[1]
        (folder / "masks" / name).write_bytes(coded.tobytes())


@pytest.fixture(scope="module", autouse=True)
def tiny() -> Iterator[None]:
    """A tiny architecture, timed on small pictures: how fast is not tested here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ARCHITECTURES, "tiny", tiny_network)
        patch.setattr(measure, "SPEED_SIDE_PX", 64)
        patch.setattr(measure, "SPEED_MOST", 3)
        yield


def an_order(data: Path, out: Path, **changes: Any) -> ExperimentOrder:  # noqa: ANN401 - fields of any type
    what = EXPERIMENTS["losses"]
    conditions = chosen_conditions(what, "tiny", ["ce", "mixed1"])
    order = ExperimentOrder(
        what, conditions, (data,), out, steps=2, seeds=2, crop_px=64, batch=2
    )
    return replace(order, **changes)


@pytest.fixture(scope="module")
def finished(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an experiment that ran without interruption."""
    out = tmp_path_factory.mktemp("out")
    run_to_end(experiment(an_order(data, out), DEVICE))
    return out


def scores_in(out: Path) -> list[dict[str, Any]]:
    """The lines of finished runs, without what was timed."""
    lines = (out / "runs.jsonl").read_text("utf-8").splitlines()
    return [
        {key: value for key, value in json.loads(line).items() if key not in TIMES}
        for line in lines
    ]


def test_an_experiment_leaves_runs_table_document_and_page(finished: Path) -> None:
    runs = scores_in(finished)
    done = [(run["condition"], run["seed"]) for run in runs]
    assert done == [("ce", 0), ("mixed1", 0), ("ce", 1), ("mixed1", 1)]
    assert len({json.dumps(run["losses"]) for run in runs}) == 4
    assert all(len(run["looks"]) == 2 and run["photos"] for run in runs)
    results = json.loads((finished / "results.json").read_bytes())
    assert results["seeds"] == [0, 1]
    assert (finished / "table.csv").is_file()
    assert "Cross-entropy" in (finished / "index.html").read_text("utf-8")
    assert not list((finished / "work").iterdir())


def test_all_conditions_see_the_same_photos(finished: Path, data: Path) -> None:
    split = json.loads((finished / "split.json").read_bytes())
    assert len(split["train"]) + len(split["validation"]) == 6
    for run in scores_in(finished):
        assert {photo["name"] for photo in run["photos"]} == set(split["validation"])
    assert data.name in split["train"][0]


def test_done_again_it_only_writes_the_page(finished: Path, data: Path) -> None:
    before = (finished / "runs.jsonl").read_bytes()
    page = (finished / "index.html").read_bytes()
    (finished / "index.html").unlink()
    told: list[Progress] = []
    run_to_end(experiment(an_order(data, finished), DEVICE), told.append)
    assert not [progress for progress in told if isinstance(progress, Stage)]
    assert (finished / "runs.jsonl").read_bytes() == before
    assert (finished / "index.html").read_bytes() == page


def stop_in_the_first_run(steps: Steps[Any]) -> None:
    """Close the experiment after the first step of its first run."""
    for progress in steps:
        if "loss" in progress.note:
            break
    steps.close()


def test_stopped_and_resumed_it_gives_the_same_scores(
    finished: Path, data: Path, tmp_path: Path
) -> None:
    order = an_order(data, tmp_path / "out", seeds=1)
    stop_in_the_first_run(experiment(order, DEVICE))
    log = order.out / "work" / "ce-0" / "log.jsonl"
    assert (order.out / "work" / "ce-0" / "checkpoint.pt").is_file()
    # As after a loss of power: the log knows of steps that the checkpoint does not.
    with log.open("a", encoding="utf-8") as stream:
        stream.write('{"step": 2, "loss": 9.0, "seconds": 1.0}\n{"step": 2, "cl')
    run_to_end(experiment(order, DEVICE))
    assert scores_in(order.out) == scores_in(finished)[:2]


def test_another_experiment_in_the_folder_is_refused(
    finished: Path, data: Path
) -> None:
    with pytest.raises(BadData, match=r"was begun \(steps: 2, now 3\)"):
        run_to_end(experiment(an_order(data, finished, steps=3), DEVICE))


def test_more_conditions_and_seeds_may_join(
    finished: Path, data: Path, tmp_path: Path
) -> None:
    out = shutil.copytree(finished, tmp_path / "out")
    what = EXPERIMENTS["losses"]
    more = chosen_conditions(what, "tiny", ["ce", "dice"])
    order = an_order(data, out, conditions=more, seeds=1)
    results = run_to_end(experiment(order, DEVICE))
    assert [row["name"] for row in results["conditions"]] == ["ce", "dice"]
    assert results["reference"] == "ce"  # the paper's winner is not among them
    assert scores_in(out)[:4] == scores_in(finished)
    assert len(scores_in(out)) == 5
    kept = json.loads((out / "plan.json").read_bytes())
    assert {c["name"] for c in kept["conditions"]} == {"ce", "dice", "mixed1"}


def a_bench(data: Path, folder: Path, **changes: Any) -> Bench:  # noqa: ANN401 - fields of any type
    packed: Pack = run_to_end(pack(read_data_folder(data), folder / "data"))
    way = Split((0, 1, 2, 3), (4, 5))
    return Bench(an_order(data, folder, **changes), packed, way, DEVICE.torch_device)


def test_the_budget_decides_the_steps(data: Path, tmp_path: Path) -> None:
    bench = a_bench(data, tmp_path, budget_min=10.0)
    # 2 seeds judge 2 photos of 64 x 64 px 11 times: 180224 px a condition.
    costs = {"ce": Cost(0.5, 1e-4), "mixed1": Cost(1.0, 1e-4)}
    judging = 2 * 180_224 * 1e-4
    wanted = int((0.9 * 600 - 20 - judging) / (2 * 1.5))
    assert steps_within(costs, bench, spent_s=20, most=None) == wanted == 161
    assert steps_within(costs, bench, spent_s=20, most=50) == 50
    with pytest.raises(WrongUsage, match="2 conditions with 2 seeds need"):
        steps_within(costs, bench, spent_s=480, most=None)


def test_a_budget_is_measured_kept_and_said(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    order = an_order(data, out, budget_min=60.0, seeds=1)
    told: list[str] = []
    run_to_end(experiment(order, DEVICE), lambda p: told.append(p.note))
    kept = json.loads((out / "plan.json").read_bytes())
    assert kept["described"]["plan"]["steps"] == 2  # --steps is the most
    assert set(kept["budget"]["costs"]) == {"ce", "mixed1"}
    assert "2 steps a run, so that all fit into 60 minutes" in told
    # On resuming the plan stands, whatever the budget would give now.
    again = replace(order, budget_min=90.0, steps=5)
    run_to_end(experiment(again, DEVICE))
    assert json.loads((out / "plan.json").read_bytes())["budget"] == kept["budget"]
    assert len(scores_in(out)) == 2


def test_a_budget_too_small_is_refused_before_anything_runs(
    data: Path, tmp_path: Path
) -> None:
    order = an_order(data, tmp_path, budget_min=0.001)
    with pytest.raises(WrongUsage, match="too few"):
        run_to_end(experiment(order, DEVICE))
    assert not (tmp_path / "runs.jsonl").exists()


def test_one_photo_is_refused_in_a_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "one"
    folder.mkdir()
    write_photos(folder, 1)
    with pytest.raises(BadData, match="one photo only"):
        run_to_end(experiment(an_order(folder, tmp_path / "out"), DEVICE))


def test_pictures_are_chosen_for_damage_from_different_photos(
    data: Path, tmp_path: Path
) -> None:
    bench = a_bench(data, tmp_path)
    every = tuple(range(6))
    windows = windows_of(bench.pack, every, side_px=64, most_px=10**6)
    chosen = telling_windows(windows)
    assert len({window.number for window in chosen}) == len(chosen) == 4
    craquelure = [(window.load()[1] == 1).mean() for window in windows]
    assert (chosen[0].load()[1] == 1).mean() == max(craquelure)
