"""What the finished runs of an experiment say, as plain values for table and page."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

import numpy as np

from resunet_core.experiments.conditions import (
    Condition,
    Experiment,
    Finding,
    Steady,
    reference_of,
)
from resunet_core.experiments.metrics import (
    LABELS,
    METRICS,
    MORE,
    Floats,
    of_photos,
    of_runs,
)
from resunet_core.experiments.records import RunResult
from resunet_core.experiments.statistics import (
    BETTER,
    LEVEL,
    UNDECIDED,
    WORSE,
    Comparison,
    compare,
    judged,
    seed_noise,
)
from resunet_core.model.cost import network_cost

Runs = Mapping[str, list[RunResult]]

_cost_of = cache(network_cost)  # counting takes a while, and never changes


def results_of(
    experiment: Experiment,
    conditions: Sequence[Condition],
    runs: Sequence[RunResult],
    speeds: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """Everything that the runs say; the same runs give the same document.

    Only seeds that every condition has finished count: comparisons are paired.
    """
    by_condition = _paired(conditions, runs)
    seeds = [run.seed for run in by_condition[conditions[0].name]]
    keys = _known_keys(by_condition)
    reference = reference_of(experiment, conditions)
    pairs = [(c.name, reference.name) for c in conditions if c is not reference]
    claims = [f for f in experiment.findings if _testable(f, by_condition)]
    # The paper's claims about other pairs are tests as well: all are corrected for.
    extra = [
        (f.better, f.worse, f.metric)
        for f in claims
        if reference.name not in {f.better, f.worse} and f.metric in keys
    ]
    wanted = [(*pair, key) for key in keys for pair in pairs] + extra
    compared = dict(zip(wanted, _compared(by_condition, wanted), strict=True))
    rows = [
        _row(c, by_condition[c.name], speeds.get(c.architecture, {}))
        for c in conditions
    ]
    by_name = {row["name"]: row for row in rows}
    return {
        "experiment": experiment.name,
        "reference": reference.name,
        "seeds": seeds,
        "photos": len(by_condition[reference.name][0].photos) if seeds else 0,
        "level": LEVEL,
        "metrics": keys,
        "missing": [m.key for m in METRICS if m.key not in keys],
        "conditions": rows,
        "comparisons": [
            {"condition": one, "against": other, "metric": key, **asdict(found)}
            for (one, other, key), found in compared.items()
        ],
        "findings": [_finding(f, compared, by_name) for f in claims],
        "steady": [
            _steadiness(claim, compared, rows)
            for claim in experiment.steady
            if claim.metric in keys
        ],
    }


def _paired(conditions: Sequence[Condition], runs: Sequence[RunResult]) -> Runs:
    found = {
        (run.condition, run.seed): run
        for run in runs
        if run.condition in {condition.name for condition in conditions}
    }
    seeds = sorted({seed for _, seed in found})
    whole = [s for s in seeds if all((c.name, s) in found for c in conditions)]
    return {c.name: [found[c.name, s] for s in whole] for c in conditions}


def _known_keys(by_condition: Runs) -> list[str]:
    """Figures of interest that the validation photos can tell of."""
    every = [run for runs in by_condition.values() for run in runs]
    return [
        metric.key
        for metric in METRICS
        if every and not np.isnan(of_runs(every, metric.key)).any()
    ]


def _compared(
    by_condition: Runs, wanted: Sequence[tuple[str, str, str]]
) -> list[Comparison]:
    noises = {
        key: seed_noise(np.stack([of_runs(r, key) for r in by_condition.values()]))
        for key in {key for _, _, key in wanted}
    }
    return judged(
        [
            compare(
                of_photos(by_condition[one], key),
                of_photos(by_condition[other], key),
                one_by_seed=of_runs(by_condition[one], key),
                other_by_seed=of_runs(by_condition[other], key),
                noise=noises[key],
            )
            for one, other, key in wanted
        ]
    )


def _row(
    condition: Condition, runs: list[RunResult], speed: Mapping[str, Any]
) -> dict[str, Any]:
    cost = _cost_of(condition.architecture)
    return {
        "name": condition.name,
        "label": condition.label,
        "architecture": condition.architecture,
        "loss": [asdict(term) for term in condition.loss],
        "parameters": cost.parameters,
        "gmac": cost.gmac,
        "fps": speed.get("fps"),
        "s_per_mp": _mean([run.s_per_mp for run in runs]),
        "seconds": _mean([run.seconds for run in runs]),
        "diverged": [run.seed for run in runs if run.diverged],
        "figures": {
            metric.key: _spread(of_runs(runs, metric.key))
            for metric in (*METRICS, *MORE)
        },
    }


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None


def _spread(values: Floats) -> dict[str, Any] | None:
    """Mean and standard deviation over the seeds; None for a figure without value."""
    known = values[~np.isnan(values)]
    if not known.size:
        return None
    deviation = float(known.std(ddof=1)) if known.size > 1 else None
    return {
        "mean": float(known.mean()),
        "deviation": deviation,
        "seeds": [None if np.isnan(v) else float(v) for v in values],
    }


def _testable(finding: Finding, by_condition: Runs) -> bool:
    return {finding.better, finding.worse} <= set(by_condition)


HOLDS, REVERSED, OPEN = "holds here", "the other way round here", UNDECIDED
NOT_HERE = "no such class here"
NOT_REFUTED, REFUTED = "nothing against it here", "does not hold here"
FPS, SPEED_GAP = "fps", 1.1


def _finding(
    finding: Finding,
    compared: Mapping[tuple[str, str, str], Comparison],
    rows: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """A claim of the paper with what is found here."""
    better, worse, key = finding.better, finding.worse, finding.metric
    values = [_figure_of(rows[name], key) for name in (better, worse)]
    if key == FPS:
        verdict = _speed_verdict(*values)
    elif (better, worse, key) in compared:
        said = compared[better, worse, key].verdict
        verdict = {BETTER: HOLDS, WORSE: REVERSED, UNDECIDED: OPEN}[said]
    elif (worse, better, key) in compared:
        said = compared[worse, better, key].verdict
        verdict = {WORSE: HOLDS, BETTER: REVERSED, UNDECIDED: OPEN}[said]
    else:
        verdict = NOT_HERE
    return {
        **asdict(finding),
        "label": LABELS.get(key, "Pictures a second"),
        "better_label": rows[better]["label"],
        "worse_label": rows[worse]["label"],
        "better_here": values[0],
        "worse_here": values[1],
        "verdict": verdict,
    }


def _steadiness(
    claim: Steady,
    compared: Mapping[tuple[str, str, str], Comparison],
    rows: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """A claim that conditions hardly differ; what is not decided does not prove it."""
    means = [row["figures"][claim.metric]["mean"] for row in rows]
    verdicts = {
        found.verdict for (_, _, key), found in compared.items() if key == claim.metric
    }
    return {
        **asdict(claim),
        "label": LABELS[claim.metric],
        "low_here": min(means),
        "high_here": max(means),
        "verdict": NOT_REFUTED if verdicts <= {UNDECIDED} else REFUTED,
    }


def _figure_of(row: Mapping[str, Any], key: str) -> float | None:
    if key == FPS:
        return None if row["fps"] is None else float(row["fps"])
    figure = row["figures"][key]
    return None if figure is None else float(figure["mean"])


def _speed_verdict(better: float | None, worse: float | None) -> str:
    """Timed, not tested: machines vary by some per cent."""
    if better is None or worse is None or 1 / SPEED_GAP < better / worse < SPEED_GAP:
        return OPEN
    return HOLDS if better > worse else REVERSED
