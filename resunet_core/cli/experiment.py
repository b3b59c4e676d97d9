"""`caihua experiment`: the paper's comparisons, repeated on any data."""

import argparse
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resunet_core.cli.options import add_device, make_folder
from resunet_core.cli.progress_bar import run_with_bar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from resunet_core.experiments.order import ExperimentOrder
    from resunet_core.progress import Steps

HELP = "Repeat the paper's comparisons on your photos, with several seeds and tests."
EXAMPLE = """caihua experiment losses --data corrected/ --out losses/ --budget 60

Stopped at any moment, the same command goes on; finished runs are not done again.
The paper's length: --steps 262500 --crop 512 --batch 8."""

NAMES = ("losses", "models", "lambda", "focal", "backbones")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("experiment", choices=NAMES, help="what is compared")
    parser.add_argument(
        "--data",
        required=True,
        nargs="+",
        type=Path,
        metavar="DIR",
        help="images/ and masks/, or LabelMe files; several folders are joined",
    )
    parser.add_argument(
        "--out", required=True, type=Path, metavar="DIR", help="for tables and the page"
    )
    add_device(parser)
    group = parser.add_argument_group("size")
    group.add_argument(
        "--budget",
        type=float,
        metavar="MINUTES",
        help="choose the steps so that all runs together take no longer here",
    )
    group.add_argument(
        "--steps", type=int, metavar="N", help="steps of each run (default 300)"
    )
    group.add_argument(
        "--seeds", type=int, default=3, metavar="N", help="runs of each (default 3)"
    )
    group.add_argument(
        "--arch",
        metavar="NAME",
        help="network of losses, lambda and focal (default: the paper's resunet50; "
        "resunet18 and resunet18_light are lighter)",
    )
    group.add_argument(
        "--crop", type=int, default=512, metavar="PX", help="side of a crop"
    )
    group.add_argument("--batch", type=int, default=8, metavar="N", help="crops a step")
    group.add_argument(
        "--conditions",
        metavar="A,B",
        help="only these, by their names in the table",
    )
    _add_split(parser.add_argument_group("validation"))


def _add_split(group: "argparse._ArgumentGroup") -> None:
    group.add_argument(
        "--validation",
        type=float,
        default=0.2,
        metavar="SHARE",
        help="part of the photos that only judge (default 0.2)",
    )
    group.add_argument(
        "--split-by",
        default="photo",
        metavar="photo|building|REGEX",
        help="what is never parted, as in `caihua train`",
    )
    group.add_argument(
        "--split", type=Path, metavar="FILE", help="a split.json of an earlier training"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run what is not done yet, print the table, say where the page is."""
    from resunet_core.model.device import choose_device, refuse_without_torch

    refuse_without_torch()
    from resunet_core.experiments.experiment import experiment

    order = make_order(arguments)
    make_folder(order.out)
    device = choose_device(arguments.device)
    results = run_with_bar(_told(experiment(order, device)), "Experiment")
    print(as_text(results))
    print(f"The page is {order.out / 'index.html'}; to do it again:\n{order.command}")
    return 0


def _told(steps: "Steps[dict[str, Any]]") -> "Steps[dict[str, Any]]":
    """Say when a run begins: hours in the background are not to pass in silence."""
    from tqdm import tqdm

    from resunet_core.experiments.experiment import Stage

    try:
        while True:
            try:
                progress = next(steps)
            except StopIteration as finished:
                results: dict[str, Any] = finished.value
                return results
            if isinstance(progress, Stage):
                tqdm.write(progress.note, file=sys.stderr)
            yield progress
    finally:
        steps.close()


def as_text(results: "Mapping[str, Any]") -> str:
    """What the terminal shows: a row a condition, then what came out in words."""
    from resunet_core.experiments.metrics import LABELS
    from resunet_core.experiments.page import sentences

    keys = results["metrics"]
    rows = [["", *(LABELS[key] for key in keys)]]
    for row in results["conditions"]:
        found = [row["figures"][key] for key in keys]
        rows.append([row["label"], *map(_cell, found)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    return "\n".join([*(line.rstrip() for line in lines), "", *sentences(results), ""])


def _cell(found: "Mapping[str, Any]") -> str:
    """A mean and its spread over the seeds: `0.713 ± 0.020`."""
    spread = "" if found["deviation"] is None else f" ± {found['deviation']:.3f}"
    return f"{found['mean']:.3f}{spread}"


def make_order(arguments: argparse.Namespace) -> "ExperimentOrder":
    """The order that the arguments mean.

    Raises:
        WrongUsage: They do not fit together.
    """
    from resunet_core.experiments.conditions import EXPERIMENTS, chosen_conditions
    from resunet_core.experiments.order import ExperimentOrder
    from resunet_core.training.split import SplitRule

    what = EXPERIMENTS[arguments.experiment]
    wanted = arguments.conditions
    names = None if wanted is None else [name.strip() for name in wanted.split(",")]
    return ExperimentOrder(
        what,
        chosen_conditions(what, arguments.arch, names),
        tuple(arguments.data),
        arguments.out,
        steps=arguments.steps,
        seeds=arguments.seeds,
        crop_px=arguments.crop,
        batch=arguments.batch,
        budget_min=arguments.budget,
        split=SplitRule(arguments.validation, arguments.split_by),
        split_file=arguments.split,
        command=_command(arguments),
    )


def _command(arguments: argparse.Namespace) -> str:
    """The command line that does the same again."""
    words = ["caihua", "experiment", arguments.experiment, "--data"]
    words += map(str, arguments.data)
    words += ["--out", str(arguments.out)]
    for option in (
        "arch",
        "budget",
        "steps",
        "seeds",
        "crop",
        "batch",
        "conditions",
        "validation",
        "split_by",
        "split",
        "device",
    ):
        value = getattr(arguments, option)
        if value is not None:
            words += [f"--{option.replace('_', '-')}", f"{value}"]
    return shlex.join(words)
