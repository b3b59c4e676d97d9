"""The sets that a shipped model is judged on, as data folders anyone can evaluate.

`caihua evaluate --data FOLDER/NAME --json FILE` scores any model on one of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from resunet_core.errors import BadData
from resunet_core.formats.labelme_reader import read_labelme
from resunet_core.progress import Progress, Steps
from resunet_core.resources import resources_root
from resunet_core.synthesis.beams import STYLES, painted_beam
from resunet_core.synthesis.samples import sample_photo
from resunet_core.training.examples import Example, read_data_folder, read_picture
from resunet_core.training.shipped import is_validation

BEAM_SEED = 9000  # far from the seeds of training and of the shipped samples
BEAMS_A_STYLE = 2
BEAM_SIZE = (1200, 700)


@dataclass(frozen=True)
class ValidationSet:
    """One set: what it is made of, and what its scores mean."""

    name: str
    about: str


SETS = (
    ValidationSet(
        "nga",
        "held-back runs of craquelure_nga: oil paintings, 256 px crops; training saw "
        "wholes of such paintings, made so small that no crack is left",
    ),
    ValidationSet(
        "uav", "every 8th photo of uav_cracks: stained concrete, hand labels"
    ),
    ValidationSet("tile", "every 8th photo of cracktile: ceramic tiles"),
    ValidationSet("concrete", "every 8th photo of crackconcrete"),
    ValidationSet(
        "murals",
        "46 crops of murals at Dunhuang, paint loss labelled outline by outline "
        "(see LABELS.md beside the labels); craquelure is not to be scored on them",
    ),
    ValidationSet("beams", "generated painted beams with both defects, other seeds"),
    ValidationSet(
        "sound",
        "no damage: three generated beams of other seeds, and four small paintings "
        "that training did see, there with generated damage on them",
    ),
)

FROM_DATA = {
    "nga": "craquelure_nga",
    "uav": "uav_cracks",
    "tile": "cracktile",
    "concrete": "crackconcrete",
}


def write_validation(data: Path, out: Path) -> Steps[None]:
    """Write every set below `out` as `NAME/images` and `NAME/masks`.

    Raises:
        BadData: A set is missing from the folder `data`.
    """
    total = len(SETS)
    for number, validation in enumerate(SETS):
        yield Progress(number, total, validation.name)
        folder = out / validation.name
        if validation.name == "murals":
            _copy_murals(data, folder)
            continue
        for part in ("images", "masks"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        if validation.name in FROM_DATA:
            _copy(data, FROM_DATA[validation.name], folder)
        else:
            made = _beams() if validation.name == "beams" else _sound(data)
            for stem, pixels, classes in made:
                _write(folder, stem, pixels, classes)
    yield Progress(total, total, "written")


def _copy(data: Path, name: str, folder: Path) -> None:
    for index, example in enumerate(read_data_folder(data / name)):
        if is_validation(name, index, example):
            picture = folder / "images" / example.picture.name
            picture.write_bytes(example.picture.read_bytes())
            mask = folder / "masks" / f"{example.stem}.png"
            mask.write_bytes(example.mask.read_bytes())


def _copy_murals(data: Path, folder: Path) -> None:
    """The crops beside their label files, a LabelMe folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for labels in sorted((resources_root() / "validation" / "dunhuang").glob("*.json")):
        crop = read_labelme(labels).photo.name
        try:
            pixels = (data / "bg_dunhuang_crops" / "images" / crop).read_bytes()
        except OSError as error:
            raise BadData(
                f"{data} has no crop {crop} in bg_dunhuang_crops.",
                "Check the data folder.",
            ) from error
        (folder / crop).write_bytes(pixels)
        (folder / labels.name).write_bytes(labels.read_bytes())


Made = Iterator[tuple[str, NDArray[np.uint8], NDArray[np.uint8]]]


def _beams() -> Made:
    width, height = BEAM_SIZE
    for style in STYLES:
        for number in range(BEAMS_A_STYLE):
            photo = sample_photo(
                seed=BEAM_SEED + number, width_px=width, height_px=height, style=style
            )
            yield f"{style}-{number}", photo.pixels, photo.classes


def _sound(data: Path) -> Made:
    width, height = BEAM_SIZE
    for style in STYLES:
        rng = np.random.default_rng((BEAM_SEED, STYLES.index(style)))
        beam = painted_beam(height, width, rng=rng, style=style)
        yield f"beam-{style}", beam, np.zeros(beam.shape[:2], np.uint8)
    for path in sorted((data / "bg_pd_paintings" / "images").iterdir()):
        pixels = read_picture(path)
        small = cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        sound = np.zeros(small.shape[:2], np.uint8)
        yield f"painting-{path.stem}", np.asarray(small, np.uint8), sound


def _write(
    folder: Path, stem: str, pixels: NDArray[np.uint8], classes: NDArray[np.uint8]
) -> None:
    for path, picture in (
        (folder / "images" / f"{stem}.png", pixels[..., ::-1]),
        (folder / "masks" / f"{stem}.png", classes),
    ):
        done, coded = cv2.imencode(".png", picture)
        if not done:
            raise RuntimeError("OpenCV cannot write PNG")
        path.write_bytes(coded.tobytes())


def examples_of(out: Path, name: str) -> list[Example]:
    """The examples of a set that was written."""
    return read_data_folder(out / name)
