"""`caihua bench`: how fast this computer detects, with each engine."""

import argparse
import json
from pathlib import Path

from resunet_core.cli.options import add_model
from resunet_core.cli.progress_bar import run_with_bar
from resunet_core.errors import WrongUsage
from resunet_core.files import write_text

HELP = "Measure how fast this computer detects, with each engine, and what it could."
EXAMPLE = "caihua bench --json speed.json"

ENGINES = ("all", "torch", "openvino", "openvino-int8", "cuda")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_model(parser)
    parser.add_argument(
        "--engine", choices=ENGINES, default="all", help="one of them instead of all"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="all figures")
    parser.add_argument(
        "--seconds",
        type=float,
        default=10.0,
        metavar="S",
        help="for each engine; more is more certain (10)",
    )
    parser.add_argument(
        "--full",
        action="store_true",
        help="detect on 24 and 150 megapixels to the end, which may take an hour",
    )
    parser.add_argument(
        "--threads",
        type=int,
        default=0,
        metavar="N",
        help="of the processor; else as many as are good",
    )
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    """Print the table; 1 where an engine that was asked for cannot be measured."""
    if arguments.child is not None:
        from resunet_core.speed.children import do_task

        do_task(arguments.child)
        return 0
    from resunet_core.model.model_file import find_model, read_model_info
    from resunet_core.speed.bench import BenchWish, choices_here, run_bench
    from resunet_core.speed.table import bench_lines

    if not 0 < arguments.seconds < float("inf") or arguments.threads < 0:
        raise WrongUsage("--seconds and --threads must be above 0.", "Leave them out.")
    model = read_model_info(find_model(arguments.model))
    asked = arguments.engine
    wish = BenchWish(
        model,
        choices_here(model) if asked == "all" else (asked,),
        seconds=arguments.seconds,
        full=arguments.full,
        threads=arguments.threads,
    )
    found = run_with_bar(run_bench(wish), "Bench")
    print("\n".join(bench_lines(found)))
    if arguments.json is not None:
        text = json.dumps(found, ensure_ascii=False, indent=2)
        write_text(arguments.json, text + "\n")
    return 1 if any(row["error"] for row in found["engines"]) else 0
