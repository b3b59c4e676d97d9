"""The recipe of the shipped model: which data, how mixed, what is kept apart.

Only sets whose licence allows a shipped model are used; `DATA_LICENCES` names them.
"""

import functools
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from resunet_core.errors import BadData
from resunet_core.training.crops import Classes, Labelled, Picture, Source
from resunet_core.training.examples import Example, read_data_folder, read_picture
from resunet_core.training.generated import (
    beam_source,
    damage_real,
    damage_sound,
    wall_source,
)

DATA_LICENCES = {
    "craquelure_nga": "MIT; the paintings CC0 (NGA Open Access)",
    "uav_cracks": "CC0",
    "cracktile": "MIT",
    "crackconcrete": "MIT",
    "topomortar": "MIT",
    "bg_nga_paintings": "MIT; the paintings CC0 (NGA Open Access)",
    "bg_pd_paintings": "public domain",
    "bg_textures_skimage": "CC0",
    "film_damage_shapes": "MIT",
}

LOSS_SHAPES = ("stain", "dirt", "smut", "sprinkles", "dots", "spots")

# Crops of one painting are neighbours in number: whole runs are held back, and a gap
# keeps the rest of the painting at the border of a run out of the training too.
HELD_BACK = {
    "dutch": ((1, 90), (520, 590)),
    "flemish": ((1, 60), (500, 585)),
}
GAP = 12


def held_back(stem: str, gap: int = 0) -> bool:
    """Whether a crop of `craquelure_nga` belongs to validation (or to the gap)."""
    school, _, number = stem.rpartition("_")
    return any(
        low - gap <= int(number) <= high + gap
        for low, high in HELD_BACK.get(school, ())
    )


def is_validation(name: str, index: int, example: Example) -> bool:
    """Whether an example is kept apart from training."""
    if name == "craquelure_nga":
        return held_back(example.stem)
    return index % 8 == 0


def sources(data: Path) -> list[Source]:
    """The training mix from a folder that holds the sets by name.

    Raises:
        BadData: A set is missing.
    """
    if not data.is_dir():
        raise BadData(f"{data} is no folder.", "Name the folder that holds the sets.")
    shapes = _loss_shapes(data)
    over_real = functools.partial(damage_real, shapes=shapes)
    over_sound = functools.partial(damage_sound, shapes=shapes)
    grounds = _pictures(data / "bg_pd_paintings") + _pictures(
        data / "bg_textures_skimage"
    )
    paintings = _pictures(data / "bg_nga_paintings")
    return [
        _real(data, "craquelure_nga", 0.32, (0.42, 2.6), over_real),
        _real(data, "uav_cracks", 0.10, (0.6, 1.8), over_real),
        _real(data, "cracktile", 0.03, (0.7, 1.6), over_real),
        _real(data, "crackconcrete", 0.05, (0.4, 1.2), over_real),
        beam_source(0.16, shapes),
        wall_source(0.24, shapes),
        _sound("grounds", 0.05, grounds, (0.6, 2.0), over_sound),
        # A joint between bricks is no crack: its masks are left aside.
        _sound("joints", 0.03, _pictures(data / "topomortar"), (0.5, 1.2), over_sound),
        # The wholes of the crops above, made so small that their own cracks vanish:
        # what remains is contours, dress, faces, leaves, none of it damage.
        _sound("paintings", 0.10, paintings, (0.3, 0.6), over_sound),
    ]


Damage = Callable[[Picture, Classes, np.random.Generator], Labelled]


def _sound(
    name: str,
    weight: float,
    paths: list[Path],
    scales: tuple[float, float],
    damage: Damage,
) -> Source:
    load = functools.lru_cache(maxsize=64)(functools.partial(_ground, paths))
    return Source(name, weight, len(paths), load, scales, damage)


def _real(
    data: Path,
    name: str,
    weight: float,
    scales: tuple[float, float],
    damage: Damage,
) -> Source:
    every = read_data_folder(data / name)
    kept = [
        example
        for index, example in enumerate(every)
        if not (
            held_back(example.stem, GAP)
            if name == "craquelure_nga"
            else is_validation(name, index, example)
        )
    ]
    loaded = functools.lru_cache(maxsize=2048)(lambda index: kept[index].load())
    return Source(name, weight, len(kept), loaded, scales, damage)


def _pictures(folder: Path) -> list[Path]:
    return sorted((folder / "images").iterdir())


def _ground(paths: list[Path], index: int) -> Labelled:
    pixels = read_picture(paths[index])
    return pixels, np.zeros(pixels.shape[:2], np.uint8)


def _loss_shapes(data: Path) -> tuple[Picture, ...]:
    folder = data / "film_damage_shapes" / "shapes"
    files = [p for kind in LOSS_SHAPES for p in sorted((folder / kind).glob("*.png"))]
    if not files:
        raise BadData(f"{folder} holds no shapes.", "Check the data folder.")
    pictures = (cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) for path in files)
    return tuple(np.asarray(p, np.uint8) for p in pictures if p is not None)
