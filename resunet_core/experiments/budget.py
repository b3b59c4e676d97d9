"""How many steps fit into the time there is."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from resunet_core.errors import WrongUsage
from resunet_core.experiments.conditions import Condition
from resunet_core.experiments.order import LOOKS, plan_of
from resunet_core.experiments.run import Bench, start_of
from resunet_core.progress import Progress, Steps
from resunet_core.training.fit import fit
from resunet_core.training.judge import WindowJudge
from resunet_core.training.parallel import Place

TRIED_STEPS = 3
LEAST_STEPS = 10
SAFETY = 0.9
"""Share of the budget that is planned with: speed varies, and the page costs, too."""


@dataclass(frozen=True)
class Cost:
    """Measured seconds of a condition: of a step, and of judging a pixel."""

    step_s: float
    pixel_s: float


def measure_costs(bench: Bench) -> Steps[dict[str, Cost]]:
    """Try a few steps of each condition and judge one window."""
    costs: dict[str, Cost] = {}
    conditions = bench.order.conditions
    for number, condition in enumerate(conditions):
        yield Progress(number, len(conditions), f"measuring {condition.label}")
        costs[condition.name] = _measure(bench, condition)
    return costs


def _measure(bench: Bench, condition: Condition) -> Cost:
    plan = plan_of(bench.order, condition, steps=TRIED_STEPS, seed=0)
    plan = replace(plan, judge_every=TRIED_STEPS + 1)
    state = start_of(condition, plan)
    learning = fit(state, bench.stream(0), plan, place=Place(bench.device))
    times = [time.monotonic() for _ in learning]
    window = bench.looks[0]
    WindowJudge([window], bench.device)(state.averaged)
    judged_s = time.monotonic() - times[-1]
    # The first step is slower than all others: memory is asked for.
    step_s = (times[-1] - times[0]) / (len(times) - 1)
    return Cost(step_s, judged_s / window.box.area)


def steps_within(
    costs: Mapping[str, Cost], bench: Bench, *, spent_s: float, most: int | None
) -> int:
    """The most steps with which all runs fit into the budget.

    Args:
        costs: Of each condition.
        bench: With the budget, the seeds and the pixels to judge.
        spent_s: Of the budget, already.
        most: No more than so many, even if they fit.

    Raises:
        WrongUsage: Not even `LEAST_STEPS` would.
    """
    order = bench.order
    if order.budget_min is None:
        raise ValueError("there is no budget")
    looked = LOOKS * sum(window.box.area for window in bench.looks)
    pixels = looked + sum(window.box.area for window in bench.judged)
    a_step = order.seeds * sum(cost.step_s for cost in costs.values())
    judging = order.seeds * pixels * sum(cost.pixel_s for cost in costs.values())
    left = SAFETY * 60 * order.budget_min - spent_s - judging
    steps = int(left / a_step)
    if steps < LEAST_STEPS:
        needed = (spent_s + judging + LEAST_STEPS * a_step) / SAFETY / 60
        raise WrongUsage(
            f"{order.budget_min:g} minutes are too few: {len(costs)} conditions with "
            f"{order.seeds} seeds need {needed:.0f} minutes for {LEAST_STEPS} steps.",
            "Allow more, or choose smaller crops, a smaller batch, fewer seeds or "
            "conditions, or a lighter --arch.",
        )
    return steps if most is None else min(steps, most)
