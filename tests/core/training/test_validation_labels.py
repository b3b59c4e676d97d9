"""The labels that we validate paint loss on are label files, and about real crops."""

from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from resunet_core.defects import CRAQUELURE, IGNORE_ID, PAINT_LOSS, SOUND_ID
from resunet_core.formats.labelme_reader import LabelmeFile, read_labelme

FOLDER = Path(__file__).parents[3] / "resources" / "validation" / "dunhuang"
SIDE = 256
LEAST_FILES = 30
LEAST_LOSS_PX = 100


def _files(folder: Path) -> list[LabelmeFile]:
    return [read_labelme(path) for path in sorted(folder.glob("*.json"))]


def test_enough_crops_are_labelled_most_with_loss_some_without() -> None:
    files = _files(FOLDER)
    lost = [(f.painted(SIDE, SIDE) == PAINT_LOSS.id).sum() for f in files]
    assert len(files) >= LEAST_FILES
    assert sum(px >= LEAST_LOSS_PX for px in lost) >= LEAST_FILES
    assert sum(px == 0 for px in lost) >= 8


@pytest.mark.parametrize(
    ("folder", "number"), [(FOLDER, 1), (FOLDER / "second-pass", 2)]
)
def test_each_file_says_how_and_who(folder: Path, number: int) -> None:
    known = {SOUND_ID, CRAQUELURE.id, PAINT_LOSS.id, IGNORE_ID}
    for file in _files(folder):
        assert file.size == (SIDE, SIDE), file.path
        assert file.photo.stem == file.path.stem
        assert file.document["imageData"] is None, "the pictures are not ours to give"
        assert set(np.unique(file.painted(SIDE, SIDE))) <= known
        assert file.metadata is not None
        assert file.metadata["pass"] == number
        assert file.metadata["method"]
        assert file.metadata["reviewer"]


def test_the_second_pass_is_about_ten_crops_of_the_first() -> None:
    again = {path.name for path in (FOLDER / "second-pass").glob("*.json")}
    assert len(again) == 10
    assert again <= {path.name for path in FOLDER.glob("*.json")}


@pytest.mark.shared_data
def test_each_is_about_a_crop_that_is_there(shared_data: Path) -> None:
    images = shared_data / "bg_dunhuang_crops" / "images"
    for file in [*_files(FOLDER), *_files(FOLDER / "second-pass")]:
        assert file.metadata is not None
        photo = images / file.photo.name
        assert sha256(photo.read_bytes()).hexdigest() == file.metadata["photo_sha256"]
