"""What a person asks of a training, settled into what is done."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from resunet_core.errors import BadData, WrongUsage
from resunet_core.files import write_text
from resunet_core.model.model_file import find_model, read_model_info
from resunet_core.model.registry import ARCHITECTURES
from resunet_core.training.plan import TrainingPlan
from resunet_core.training.presets import CELLS, STARTS, Preset
from resunet_core.training.split import SplitRule

LEAST_CROP_PX = 64


@dataclass(frozen=True)
class TrainingOrder:
    """One training, whole: the same order on the same data gives the same model.

    Attributes:
        data: Data folders.
        out: The model file to write.
        preset: Name of the preset it began as.
        how: The preset with everything that was asked otherwise.
        architecture: Name in the registry.
        start: One of `STARTS`, or the name or file of a model.
        split: How pictures that judge are set apart, where `split_file` does not say.
        split_file: A split that was written before.
        cells: Data folder for the start from cells; None: generated ones.
        mm_per_px: Scale of the photos, where they share one.
    """

    data: tuple[Path, ...]
    out: Path
    preset: str
    how: Preset
    architecture: str
    start: str
    split: SplitRule = field(default_factory=SplitRule)
    split_file: Path | None = None
    cells: Path | None = None
    mm_per_px: float | None = None

    @property
    def plan(self) -> TrainingPlan:
        """Its course."""
        return self.how.plan

    @property
    def work(self) -> Path:
        """The folder for checkpoint, split and events."""
        return self.out.with_suffix(".training")


def settled(
    preset: str,
    how: Preset,
    *,
    architecture: str | None,
    start: str | None,
) -> tuple[str, str]:
    """Architecture and start, where a person said only one of them or none.

    A model can only start its own architecture: another one then starts from cells.

    Raises:
        WrongUsage: No such architecture, or they contradict each other.
        BadModelFile: No such model.
    """
    if architecture is not None and architecture not in ARCHITECTURES:
        raise WrongUsage(
            f"There is no architecture called {architecture!r}.",
            f"Known are {', '.join(ARCHITECTURES)}.",
        )
    wanted = start or how.start
    if wanted in STARTS:
        if architecture is None and how.architecture is None:
            raise WrongUsage(
                f"The preset {preset} goes on from a model; from {wanted} it does not "
                "know which architecture to train.",
                "Name it with --arch.",
            )
        return architecture or str(how.architecture), wanted
    model = read_model_info(find_model(wanted)).config.architecture
    if start is None and architecture not in {None, model}:
        return str(architecture), CELLS
    chosen = architecture or (how.architecture if start is None else model) or model
    if chosen != model:
        raise WrongUsage(
            f"The model {wanted} is of the architecture {model}, not {chosen}.",
            f"Leave out --arch, or start {chosen} from cells.",
        )
    return chosen, wanted


def changed(how: Preset, **asked: Any) -> Preset:  # noqa: ANN401 - fields of any type
    """The preset with what was asked for instead of its own, where not None.

    Args:
        how: The preset.
        asked: Fields of `Preset` or of its plan.

    Raises:
        WrongUsage: A value makes no sense.
    """
    said = {name: value for name, value in asked.items() if value is not None}
    crop_px, expand = said.get("crop_px", LEAST_CROP_PX), said.get("expand", 1)
    if crop_px < LEAST_CROP_PX or crop_px % 32:
        raise WrongUsage(
            f"Crops of {crop_px} px do not fit the networks.",
            f"Give a multiple of 32, at least {LEAST_CROP_PX}.",
        )
    if expand < 1:
        raise WrongUsage(f"--expand {expand} leaves nothing.", "Give 1 or more.")
    of_plan = {f.name for f in fields(TrainingPlan)}
    plan = {name: value for name, value in said.items() if name in of_plan}
    own = {name: value for name, value in said.items() if name not in of_plan}
    if "steps" in plan:
        plan = {**_in_proportion(how.plan, plan["steps"]), **plan}
    return replace(how, plan=replace(how.plan, **plan), **own)


def _in_proportion(plan: TrainingPlan, steps: int) -> dict[str, int]:
    """The rhythm of a training of another length: as many looks, as long a start."""
    share = steps / plan.steps
    return {
        "warm_up": max(1, min(plan.warm_up, round(plan.warm_up * share))),
        "judge_every": max(1, min(plan.judge_every, steps // 10 or 1)),
    }


def remember(order: TrainingOrder) -> None:
    """Write the order into its work folder, or check that it is the one begun there.

    Raises:
        BadData: Another training was begun there.
    """
    path = order.work / "order.json"
    now = json.loads(json.dumps(described(order)))
    if path.is_file():
        try:
            before = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            before = {}
        differing = [key for key in now if before.get(key) != now[key]]
        if differing:
            raise BadData(
                f"In {order.work} another training was begun "
                f"({_difference(before, now, differing)}).",
                "Ask for the same to go on with it, name another --out, or remove the "
                "folder to start anew.",
            )
    write_text(path, json.dumps(now, ensure_ascii=False, indent=1) + "\n")


def _difference(
    before: dict[str, Any], now: dict[str, Any], keys: Sequence[str]
) -> str:
    key = keys[0]
    one, other = before.get(key), now[key]
    if isinstance(one, dict) and isinstance(other, dict):
        key = next(k for k in other if one.get(k) != other[k])
        one, other = one.get(key), other[key]
    return f"{key.replace('_', ' ')} {one}, now {other}"


def described(order: TrainingOrder) -> dict[str, Any]:
    """What decides the model, as plain values; how many loaders does not."""
    how = order.how
    plan = order.plan.to_json()
    for rhythm in ("loaders", "checkpoint_every"):
        del plan[rhythm]
    return {
        "data": [str(path.resolve()) for path in order.data],
        "architecture": order.architecture,
        "start": order.start,
        "plan": plan,
        "crops": {
            "crop_px": how.crop_px,
            "augmentation": how.augmentation,
            "expand": how.expand,
            "scales": list(how.scales),
            "damaged_share": how.damaged_share,
            "paste": how.paste,
            "replay": how.replay,
        },
        "split": {
            "share": order.split.share,
            "together": order.split.together,
            "seed": order.split.seed,
        },
    }
