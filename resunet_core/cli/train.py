"""`caihua train`: a network learns from labelled photos."""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resunet_core.cli import train_corrections
from resunet_core.cli.options import add_device, make_folder
from resunet_core.cli.progress_bar import run_with_bar
from resunet_core.errors import CaihuaError, WrongUsage

if TYPE_CHECKING:
    from resunet_core.progress import Progress, Steps
    from resunet_core.training.order import TrainingOrder
    from resunet_core.training.parallel import Place
    from resunet_core.training.train import TrainingOutcome

HELP = "Train a network on labelled photos, or let an installed model learn from them."
EXAMPLE = """caihua train --data corrected/ --out models/pavilion.safetensors

Stopped at any moment, the same command goes on from the last checkpoint. On several
GPUs: torchrun --nproc-per-node 4 -m -- app train ..."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    from resunet_core.training.presets import PRESETS

    parser.add_argument(
        "--data",
        nargs="+",
        default=(),
        type=Path,
        metavar="DIR",
        help="images/ and masks/, or LabelMe files; several folders are joined",
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help=".safetensors to write"
    )
    presets = "; ".join(f"{name}: {p.about}" for name, p in PRESETS.items())
    parser.add_argument("--preset", choices=PRESETS, default="finetune", help=presets)
    parser.add_argument("--arch", metavar="NAME", help="see `caihua models`")
    parser.add_argument(
        "--start",
        metavar="cells|imagenet|none|NAME|FILE",
        help="what the weights are before: cells learned first (the paper's), "
        "torchvision's for ImageNet (downloaded), random ones, or those of a model",
    )
    parser.add_argument(
        "--cells",
        type=Path,
        metavar="DIR",
        help="data folder for --start cells instead of generated cells",
    )
    add_device(parser)
    _add_course(parser.add_argument_group("course"))
    _add_split(parser.add_argument_group("validation"))
    train_corrections.add_arguments(parser.add_argument_group("corrections"))
    parser.add_argument(
        "--events",
        metavar="FILE|-",
        help="one line of JSON per event (default: events.jsonl in the work folder; "
        "- is the standard output)",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="check all data, then stop"
    )


def _add_course(group: "argparse._ArgumentGroup") -> None:
    group.add_argument("--steps", type=int, metavar="N", help="steps of the optimiser")
    group.add_argument("--batch", type=int, metavar="N", help="crops a step")
    group.add_argument("--crop", type=int, metavar="PX", help="side of a crop")
    group.add_argument("--rate", type=float, metavar="X", help="highest learning rate")
    group.add_argument(
        "--expand", type=int, metavar="N", help="so many different crops, then again"
    )
    group.add_argument(
        "--loss",
        metavar="SUM",
        help="terms of the loss, e.g. ce+dice_defects+0.5*skeleton_recall",
    )
    group.add_argument("--augment", choices=("modern", "paper", "none"))
    group.add_argument(
        "--patience",
        type=int,
        metavar="N",
        help="looks at the validation photos without a gain before stopping; 0 never",
    )
    group.add_argument("--seed", type=int, metavar="N")
    group.add_argument(
        "--loaders", type=int, metavar="N", help="processes that make crops"
    )
    group.add_argument(
        "--mm-per-px", type=float, metavar="X", help="scale of the photos, if one"
    )


def _add_split(group: "argparse._ArgumentGroup") -> None:
    group.add_argument(
        "--validation",
        type=float,
        default=0.1,
        metavar="SHARE",
        help="part of the photos that only judge (default 0.1)",
    )
    group.add_argument(
        "--split-by",
        default="photo",
        metavar="photo|building|REGEX",
        help="what is never parted: a photo, the photos whose names are alike but for "
        "the number at the end, or those alike in the expression's first group",
    )
    group.add_argument(
        "--split", type=Path, metavar="FILE", help="a split.json of an earlier training"
    )


def run(arguments: argparse.Namespace) -> int:
    """Check, train, say what came out."""
    from resunet_core.model.device import choose_device, refuse_without_torch

    refuse_without_torch()
    from resunet_core.training.parallel import place_in_group
    from resunet_core.training.train import train

    if arguments.measure:
        return train_corrections.measure(arguments)
    order = make_order(arguments)
    if arguments.preset == train_corrections.CORRECTIONS and not arguments.dry_run:
        make_folder(order.work)
        with _event_lines(arguments.events, order) as emit:
            learned = train_corrections.run(arguments, order, emit)
        if arguments.events != "-":
            train_corrections.print_outcome(learned)
        return 0
    if arguments.dry_run:
        return _check(order)
    make_folder(order.out.parent)
    make_folder(order.work)
    device = choose_device(arguments.device)
    with place_in_group(device.torch_device) as place:
        steps = train(order, place)
        if not place.first:
            run_with_bar(steps, "Training", silent=True)
            return 0
        with _event_lines(arguments.events, order) as emit:
            emit(_begun(order, device.name, place))
            outcome = _run_emitting(steps, emit)
    if arguments.events != "-":
        _print_outcome(outcome, order)
    return 0


def make_order(arguments: argparse.Namespace) -> "TrainingOrder":
    """The order that the arguments mean.

    Raises:
        WrongUsage: They do not fit together.
        BadModelFile: No such model to start from.
    """
    from resunet_core.training.order import TrainingOrder, changed, settled
    from resunet_core.training.presets import PRESETS
    from resunet_core.training.split import SplitRule

    if not arguments.data or arguments.out is None:
        raise WrongUsage(
            "A training needs data and a file to write.", "Give --data and --out."
        )
    if arguments.out.suffix != ".safetensors":
        raise WrongUsage(
            f"{arguments.out.name} is no name for a model file.",
            "End it in .safetensors.",
        )
    how = changed(
        PRESETS[arguments.preset],
        steps=arguments.steps,
        batch=arguments.batch,
        crop_px=arguments.crop,
        expand=arguments.expand,
        augmentation=arguments.augment,
        rate=arguments.rate,
        loss=_loss(arguments.loss),
        patience=arguments.patience,
        seed=arguments.seed,
        loaders=arguments.loaders,
    )
    architecture, start = settled(
        arguments.preset, how, architecture=arguments.arch, start=arguments.start
    )
    return TrainingOrder(
        tuple(arguments.data),
        arguments.out,
        arguments.preset,
        how,
        architecture,
        start,
        split=SplitRule(arguments.validation, arguments.split_by, how.plan.seed),
        split_file=arguments.split,
        cells=arguments.cells,
        mm_per_px=arguments.mm_per_px,
    )


def _loss(text: str | None) -> Any:  # noqa: ANN401 - terms, whose type would load torch
    from resunet_core.training.loss_sum import parse_loss

    return None if text is None else parse_loss(text)


def _check(order: "TrainingOrder") -> int:
    """Read all data as a training would, and say what is in it."""
    import numpy as np

    from resunet_core.defects import DEFAULT_CLASSES
    from resunet_core.training.examples import read_data_folders
    from resunet_core.training.pack import check, empty_classes
    from resunet_core.training.split import split

    examples = read_data_folders(order.data)
    pictures = run_with_bar(check(examples), "Checking")
    way = split(pictures, order.split)
    counts = np.array([p.counts for p in pictures]).sum(axis=0)
    print(f"{len(pictures)} photos, {sum(p.pixels for p in pictures) / 1e6:.1f} MP:")
    print(f"  {len(way.train)} would teach, {len(way.validation)} judge")
    for defect in DEFAULT_CLASSES:
        having = sum(1 for p in pictures if p.counts[defect.id])
        print(f"  {defect.key}: {counts[defect.id]:,} px on {having} photos")
    for key in empty_classes(pictures):
        print(_never(key))
    print(f"{order.architecture} would start from {order.start}.")
    return 0


def _never(key: str) -> str:
    return (
        f"No photo has {key}: the model can only forget it here. Add photos that show "
        "it, or judge by the other class alone."
    )


def _begun(order: "TrainingOrder", device: str, place: "Place") -> dict[str, Any]:
    from resunet_core.training.order import described

    return {
        "event": "start",
        "device": device,
        "processes": place.size,
        "out": str(order.out),
        **described(order),
    }


@contextmanager
def _event_lines(wanted: str | None, order: "TrainingOrder") -> Iterator[Any]:
    """Give a function that writes one event as a line."""
    if wanted == "-":
        yield lambda event: print(json.dumps(event, ensure_ascii=False), flush=True)
        return
    path = order.work / "events.jsonl" if wanted is None else Path(wanted)
    try:
        stream = path.open("a", encoding="utf-8", buffering=1)
    except OSError as error:
        raise CaihuaError(
            f"{path} cannot be written: {error.strerror or error}.",
            "Name another file with --events.",
        ) from error
    with stream:
        yield lambda event: stream.write(json.dumps(event, ensure_ascii=False) + "\n")


def _run_emitting(
    steps: "Steps[TrainingOutcome | None]",
    emit: Any,  # noqa: ANN401 - a function of one event
) -> "TrainingOutcome":
    try:
        outcome = run_with_bar(_emitted(steps, emit), "Training")
    except CaihuaError as error:
        emit({"event": "error", "text": error.message, "hint": error.hint})
        raise
    if outcome is None:
        raise RuntimeError("the first training gave no outcome")
    emit({"event": "finished", **asdict(outcome), "model": str(outcome.model)})
    return outcome


def _emitted(
    steps: "Steps[TrainingOutcome | None]",
    emit: Any,  # noqa: ANN401 - a function of one event
) -> "Steps[TrainingOutcome | None]":
    from resunet_core.training.fit import TrainingProgress

    try:
        while True:
            try:
                progress: Progress = next(steps)
            except StopIteration as finished:
                outcome: TrainingOutcome | None = finished.value
                return outcome
            if isinstance(progress, TrainingProgress):
                emit(progress.event)
                for key in progress.event.get("never_labelled", ()):
                    print(f"caihua: {_never(key)}", file=sys.stderr)
            yield progress
    finally:
        steps.close()


def _print_outcome(outcome: "TrainingOutcome", order: "TrainingOrder") -> None:
    print(
        f"{outcome.model}: best at step {outcome.best_step} of {outcome.step} "
        f"({outcome.reason}), {outcome.seconds / 60:.1f} min"
    )
    names = ("iou", "f1", "precision", "recall", "centerline_f1")
    print(f"{'on the validation photos':28}" + "".join(f"{n:>15}" for n in names))
    for key, found in outcome.figures["classes"].items():
        values = (f"{found[n]:.4f}" if n in found else "" for n in names)
        print(f"{key:28}" + "".join(f"{value:>15}" for value in values))
    print(f"Split and events are in {order.work}.")
