"""Photos that other programs stumble over are named, and a copy is made for them."""

from pathlib import Path

import numpy as np
import pytest
import pyvips
from PIL import Image, TiffImagePlugin

from resunet_core.errors import UnreadablePhoto
from resunet_core.formats.georeference import georeference_of
from resunet_core.formats.photo_lint import Fault, lint_photo, write_proxy
from tests.builders import a_photo, painted_pixels


def _photo(folder: Path, fault: str) -> Path:
    path = folder / f"{fault}.png"
    pixels = painted_pixels(30, 40)
    if fault == "cmyk":
        path = path.with_suffix(".jpg")
        Image.fromarray(pixels).convert("CMYK").save(path)
    elif fault == "deep":
        Image.fromarray(pixels[..., 0].astype(np.uint16) * 257).save(path)
    elif fault == "turned":
        return a_photo(folder, "turned.jpg", height=40, width=30, orientation=6)
    elif fault == "too_large":
        pyvips.Image.black(40_000, 1).pngsave(str(path))
    elif fault == "unusual":
        return a_photo(folder, "unusual.webp", height=30, width=40)
    return path


@pytest.mark.parametrize("fault", ["cmyk", "deep", "turned", "too_large", "unusual"])
def test_a_fault_is_named_and_the_copy_has_none(tmp_path: Path, fault: Fault) -> None:
    path = _photo(tmp_path, fault)
    before = path.read_bytes()
    assert lint_photo(path) == (fault,)
    for name in ("copy.jpg", "copy.png"):
        write_proxy(path, tmp_path / name)
        left = lint_photo(tmp_path / name)
        assert left == (("too_large",) if fault == "too_large" else ())
        with Image.open(tmp_path / name) as picture:
            assert picture.mode == "RGB"
            if fault != "too_large":
                assert picture.size == (40, 30)
    assert path.read_bytes() == before


def test_a_plain_photo_has_no_fault(tmp_path: Path) -> None:
    assert lint_photo(a_photo(tmp_path, "a.jpg")) == ()
    assert lint_photo(a_photo(tmp_path, "a.png")) == ()
    with pytest.raises(UnreadablePhoto):
        lint_photo(tmp_path / "gone.jpg")


def test_where_a_geotiff_lies(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    for tag, kind, values in (
        (33550, 12, (0.5, 0.25, 0.0)),
        (33922, 12, (10.0, 20.0, 0.0, 1000.0, 2000.0, 0.0)),
        (34735, 3, (1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 32650)),
    ):
        tags.tagtype[tag] = kind
        tags[tag] = values
    Image.new("L", (40, 30)).save(path, tiffinfo=tags)
    found = georeference_of(path)
    assert found is not None
    assert found.matrix == (0.5, 0.0, 0.0, -0.25, 995.0, 2005.0)
    assert found.crs == "urn:ogc:def:crs:EPSG::32650"
    path.with_suffix(".tfw").write_text("2\n0\n0\n-2\n101\n199\n")
    beside = georeference_of(path)
    assert beside is not None
    assert beside.matrix == (2.0, 0.0, 0.0, -2.0, 100.0, 200.0)
    path.with_suffix(".tfw").write_text("no numbers")
    assert georeference_of(path) == found
    assert georeference_of(a_photo(tmp_path, "b.png")) is None
