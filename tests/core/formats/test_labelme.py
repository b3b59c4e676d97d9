"""Label files keep LabelMe's rules and every pixel of the mask."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from resunet_core.defects import DEFAULT_CLASSES
from resunet_core.errors import CaihuaError
from resunet_core.formats.labelme import LabelmePhoto, write_labelme
from resunet_core.formats.labelme_check import validate_labelme
from resunet_core.mask import regions
from resunet_core.mask.regions import ArrayMask, RegionMap
from tests.builders import a_mask
from tests.labelme_contract import painted, problems

Ids = NDArray[np.uint8]
Document = dict[str, Any]


def _written(path: Path, photo: Path, mask: Ids, **metadata: object) -> Document:
    height, width = mask.shape
    pieces = RegionMap(ArrayMask(mask)).pieces()
    write_labelme(path, LabelmePhoto(photo, width, height), pieces, metadata=metadata)
    document: Document = json.loads(path.read_bytes().decode("utf-8"))
    assert problems(document, height, width) == []
    return document


def _ids(labels: NDArray[np.str_]) -> Ids:
    ids = np.zeros(labels.shape, np.uint8)
    for defect in DEFAULT_CLASSES:
        ids[labels == defect.key] = defect.id
    assert (ids > 0).sum() == (labels != "").sum()
    return ids


@pytest.mark.parametrize("seed", range(4))
def test_a_mask_comes_back_as_it_was(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    mask = rng.choice([0, 0, 1, 2], (37, 51)).astype(np.uint8)
    mask[0, 0] = mask[-1, -1] = 2  # single pixels in the corners
    mask[0, 1] = mask[1, :2] = mask[-1, -2] = mask[-2, -2:] = 0
    document = _written(tmp_path / "a.json", tmp_path / "a.jpg", mask)
    np.testing.assert_array_equal(_ids(painted(document)), mask)


def test_corners_are_whole_pixels_and_inclusive(tmp_path: Path) -> None:
    mask = np.zeros((30, 40), np.uint8)
    mask[7:9, 10:15] = 2
    (shape,) = _written(tmp_path / "a.json", tmp_path / "a.jpg", mask)["shapes"]
    assert shape["points"] == [[10, 7], [14, 8]]
    assert shape["label"] == "paint_loss"


def test_large_regions_come_in_pieces_of_one_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regions, "MAX_PIECE_PX", 16)
    monkeypatch.setattr(regions, "BAND_ROWS", 16)
    mask = np.zeros((60, 60), np.uint8)
    mask[5, 2:58] = mask[5:50, 30] = 1  # one crack, far larger than a piece
    mask[56:59, 3:6] = 2
    document = _written(tmp_path / "a.json", tmp_path / "a.jpg", mask)
    np.testing.assert_array_equal(_ids(painted(document)), mask)
    groups: dict[str, set[int]] = {"craquelure": set(), "paint_loss": set()}
    for shape in document["shapes"]:
        groups[shape["label"]].add(shape["group_id"])
    assert len(document["shapes"]) > 5
    assert len(groups["craquelure"]) == len(groups["paint_loss"]) == 1
    assert groups["craquelure"] != groups["paint_loss"]


@pytest.mark.parametrize(
    ("photo", "folder", "expected"),
    [
        ("照片/东 间.jpg", "结果/一", "../../照片/东 间.jpg"),
        ("a.jpg", ".", "a.jpg"),
        ("a.jpg", "out", "../a.jpg"),
        ("out/below/a.jpg", "out", "below/a.jpg"),
        ("out/../b/a.jpg", "out", "../b/a.jpg"),
    ],
)
def test_the_photo_is_found_from_the_label_file(
    tmp_path: Path, photo: str, folder: str, expected: str
) -> None:
    for place in ("结果/一", "照片", "out/below", "b"):
        (tmp_path / place).mkdir(parents=True)
    (tmp_path / photo).write_bytes(b"picture")
    path = tmp_path / folder / "a.json"
    document = _written(path, tmp_path / photo, a_mask())
    assert document["imagePath"] == expected
    assert (path.parent / document["imagePath"]).read_bytes() == b"picture"


def test_relative_paths_given_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    document = _written(Path("out.json"), Path("..") / "a.jpg", a_mask())
    assert document["imagePath"] == "../a.jpg"
    assert os.listdir() == ["out.json"]  # noqa: PTH208 - as a person would look


def test_metadata_goes_along_after_what_labelme_knows(tmp_path: Path) -> None:
    document = _written(
        tmp_path / "a.json", tmp_path / "a.jpg", a_mask(), mm_per_px=0.2
    )
    assert document["caihua"] == {"mm_per_px": 0.2}
    assert list(document)[-1] == "caihua"


def test_ours_are_replaced_and_a_persons_are_not(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    _written(path, tmp_path / "a.jpg", a_mask())
    _written(path, tmp_path / "a.jpg", a_mask())
    for text in ('{"shapes": []}', "[]", "3", "no json", ""):
        path.write_text(text)
        with pytest.raises(CaihuaError, match="not from Caihua"):
            _written(path, tmp_path / "a.jpg", a_mask())
        assert path.read_text() == text


def test_the_rules_can_be_broken(tmp_path: Path) -> None:
    """The judge of these tests refuses what LabelMe refuses."""
    document = _written(tmp_path / "a.json", tmp_path / "a.jpg", a_mask())
    shape = document["shapes"][0]
    broken: list[tuple[dict[str, Any], str, object]] = [
        (document, "imageWidth", 128.0),
        (document, "imagePath", "a\\b.jpg"),
        (document, "flags", {"checked": 1}),
        (shape, "points", [[0, 0], [5, 5]]),  # of another size than the mask
        (shape, "points", [[0, 0]]),
        (shape, "group_id", True),
        (shape, "label", None),
        (shape, "mask", None),
    ]
    for holder, key, value in broken:
        kept, holder[key] = holder[key], value
        assert len(problems(document, 96, 128)) == 1, (key, value)
        assert len(validate_labelme(document)) == 1, (key, value)
        holder[key] = kept
    assert validate_labelme(document) == []
    nonsense: object
    for nonsense in (None, [], {}, {**document, "shapes": 3}):
        assert len(validate_labelme(nonsense)) == 1
    two = {**shape, "shape_type": "polygon", "mask": None}
    (said,) = validate_labelme({**document, "shapes": [two]})
    assert said == "shapes[0]: a polygon of 2 points stops the exporters"
    assert problems(document, 128, 96) != []
    assert problems(document, 96, 128) == []


def test_a_single_pixel_outlives_labelmes_window(tmp_path: Path) -> None:
    """The window drops a second corner that equals the first."""
    for x, y in ((0, 0), (9, 4), (5, 2)):
        mask = np.zeros((5, 10), np.uint8)
        mask[y, x] = 1
        document = _written(tmp_path / "a.json", tmp_path / "a.jpg", mask)
        first, last = document["shapes"][0]["points"]
        assert first != last
        np.testing.assert_array_equal(_ids(painted(document)), mask)
