"""Measure what the README claims: seams, speed, memory.

.venv/bin/python packaging/measure.py seams PHOTO [--model NAME|FILE]
.venv/bin/python packaging/measure.py speed PHOTO [--model NAME|FILE]
.venv/bin/python packaging/measure.py memory --megapixels 24
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import torch

from resunet_core.imaging.photo import open_photo
from resunet_core.imaging.pyramid import build_pyramid
from resunet_core.inference.blend import BandBlender
from resunet_core.inference.detect import detect, grid_for, run_tiles
from resunet_core.inference.engine import as_engine
from resunet_core.mask.replace import replace_model_plane
from resunet_core.mask.threshold import DetectionSettings, classify, model_tiles
from resunet_core.mask.tiled import DefectMask
from resunet_core.model.config import ModelConfig
from resunet_core.model.model_file import LoadedModel, ModelInfo, load_model
from resunet_core.progress import run_to_end
from resunet_core.reports.results import PhotoToWrite, write_photo
from resunet_core.synthesis.samples import sample_photo
from resunet_core.training.evaluate import ArraySource

if TYPE_CHECKING:
    from numpy.typing import NDArray

CPU = torch.device("cpu")
NEAR_SEAM_PX = 16


def arguments() -> argparse.Namespace:
    """The command's arguments."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("seams", "speed"):
        sub = commands.add_parser(name)
        sub.add_argument("photo", type=Path)
        sub.add_argument("--model", default="default")
    memory = commands.add_parser("memory")
    memory.add_argument("--megapixels", type=int, default=24)
    child = commands.add_parser("memory-child")
    child.add_argument("photo", type=Path)
    return parser.parse_args()


def pixels_of(path: Path) -> "NDArray[np.uint8]":
    """A photo whole, RGB uint8 [H, W, 3]."""
    pyramid = run_to_end(build_pyramid(open_photo(path)))
    return pyramid.read(0, pyramid.photo.box)


def probabilities(
    model: LoadedModel, pixels: "NDArray[np.uint8]"
) -> "NDArray[np.float32]":
    """Blended probabilities [C, H, W], not rounded to bytes."""
    rows: list[NDArray[np.float32]] = []

    class Keeping(BandBlender):
        def _pass_on(self, rows_done: "NDArray[np.float32]") -> None:
            rows.append(rows_done.copy())

    grid = grid_for(model, *pixels.shape[:2])
    blender = Keeping(grid, len(model.config.classes), lambda _: None)
    run_to_end(run_tiles(as_engine(model), ArraySource(pixels), blender))
    return np.concatenate(rows, axis=1)


def seams(path: Path, name: str) -> None:
    """Compare a pass with one whose tiles lie half a step further."""
    model = load_model(name, CPU)
    pixels = pixels_of(path)
    grid = grid_for(model, *pixels.shape[:2])
    shift = grid.step_px // 2 // 32 * 32
    # The second pass has a border of its own at `shift`, which no tile has: nothing
    # nearer to it than a tile's overlap is compared.
    edge = shift + grid.overlap_px - grid.context_px
    inner = np.s_[edge:, edge:]
    first = probabilities(model, pixels)
    second = np.zeros_like(first)
    second[:, shift:, shift:] = probabilities(
        model, np.ascontiguousarray(pixels[shift:, shift:])
    )
    difference = np.abs(first - second).mean(axis=0)
    near = np.zeros(pixels.shape[:2], np.bool_)
    for axis, spans in ((0, grid.rows), (1, grid.columns)):
        for span in spans[1:]:
            middle = span.keep_start + grid.ramp_px // 2
            for at in (middle, middle + shift):  # seams of either pass
                band = [slice(None), slice(None)]
                band[axis] = slice(max(0, at - NEAR_SEAM_PX), at + NEAR_SEAM_PX)
                near[tuple(band)] = True
    config = model.config

    def classes(values: "NDArray[np.float32]") -> "NDArray[np.uint8]":
        as_bytes = np.rint(values * 255).astype(np.uint8)
        return classify(as_bytes, config.classes, config.thresholds)

    changed = (classes(first) != classes(second))[inner]
    at_seams, elsewhere = (
        difference[inner][near[inner]],
        difference[inner][~near[inner]],
    )
    print(
        f"{len(grid)} tiles, shifted by {shift} px, "
        f"{changed.size / 1e6:.2f} MP compared"
    )
    print(
        f"mean |dp| within {NEAR_SEAM_PX} px of seams {at_seams.mean():.3e}, "
        f"elsewhere {elsewhere.mean():.3e}, "
        f"ratio {at_seams.mean() / elsewhere.mean():.2f}"
    )
    print(f"pixels that change class {100 * changed.mean():.4f} %")


def speed(path: Path, name: str) -> None:
    """Seconds a megapixel of detection, the best of three."""
    model = load_model(name, CPU)
    pixels = pixels_of(path)
    megapixels = pixels.shape[0] * pixels.shape[1] / 1e6
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        probabilities(model, pixels)
        seconds.append(time.perf_counter() - began)
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
        f"torch {torch.__version__} with {torch.get_num_threads()} threads"
    )
    print(
        f"{model.config.architecture}: {min(seconds):.2f} s for {megapixels:.2f} MP = "
        f"{min(seconds) / megapixels:.2f} s/MP"
    )


def memory(megapixels: int) -> None:
    """Peak memory of a whole analysis, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        width = int((megapixels * 1.5e6) ** 0.5)
        made = sample_photo(
            seed=5, width_px=width, height_px=megapixels * 10**6 // width, style="hexi"
        )
        path = Path(folder) / "big.jpg"
        done, data = cv2.imencode(".jpg", made.pixels[..., ::-1])
        if not done:
            raise RuntimeError("OpenCV cannot write JPEG")
        path.write_bytes(data.tobytes())
        del made, data
        environment = {**os.environ, "CAIHUA_CACHE": str(Path(folder) / "cache")}
        command = [sys.executable, __file__, "memory-child", str(path)]
        subprocess.run(command, check=True, env=environment)


def peak() -> str:
    """The most memory this process ever held; Linux only."""
    # Not getrusage: its maximum begins with that of the process that started this one.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return f"{int(line.split()[1]) / 1024:.0f} MiB"


def memory_child(path: Path) -> None:
    """Unpack, detect with a network of two layers, write; say the peak after each."""
    print("after the imports", peak())
    photo = open_photo(path)
    pyramid = run_to_end(build_pyramid(photo))
    print(f"after unpacking {photo.megapixels:.0f} MP", peak())
    torch.manual_seed(0)  # the mask, and with it the memory, is the same each time
    network = torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 3, padding=1), torch.nn.ReLU(), torch.nn.Conv2d(8, 3, 1)
    ).eval()
    config = ModelConfig("two layers")
    model = LoadedModel(ModelInfo("two", path, config, "0" * 64), network, CPU)
    size = (photo.height, photo.width)
    found = run_to_end(detect(model, pyramid, size, path.with_name("p.npy")))
    print("after detecting", peak())
    mask = DefectMask(*size)
    # A network without training says much or nothing: the 97th percentile makes a
    # mask about as full as a damaged beam's.
    sample = found.read(photo.box.clip(photo.box.grow(-size[0] // 3)))
    least = [float(np.percentile(plane, 97) + 1) / 255 for plane in sample]
    settings = DetectionSettings(dict(zip(found.keys, least, strict=True)), {})
    replace_model_plane(mask, model_tiles(found, settings), "Detect")
    print("after the mask", peak())
    write_photo(path.parent / "out", PhotoToWrite(photo, pyramid, mask, "big"))
    print("after writing the results", peak())
    counts = {int(k): v for k, v in mask.counts().items()}
    print("pixels per class", json.dumps(counts))


def main() -> int:
    """Measure what was asked for."""
    options = arguments()
    if options.command == "seams":
        seams(options.photo, options.model)
    elif options.command == "speed":
        speed(options.photo, options.model)
    elif options.command == "memory":
        memory(options.megapixels)
    else:
        memory_child(options.photo)
    return 0


if __name__ == "__main__":
    sys.exit(main())
