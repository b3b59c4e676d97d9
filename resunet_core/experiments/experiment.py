"""A whole experiment: check, plan, run what is not done yet, write what came out."""

import json
import os
import platform
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from resunet_core.experiments.budget import measure_costs, steps_within
from resunet_core.experiments.measure import frames_per_second
from resunet_core.experiments.order import (
    STEPS,
    ExperimentOrder,
    described,
    kept_plan,
    remember_plan,
)
from resunet_core.experiments.publish import publish
from resunet_core.experiments.records import RunResult, add_run, read_runs
from resunet_core.experiments.run import Bench, do_run
from resunet_core.files import write_text
from resunet_core.model.device import Device
from resunet_core.progress import Progress, Steps
from resunet_core.training.examples import read_data_folders
from resunet_core.training.pack import pack
from resunet_core.training.split import read_split, split, write_split


@dataclass(frozen=True)
class Stage(Progress):
    """Progress to be read again later: a run begins, a plan is made."""


def experiment(order: ExperimentOrder, device: Device) -> Steps[dict[str, Any]]:
    """Do what is ordered, or go on with it; returns what came out, see `results_of`.

    The page is written anew whenever every condition has finished one more seed.

    Raises:
        BadData: The data cannot teach, or another experiment was begun in the folder.
        WrongUsage: The budget is too small.
        CaihuaError: Whatever else a person can mend.
    """
    kept = kept_plan(order)
    bench = yield from _prepare(order, device)
    steps, chosen = yield from _plan(bench, kept)
    now = {
        "described": described(order, bench.pack.data_hash, steps),
        "conditions": [asdict(condition) for condition in order.conditions],
        "seeds": order.seeds,
        "budget": chosen,
        "device": device.name,
        "machine": machine_text(device),
    }
    remember_plan(order, kept, now)
    wanted = [(c, seed) for seed in range(order.seeds) for c in order.conditions]
    runs = read_runs(order.runs_path)
    yield from _speeds(order, device)
    results: dict[str, Any] = {}
    for number, (condition, seed) in enumerate(wanted):
        if any((r.condition, r.seed) == (condition.name, seed) for r in runs):
            continue
        done, total = number * steps, len(wanted) * steps
        what = f"{condition.label}, seed {seed + 1} of {order.seeds}"
        yield Stage(done, total, f"{what}: run {number + 1} of {len(wanted)}")
        running = do_run(bench, condition, seed=seed, steps=steps)
        result = yield from _within(running, done, total, what)
        add_run(order.runs_path, runs, result)
        shutil.rmtree(bench.work(condition, seed))
        runs.append(result)
        if (number + 1) % len(order.conditions) == 0:
            results = _published(bench, runs, now)
    return results or _published(bench, runs, now)


def _published(
    bench: Bench, runs: Sequence[RunResult], plan: dict[str, Any]
) -> dict[str, Any]:
    order = bench.order
    names = {condition.name for condition in order.conditions}
    own = [run for run in runs if run.condition in names and run.seed < order.seeds]
    speeds = read_speeds(order.out / "speed.json")
    return publish(bench, own, plan=plan, speeds=speeds)


def _prepare(order: ExperimentOrder, device: Device) -> Steps[Bench]:
    examples = read_data_folders(order.data)
    packed = yield from pack(examples, order.out / "data")
    path = order.out / "split.json"
    if order.split_file is not None:
        way = read_split(order.split_file, packed.pictures)
    elif path.is_file():
        way = read_split(path, packed.pictures)
    else:
        way = split(packed.pictures, order.split)
    write_split(path, packed.pictures, way)
    return Bench(order, packed, way, device.torch_device)


def _plan(
    bench: Bench, kept: dict[str, Any] | None
) -> Steps[tuple[int, dict[str, Any] | None]]:
    """Steps of each run, and how a budget led to them."""
    order = bench.order
    if order.budget_min is None:
        return order.steps or STEPS, None
    if kept is not None and kept["budget"] is not None:
        # Its conditions have begun with so many steps: the others must have as many.
        return int(kept["described"]["plan"]["steps"]), kept["budget"]
    began = time.monotonic()
    costs = yield from measure_costs(bench)
    spent = time.monotonic() - began
    steps = steps_within(costs, bench, spent_s=spent, most=order.steps)
    chosen = {
        "minutes": order.budget_min,
        "costs": {name: asdict(cost) for name, cost in costs.items()},
    }
    minutes = f"{order.budget_min:g} minutes"
    yield Stage(0, steps, f"{steps} steps a run, so that all fit into {minutes}")
    return steps, chosen


def _speeds(order: ExperimentOrder, device: Device) -> Steps[None]:
    """Measure each architecture once, into `speed.json`."""
    path = order.out / "speed.json"
    known = read_speeds(path)
    for condition in order.conditions:
        key = condition.architecture
        if known.get(key, {}).get("device") != device.name:
            yield Progress(0, 1, f"measuring the speed of {key}")
            fps = frames_per_second(key, device.torch_device)
            known[key] = {"device": device.name, "fps": fps}
            write_text(path, json.dumps(known, indent=1) + "\n")


def read_speeds(path: Path) -> dict[str, dict[str, Any]]:
    """What `speed.json` says per architecture; nothing where it is missing."""
    try:
        known: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}  # measured anew
    return known


def _within(
    running: Steps[RunResult], before: int, total: int, what: str
) -> Steps[RunResult]:
    """A run's steps as part of all."""
    try:
        while True:
            try:
                progress = next(running)
            except StopIteration as finished:
                result: RunResult = finished.value
                return result
            note = f"{what}: {progress.note}"
            yield Progress(before + progress.done, total, note)
    finally:
        running.close()


def machine_text(device: Device) -> str:
    """What computes, for people."""
    cores = os.cpu_count() or 1
    system = f"{platform.system()} {platform.machine()}, {cores} cores"
    return f"{device.name}; {processor()}{system}; torch {torch.__version__}"


def processor() -> str:
    """The processor's name with a comma, or nothing where the system hides it."""
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8", errors="replace")
    except OSError:
        return f"{platform.processor()}, " if platform.processor() else ""
    for line in text.splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip() + ", "
    return ""
