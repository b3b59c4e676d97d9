"""Make a shipped model from the data folder: train, calibrate, evaluate, write.

    python3 packaging/make_model.py --data ../shared/data --work runs/default

Needs torch, torchvision, numpy, OpenCV, Pillow and safetensors only, so that it runs on
a bare machine with a GPU. Stopped at any moment, the same command goes on from the last
checkpoint in the work folder. `--out` is where the model file and its card are written.
"""

import argparse
import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np
import torch

from resunet_core.files import write_text
from resunet_core.model.card import JUDGED_BY, model_card
from resunet_core.model.config import ModelConfig
from resunet_core.model.likeness import LikenessStatistics
from resunet_core.model.model_file import LoadedModel, load_model, save_model
from resunet_core.model.registry import build_network
from resunet_core.progress import run_to_end
from resunet_core.training.calibrate import best_temperature, choose
from resunet_core.training.changed import CHANGES, Changed
from resunet_core.training.crops import CropStream
from resunet_core.training.evaluate import evaluate
from resunet_core.training.examples import Example
from resunet_core.training.finish import figures_of
from resunet_core.training.fit import fit
from resunet_core.training.likeness import fit_likeness
from resunet_core.training.parallel import Place
from resunet_core.training.plan import TrainingPlan
from resunet_core.training.shipped import DATA_LICENCES, sources
from resunet_core.training.state import TrainingState
from resunet_core.training.validation import SETS, examples_of, write_validation

SEED = 11
TOLERANCE_PX = 4
# Settings are chosen on every third picture, scores are of all of them.
CHOOSE_EVERY = 3
# Half and double scale, a turn and worse photos are tried on these.
STEADY_ON = ("nga", "beams")


def arguments() -> argparse.Namespace:
    """The command's arguments."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="holds the sets")
    parser.add_argument("--work", type=Path, required=True, help="checkpoints, log")
    parser.add_argument("--out", type=Path, default=ROOT / "resources" / "models")
    parser.add_argument("--name", default="default")
    parser.add_argument("--arch", default="resunet18_light")
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--crop", type=int, default=256, help="side of a crop, px")
    parser.add_argument("--seed", type=int, default=SEED, help="of the crops")
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--threads", type=int, default=0, help="0: as torch likes")
    parser.add_argument("--start", type=Path, help="checkpoint to take weights from")
    parser.add_argument("--teacher", help="model file that a smaller one learns from")
    parser.add_argument("--teacher-weight", type=float, default=1.0)
    parser.add_argument("--no-train", action="store_true", help="checkpoint as it is")
    parser.add_argument(
        "--likeness-of", metavar="FILE", help="only give this model file its likeness"
    )
    parser.add_argument("--lineage", nargs="*", default=[], help="said in the model")
    parser.add_argument("--notes", nargs="*", default=[], help="said in the model")
    return parser.parse_args()


def train(
    options: argparse.Namespace, state: TrainingState, plan: TrainingPlan
) -> None:
    """Train to the last step, or go on from the checkpoint."""
    stream = CropStream(sources(options.data), options.crop, options.seed)
    place = Place(torch.device("cuda" if torch.cuda.is_available() else "cpu"))
    checkpoint = options.work / "checkpoint.pt"
    began = time.monotonic()
    if options.teacher:
        state.teacher = load_model(options.teacher, place.device).network
    for progress in fit(state, stream, plan, place=place, checkpoint=checkpoint):
        if progress.done % 20 == 0:
            minutes = (time.monotonic() - began) / 60
            where = f"{progress.done}/{progress.total}"
            print(f"{where} {progress.note}, {minutes:.1f} min", flush=True)


def begin(options: argparse.Namespace) -> tuple[TrainingState, TrainingPlan]:
    """The state to go on from: the checkpoint, other weights, or random ones."""
    torch.manual_seed(SEED)
    if options.threads:
        torch.set_num_threads(options.threads)
    loaders = max(1, min(14, (os.cpu_count() or 2) - 1))
    plan = TrainingPlan(
        options.steps,
        batch=options.batch,
        rate=options.rate,
        loaders=loaders,
        teacher_weight=options.teacher_weight if options.teacher else 0.0,
    )
    network = build_network(options.arch, 3).to(memory_format=torch.channels_last)
    state = TrainingState.start(network, plan)
    checkpoint = options.work / "checkpoint.pt"
    if checkpoint.is_file():
        state.load(checkpoint)
    elif options.start is not None:
        kept = torch.load(options.start, map_location="cpu", weights_only=True)
        for module in (state.network, state.averaged):
            module.load_state_dict(kept["averaged"])
    return state, plan


def calibrated(model: LoadedModel, sets: dict[str, list[Example]]) -> ModelConfig:
    """The configuration with temperature, thresholds and minimum sizes chosen."""
    some = {name: examples[::CHOOSE_EVERY] for name, examples in sets.items()}
    labelled = [e for name in ("nga", "uav", "beams") for e in some[name]]
    rng = np.random.default_rng(SEED)
    config = replace(model.config, temperature=best_temperature(model, labelled, rng))
    print(f"temperature {config.temperature:.2f}", flush=True)
    for key, measure, names in (
        ("craquelure", "centerline_f1", ("nga", "uav", "tile", "beams", "sound")),
        ("paint_loss", "iou", ("beams", "sound")),
    ):
        chosen = choose(
            with_config(model, config),
            {name: some[name] for name in names},
            key=key,
            measure=measure,
            sound="sound",
            max_false=0.005,
        )
        print(f"{key}: {chosen}", flush=True)
        config = replace(
            config,
            thresholds={**config.thresholds, key: chosen.threshold},
            min_area_px={**config.min_area_px, key: chosen.min_area_px},
        )
    return config


def likeness_of(
    options: argparse.Namespace, model: LoadedModel, sets: dict[str, list[Example]]
) -> LikenessStatistics:
    """What tells photos apart that the model knows nothing of."""
    some = [e for examples in sets.values() for e in examples[::CHOOSE_EVERY]]
    stream = CropStream(sources(options.data), options.crop, SEED)
    found = run_to_end(fit_likeness(model, stream, some))
    print(f"likeness: warns above {found.limit:.2f}", flush=True)
    return found


def with_config(model: LoadedModel, config: ModelConfig) -> LoadedModel:
    """The same network under another configuration."""
    return replace(model, info=replace(model.info, config=config))


def figures(model: LoadedModel, sets: dict[str, list[Example]]) -> dict[str, Any]:
    """Per set and class the scores, and the share of each class that was said."""
    found: dict[str, Any] = {}
    for name, examples in sets.items():
        scores = run_to_end(evaluate(model, examples, TOLERANCE_PX)).scores
        found[name] = figures_of(scores)
        if name in STEADY_ON:
            found[name]["changes"] = changed_figures(model, examples)
        print(name, json.dumps(found[name]), flush=True)
    return found


def changed_figures(
    model: LoadedModel, examples: list[Example]
) -> dict[str, dict[str, float]]:
    """What each class is judged by, on the same pictures changed, by change and key."""
    found = {}
    for change in CHANGES:
        changed = [Changed(example, change) for example in examples]
        classes = figures_of(run_to_end(evaluate(model, changed, TOLERANCE_PX)).scores)
        found[change] = {
            key: classes["classes"][key][measure]
            for key, measure in JUDGED_BY.items()
            if measure in classes["classes"].get(key, {})
        }
    return found


def learned_now(options: argparse.Namespace, state: TrainingState) -> list[str]:
    """What this training adds to the lineage; weights taken as they are add nothing."""
    if not state.step:
        return []
    crops = f"{options.batch} crops of {options.crop} px"
    data = f"{', '.join(DATA_LICENCES)} and generated beams and walls"
    return [f"{state.step} steps of {crops}, seed {options.seed}, on {data}"]


def validation_sets(options: argparse.Namespace) -> dict[str, list[Example]]:
    """The sets by name, written into the work folder where they are not yet."""
    folder = options.work / "validation"
    if not folder.is_dir():
        run_to_end(write_validation(options.data, folder))
    return {s.name: examples_of(folder, s.name) for s in SETS}


def give_likeness(options: argparse.Namespace) -> None:
    """Write a model file again, the same but for what it knows unlike photos by."""
    model = load_model(options.likeness_of, torch.device("cpu"))
    likeness = likeness_of(options, model, validation_sets(options))
    path = options.out / f"{options.name}.safetensors"
    save_model(path, model.network, model.config, half=True, likeness=likeness)
    print(f"wrote {path}")


def finish(options: argparse.Namespace, state: TrainingState) -> None:
    """Calibrate, evaluate and write the model file with its figures."""
    sets = validation_sets(options)
    path = options.out / f"{options.name}.safetensors"
    config = ModelConfig(
        options.arch,
        lineage=(
            *options.lineage,
            *learned_now(options, state),
        ),
        notes=tuple(options.notes),
    )
    save_model(path, state.averaged, config, half=True)
    # Read back: what is judged is the file that ships, in its 16-bit weights.
    model = load_model(str(path), torch.device("cpu"))
    likeness = likeness_of(options, model, sets)
    model = with_config(model, calibrated(model, sets))
    config = replace(model.config, figures=figures(model, sets))
    save_model(path, model.network, config, half=True, likeness=likeness)
    about = {s.name: s.about for s in SETS}
    write_text(path.with_suffix(".md"), model_card(options.name, config, about))
    print(f"wrote {path}")


def main() -> int:
    """Do it all."""
    options = arguments()
    options.work.mkdir(parents=True, exist_ok=True)
    if options.likeness_of is not None:
        give_likeness(options)
        return 0
    state, plan = begin(options)
    if not options.no_train:
        train(options, state, plan)
    finish(options, state)
    return 0


if __name__ == "__main__":
    sys.exit(main())
