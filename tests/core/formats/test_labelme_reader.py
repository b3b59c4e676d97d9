"""Label files are read as LabelMe draws them; what is unclear is refused by name."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from resunet_core.defects import IGNORE_ID
from resunet_core.errors import BadAnnotation
from resunet_core.formats.labelme import LabelmePhoto, write_labelme
from resunet_core.formats.labelme_reader import read_labelme
from resunet_core.mask.regions import ArrayMask, RegionMap

Shape = dict[str, Any]


def _shape(label: str, kind: str, *points: tuple[float, float]) -> Shape:
    return {"label": label, "shape_type": kind, "points": points, "mask": None}


def _file(folder: Path, *shapes: object, **changes: object) -> Path:
    path = folder / "标注.json"
    document = {
        "shapes": shapes,
        "imagePath": "..\\照片\\a.jpg",
        "imageData": None,
        "imageHeight": 20,
        "imageWidth": 30,
        **changes,
    }
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    mask = np.random.default_rng(0).integers(0, 3, (61, 47), dtype=np.uint8)
    path = tmp_path / "a.json"
    photo = LabelmePhoto(tmp_path / "a.jpg", 47, 61)
    write_labelme(path, photo, RegionMap(ArrayMask(mask)).pieces())
    found = read_labelme(path)
    np.testing.assert_array_equal(found.painted(61, 47), mask)
    assert found.photo == tmp_path / "a.jpg"


def test_each_kind_of_shape_and_name_the_last_on_top(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        _shape("paint_loss", "polygon", (2, 2), (12, 2), (12, 9), (2, 9)),
        _shape("_background_", "rectangle", (9, 6), (5, 4)),  # a hole, corners turned
        _shape("龟裂", "rectangle", (20, 0), (22, 19)),
        _shape("Paint Loss", "circle", (21, 10), (24, 10)),
        _shape("__ignore__", "rectangle", (28, 0), (29, 1)),
    )
    found = read_labelme(path)
    assert found.photo == tmp_path / ".." / "照片" / "a.jpg"
    ids = found.painted(20, 30)
    expected = np.zeros((20, 30), np.uint8)
    expected[2:10, 2:13] = 2
    expected[4:7, 5:10] = 0
    expected[:, 20:23] = 1
    expected[0:2, 28:30] = IGNORE_ID
    rows, columns = np.mgrid[0:20, 0:30]
    away = np.hypot(rows - 10, columns - 21)
    sure = (away < 2.4) | (away > 3.9)  # the rim is Pillow's affair
    expected[away < 2.4] = 2
    np.testing.assert_array_equal(ids[sure], expected[sure])


MASK = _shape("craquelure", "mask", (0, 0), (1, 1))
BAD_SHAPES: dict[str, tuple[object, str]] = {
    "unknown label": (_shape("mould", "polygon", (0, 0), (1, 0), (1, 1)), "'mould'"),
    "a line": (_shape("craquelure", "linestrip", (0, 0), (9, 9)), "no area"),
    "two corners": (_shape("craquelure", "polygon", (0, 0), (9, 9)), "of 2 points"),
    "four corners": (_shape("craquelure", "rectangle", *[(0, 0)] * 4), "of 4 points"),
    "no number": (
        _shape("craquelure", "circle", (0, float("nan")), (1, 1)),
        "no number",
    ),
    "no mask": (MASK, "not what LabelMe writes"),
    "no picture": (MASK | {"mask": "aGVsbG8="}, "not what LabelMe writes"),
    "no points": ({"label": "craquelure", "shape_type": "mask"}, "not what LabelMe"),
    "text": ("shape", "not what LabelMe writes"),
}


@pytest.mark.parametrize("kind", BAD_SHAPES)
def test_bad_shapes_are_refused_by_number(tmp_path: Path, kind: str) -> None:
    shape, words = BAD_SHAPES[kind]
    good = _shape("craquelure", "rectangle", (0, 0), (1, 1))
    with pytest.raises(BadAnnotation, match=f"Shape 1 of .*{words}"):
        read_labelme(_file(tmp_path, good, shape))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "3", '{"shapes": {}, "imagePath": "a"}', "\ufeff{}"]
)
def test_files_that_are_no_labels_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadAnnotation, match="not a LabelMe file"):
        read_labelme(path)
    with pytest.raises(BadAnnotation, match="cannot be read"):
        read_labelme(tmp_path / "gone.json")


def test_labels_of_a_photo_of_another_size_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadAnnotation, match=r"\(20, 30\), not \(30, 20\)"):
        read_labelme(_file(tmp_path)).painted(30, 20)
    without = read_labelme(_file(tmp_path, imageHeight=None))
    assert without.painted(30, 20).shape == (30, 20)
