"""From the runs in an experiment's folder to its table, document and page."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from resunet_core.defects import DEFAULT_CLASSES
from resunet_core.experiments.page import (
    About,
    Shown,
    write_document,
    write_page,
    write_table,
)
from resunet_core.experiments.records import RunResult
from resunet_core.experiments.results import results_of
from resunet_core.experiments.run import Bench, mask_path
from resunet_core.training.pack import Pack


def publish(
    bench: Bench,
    runs: Sequence[RunResult],
    *,
    plan: dict[str, Any],
    speeds: dict[str, dict[str, Any]],
) -> dict[str, Any]:
    """Write `table.csv`, `results.json` and `index.html`; what they say.

    Args:
        bench: Of the experiment.
        runs: Finished ones.
        plan: As kept in `plan.json`.
        speeds: Of the architectures, see `read_speeds`.

    Raises:
        CaihuaError: They cannot be written.
    """
    order = bench.order
    results = results_of(order.experiment, order.conditions, runs, speeds)
    about = _about(bench, runs, plan)
    of_condition = {
        condition.name: [
            run
            for run in runs
            if run.condition == condition.name and run.seed in results["seeds"]
        ]
        for condition in order.conditions
    }
    write_table(order.out / "table.csv", results)
    write_document(order.out / "results.json", results, about)
    shown = _shown(bench)
    write_page(order.out / "index.html", results, about, of_condition, shown)
    return results


def _shown(bench: Bench) -> list[Shown]:
    """Parts of validation photos, once every condition has a mask for them."""
    order, found = bench.order, []
    for number, window in enumerate(bench.shown):
        paths = {c.name: mask_path(order.out, c.name, number) for c in order.conditions}
        if not all(path.is_file() for path in paths.values()):
            continue
        pixels, truth = window.load()
        masks = {
            name: np.asarray(
                cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_GRAYSCALE),
                np.uint8,
            )
            for name, path in paths.items()
        }
        found.append(Shown(window.stem, pixels, truth, masks))
    return found


def _about(bench: Bench, runs: Sequence[RunResult], plan: dict[str, Any]) -> About:
    order, experiment = bench.order, bench.order.experiment
    course, crops = plan["described"]["plan"], plan["described"]["crops"]
    seconds = sum(run.seconds for run in runs)
    networks = dict.fromkeys(condition.architecture for condition in order.conditions)
    rows = [
        ("Data", ", ".join(path.name or str(path) for path in order.data)),
        (
            "Photos",
            f"{len(bench.split.train)} teach, {len(bench.split.validation)} judge, "
            f"parted before augmentation by {order.split.together}; data hash "
            f"{bench.pack.data_hash[:16]}",
        ),
        ("Damage", _damage(bench)),
        ("Judged on", _judged(bench)),
        ("Networks", ", ".join(networks) + ", from random weights"),
        (
            "Course",
            f"{course['steps']} steps of {course['batch']} crops of "
            f"{crops['crop_px']} px, Adam, highest rate {course['rate']:g} after "
            "warm-up, then a cosine; the last weights are judged",
        ),
        (
            "Crops",
            f"the paper's augmentations, {crops['expand']:,} different crops, "
            f"{crops['damaged_share']:.0%} of them aimed at damage; the same for all "
            "conditions with the same seed",
        ),
        ("Seeds", f"{order.seeds}, of weights and crops"),
        ("Machine", plan["machine"]),
        ("Time", f"{seconds / 60:.1f} minutes of training for {len(runs)} runs"),
    ]
    if plan["budget"] is not None:
        minutes = plan["budget"]["minutes"]
        rows.append(("Budget", f"{minutes:g} minutes, from which the steps follow"))
    return About(
        experiment.title,
        experiment.question,
        experiment.about,
        rows,
        order.command,
        len(runs),
        order.seeds * len(order.conditions),
    )


def _damage(bench: Bench) -> str:
    """How much of each class the photos have that teach and those that judge."""
    said = []
    for numbers, who in (
        (bench.split.train, "teach"),
        (bench.split.validation, "judge"),
    ):
        counts = Pack(
            bench.pack.folder, tuple(bench.pack.pictures[n] for n in numbers)
        ).class_counts
        shares = counts / max(1, counts.sum())
        parts = [
            f"{defect.name_en.lower()} {shares[defect.id]:.2%}"
            for defect in DEFAULT_CLASSES
        ]
        said.append(f"{', '.join(parts)} of the pixels that {who}")
    return "; ".join(said)


def _judged(bench: Bench) -> str:
    area = sum(window.box.area for window in bench.judged) / 1e6
    photos = len({window.number for window in bench.judged})
    return (
        f"{area:.1f} MP of {photos} photos in {len(bench.judged)} windows, the "
        "likeliest class of each pixel; centre lines agree within 4 px"
    )
