"""Data folders are checked before anything is learned from them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from resunet_core.defects import IGNORE_ID
from resunet_core.errors import BadData
from resunet_core.formats.labelme import LabelmePhoto, write_labelme
from resunet_core.mask.regions import ArrayMask, RegionMap
from resunet_core.training.examples import read_data_folder, read_mask
from tests.builders import a_mask, a_photo


def _folder(path: Path, name: str = "梁 01") -> Path:
    a_photo(path / "images", f"{name}.jpg")
    (path / "masks").mkdir()
    Image.fromarray(a_mask()).save(path / "masks" / f"{name}.png")
    return path


def test_pictures_come_with_their_masks(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "数据集")
    (folder / "images" / "notes.txt").write_text("no picture")
    (example,) = read_data_folder(folder)
    assert example.stem == "梁 01"
    pixels, classes = example.load()
    assert pixels.shape == (96, 128, 3)
    assert pixels[..., 2].mean() > pixels[..., 0].mean()  # a blue wall: RGB
    np.testing.assert_array_equal(classes, a_mask())


def test_indexed_masks_are_read_by_index_not_by_colour(tmp_path: Path) -> None:
    path = tmp_path / "indexed.png"
    picture = Image.fromarray(a_mask())
    picture.putpalette([0, 0, 0, 255, 0, 200, 0, 215, 255])
    assert picture.mode == "P"
    picture.save(path)
    np.testing.assert_array_equal(read_mask(path), a_mask())


def test_masks_of_large_photos_are_no_attack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.png"
    Image.fromarray(a_mask()).save(path)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    np.testing.assert_array_equal(read_mask(path), a_mask())


def test_what_is_to_be_ignored_is_left_out(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    left_out = np.zeros((96, 128), np.uint8)
    left_out[:, :30] = 1
    (folder / "ignore").mkdir()
    Image.fromarray(left_out).save(folder / "ignore" / "梁 01.png")
    (example,) = read_data_folder(folder)
    _, classes = example.load()
    assert (classes[:, :30] == IGNORE_ID).all()
    np.testing.assert_array_equal(classes[:, 30:], a_mask()[:, 30:])


def _save(array: np.ndarray, path: Path) -> None:
    Image.fromarray(array).save(path)


def _make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


BAD_MASKS: dict[str, tuple[Callable[[Path], object], str]] = {
    "other size": (lambda p: _save(a_mask(96, 64), p), "64 x 96 px.*128 x 96 px"),
    "missing": (Path.unlink, "has no mask"),
    "16 bit": (lambda p: _save(a_mask().astype(np.uint16), p), "8-bit"),
    "colours": (lambda p: _save(np.dstack([a_mask()] * 3), p), "one channel"),
    "1 bit": (lambda p: _save(a_mask() > 0, p), "8-bit"),
    "a jpeg": (lambda p: Image.fromarray(a_mask()).save(p, "jpeg"), "not a PNG"),
    "truncated": (lambda p: p.write_bytes(p.read_bytes()[:90]), "damaged"),
    "empty": (lambda p: p.write_bytes(b""), "damaged"),
    "a folder": (_make_folder, "no mask"),
}


@pytest.mark.parametrize("kind", BAD_MASKS)
def test_bad_masks_are_refused_by_name(tmp_path: Path, kind: str) -> None:
    spoil, words = BAD_MASKS[kind]
    folder = _folder(tmp_path, "a")
    spoil(folder / "masks" / "a.png")
    with pytest.raises(BadData, match=words) as caught:
        read_data_folder(folder)[0].load()
    assert "a.png" in caught.value.message
    assert caught.value.hint


def test_pictures_that_are_none_are_refused(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "a")
    (folder / "images" / "a.jpg").write_bytes(b"\xff\xd8\xffno")
    with pytest.raises(BadData, match=r"a\.jpg is not a picture"):
        read_data_folder(folder)[0].load()


def test_two_pictures_do_not_share_a_mask(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "a")
    a_photo(folder / "images", "a.png")
    with pytest.raises(BadData, match="share one mask"):
        read_data_folder(folder)


@pytest.mark.parametrize("missing", ["images", "masks", "pictures"])
def test_folders_that_are_no_data_are_refused(tmp_path: Path, missing: str) -> None:
    for name in {"images", "masks"} - {missing}:
        (tmp_path / name).mkdir()
    words = "holds no picture" if missing == "pictures" else f"no folder {missing}/"
    with pytest.raises(BadData, match=words):
        read_data_folder(tmp_path)


def test_a_folder_of_label_files_is_one_too(tmp_path: Path) -> None:
    """What an analysis wrote and LabelMe corrected is scored without conversion."""
    photo = a_photo(tmp_path / "照片", "a.jpg")
    pieces = RegionMap(ArrayMask(a_mask())).pieces()
    folder = tmp_path / "labels"
    write_labelme(folder / "a.json", LabelmePhoto(photo, 128, 96), pieces)
    (example,) = read_data_folder(folder)
    pixels, classes = example.load()
    assert pixels.shape == (96, 128, 3)
    np.testing.assert_array_equal(classes, a_mask())
    photo.unlink()
    with pytest.raises(BadData, match=r"a\.jpg cannot be read"):
        example.load()
