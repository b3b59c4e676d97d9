"""The figures that decide, and where they stand in a run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resunet_core.experiments.records import RunResult

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Metric:
    """One figure.

    Attributes:
        key: `CLASS.FIGURE`, or a name of an average.
        label: For people.
    """

    key: str
    label: str


METRICS = (
    Metric("craquelure.centerline_f1", "Craquelure centre-line F1"),
    Metric("craquelure.iou", "Craquelure IoU"),
    Metric("paint_loss.iou", "Paint-loss IoU"),
    Metric("miou", "Mean IoU"),
)
"""The figures of interest: those that are tested."""

MORE = (
    Metric("craquelure.f1", "Craquelure F1"),
    Metric("craquelure.precision", "Craquelure precision"),
    Metric("craquelure.recall", "Craquelure recall"),
    Metric("paint_loss.f1", "Paint-loss F1"),
    Metric("paint_loss.precision", "Paint-loss precision"),
    Metric("paint_loss.recall", "Paint-loss recall"),
    Metric("background.iou", "Sound-paint IoU"),
    Metric("macro.precision", "Macro precision"),
    Metric("macro.recall", "Macro recall"),
    Metric("macro.f1", "Macro F1"),
    Metric("accuracy", "Accuracy"),
)
"""Figures that are reported, so that they compare with the paper's."""

LABELS = {metric.key: metric.label for metric in (*METRICS, *MORE)}


def value(found: Mapping[str, Any], key: str) -> float:
    """A figure of a run's totals or of one photo; NaN where there is none."""
    first, _, second = key.partition(".")
    if not second:
        number = found.get(first)
    else:
        of = found["macro"] if first == "macro" else found["classes"].get(first)
        number = None if of is None else of.get(second)
    return float("nan") if number is None else float(number)


def of_runs(runs: list[RunResult], key: str) -> Floats:
    """A figure of each run over all validation photos, [runs]."""
    return np.array([value(run.totals, key) for run in runs], np.float64)


def of_photos(runs: list[RunResult], key: str) -> Floats:
    """A figure of each run and photo, [runs, photos]; NaN where a photo lacks it.

    A class that is there but of which a run says nothing scores 0, see `Scores`.
    """
    return np.array(
        [[value(photo, key) for photo in run.photos] for run in runs], np.float64
    )
