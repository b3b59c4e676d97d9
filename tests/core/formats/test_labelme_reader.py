"""Label files are read as LabelMe draws them; what is unclear is refused by name."""

import base64
import json
import tempfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from resunet_core.defects import IGNORE_ID
from resunet_core.errors import BadAnnotation, WrongUsage
from resunet_core.formats.label_names import UnknownLabels, label_names, parse_mapping
from resunet_core.formats.labelme import LabelmePhoto, write_labelme
from resunet_core.formats.labelme_check import validate_labelme
from resunet_core.formats.labelme_reader import read_labelme
from resunet_core.mask.regions import ArrayMask, RegionMap

Shape = dict[str, Any]
SIDES = st.integers(1, 20)


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


@given(arrays(np.uint8, st.tuples(SIDES, SIDES), elements=st.integers(0, 2)))
def test_any_mask_comes_back_as_it_was(mask: NDArray[np.uint8]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.json"
        photo = LabelmePhoto(Path(folder) / "a.jpg", mask.shape[1], mask.shape[0])
        write_labelme(path, photo, RegionMap(ArrayMask(mask)).pieces())
        assert validate_labelme(json.loads(path.read_bytes())) == []
        found = read_labelme(path)
    np.testing.assert_array_equal(found.painted(*mask.shape), mask)


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


def test_lines_get_a_width_and_points_cover_nothing(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        _shape("crack", "line", (5, 10), (25, 10)),
        _shape("剥落", "linestrip", (2, 2), (2, 6), (2, 8)),
        _shape("what ever", "points", (1, 1), (3, 3)),
        _shape("nose", "point", (28, 18)),
    )
    found = read_labelme(path)
    ids = found.painted(20, 30, line_width_px=3)
    assert found.without_area == 2
    np.testing.assert_array_equal(np.flatnonzero((ids == 1).any(1)), [9, 10, 11])
    assert set(np.flatnonzero((ids == 2).any(0))) == {1, 2, 3}
    assert ids[18, 28] == ids[1, 1] == 0


def test_what_other_programs_write_is_understood(tmp_path: Path) -> None:
    """Four corners of a rectangle, no kind, whole floats, a group, unknown keys."""
    corners = [(2, 2), (6, 2), (6, 4), (2, 4)]
    bare = {"label": "craquelure", "points": [(10, 2), (14, 2), (14, 4), (10, 4)]}
    path = _file(
        tmp_path,
        _shape("裂缝", "rectangle", *corners) | {"group_id": 7, "score": 0.5},
        bare,
        imageHeight=20.0,
        version=None,
    )
    found = read_labelme(path)
    assert [shape.kind for shape in found.shapes] == ["polygon", "polygon"]
    assert [shape.group_id for shape in found.shapes] == [7, None]
    assert found.shapes[0].raw["score"] == 0.5
    expected = np.zeros((20, 30), np.uint8)
    expected[2:5, 2:7] = expected[2:5, 10:15] = 1
    np.testing.assert_array_equal(found.painted(20, 30), expected)


def test_a_mask_that_lost_its_second_corner(tmp_path: Path) -> None:
    _, data = cv2.imencode(".png", np.ones((1, 1), np.uint8))
    png = base64.b64encode(data.tobytes()).decode()
    path = _file(tmp_path, _shape("crack", "mask", (7, 3)) | {"mask": png})
    ids = read_labelme(path).painted(20, 30)
    assert np.argwhere(ids).tolist() == [[3, 7]]


def test_all_unknown_labels_are_named_at_once_and_can_be_mapped(tmp_path: Path) -> None:
    shapes = [
        _shape(label, "rectangle", (k, 0), (k, 1))
        for k, label in enumerate(("Mould", "salt", "CRACK", "Mould"))
    ]
    path = _file(tmp_path, *shapes)
    with pytest.raises(UnknownLabels, match="not known: 'Mould', 'salt'") as refused:
        read_labelme(path)
    assert refused.value.labels == ("Mould", "salt")
    names = label_names(mapping={"mould": "paint_loss", "Salt": "ignore"})
    ids = read_labelme(path, names).painted(20, 30)
    assert ids[0, :4].tolist() == [2, IGNORE_ID, 1, 2]
    with pytest.raises(WrongUsage, match="no class 'rust'"):
        label_names(mapping={"salt": "rust"})
    with pytest.raises(WrongUsage, match="no mapping"):
        parse_mapping(["salt"])


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("D:\\survey\\a.jpg", "a.jpg"),
        ("\\\\server\\share\\a.jpg", "a.jpg"),
        ("//server/share/gone.jpg", "gone.jpg"),
        ("parent\\a.jpg", "a.jpg"),
    ],
)
def test_a_photo_is_looked_for_beside_its_labels(
    tmp_path: Path, said: str, found: str
) -> None:
    (tmp_path / "a.jpg").write_bytes(b"picture")
    assert read_labelme(_file(tmp_path, imagePath=said)).photo == tmp_path / found


MASK = _shape("craquelure", "mask", (0, 0), (1, 1))
BAD_SHAPES: dict[str, tuple[object, str]] = {
    "no kind of shape": (_shape("craquelure", "cuboid", (0, 0)), "not known: 'cuboid'"),
    "two corners": (_shape("craquelure", "polygon", (0, 0), (9, 9)), "of 2 points"),
    "three corners": (_shape("craquelure", "rectangle", *[(0, 0)] * 3), "of 3 points"),
    "not finite": (
        _shape("craquelure", "circle", (0, float("nan")), (1, 1)),
        "not finite",
    ),
    "a truth": (_shape("craquelure", "line", (0, True), (1, 1)), "no number: 'True'"),
    "far away": (_shape("craquelure", "line", (0, 0), (1e30, 1)), "far outside"),
    "no mask": (MASK, "without its picture"),
    "no picture": (MASK | {"mask": "aGVsbG8="}, "no PNG"),
    "no base64": (MASK | {"mask": "a"}, "not base64"),
    "no points": ({"label": "craquelure", "shape_type": "mask"}, "no points"),
    "no label": ({"label": 3, "points": [(0, 0)]}, "no label"),
    "text": ("shape", "not what LabelMe writes"),
}


@pytest.mark.parametrize("kind", BAD_SHAPES)
def test_bad_shapes_are_refused_by_number(tmp_path: Path, kind: str) -> None:
    shape, words = BAD_SHAPES[kind]
    good = _shape("craquelure", "rectangle", (0, 0), (1, 1))
    with pytest.raises(BadAnnotation, match=f"Shape 1 of .*{words}"):
        read_labelme(_file(tmp_path, good, shape))


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "3", '{"shapes": {}, "imagePath": "a"}', '{"shapes": []}', "{"],
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
