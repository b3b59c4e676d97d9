"""`caihua train --preset corrections`: learn, compare, and obey while doing so."""

import argparse
import json
import os
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resunet_core.cli.options import make_folder
from resunet_core.cli.progress_bar import run_with_bar
from resunet_core.errors import CaihuaError

if TYPE_CHECKING:
    from collections.abc import Callable

    from resunet_core.progress import Steps
    from resunet_core.training.learn import LearningOutcome, Wish
    from resunet_core.training.order import TrainingOrder

CORRECTIONS = "corrections"
NICE = 10


def add_arguments(group: "argparse._ArgumentGroup") -> None:
    """Declare what only this preset takes."""
    group.add_argument(
        "--champion",
        metavar="NAME|FILE",
        help="the model in use, to compare with (default: the one to start from)",
    )
    group.add_argument(
        "--show",
        nargs="+",
        default=(),
        type=Path,
        metavar="PICTURE",
        help="pictures on which both are drawn side by side",
    )
    group.add_argument(
        "--control",
        action="store_true",
        help="obey the lines pause, go and stop on the standard input; its end stops",
    )
    group.add_argument(
        "--finish-now",
        action="store_true",
        help="judge what a training cut short had reached, learn nothing more",
    )
    group.add_argument(
        "--measure",
        action="store_true",
        help="print as JSON what a step costs on this machine, then end",
    )


class Control:
    """What is wished, by lines on the standard input."""

    def __init__(self) -> None:
        self._wish: Wish = "go"

    def __call__(self) -> "Wish":
        """The last wish."""
        return self._wish

    def listen(self) -> None:
        """Read lines beside the training, until whoever started it is gone."""
        threading.Thread(target=self._read, name="control", daemon=True).start()

    def _read(self) -> None:
        for line in sys.stdin:
            word = line.strip()
            if word == "pause":
                self._wish = "pause"
            elif word == "go":
                self._wish = "go"
            elif word == "stop":
                break
        self._wish = "stop"


def measure(arguments: argparse.Namespace) -> int:
    """Print the cost of a step."""
    from resunet_core.model.device import choose_device
    from resunet_core.model.model_file import find_model, read_model_info
    from resunet_core.training.pace import seconds_a_step
    from resunet_core.training.presets import PRESETS

    _stand_back()
    how = PRESETS[arguments.preset]
    device = choose_device(arguments.device)
    model = arguments.start or how.start
    info = read_model_info(find_model(model))
    cost = seconds_a_step(
        model,
        arguments.crop or how.crop_px,
        arguments.batch or how.plan.batch,
        device.torch_device,
    )
    said = {"device": device.name, "architecture": info.config.architecture, **cost}
    print(json.dumps(said), flush=True)
    return 0


def run(
    arguments: argparse.Namespace,
    training: "TrainingOrder",
    emit: "Callable[[dict[str, Any]], None]",
) -> "LearningOutcome":
    """Learn and compare, an event a line.

    Raises:
        CaihuaError: As `learn`; said as an event, too.
    """
    from resunet_core.model.device import choose_device
    from resunet_core.training.learn import learn
    from resunet_core.training.learning_data import LearningOrder
    from resunet_core.training.order import described
    from resunet_core.training.parallel import Place

    make_folder(training.out.parent)
    make_folder(training.work)
    order = LearningOrder(
        training,
        arguments.champion or training.start,
        tuple(arguments.show),
        arguments.finish_now,
    )
    control = Control()
    if arguments.control:
        _stand_back()
        control.listen()
    device = choose_device(arguments.device)
    emit(
        {
            "event": "start",
            "device": device.name,
            "champion": order.champion,
            **described(training),
        }
    )
    steps = learn(order, Place(device.torch_device), control)
    try:
        outcome = run_with_bar(_emitted(steps, emit), "Learning")
    except (CaihuaError, MemoryError, OSError) as error:
        emit({"event": "error", **_said(error)})
        raise
    emit(
        {
            "event": "finished",
            **asdict(outcome),
            "model": str(outcome.model),
            "verdict": outcome.verdict.to_json(),
        }
    )
    return outcome


def _said(error: BaseException) -> dict[str, str]:
    if isinstance(error, CaihuaError):
        return {"text": error.message, "hint": error.hint}
    if isinstance(error, MemoryError):
        text = "The memory is too small for this training."
        return {"text": text, "hint": "Close other programs, or use smaller crops."}
    return {"text": f"{error}.", "hint": "Make room on the disk, then go on."}


def _emitted(
    steps: "Steps[LearningOutcome]", emit: "Callable[[dict[str, Any]], None]"
) -> "Steps[LearningOutcome]":
    from resunet_core.training.fit import TrainingProgress

    try:
        while True:
            try:
                progress = next(steps)
            except StopIteration as finished:
                outcome: LearningOutcome = finished.value
                return outcome
            if isinstance(progress, TrainingProgress):
                emit(progress.event)
            else:
                emit({"event": "progress", **vars(progress)})
            yield progress
    finally:
        steps.close()


def print_outcome(outcome: "LearningOutcome") -> None:
    """Say what came out, and whether to use it."""
    print(
        f"{outcome.model}: best at step {outcome.best_step} of {outcome.step} "
        f"({outcome.reason}), {outcome.seconds / 60:.1f} min"
    )
    for one in outcome.verdict.comparisons:
        print(
            f"  {one.of:8}{one.key:12}{one.measure:16}{one.before:.3f} -> "
            f"{one.after:.3f} ({one.change:+.3f})"
        )
    print(
        {
            "better": "Better than the model before.",
            "same": "As good as the model before.",
            "worse": "Worse than the model before: better not used.",
            "unknown": "The pictures kept apart show no damage: whether it is better "
            "cannot be said.",
        }[outcome.verdict.kind]
    )


def _stand_back() -> None:
    """Let the window and other programs go first."""
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(NICE)
