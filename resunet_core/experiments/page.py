"""The experiment as a table, a JSON document and one HTML page."""

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from numpy.typing import NDArray

from resunet_core import __version__
from resunet_core.defects import DEFAULT_CLASSES
from resunet_core.experiments import figures
from resunet_core.experiments.metrics import LABELS, METRICS, MORE
from resunet_core.experiments.records import RunResult
from resunet_core.experiments.statistics import BETTER, LEAST_SEEDS, UNDECIDED, WORSE
from resunet_core.files import write_text
from resunet_core.reports.evaluation_page import coloured
from resunet_core.reports.html import picture_base64
from resunet_core.resources import resource

PAPER = (
    "Res-UNet for craquelure and paint loss on painted architecture (2023), "
    "600 tiles made into 21,000"
)


@dataclass(frozen=True)
class Shown:
    """A part of a validation photo, with what each condition found there.

    Attributes:
        name: Of the photo.
        pixels: RGB uint8 [h, w, 3].
        truth: Class ids, uint8 [h, w].
        found: By condition name, the same.
    """

    name: str
    pixels: NDArray[np.uint8]
    truth: NDArray[np.uint8]
    found: Mapping[str, NDArray[np.uint8]]


@dataclass(frozen=True)
class About:
    """What was run, for people.

    Attributes:
        title: Of the page.
        question: What the experiment asks.
        about: How its conditions came about.
        rows: Names and values of the facts.
        command: That does it again.
        finished: The runs that are done, of how many.
        wanted: How many there are to be.
    """

    title: str
    question: str
    about: str
    rows: Sequence[tuple[str, str]]
    command: str
    finished: int
    wanted: int


def write_table(path: Path, results: Mapping[str, Any]) -> None:
    """A row a condition; means and standard deviations over the seeds.

    Raises:
        CaihuaError: It cannot be written.
    """
    metrics = (*METRICS, *MORE)
    stream = io.StringIO()
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(
        [
            *("condition", "label", "architecture", "seeds", "photos"),
            *(f"{m.key}_{what}" for m in metrics for what in ("mean", "sd")),
            *("parameters", "gmac_512", "fps_512", "s_per_mp", "train_s"),
            *(f"{key}_verdict" for key in results["metrics"]),
        ]
    )
    verdicts = _verdicts(results)
    for row in results["conditions"]:
        found = [row["figures"][m.key] or {} for m in metrics]
        table.writerow(
            [
                *(row["name"], row["label"], row["architecture"]),
                *(len(results["seeds"]), results["photos"]),
                *(_number(f.get(k)) for f in found for k in ("mean", "deviation")),
                *(row["parameters"], f"{row['gmac']:.3f}"),
                *(_number(row[k]) for k in ("fps", "s_per_mp", "seconds")),
                *(verdicts[row["name"], key] for key in results["metrics"]),
            ]
        )
    # Spreadsheets take a file without the mark for one of another alphabet.
    write_text(path, stream.getvalue(), encoding="utf-8-sig")


def _number(number: float | None) -> str:
    return "" if number is None else f"{number:.6g}"


def _verdicts(results: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    reference = results["reference"]
    found = {(reference, key): "reference" for key in results["metrics"]}
    for comparison in results["comparisons"]:
        if comparison["against"] == reference:
            at = (comparison["condition"], comparison["metric"])
            found[at] = comparison["verdict"]
    return found


def write_document(path: Path, results: Mapping[str, Any], about: About) -> None:
    """Everything that the page says, for programs.

    Raises:
        CaihuaError: It cannot be written.
    """
    document = {**results, "about": asdict(about), "app_version": __version__}
    text = json.dumps(_without_nan(document), ensure_ascii=False, indent=1)
    write_text(path, text + "\n")


def _without_nan(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {key: _without_nan(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(inner) for inner in value]
    if isinstance(value, float) and math.isnan(value):
        return None
    return value


def write_page(
    path: Path,
    results: Mapping[str, Any],
    about: About,
    runs: Mapping[str, list[RunResult]],
    pictures: Sequence[Shown],
) -> None:
    """One HTML file that needs nothing beside it.

    Raises:
        CaihuaError: It cannot be written.
    """
    environment = Environment(
        loader=FileSystemLoader(resource("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    labels = {row["name"]: row["label"] for row in results["conditions"]}
    has_figures = bool(results["seeds"] and results["metrics"])
    text = environment.get_template("experiment.html").render(
        results=_without_nan(dict(results)),
        about=about,
        version=__version__,
        paper=PAPER,
        labels=labels,
        metric_labels=LABELS,
        more=[metric.key for metric in MORE],
        verdicts=_verdicts(results),
        best={
            key: max(row["figures"][key]["mean"] for row in results["conditions"])
            for key in results["metrics"]
        },
        sentences=sentences(results),
        classes=list(DEFAULT_CLASSES),
        curves=figures.curves(labels, runs, results["metrics"]),
        scores=figures.scores(results) if has_figures else "",
        differences=figures.differences(results) if has_figures else "",
        columns=_columns(len(labels) + 2),
        pictures=[_rendered(shown, labels) for shown in pictures],
        words={"better": BETTER, "worse": WORSE, "open": UNDECIDED},
    )
    write_text(path, text)


def _columns(pictures: int) -> int:
    """Pictures side by side, so that the last row has as few gaps as can be."""
    return min((4, 3), key=lambda columns: -pictures % columns)


def _rendered(shown: Shown, labels: Mapping[str, str]) -> dict[str, Any]:
    images = [("Photo", picture_base64(shown.pixels))]
    masks = [("Truth", shown.truth)]
    masks += [(label, shown.found[name]) for name, label in labels.items()]
    images += [
        (label, picture_base64(coloured(shown.pixels, mask))) for label, mask in masks
    ]
    return {"name": shown.name, "images": images}


def sentences(results: Mapping[str, Any]) -> list[str]:
    """What came out, in words: the first lines of the page and of the terminal."""
    labels = {row["name"]: row["label"] for row in results["conditions"]}
    reference = labels[results["reference"]]
    compared = [
        c for c in results["comparisons"] if c["against"] == results["reference"]
    ]
    said: dict[str, list[str]] = {}
    for key in results["metrics"]:
        verdicts = {
            labels[c["condition"]]: c["verdict"] for c in compared if c["metric"] == key
        }
        said.setdefault(_outcome(verdicts, reference), []).append(LABELS[key])
    lines = [f"{listed(names)}: {outcome}." for outcome, names in said.items()]
    lines += _too_few(results, compared)
    return lines + [
        f"{LABELS[key]}: the validation photos cannot tell."
        for key in results["missing"]
    ]


def _outcome(verdicts: Mapping[str, str], reference: str) -> str:
    """How all conditions came off against the reference, in one figure."""
    parts = []
    for verdict in (BETTER, WORSE):
        names = [label for label, found in verdicts.items() if found == verdict]
        if names:
            verb = "is" if len(names) == 1 else "are"
            parts.append(f"{listed(names)} {verb} {verdict} than {reference}")
    left = [label for label, found in verdicts.items() if found == UNDECIDED]
    if not parts:
        return f"no difference from {reference} is decided at this budget"
    which = listed(left) if 0 < len(left) <= 3 else "the others"
    return "; ".join(parts + [f"{which}: {UNDECIDED}"] * bool(left))


def listed(names: Sequence[str]) -> str:
    """Names as in a sentence: `A, B and C`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _too_few(
    results: Mapping[str, Any], compared: Sequence[Mapping[str, Any]]
) -> list[str]:
    """Why something could not have been decided, where that is so."""
    count, lines = len(results["comparisons"]), []
    if 0 < len(results["seeds"]) < LEAST_SEEDS:
        lines.append(f"Nothing is decided with fewer than {LEAST_SEEDS} seeds.")
    hopeless = [c for c in compared if c["smallest_p"] * count >= results["level"]]
    if hopeless:
        of_figures = list(dict.fromkeys(LABELS[c["metric"]] for c in hopeless))
        photos = max(c["photos"] for c in hopeless)
        smallest = min(c["smallest_p"] for c in hopeless)
        lines.append(
            f"{photos} photos give no p below {smallest:.2g}, and with Holm's "
            f"correction for {count} comparisons none below "
            f"{min(1.0, smallest * count):.2g}: {listed(of_figures)} cannot be decided "
            "with so few."
        )
    return lines
