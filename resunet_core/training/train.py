"""A whole training: check, split, start, learn, choose settings, judge, write."""

import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from resunet_core.defects import DEFAULT_CLASSES
from resunet_core.model.model_file import load_model
from resunet_core.model.pretrained import start_from_imagenet, transfer
from resunet_core.model.registry import build_network
from resunet_core.progress import Steps
from resunet_core.training.crops import CropStream, pack_source
from resunet_core.training.examples import read_data_folder, read_data_folders
from resunet_core.training.finish import Description, Taught, finish
from resunet_core.training.fit import TrainingProgress, fit
from resunet_core.training.generated import BEAMS_A_STYLE, beam_source, cell_source
from resunet_core.training.judge import WindowJudge, windows_of
from resunet_core.training.losses import class_weights
from resunet_core.training.order import TrainingOrder, remember
from resunet_core.training.pack import Pack, empty_classes, pack
from resunet_core.training.parallel import Place
from resunet_core.training.plan import TrainingPlan, plan_text, with_data_weights
from resunet_core.training.presets import CELLS, IMAGENET, NOTHING
from resunet_core.training.split import Split, read_split, split, write_split
from resunet_core.training.state import TrainingState
from resunet_core.training.step import TrainingDiverged

LOOK_SIDE_PX, LOOK_MOST_PX = 512, 4_000_000
JUDGE_SIDE_PX, JUDGE_MOST_PX = 1024, 24_000_000
CELL_STEPS = 2000
CHECKPOINT, CELL_CHECKPOINT = "checkpoint.pt", "cells.pt"
STOP_EVERY = 5
STOP_FILE = "stop"
"""Put into the work folder, it ends a training, which keeps the best it had."""


@dataclass(frozen=True)
class TrainingOutcome:
    """What a training ended in.

    Attributes:
        model: The file that was written.
        reason: `all steps`, `no gain` or `asked to stop`.
        step: The step reached.
        best_step: The step whose weights were kept.
        seconds: It took, this run.
        figures: Scores on the validation pictures per class.
    """

    model: Path
    reason: str
    step: int
    best_step: int
    seconds: float
    figures: dict[str, Any]


@dataclass(frozen=True)
class _Ready:
    """The data of a training, checked and split."""

    pack: Pack
    split: Split
    plan: TrainingPlan


def train(order: TrainingOrder, place: Place) -> Steps[TrainingOutcome | None]:
    """Do what is ordered, or go on with it where it was stopped.

    Each progress that is a `TrainingProgress` carries an event. Of several trainings
    side by side the first one writes and returns the outcome, the others None.

    Raises:
        BadData: The data cannot teach, or another training was begun in the folder.
        TrainingDiverged: The loss is no longer a number; the model with the best
            weights before was written where there were any.
        CaihuaError: Whatever else a person can mend.
    """
    began = time.monotonic()
    ready = yield from _prepare(order, place)
    state, lineage = yield from _start(order, ready, place)
    checkpoint = order.work / CHECKPOINT
    if checkpoint.is_file():
        state.load(checkpoint)
        yield _event(state, ready.plan, "resumed", f"Going on at step {state.step}.")
    steps = _learning(order, ready, state, place)
    try:
        reason = yield from _until_asked(steps, order.work / STOP_FILE, place)
    except TrainingDiverged as error:
        if not (place.first and state.best):
            raise
        yield from _finishing(order, ready, state, lineage, place)
        raise TrainingDiverged(
            f"{error.message} The best model before, of step {state.best_step}, is in "
            f"{order.out}.",
            error.hint,
        ) from error
    if not place.first:
        return None
    yield _event(state, ready.plan, "stage", "Choosing thresholds and judging.")
    figures = yield from _finishing(order, ready, state, lineage, place)
    _tidy(order)
    return TrainingOutcome(
        order.out,
        reason or ("all steps" if state.step == ready.plan.steps else "no gain"),
        state.step,
        state.best_step or state.step,
        time.monotonic() - began,
        figures,
    )


def _tidy(order: TrainingOrder) -> None:
    """Leave the split, the order and the events; the rest could be made again."""
    for name in (CHECKPOINT, CELL_CHECKPOINT, STOP_FILE):
        (order.work / name).unlink(missing_ok=True)
    for name in ("data", "cells"):
        # Windows keeps files that are mapped; a left-over copy does no harm.
        shutil.rmtree(order.work / name, ignore_errors=True)


def _prepare(order: TrainingOrder, place: Place) -> Steps[_Ready]:
    examples = read_data_folders(order.data)
    if place.first:
        remember(order)
        packed = yield from pack(examples, order.work / "data")
    place.agreed(None)  # the others wait until all is unpacked
    if not place.first:
        packed = yield from pack(examples, order.work / "data")
    path = order.work / "split.json"
    if order.split_file is not None:
        way = read_split(order.split_file, packed.pictures)
    elif path.is_file():
        way = read_split(path, packed.pictures)
    else:
        way = split(packed.pictures, order.split)
    if place.first:
        write_split(path, packed.pictures, way)
    taught = Pack(packed.folder, tuple(packed.pictures[n] for n in way.train))
    counts = torch.from_numpy(taught.class_counts)
    weights = tuple(round(float(w), 4) for w in class_weights(counts))
    plan = with_data_weights(order.plan, weights)
    yield TrainingProgress(
        0,
        plan.steps,
        f"{len(way.train)} photos teach, {len(way.validation)} judge",
        {
            "event": "data",
            "train": len(way.train),
            "validation": len(way.validation),
            "train_px": {
                key: int(count)
                for key, count in zip(
                    ("background", *DEFAULT_CLASSES.keys), counts, strict=True
                )
            },
            "never_labelled": empty_classes(taught.pictures),
        },
    )
    return _Ready(packed, way, plan)


def _start(
    order: TrainingOrder, ready: _Ready, place: Place
) -> Steps[tuple[TrainingState, tuple[str, ...]]]:
    """The state before the first step, and where its weights are from."""
    plan = ready.plan
    torch.manual_seed(plan.seed)
    network = build_network(order.architecture, len(DEFAULT_CLASSES) + 1)
    network = network.to(memory_format=torch.channels_last)
    lineage: tuple[str, ...] = ("random start",)
    if order.start == CELLS:
        lineage = (*lineage, (yield from _learn_cells(order, network, place)))
    elif order.start == IMAGENET:
        lineage = (start_from_imagenet(network, order.architecture),)
    elif order.start != NOTHING:
        model = load_model(order.start, torch.device("cpu"))
        taken = transfer(
            network,
            model.network.state_dict(),
            source=model.info.name,
            target=order.architecture,
        )
        lineage = (
            *model.config.lineage,
            f"{taken.taken} of {taken.total} weights of {model.info.name} "
            f"({model.info.sha256[:12]})",
        )
    return TrainingState.start(network, plan), lineage


def _learn_cells(order: TrainingOrder, network: nn.Module, place: Place) -> Steps[str]:
    """The paper's first stage: membranes of cells, in place in `network`."""
    steps = max(1, min(CELL_STEPS, order.plan.steps // 5))
    plan = replace(
        order.plan,
        steps=steps,
        warm_up=max(1, min(100, steps // 5)),
        frozen_share=0.0,
        class_weights=None,
    )
    if order.cells is None:
        source, what = cell_source(), "generated pictures"
    else:
        examples = read_data_folder(order.cells)
        packed = yield from pack(examples, order.work / "cells")
        numbers = tuple(range(len(packed.pictures)))
        source = pack_source(packed, numbers, scales=(0.7, 1.6), damaged_share=0.0)
        what = order.cells.name
    stream = CropStream([source], order.how.crop_px, plan.seed + 1)
    state = TrainingState.start(network, plan)
    kept = order.work / CELL_CHECKPOINT
    if kept.is_file():
        state.load(kept)
    yield _event(state, plan, "stage", f"Learning cells, {steps} steps.")
    for progress in fit(state, stream, plan, place=place, checkpoint=kept):
        if isinstance(progress, TrainingProgress):
            event = {**progress.event, "stage": CELLS}
            note = f"cells: {progress.note}"
            yield replace(progress, event=event, note=note)
    network.load_state_dict(state.averaged.state_dict())
    return f"cells ({what}): {plan_text(plan)}"


def _learning(
    order: TrainingOrder, ready: _Ready, state: TrainingState, place: Place
) -> Steps[TrainingState]:
    judged = ready.split.validation
    looks = windows_of(ready.pack, judged, side_px=LOOK_SIDE_PX, most_px=LOOK_MOST_PX)
    return fit(
        state,
        _stream(order, ready),
        ready.plan,
        place=place,
        checkpoint=order.work / CHECKPOINT,
        judge=WindowJudge(looks, place.device, ready.plan.precise),
    )


def _finishing(
    order: TrainingOrder,
    ready: _Ready,
    state: TrainingState,
    lineage: tuple[str, ...],
    place: Place,
) -> Steps[dict[str, Any]]:
    description = Description(
        order.architecture,
        data_hash=ready.pack.data_hash,
        lineage=(*lineage, f"{plan_text(ready.plan)}, {order.preset} preset"),
        mm_per_px=_scale_range(order),
    )
    windows = windows_of(
        ready.pack, ready.split.validation, side_px=JUDGE_SIDE_PX, most_px=JUDGE_MOST_PX
    )
    # The beams of the training were painted in other processes: these few, again.
    stream = _stream(order, ready, beams_a_style=2)
    taught = Taught(stream, state.step * ready.plan.batch)
    return finish(order.out, state, description, windows, place.device, taught=taught)


def _stream(
    order: TrainingOrder, ready: _Ready, beams_a_style: int = BEAMS_A_STYLE
) -> CropStream:
    how = order.how
    sources = [
        pack_source(
            ready.pack,
            ready.split.train,
            scales=how.scales,
            damaged_share=how.damaged_share,
            weight=1 - how.replay,
        )
    ]
    if how.replay:
        sources.append(beam_source(how.replay, a_style=beams_a_style))
    return CropStream(
        sources,
        how.crop_px,
        ready.plan.seed,
        augmentation=how.augmentation,
        expand=how.expand,
        paste=how.paste,
    )


def _until_asked(steps: Steps[TrainingState], stop: Path, place: Place) -> Steps[str]:
    """Drive the training; `asked to stop` where it was."""
    try:
        for progress in steps:
            yield progress
            if progress.done % STOP_EVERY == 0:
                asked = place.first and stop.exists()
                if place.agreed(asked):
                    return "asked to stop"
    finally:
        steps.close()
    return ""


def _scale_range(order: TrainingOrder) -> tuple[float, float] | None:
    """Mm per px that the network saw: a crop made smaller shows more mm per px."""
    if order.mm_per_px is None:
        return None
    low, high = order.how.scales
    return order.mm_per_px / high, order.mm_per_px / low


def _event(
    state: TrainingState, plan: TrainingPlan, kind: str, text: str
) -> TrainingProgress:
    event = {"event": kind, "step": state.step, "text": text}
    return TrainingProgress(state.step, plan.steps, text, event)
