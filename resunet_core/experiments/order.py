"""What a person asks of an experiment, and the plan that is kept in its folder."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from resunet_core.errors import BadData, WrongUsage
from resunet_core.experiments.conditions import Condition, Experiment
from resunet_core.files import write_text
from resunet_core.training.order import LEAST_CROP_PX
from resunet_core.training.plan import TrainingPlan
from resunet_core.training.presets import PAPER_BATCH, PAPER_TILES
from resunet_core.training.split import SplitRule

STEPS, SEEDS, CROP_PX = 300, 3, 512
DAMAGED_SHARE = 0.5
RATE = 1e-3
WARM_UP_SHARE = 0.1
LOOKS = 10


@dataclass(frozen=True)
class ExperimentOrder:
    """One experiment, whole: the same order on the same data gives the same scores.

    Attributes:
        experiment: What is compared.
        conditions: The conditions of it that run.
        data: Data folders.
        out: The folder for everything that comes out.
        steps: Steps of each run, the most where a budget is set; None: not said.
        seeds: Runs of each condition.
        crop_px: Side of a crop.
        batch: Crops a step.
        budget_min: Minutes that all runs together may take.
        split: How pictures that judge are set apart, where `split_file` does not say.
        split_file: A split that was written before.
        command: The command line that asks for this, for the page.
    """

    experiment: Experiment
    conditions: tuple[Condition, ...]
    data: tuple[Path, ...]
    out: Path
    steps: int | None = None
    seeds: int = SEEDS
    crop_px: int = CROP_PX
    batch: int = PAPER_BATCH
    budget_min: float | None = None
    split: SplitRule = field(default_factory=SplitRule)
    split_file: Path | None = None
    command: str = ""

    def __post_init__(self) -> None:
        for value, what in (
            (self.steps, "steps"),
            (self.seeds, "seeds"),
            (self.batch, "crops a step"),
            (self.budget_min, "minutes"),
        ):
            if value is not None and value <= 0:
                raise WrongUsage(f"{value:g} {what} show nothing.", "Ask for more.")
        if self.crop_px < LEAST_CROP_PX or self.crop_px % 32:
            raise WrongUsage(
                f"Crops of {self.crop_px} px do not fit the networks.",
                f"Give a multiple of 32, at least {LEAST_CROP_PX}.",
            )

    @property
    def plan_path(self) -> Path:
        """Where the plan is kept."""
        return self.out / "plan.json"

    @property
    def runs_path(self) -> Path:
        """Where each finished run is a line."""
        return self.out / "runs.jsonl"


def plan_of(
    order: ExperimentOrder, condition: Condition, *, steps: int, seed: int
) -> TrainingPlan:
    """How a run learns: alike for all conditions but for the loss.

    The paper's optimiser without its frozen half, which makes sense only after other
    training; the rate is higher than its 1e-4, since the runs are far shorter.
    """
    return TrainingPlan(
        steps,
        batch=order.batch,
        rate=RATE,
        optimiser="adam",
        warm_up=max(1, round(WARM_UP_SHARE * steps)),
        decay=0.0,
        loss=condition.loss,
        class_weights=None,
        average=0.0,
        checkpoint_every=min(100, max(1, steps // LOOKS)),
        judge_every=max(1, steps // LOOKS),
        loaders=0,
        seed=seed,
    )


def described(order: ExperimentOrder, data_hash: str, steps: int) -> dict[str, Any]:
    """What decides the scores, as plain values."""
    plan = plan_of(order, order.conditions[0], steps=steps, seed=0).to_json()
    for own in ("loss", "seed", "loaders", "checkpoint_every"):
        del plan[own]
    return {
        "experiment": order.experiment.name,
        "data": [str(path.resolve()) for path in order.data],
        "data_hash": data_hash,
        "plan": plan,
        "crops": {
            "crop_px": order.crop_px,
            "augmentation": "paper",
            "expand": PAPER_TILES,
            "damaged_share": DAMAGED_SHARE,
        },
        "split": asdict(order.split),
    }


def kept_plan(order: ExperimentOrder) -> dict[str, Any] | None:
    """The plan that was begun in the folder; None where none was.

    Raises:
        BadData: It cannot be read.
    """
    try:
        kept: dict[str, Any] = json.loads(order.plan_path.read_text("utf-8"))
        int(kept["described"]["plan"]["steps"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise BadData(
            f"{order.plan_path} is no plan of an experiment.",
            "Name another --out, or remove the folder to start anew.",
        ) from error
    return kept


def remember_plan(
    order: ExperimentOrder, kept: Mapping[str, Any] | None, now: dict[str, Any]
) -> None:
    """Write the plan, or check that it continues the one that was begun.

    More seeds and other conditions of the same experiment may join: finished runs stay
    as true as they were.

    Raises:
        BadData: Another experiment was begun there.
    """
    if kept is not None:
        before = _flat(kept["described"])
        asked = _flat(json.loads(json.dumps(now["described"])))
        for key in asked:
            if before.get(key) != asked[key]:
                raise _another(order, f"{key}: {before.get(key)}, now {asked[key]}")
        known = {c["name"]: c for c in kept["conditions"]}
        for condition in json.loads(json.dumps(now["conditions"])):
            before = known.get(condition["name"], condition)
            if {**before, "label": ""} != {**condition, "label": ""}:
                raise _another(order, f"{condition['name']} was something else")
        own = {c["name"] for c in now["conditions"]}
        others = [c for name, c in known.items() if name not in own]
        now = {**now, "conditions": [*now["conditions"], *others]}
    text = json.dumps(now, ensure_ascii=False, indent=1)
    write_text(order.plan_path, text + "\n")


def _another(order: ExperimentOrder, difference: str) -> BadData:
    return BadData(
        f"In {order.out} another experiment was begun ({difference}).",
        "Ask for the same to go on with it, name another --out, or remove the folder "
        "to start anew.",
    )


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """`crops: {crop_px: 64}` as `crop px: 64`, so that a difference can be named."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        inner = _flat(value) if isinstance(value, dict) else {key: value}
        flat |= {name.replace("_", " "): found for name, found in inner.items()}
    return flat
