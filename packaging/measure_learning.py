"""Measure what ten corrected tiles teach, and what they make a model forget.

    .venv/bin/python packaging/measure_learning.py --out DIR [--data DIR] [--steps N]

Three styles of painting with damage of looks that no training has shown, from seeds
fixed here; with `--data`, the hand-labelled `uav_cracks` as well, for a base trained
fixed here; with `--data`, the hand-labelled `uav_cracks` too, for a base trained
F1 of craquelure and IoU of paint loss before and after, the fall on the base's own
validation, and the time. A JSON file and a table come out, with mean and worst.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.synthesis.beams import STYLES
from resunet_core.synthesis.samples import sample_photo
from resunet_core.training.examples import read_data_folder
from resunet_core.training.roles import Origin, Role, write_origins

TILE_PX = 512
TEACHING, JUDGING = 10, 10
GAIN, MAY_FORGET, FAR_BELOW = 0.10, 0.01, 0.75
MINUTES = 10

Picture = NDArray[np.uint8]
Look = Callable[[Picture, np.random.Generator], Picture]


@dataclass(frozen=True)
class Style:
    """A way that paintings look which the base has not seen.

    Attributes:
        name: Of it.
        seed: Of all that is drawn.
        look: Makes a picture look so.
    """

    name: str
    seed: int
    look: Look


def bleached(pixels: Picture, rng: np.random.Generator) -> Picture:
    """Sun-bleached and hazy, with the grain of an old sensor."""
    grey = pixels.mean(axis=2, keepdims=True)
    faded = 150 + 0.35 * (0.35 * pixels + 0.65 * grey - 128)
    return _bytes(faded + rng.normal(0, 5, pixels.shape))


def infrared(pixels: Picture, rng: np.random.Generator) -> Picture:
    """A false-colour infrared photo: channels changed about and inverted."""
    turned = 255 - pixels[..., [2, 0, 1]].astype(float)
    return _bytes(0.85 * turned + 20 + rng.normal(0, 3, pixels.shape))


def blurred(pixels: Picture, rng: np.random.Generator) -> Picture:
    """Out of focus in lamp light: soft, warm, dark at one side."""
    soft = cv2.GaussianBlur(pixels, (0, 0), 1.6).astype(float)
    across = np.linspace(1.0, 0.35, pixels.shape[1])[None, :, None]
    warm = soft * across * np.array([1.05, 0.8, 0.5])
    return _bytes(warm + rng.normal(0, 4, pixels.shape))


STYLES_UNSEEN = (
    Style("bleached", 31_001, bleached),
    Style("infrared", 31_002, infrared),
    Style("blurred", 31_003, blurred),
)


def _bytes(values: NDArray[np.floating[Any]]) -> Picture:
    return np.asarray(np.clip(values, 0, 255), np.uint8)


def write_style(style: Style, folder: Path) -> None:
    """Ten tiles that teach and ten that judge, each of a photo of its own."""
    rng = np.random.default_rng(style.seed)
    found = []
    for number in range(TEACHING + JUDGING):
        photo = sample_photo(
            seed=style.seed + number,
            width_px=TILE_PX,
            height_px=TILE_PX,
            style=STYLES[number % len(STYLES)],
        )
        found.append((style.look(photo.pixels, rng), photo.classes))
    write(folder, found)


def write_uav(data: Path, folder: Path) -> None:
    """Tiles of hand-labelled concrete, every eighth photo kept to judge by."""
    examples = read_data_folder(data / "uav_cracks")
    judging = [e for n, e in enumerate(examples) if n % 8 == 0][:JUDGING]
    teaching = [e for n, e in enumerate(examples) if n % 8 == 4][:TEACHING]
    found = [_tile(*example.load()) for example in (*teaching, *judging)]
    write(folder, found)


def _tile(pixels: Picture, classes: Picture) -> tuple[Picture, Picture]:
    """The part of one tile with most cracks."""
    damage = cv2.boxFilter((classes == 1).astype(np.float32), -1, (TILE_PX, TILE_PX))
    row, column = np.unravel_index(int(damage.argmax()), damage.shape)
    top = int(np.clip(row - TILE_PX // 2, 0, max(0, classes.shape[0] - TILE_PX)))
    left = int(np.clip(column - TILE_PX // 2, 0, max(0, classes.shape[1] - TILE_PX)))
    place = (slice(top, top + TILE_PX), slice(left, left + TILE_PX))
    return pixels[place], classes[place]


def write(folder: Path, found: list[tuple[Picture, Picture]]) -> None:
    """A folder of corrections: the first ten teach."""
    for part in ("images", "masks"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    origins = {}
    for number, (pixels, classes) in enumerate(found):
        name = f"{number:02d}.png"
        cv2.imwrite(str(folder / "images" / name), pixels[..., ::-1])
        cv2.imwrite(str(folder / "masks" / name), classes)
        role: Role = "teach" if number < TEACHING else "judge"
        box = (0, 0, *classes.shape)
        origins[name] = Origin(name, f"{folder.name} {number}", box, role)
    write_origins(folder, origins)


def learn(
    name: str, data: Path, options: argparse.Namespace, base: str
) -> dict[str, Any]:
    """Let the command learn, as the window does; what came out."""
    out = options.out / name / "model.safetensors"
    command = [
        *(sys.executable, "-m", "app", "train", "--preset", "corrections"),
        *("--data", str(data), "--out", str(out), "--start", base),
        *("--steps", str(options.steps), "--device", options.device, "--events", "-"),
    ]
    if options.rate:
        command += ["--rate", str(options.rate)]
    began = time.monotonic()
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8")
    seconds = time.monotonic() - began
    events = [json.loads(line) for line in done.stdout.splitlines()]
    path = options.out / name / "events.jsonl"
    path.write_text(done.stdout, "utf-8")
    verdict = next(e for e in events if e["event"] == "verdict")
    last = events[-1]
    return {
        "style": name,
        "seconds": seconds,
        "best_step": last["best_step"],
        "verdict": verdict["kind"],
        "comparisons": verdict["comparisons"],
    }


def report(found: list[dict[str, Any]]) -> str:
    """The table, mean and worst, and what of the promise holds."""
    rows = [
        "| style | measure | before | after | change | minutes |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    gains, falls = [], []
    for one in found:
        own = []
        for c in one["comparisons"]:
            change = c["after"] - c["before"]
            name = one["style"] + (", base" if c["of"] == "check" else "")
            rows.append(
                f"| {name} | {c['key']} {c['measure']} | {c['before']:.3f} | "
                f"{c['after']:.3f} | {change:+.3f} | {one['seconds'] / 60:.1f} |"
            )
            if c["of"] == "check":
                falls.append(-change)
            elif c["before"] < FAR_BELOW:
                own.append(change)
        if own:
            gains.append(max(own))
    if gains:
        rows += [
            "",
            f"Best gain of a style: mean {np.mean(gains):+.3f}, worst "
            f"{min(gains):+.3f} (promised {GAIN:+.2f}).",
        ]
    if falls:
        rows.append(
            f"Fall on the base's validation: mean {np.mean(falls):+.3f}, worst "
            f"{max(falls):+.3f} (at most {MAY_FORGET})."
        )
    return "\n".join(rows) + "\n"


def main() -> int:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="folder that holds uav_cracks/")
    parser.add_argument("--uav-base", help="a model trained without uav_cracks")
    parser.add_argument("--base", default="default")
    parser.add_argument("--styles", nargs="+", default=[s.name for s in STYLES_UNSEEN])
    parser.add_argument("--steps", type=int, default=240)
    parser.add_argument("--rate", type=float, default=0.0)
    parser.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda"))
    options = parser.parse_args()
    found = []
    for style in STYLES_UNSEEN:
        if style.name in options.styles:
            folder = options.out / style.name / "data"
            write_style(style, folder)
            found.append(learn(style.name, folder, options, options.base))
            print(report(found[-1:]), flush=True)
    if options.data is not None and options.uav_base is not None:
        folder = options.out / "uav" / "data"
        write_uav(options.data, folder)
        found.append(learn("uav", folder, options, options.uav_base))
    text = report(found)
    print(text)
    (options.out / "learning.json").write_text(json.dumps(found, indent=1), "utf-8")
    (options.out / "learning.md").write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
