"""Give a model the ranges that it needs to be computed in 8 bits on a CPU.

    python3 packaging/quantise.py                      the default model
    python3 packaging/quantise.py --model FILE --judge runs/validation

They are taken from generated beams and walls, or with --data from the training's own
crops, and written beside the model file (MODEL.int8.json, for exactly its content).
With --judge both precisions are scored on data folders, and the ranges are taken back
where 8 bits cost more than half a point.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np
from numpy.typing import NDArray

from resunet_core.defects import CRAQUELURE, PAINT_LOSS
from resunet_core.inference.eight_bit import Ranges, ranges_path, write_ranges
from resunet_core.inference.engine import load_engine
from resunet_core.inference.openvino_engine import the_library
from resunet_core.inference.openvino_graph import build_graph
from resunet_core.model.model_file import (
    ModelInfo,
    find_model,
    read_arrays,
    read_model_info,
)
from resunet_core.model.topology import PHOTO, Topology, shipped_topology
from resunet_core.progress import run_to_end
from resunet_core.training.crops import CropStream, Source
from resunet_core.training.evaluate import evaluate
from resunet_core.training.examples import read_data_folder
from resunet_core.training.generated import beam_source, wall_source
from resunet_core.training.shipped import sources

SEED = 31
SIDE_PX = 384
TOLERANCE_PX = 4
NO_CRACKS = ("murals",)
"""Sets whose labels say nothing of cracks: what is found there is shown, not judged."""
ALLOWED = 0.005
"""So much may the centre-line F1 of craquelure, and the IoU of losses, fall."""


def arguments() -> argparse.Namespace:
    """The command's arguments."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", default="default", metavar="NAME|FILE")
    parser.add_argument("--data", type=Path, help="holds the sets of the training")
    parser.add_argument("--crops", type=int, default=96)
    parser.add_argument("--judge", type=Path, help="holds validation sets by name")
    parser.add_argument("--sets", nargs="*", default=["nga", "beams", "murals", "uav"])
    return parser.parse_args()


def pixels(data: Path | None, count: int) -> Iterator[NDArray[np.uint8]]:
    """Crops as they are, each uint8 [h, w, 3]."""
    mix: list[Source] = [beam_source(0.5, a_style=2), wall_source(0.5)]
    if data is not None:
        mix = sources(data)
    stream = CropStream(mix, SIDE_PX, SEED, augmentation="none")
    for number in range(count):
        yield stream.crop(number).pixels


def coarse_values(topology: Topology) -> list[int]:
    """What is computed with in 8 bits: all that convolutions take.

    But for the first one and the last: they cost least, and lose most.
    """
    taken = [step.inputs[0] for step in topology.steps if step.kind == "conv"]
    return sorted({*taken[:-1]} - {PHOTO})


def measured(
    info: ModelInfo, topology: Topology, crops: Iterator[NDArray[np.uint8]]
) -> Ranges:
    """Of each value the mean over the crops of its least and of its greatest."""
    wanted = coarse_values(topology)
    graph = build_graph(topology, read_arrays(info), beside=wanted)
    settings = {"INFERENCE_PRECISION_HINT": "f32"}
    request = (
        the_library()
        .Core()
        .compile_model(graph, "CPU", settings)
        .create_infer_request()
    )
    lows, highs = [], []
    for crop in crops:
        request.infer([np.ascontiguousarray(crop[np.newaxis])])
        values = [request.get_output_tensor(k + 1).data for k in range(len(wanted))]
        lows.append([float(value.min()) for value in values])
        highs.append([float(value.max()) for value in values])
    low, high = np.mean(lows, axis=0), np.mean(highs, axis=0)
    return {
        number: (float(least), float(greatest))
        for number, least, greatest in zip(wanted, low, high, strict=True)
    }


def scores(
    model: Path, engine: str, folder: Path
) -> tuple[float | None, float | None, float]:
    """Centre-line F1 of craquelure, IoU of losses, pictures a second."""
    judged = run_to_end(
        evaluate(
            load_engine(str(model), "cpu", engine),
            read_data_folder(folder),
            TOLERANCE_PX,
        )
    )
    crack, loss = judged.scores.of(CRAQUELURE.id), judged.scores.of(PAINT_LOSS.id)
    return (
        crack.centerline_f1 if crack else None,
        loss.iou if loss else None,
        judged.fps,
    )


def main() -> int:
    """Calibrate, write, judge."""
    options = arguments()
    info = read_model_info(find_model(options.model))
    topology = shipped_topology(info.config.architecture)
    if topology is None:
        print("Run packaging/topologies.py first.")
        return 1
    began = time.monotonic()
    ranges = measured(info, topology, pixels(options.data, options.crops))
    where = "training crops" if options.data else "generated beams and walls"
    path = write_ranges(info.path, info.sha256, ranges, f"{options.crops} {where}")
    print(
        f"{path}: {path.stat().st_size / 1000:.0f} kB, {time.monotonic() - began:.0f} s"
    )
    if options.judge is None:
        return 0
    worst = 0.0
    print("set        craquelure centre-line F1    paint loss IoU      pictures/s")
    for name in options.sets:
        exact, coarse = (
            scores(info.path, engine, options.judge / name)
            for engine in ("openvino", "openvino-int8")
        )
        cells = []
        for before, after in zip(exact[:2], coarse[:2], strict=True):
            if before is None or after is None:
                cells.append(f"{'-':>25}")
            else:
                cells.append(f"{before:8.4f} -> {after:.4f} {after - before:+.4f}")
                if name not in NO_CRACKS or len(cells) > 1:
                    worst = min(worst, after - before)
        print(f"{name:9}", *cells, f"{exact[2]:8.2f} -> {coarse[2]:.2f}", flush=True)
    if worst < -ALLOWED:
        ranges_path(info.path).unlink()
        print(f"Too much is lost ({worst:+.4f}): {path.name} is taken back.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
