"""The figures of the page: curves, intervals and masks; SVG text, always the same."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from resunet_core.experiments.metrics import LABELS, value
from resunet_core.experiments.records import RunResult
from resunet_core.experiments.statistics import BETTER, WORSE

Floats = NDArray[np.float64]

# Okabe and Ito 2008: told apart by colour-blind readers as well.
COLOURS = (
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#cc79a7",
    "#e69f00",
    "#56b4e9",
    "#6b747b",
    "#8a6d00",
    "#7a3e9d",
)
INK, SOFT, LINE = "#22272b", "#6b747b", "#dfe3e6"
STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["Helvetica Neue", "Helvetica", "Arial", "DejaVu Sans"],
    "font.size": 9.5,
    "axes.edgecolor": LINE,
    "axes.labelcolor": SOFT,
    "axes.titlecolor": INK,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": "#eceff1",
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "legend.frameon": False,
    "figure.dpi": 100,
}
WIDTH_IN = 9.3
CHARACTER_IN = 0.068  # of the labels, on average
LOOKS = ("craquelure.centerline_f1", "craquelure.iou", "paint_loss.iou")


def curves(
    labels: Mapping[str, str], runs: Mapping[str, list[RunResult]], keys: Sequence[str]
) -> str:
    """Loss and scores over the steps: mean over the seeds, band from least to most."""
    shown = [key for key in LOOKS if key in keys]
    columns = 2
    rows = -(-(len(shown) + 1) // columns)
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH_IN, 2.75 * rows + 0.3), layout="constrained")
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        for number, (name, of_condition) in enumerate(runs.items()):
            colour = COLOURS[number % len(COLOURS)]
            _band(axes[0], [run.losses for run in of_condition], colour, labels[name])
            for panel, key in zip(axes[1:], shown, strict=False):
                _band(panel, [_looks(run, key) for run in of_condition], colour)
        axes[0].set_title("Training loss, each condition's own")
        for panel, key in zip(axes[1:], shown, strict=False):
            panel.set_title(LABELS[key])
            panel.set_ylim(0, max(panel.get_ylim()[1], 0.01))
        for panel in axes[: len(shown) + 1]:
            panel.set_xlabel("step")
        for panel in axes[len(shown) + 1 :]:
            panel.remove()
        figure.legend(loc="outside lower center", ncols=3, labelcolor=INK)
        return _svg(figure, "curves")


def _looks(run: RunResult, key: str) -> list[list[float]]:
    return [[look["step"], value(look, key)] for look in run.looks]


def _band(
    axes: Axes, courses: Sequence[list[list[float]]], colour: str, label: str = ""
) -> None:
    """The mean of courses and what lies between them; each is [[step, value], ...]."""
    length = min((len(course) for course in courses), default=0)
    if not length:
        return
    steps = [point[0] for point in courses[0][:length]]
    values = np.array([[p[1] for p in c[:length]] for c in courses], np.float64)
    marker = "o" if length <= 12 else ""
    axes.plot(
        steps,
        values.mean(axis=0),
        color=colour,
        label=label or "_hidden",
        linewidth=1.6,
        marker=marker,
        markersize=3,
    )
    axes.fill_between(
        steps, values.min(axis=0), values.max(axis=0), color=colour, alpha=0.13, lw=0
    )


def _panels(
    rows: int, labels: Sequence[str], columns: int
) -> tuple[Figure, NDArray[np.object_]]:
    """Panels of equal width side by side, with room for the labels on their left."""
    height = 0.95 + 0.32 * rows
    figure = Figure(figsize=(WIDTH_IN, height))
    panels = figure.subplots(1, columns, sharey=True, squeeze=False)[0]
    left = (0.2 + CHARACTER_IN * max(map(len, labels))) / WIDTH_IN
    figure.subplots_adjust(
        left=left, right=0.985, top=1 - 0.5 / height, bottom=0.4 / height, wspace=0.2
    )
    return figure, panels


def _in_two_lines(label: str) -> str:
    return label.replace(" ", "\n", 1)


def scores(results: Mapping[str, Any]) -> str:
    """Each condition's score: a dot a seed, a bar for the mean; a panel a figure."""
    rows, keys = results["conditions"], results["metrics"]
    labels = {row["name"]: row["label"] for row in rows}
    with mpl.rc_context(STYLE):
        figure, panels = _panels(len(rows), list(labels.values()), len(keys))
        for panel, key in zip(panels, keys, strict=True):
            for number, row in enumerate(rows):
                colour = COLOURS[number % len(COLOURS)]
                found = row["figures"][key]
                panel.barh(number, found["mean"], 0.62, color=colour, alpha=0.28)
                panel.plot(
                    found["seeds"],
                    [number] * len(found["seeds"]),
                    "o",
                    color=colour,
                    markersize=4,
                )
            panel.set_title(_in_two_lines(LABELS[key]))
            panel.set_xlim(0, max(panel.get_xlim()[1], 0.01))
            panel.grid(axis="y", visible=False)
            panel.tick_params(axis="y", length=0, labelcolor=INK)
            panel.locator_params(axis="x", nbins=3)
        panels[0].set_yticks(range(len(rows)), [row["label"] for row in rows])
        panels[0].invert_yaxis()
        return _svg(figure, "scores")


def differences(results: Mapping[str, Any]) -> str:
    """Differences from the reference over the photos, with bootstrap intervals."""
    keys = results["metrics"]
    labels = {row["name"]: row["label"] for row in results["conditions"]}
    others = [name for name in labels if name != results["reference"]]
    found = {
        (c["condition"], c["metric"]): c
        for c in results["comparisons"]
        if c["against"] == results["reference"]
    }
    with mpl.rc_context(STYLE):
        figure, panels = _panels(len(others), list(labels.values()), len(keys))
        for panel, key in zip(panels, keys, strict=True):
            panel.axvline(0, color=SOFT, linewidth=1)
            for number, name in enumerate(others):
                _interval(panel, number, found[name, key])
            panel.set_title(_in_two_lines(LABELS[key]))
            panel.grid(axis="y", visible=False)
            panel.tick_params(axis="y", length=0, labelcolor=INK)
            panel.locator_params(axis="x", nbins=3)
        panels[0].set_yticks(range(len(others)), [labels[name] for name in others])
        panels[0].set_ylim(len(others) - 0.5, -0.5)
        return _svg(figure, "differences")


def _interval(axes: Axes, row: int, found: Mapping[str, Any]) -> None:
    decided = found["verdict"] in {BETTER, WORSE}
    colour = INK if decided else SOFT
    if found["low"] is not None and not np.isnan(found["low"]):
        axes.plot([found["low"], found["high"]], [row, row], color=colour, lw=1.8)
    face = colour if decided else "white"
    axes.plot(found["difference"], row, "o", color=colour, mfc=face, markersize=5.5)


def _svg(figure: Figure, salt: str) -> str:
    """The figure as an `<svg>` element without date or random ids."""
    stream = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": salt}):
        figure.savefig(
            stream,
            format="svg",
            transparent=True,
            metadata={"Date": None, "Creator": None, "Format": None, "Type": None},
        )
    text = stream.getvalue()
    return text[text.index("<svg") :]
