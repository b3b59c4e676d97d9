"""Measure whether making crops keeps up with learning from them.

    .venv/bin/python packaging/measure_training.py --data DIR [--crop PX]

Prints what each part of a crop costs, how many crops a second one loader process makes,
and how many the network takes on this machine's device: their ratio says how many
processes are needed so that the device never waits. A training itself writes the share
of the time that it waited, `waiting_share`, into its events.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from resunet_core.model.device import choose_device
from resunet_core.model.registry import build_network
from resunet_core.progress import run_to_end
from resunet_core.training.augment import random_jpeg, random_turn
from resunet_core.training.crops import CropBatches, CropStream, pack_source
from resunet_core.training.examples import read_data_folder
from resunet_core.training.fit import fit
from resunet_core.training.looks import apply_looks, draw_look
from resunet_core.training.pack import pack
from resunet_core.training.parallel import Place
from resunet_core.training.paste import paste_damage
from resunet_core.training.presets import PRESETS
from resunet_core.training.state import TrainingState

CROPS = 64
STEPS = 6


def arguments() -> argparse.Namespace:
    """The command's arguments."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--preset", choices=PRESETS, default="best")
    parser.add_argument("--arch", default="resunet18_light")
    parser.add_argument("--crop", type=int, default=256, metavar="PX")
    parser.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda"))
    return parser.parse_args()


def milliseconds(what: Callable[[int], object], times: int) -> float:
    """Mean time of a call, the first one aside."""
    what(0)
    began = time.perf_counter()
    for number in range(times):
        what(number)
    return 1000 * (time.perf_counter() - began) / times


def parts_of_a_crop(stream: CropStream, device: torch.device) -> None:
    """Print what each part costs on one core, and the looks on the device."""
    rng = np.random.default_rng(0)
    plain = replace(stream, augmentation="none", paste=0.0)
    crops = [plain.crop(number) for number in range(8)]
    batch = torch.stack([torch.from_numpy(c.pixels) for c in crops])
    photos = batch.permute(0, 3, 1, 2).float().to(device) / 255
    looks = torch.from_numpy(np.stack([draw_look(rng) for _ in crops]))

    def looked(_number: int) -> None:
        apply_looks(photos, looks, range(8))
        if device.type == "cuda":
            torch.cuda.synchronize()

    one, other = crops[0], crops[1]
    costs = {
        "cut and scaled": milliseconds(plain.crop, CROPS),
        "damage pasted": milliseconds(
            lambda _: paste_damage(one.pixels, one.classes, *other[:2], rng), CROPS
        ),
        "turned": milliseconds(
            lambda _: random_turn(one.pixels, one.classes, rng), CROPS
        ),
        "JPEG": milliseconds(lambda _: random_jpeg(one.pixels, rng), CROPS),
        f"looks, on {device.type}": milliseconds(looked, 10) / len(crops),
        "a whole crop of the preset": milliseconds(stream.crop, CROPS),
    }
    for name, cost in costs.items():
        print(f"{name:28} {cost:8.2f} ms")


def main() -> int:
    """Measure and print."""
    options = arguments()
    device = choose_device(options.device).torch_device
    how = PRESETS[options.preset]
    with tempfile.TemporaryDirectory() as folder:
        packed = run_to_end(pack(read_data_folder(options.data), Path(folder)))
        numbers = tuple(range(len(packed.pictures)))
        source = pack_source(
            packed, numbers, scales=how.scales, damaged_share=how.damaged_share
        )
        stream = CropStream(
            [source],
            options.crop,
            seed=0,
            augmentation=how.augmentation,
            paste=how.paste,
        )
        parts_of_a_crop(stream, device)
        batches = CropBatches(stream, how.plan.batch)
        made = 1000 * how.plan.batch / milliseconds(batches.batch, CROPS // 8)
        plan = replace(
            how.plan, steps=STEPS, class_weights=None, loaders=0, frozen_share=0.0
        )
        state = TrainingState.start(build_network(options.arch, 3), plan)
        last = [
            progress.event
            for progress in fit(state, stream, plan, place=Place(device))
            if progress.event["event"] == "step"
        ][-1]
    taken = last["crops_per_s"] / (1 - last["waiting_share"])
    print(f"{'one loader process makes':28} {made:8.1f} crops/s")
    print(f"{options.arch + ' takes':28} {taken:8.1f} crops/s")
    needed = max(1, int(np.ceil(taken / made)))
    print(f"{'loader processes needed':28} {needed:8d}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
