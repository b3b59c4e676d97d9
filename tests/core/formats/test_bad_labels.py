"""Label files that are broken or hostile: refused in a sentence, in bounded memory."""

import base64
import copy
import json
import random
import struct
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from resunet_core.errors import BadAnnotation
from resunet_core.formats import json_file, labelme_reader
from resunet_core.formats.coco_reader import read_coco
from resunet_core.formats.cvat_reader import read_cvat
from resunet_core.formats.labelme import LabelmePhoto, write_labelme
from resunet_core.formats.labelme_reader import read_labelme
from resunet_core.formats.mask_files import read_mask
from resunet_core.mask.regions import ArrayMask, RegionMap
from tests.builders import a_mask

SIZE = (96, 128)
GENERATED = 300
ODD: list[Any] = [
    *(None, True, 0, -1, 1e300, -1e300, 10**30, float("nan"), float("inf"), 1e6),
    *("", "craquelure", "裂缝", "../../etc/passwd", "\\\\srv\\a", "a\0b", "\ud800"),
    *([], {}, [[]], [[1, 2]], [[1]], [[1, 2, 3]], {"a": {"b": []}}, "x" * 5000),
    *([[0, 0]] * 3000, [1] * 10, [{}], [None], "AAAA", [["1", "2"]]),
]
Document = dict[str, Any]


def _labelme(folder: Path) -> Document:
    path = folder / "whole.json"
    pieces = RegionMap(ArrayMask(a_mask())).pieces()
    write_labelme(path, LabelmePhoto(folder / "a.jpg", 128, 96), pieces)
    document: Document = json.loads(path.read_bytes())
    for kind, count in (("polygon", 5), ("circle", 2), ("linestrip", 4)):
        points = [[3.0 * k, 40.0 + k * k] for k in range(count)]
        document["shapes"].append(
            {"label": "crack", "shape_type": kind, "points": points}
        )
    return document


COCO: Document = {
    "images": [{"id": 1, "file_name": "a.jpg", "height": 96, "width": 128}],
    "categories": [{"id": 3, "name": "crack"}, {"id": 4, "name": "loss"}],
    "annotations": [
        {"image_id": 1, "category_id": 3, "segmentation": [[1, 1, 9, 1, 9, 9]]},
        {
            "image_id": 1,
            "category_id": 4,
            "segmentation": {"size": [96, 128], "counts": [10, 5, 12273]},
        },
        {
            "image_id": 1,
            "category_id": 4,
            "segmentation": {"size": [96, 128], "counts": "0a5"},
        },
    ],
}
CVAT = (
    '<?xml version="1.0" encoding="utf-8"?><annotations><version>1.1</version>'
    '<image id="0" name="a.jpg" width="128" height="96">'
    '<polygon label="crack" points="1.0,1.0;9.0,1.0;9.0,9.0" z_order="1"/>'
    '<box label="loss" xtl="1" ytl="2" xbr="30" ybr="9" z_order="0"/>'
    '<mask label="loss" rle="3, 2, 1" left="5" top="5" width="3" height="2"/>'
    "</image></annotations>"
)


def _places(value: Any, found: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:  # noqa: ANN401 - any JSON
    items: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    for key, inner in items:
        found.append((value, key))
        _places(inner, found)
    return found


def _broken(document: Document, rng: random.Random) -> bytes:
    """The document with some values replaced or removed, or its text damaged."""
    changed = copy.deepcopy(document)
    for _ in range(rng.randint(1, 3)):
        holder, key = rng.choice(_places(changed, []))
        if rng.random() < 0.2:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(rng.choice(ODD))
        if not _places(changed, []):
            break
    return _damaged(json.dumps(changed).encode(), rng, often=0.3)


def _damaged(data: bytes, rng: random.Random, often: float) -> bytes:
    if rng.random() < often:
        data = data[: rng.randrange(len(data))]
    if rng.random() < often:
        at = rng.randrange(len(data) + 1)
        data = data[:at] + rng.randbytes(rng.randint(1, 9)) + data[at + 3 :]
    return data


@pytest.mark.parametrize("kind", ["labelme", "coco", "cvat"])
def test_generated_bad_files_are_read_or_refused(tmp_path: Path, kind: str) -> None:
    """300 files of each kind; nothing but `BadAnnotation` comes out."""
    rng = random.Random(kind)  # noqa: S311 - the same files each time
    path, refused = tmp_path / "bad", 0
    whole = _labelme(tmp_path) if kind == "labelme" else COCO
    for _ in range(GENERATED):
        cvat = kind == "cvat"
        path.write_bytes(
            _damaged(CVAT.encode(), rng, 0.7) if cvat else _broken(whole, rng)
        )
        said = _complaint(kind, path)
        refused += said is not None
        assert said is None or len(said) < 600 + 3 * len(str(tmp_path))
    assert refused > GENERATED / 4


def _complaint(kind: str, path: Path) -> str | None:
    try:
        if kind == "labelme":
            read_labelme(path).painted(*SIZE)
        for labels in {"coco": read_coco, "cvat": read_cvat}.get(kind, _none)(path):
            labels.painted(*SIZE)
    except BadAnnotation as error:
        return str(error)
    return None


def _none(_path: Path) -> list[Any]:
    return []


def _png(width: int, height: int, pixels: bytes) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(data, zlib.crc32(name))
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(pixels))
        + chunk(b"IEND", b"")
    )


def _shape(kind: str, points: list[list[float]], **more: object) -> Document:
    return {"label": "crack", "shape_type": kind, "points": points, **more}


def _bomb() -> Document:
    side = 30_000
    png = _png(side, side, bytes(side // 8 + 1) * 100)
    text = base64.b64encode(png).decode()
    return _shape("mask", [[0, 0], [side - 1, side - 1]], mask=text)


ZIGZAG = [[float(k % 2) * 3e6, float(k % 97)] for k in range(400_000)]
HOSTILE: dict[str, tuple[Callable[[], Document], str]] = {
    "a PNG bomb": (_bomb, "larger than the photo"),
    "a million points": (
        lambda: _shape("polygon", [[0, 0], [9, 9], [0, 9]] * 340_000),
        "1020000 points, more than 500000",
    ),
    "a polygon all over": (lambda: _shape("polygon", ZIGZAG), "outline of"),
    "a circle as large as a town": (
        lambda: _shape("circle", [[0, 0], [3e6, 0]]),
        "far larger",
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_shapes_are_refused_before_they_cost(tmp_path: Path, kind: str) -> None:
    shape, words = HOSTILE[kind]
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"imagePath": "a.jpg", "shapes": [shape()]}))
    with pytest.raises(BadAnnotation, match=f"Shape 0 of .*{words}"):
        read_labelme(path).painted(*SIZE)


def test_too_many_shapes_over_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labelme_reader, "PAINT_BUDGET_PX", 10 * 96 * 128)
    path = tmp_path / "a.json"
    whole = _shape("rectangle", [[0, 0], [127, 95]])
    path.write_text(json.dumps({"imagePath": "a.jpg", "shapes": [whole] * 9}))
    assert (read_labelme(path).painted(*SIZE) == 1).all()
    path.write_text(json.dumps({"imagePath": "a.jpg", "shapes": [whole] * 11}))
    with pytest.raises(BadAnnotation, match="more often than can be drawn"):
        read_labelme(path).painted(*SIZE)


def test_huge_and_deep_json_is_refused_in_the_memory_of_its_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"[" * 3_000_000)
    with pytest.raises(BadAnnotation, match="nested too deep"):
        read_labelme(path)
    monkeypatch.setattr(json_file, "MAX_VALUES", 1_000_000)
    path.write_bytes(b"[" + b"[]," * 1_500_000 + b"1]")
    tracemalloc.start()
    with pytest.raises(BadAnnotation, match="holds about 3 million values"):
        read_labelme(path)
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()
    monkeypatch.setattr(json_file, "MAX_BYTES", 1_000_000)
    with pytest.raises(BadAnnotation, match="4 MiB, more than 0 MiB"):
        read_labelme(path)


def test_an_xml_that_unfolds_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    entities = "".join(f'<!ENTITY e{k} "{f"&e{k - 1};" * 10}">' for k in range(1, 9))
    path.write_text(
        f'<!DOCTYPE x [<!ENTITY e0 "x">{entities}]><annotations>&e8;</annotations>'
    )
    with pytest.raises(BadAnnotation, match="declares a document type"):
        read_cvat(path)


@pytest.mark.parametrize("name", ["a.png", "a.tif"])
def test_bad_mask_pictures_are_refused(tmp_path: Path, name: str) -> None:
    rng = random.Random(name)  # noqa: S311 - the same files each time
    path = tmp_path / name
    side = 60_000
    start = _png(side, side, b"") if name == "a.png" else b"II*\0" + bytes(400)
    for data in (b"", start, start[:20], *(rng.randbytes(99) for _ in range(9))):
        path.write_bytes(data)
        with pytest.raises(BadAnnotation, match=r"a\.(png|tif)"):
            read_mask(path, SIZE)
