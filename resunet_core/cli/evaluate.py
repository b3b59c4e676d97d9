"""`caihua evaluate`: a model's scores per class on labelled pictures."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resunet_core.cli.options import add_device, add_model
from resunet_core.cli.progress_bar import run_with_bar
from resunet_core.errors import WrongUsage
from resunet_core.files import write_text

if TYPE_CHECKING:
    from resunet_core.training.evaluate import Evaluation

HELP = "Score a model on pictures with true masks: per class, never one mean."
EXAMPLE = "caihua evaluate --data validation/ --json scores.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--data",
        required=True,
        type=Path,
        metavar="DIR",
        help="images/ and masks/, or LabelMe files",
    )
    add_model(parser)
    parser.add_argument(
        "--tolerance",
        type=int,
        default=4,
        metavar="PX",
        help="how far apart centre lines may lie and still agree (default 4)",
    )
    add_device(parser)
    parser.add_argument("--json", required=True, type=Path, metavar="FILE")


def run(arguments: argparse.Namespace) -> int:
    """Score, print a table, write the JSON."""
    from resunet_core.model.device import choose_device
    from resunet_core.model.model_file import load_model
    from resunet_core.training.evaluate import evaluate
    from resunet_core.training.examples import read_data_folder

    if arguments.tolerance < 0:
        raise WrongUsage(
            f"--tolerance {arguments.tolerance} is negative.", "Give pixels, 0 or more."
        )
    examples = read_data_folder(arguments.data)
    device = choose_device(arguments.device)
    model = load_model(arguments.model, device.torch_device)
    steps = evaluate(model, examples, arguments.tolerance)
    evaluation = run_with_bar(steps, "Evaluating")
    document = as_json(evaluation)
    write_text(arguments.json, json.dumps(document, indent=2) + "\n")
    _print_table(document, device.name)
    return 0


def as_json(evaluation: "Evaluation") -> dict[str, Any]:
    """The document that `--json` writes; classes never labelled are null."""
    scores = evaluation.scores
    return {
        "images": scores.pictures,
        "accuracy": scores.accuracy,
        "miou": scores.mean("iou"),
        "macro_f1": scores.mean("f1"),
        "fps": evaluation.fps,
        "classes": {
            key: None if score is None else asdict(score)
            for key, score in scores.by_key().items()
        },
    }


def _print_table(document: dict[str, Any], device: str) -> None:
    names = ("iou", "f1", "precision", "recall", "centerline_f1")
    print(f"{document['images']} pictures, {document['fps']:.2f} a second on {device}")
    print(f"{'':12}" + "".join(f"{name:>15}" for name in names))
    for key, score in document["classes"].items():
        if score is None:
            print(f"{key:12}   never labelled in this data")
            continue
        said = ("" if score[n] is None else f"{score[n]:.4f}" for n in names)
        print(f"{key:12}" + "".join(f"{value:>15}" for value in said))
