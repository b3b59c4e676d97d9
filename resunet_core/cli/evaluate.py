"""`caihua evaluate`: a model's scores per class on labelled pictures."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resunet_core.cli.options import add_device, add_engine, add_model
from resunet_core.cli.progress_bar import run_with_bar
from resunet_core.errors import WrongUsage
from resunet_core.files import write_text
from resunet_core.model.card import JUDGED_BY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from resunet_core.reports.evaluation_page import Judged
    from resunet_core.training.evaluate import Evaluation
    from resunet_core.training.intervals import Intervals
    from resunet_core.training.metrics import ClassScore

HELP = "Score a model on pictures with true masks: per class, with intervals."
EXAMPLE = "caihua evaluate --data validation/ --json scores.json"

ROWS = (
    ("iou", "IoU"),
    ("f1", "F1"),
    ("precision", "precision"),
    ("recall", "recall"),
    ("centerline_f1", "centre-line F1"),
    ("cldice", "clDice"),
    ("length_ratio", "length ratio"),
    ("relative_area_error", "area error"),
)
"""Figures on the terminal, by their names in the JSON."""
FEW_PHOTOS = 20
"""With fewer, intervals drawn from the photos themselves come out too narrow."""


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
    add_engine(parser)
    parser.add_argument("--json", required=True, type=Path, metavar="FILE")
    parser.add_argument(
        "--page",
        type=Path,
        metavar="FILE",
        help="also write an HTML page of photo, truth and find, the worst first",
    )
    parser.add_argument(
        "--changes",
        action="store_true",
        help="also score the photos at half and double scale, turned, as JPEG, darker",
    )


def run(arguments: argparse.Namespace) -> int:
    """Score, print a table, write the JSON."""
    from resunet_core.inference.engine import load_engine
    from resunet_core.reports.evaluation_page import EvaluationPage
    from resunet_core.training.changed import CHANGES, Changed
    from resunet_core.training.evaluate import evaluate
    from resunet_core.training.examples import read_data_folder

    if arguments.tolerance < 0:
        raise WrongUsage(
            f"--tolerance {arguments.tolerance} is negative.", "Give pixels, 0 or more."
        )
    examples = read_data_folder(arguments.data)
    model = load_engine(arguments.model, arguments.device, arguments.engine)
    if model.notice:
        print(f"caihua: {model.notice}", file=sys.stderr)
    facts = [("Model", str(arguments.model)), ("Data", str(arguments.data))]
    page = EvaluationPage(f"{arguments.data.name}: found and true", facts)
    seen = page.see if arguments.page is not None else None
    steps = evaluate(model, examples, arguments.tolerance, seen=seen)
    evaluation = run_with_bar(steps, "Evaluating")
    document = as_json(evaluation)
    if arguments.changes:
        document["changes"] = {}
        for change in CHANGES:
            changed = [Changed(example, change) for example in examples]
            steps = evaluate(model, changed, arguments.tolerance)
            scores = run_with_bar(steps, change.capitalize()).scores
            document["changes"][change] = _scores(scores.by_key())
    write_text(arguments.json, json.dumps(document, indent=2) + "\n")
    if arguments.page is not None:
        page.write(arguments.page, [_judged(photo) for photo in document["photos"]])
    print(as_table(document, str(model.use)))
    if arguments.changes:
        print("\n" + changes_table(document))
    return 0


def _judged(photo: dict[str, Any]) -> "Judged":
    """How well a photo went: cracks by their centre lines, other classes by area."""
    from resunet_core.reports.evaluation_page import Judged

    scores, said = [], []
    for key, measure in JUDGED_BY.items():
        found = photo["classes"][key]
        if found is None:
            continue
        scores.append(found[measure] or 0.0)
        said.append(f"{key.replace('_', ' ')} {dict(ROWS)[measure]} {scores[-1]:.3f}")
    if not scores:
        # Sound paint alone: what is missing to all of it was said to be damage.
        background = photo["classes"]["background"]
        scores.append(0.0 if background is None else background["recall"] or 0.0)
        said.append(f"no damage there; {1 - scores[0]:.2%} said to be damage")
    return Judged(photo["name"], sum(scores) / len(scores), ", ".join(said))


def changes_table(document: dict[str, Any]) -> str:
    """What each change of the photos does to the figure that a class is judged by."""
    kept = [key for key in JUDGED_BY if document["classes"][key] is not None]
    width = max(map(len, document["changes"]))
    heads = [f"{key} {dict(ROWS)[JUDGED_BY[key]]}" for key in kept]
    lines = [" " * width + "".join(f"  {head}" for head in heads)]
    for change, classes in document["changes"].items():
        cells = []
        for key, head in zip(kept, heads, strict=True):
            before = document["classes"][key][JUDGED_BY[key]] or 0.0
            after = (classes[key] or {}).get(JUDGED_BY[key]) or 0.0
            cells.append(f"  {f'{after:.3f} ({after - before:+.3f})':{len(head)}}")
        lines.append((change.ljust(width) + "".join(cells)).rstrip())
    return "\n".join(lines)


def as_json(evaluation: "Evaluation") -> dict[str, Any]:
    """The document that `--json` writes; classes never labelled are null.

    `miou` and `macro_f1` are means over the classes' own figures; `macro` holds the
    paper's averages, whose F1 is that of the mean precision and the mean recall.
    """
    from resunet_core.training.intervals import LEVEL, bootstrap

    scores = evaluation.scores
    drawn = bootstrap(scores)
    means = _pairs(drawn.means)
    return {
        "images": scores.pictures,
        "accuracy": scores.accuracy,
        "miou": scores.mean("iou"),
        "macro_f1": scores.mean("f1"),
        "macro": asdict(scores.macro),
        "fps": evaluation.fps,
        "tolerance_px": scores.tolerance_px,
        "classes": _scores(scores.by_key()),
        "intervals": {
            key: None if found is None else _pairs(found)
            for key, found in drawn.classes.items()
        },
        "mean_intervals": {
            **{name: pair for name, pair in means.items() if "." not in name},
            "macro": {
                name.removeprefix("macro."): pair
                for name, pair in means.items()
                if "." in name
            },
        },
        "bootstrap": {
            "level": LEVEL,
            "draws": drawn.draws,
            "seed": drawn.seed,
            "left_out": {
                key: {name: i.left_out for name, i in found.items() if i is not None}
                for key, found in drawn.classes.items()
                if found is not None
            },
        },
        "photos": [
            {"name": part.name, "classes": _scores(of_picture)}
            for part, of_picture in zip(scores.parts, scores.by_picture(), strict=True)
        ],
    }


def _scores(by_key: "Mapping[str, ClassScore | None]") -> dict[str, Any]:
    return {k: None if score is None else asdict(score) for k, score in by_key.items()}


def _pairs(intervals: "Intervals") -> dict[str, list[float] | None]:
    return {
        name: None if found is None else [found.low, found.high]
        for name, found in intervals.items()
    }


def as_table(document: dict[str, Any], device: str) -> str:
    """What the terminal shows: a column a class, figures with their intervals."""
    columns = [["", *(label for _, label in ROWS), "true pixels"]]
    for key, score in document["classes"].items():
        if score is None:
            columns.append([key, "never labelled", *[""] * len(ROWS)])
            continue
        within = document["intervals"][key]
        cells = [_cell(name, score[name], within[name]) for name, _ in ROWS]
        columns.append([key, *cells, f"{score['support_px']:,}"])
    widths = [max(map(len, column)) for column in columns]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in zip(*columns, strict=True)
    ]
    pictures = f"{document['images']} pictures, {document['fps']:.2f} a second"
    text = [f"{pictures} on {device}", "", *lines, "", *_averages(document, widths[0])]
    return "\n".join(line.rstrip() for line in text)


def _averages(document: dict[str, Any], width: int) -> list[str]:
    within, drawn = document["mean_intervals"], document["bootstrap"]
    names = {"accuracy": "accuracy", "miou": "mean IoU", "macro_f1": "mean F1"}
    rows = [(n, _cell(k, document[k], within[k])) for k, n in names.items()]
    macro = {k: _cell(k, v, None) for k, v in document["macro"].items()}
    paper = "precision {precision}, recall {recall}, F1 {f1}, IoU {iou}".format(**macro)
    lines = [f"{n:{width}}  {said}" for n, said in (*rows, ("paper's macro", paper))]
    if within["accuracy"] is None:
        return [*lines, "", "No intervals: they need two photos."]
    how = f"[low, high]: {drawn['level']:.0%} of {drawn['draws']} draws of whole photos"
    few = document["images"] < FEW_PHOTOS
    return [*lines, "", how + ("; too narrow with so few." if few else ".")]


def _cell(name: str, value: float | None, within: list[float] | None) -> str:
    """A figure and its interval, as wide as they are: `0.713 [0.680, 0.751]`."""
    if value is None:
        return "-"
    if name == "relative_area_error":
        low_high = "" if within is None else " [{:+.1%}, {:+.1%}]".format(*within)
        return f"{value:+.1%}{low_high.replace('%', '')}"
    low_high = "" if within is None else " [{:.3f}, {:.3f}]".format(*within)
    return f"{value:.3f}{low_high}"
