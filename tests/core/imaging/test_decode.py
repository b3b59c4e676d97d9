"""Every kind of file arrives upright, in 8-bit sRGB, or is refused in one sentence."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pytest
import pyvips

from resunet_core.errors import UnreadablePhoto
from resunet_core.imaging.photo import find_photos, open_photo, thumbnail
from resunet_core.imaging.pyramid import build_pyramid, pyramid_path
from resunet_core.progress import run_to_end
from tests.builders import a_photo, painted_pixels, write_photo

PIXELS = painted_pixels(120, 160)
Vips = Any  # pyvips has no type information


def _as_16_bit(image: Vips, interpretation: str) -> Vips:
    deep = (image.cast("ushort") * 257).cast("ushort")
    return deep.copy(interpretation=interpretation)


def _cmyk(image: Vips) -> Vips:
    return image.icc_export(output_profile="cmyk")


def _p3(image: Vips) -> Vips:
    return image.icc_transform("p3")


KINDS: dict[str, tuple[str, Callable[[Vips], Vips], dict[str, Any], float]] = {
    "png": (".png", lambda i: i, {}, 0),
    "jpeg": (".jpg", lambda i: i, {"Q": 95}, 3),
    "webp": (".webp", lambda i: i, {"lossless": True}, 0),
    "tiff": (".tif", lambda i: i, {}, 0),
    "bigtiff tiled": (".tif", lambda i: i, {"tile": True, "bigtiff": True}, 0),
    "16-bit png": (".png", lambda i: _as_16_bit(i, "rgb16"), {}, 0.6),
    "16-bit tiff": (".tif", lambda i: _as_16_bit(i, "rgb16"), {}, 0.6),
    "profile": (".tif", _p3, {}, 2),
    "cmyk jpeg": (".jpg", _cmyk, {"Q": 95}, 12),
}


@pytest.mark.parametrize("kind", KINDS)
def test_colours_survive(tmp_path: Path, kind: str) -> None:
    suffix, change, options, tolerance = KINDS[kind]
    image = pyvips.Image.new_from_array(PIXELS).copy(interpretation="srgb")
    path = tmp_path / f"梁 photo{suffix}"
    path.write_bytes(change(image).write_to_buffer(suffix, **options))
    photo = open_photo(path)
    assert (photo.height, photo.width) == PIXELS.shape[:2]
    pixels = run_to_end(build_pyramid(photo)).read(0, photo.box)
    assert pixels.dtype == np.uint8
    difference = np.abs(pixels.astype(int) - PIXELS).mean()
    assert difference <= tolerance


def test_heic_is_read(tmp_path: Path) -> None:
    path = tmp_path / "phone.heic"
    picture = pillow_heif.from_bytes("RGB", (160, 120), PIXELS.tobytes())
    picture.save(path, quality=95)
    photo = open_photo(path)
    pixels = run_to_end(build_pyramid(photo)).read(0, photo.box)
    assert np.abs(pixels.astype(int) - PIXELS).mean() < 6


def test_grey_and_transparent_become_colour(tmp_path: Path) -> None:
    image = pyvips.Image.new_from_array(PIXELS).copy(interpretation="srgb")
    grey = image.colourspace("b-w")
    half = image.bandjoin(0)  # wholly transparent: white
    for name, made in {"grey.png": grey, "clear.png": half}.items():
        (tmp_path / name).write_bytes(made.write_to_buffer(".png"))
    read = {
        name: run_to_end(build_pyramid(photo)).read(0, photo.box)
        for name in ("grey.png", "clear.png")
        for photo in [open_photo(tmp_path / name)]
    }
    assert read["grey.png"].shape == PIXELS.shape
    assert np.ptp(read["grey.png"], axis=2).max() <= 1
    assert (read["clear.png"] == 255).all()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_turns_are_applied(tmp_path: Path, orientation: int) -> None:
    upright = np.zeros((48, 96, 3), np.uint8)
    upright[:16, :16] = 250  # bright in the corner at the upper left
    # How a camera held that way stores the upright scene.
    stored = {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.transpose(1, 0, 2),
        6: np.rot90(upright, 1),
        7: np.rot90(upright, 2).transpose(1, 0, 2),
        8: np.rot90(upright, -1),
    }[orientation]
    path = write_photo(
        tmp_path / "turned.tif", np.ascontiguousarray(stored), orientation=orientation
    )
    photo = open_photo(path)
    assert (photo.height, photo.width) == (48, 96)
    pixels = run_to_end(build_pyramid(photo)).read(0, photo.box)
    np.testing.assert_array_equal(pixels, upright)
    assert thumbnail(path, 48).shape == (24, 48, 3)


def _png_saying(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    parts = chunk(b"IHDR", header), chunk(b"IDAT", data), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _half(data: bytes) -> bytes:
    return data[: len(data) // 2]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
BAD_FILES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty.jpg": (lambda _: b"", "is empty"),
    "text.jpg": (lambda _: b"not a picture at all", "is not a picture"),
    "drawing.png": (lambda _: SVG, "is not a picture"),
    "cut.jpg": (_half, "truncated"),
    "noise.png": (lambda _: b"\x89PNG\r\n\x1a\n" + bytes(500), "damaged"),
    "noise.tif": (lambda _: b"II*\0" + bytes(range(200)), "damaged"),
    "noise.heic": (lambda _: bytes(300), "damaged"),
    "noise.nef": (lambda _: bytes(300), "damaged"),
    "huge.png": (lambda _: _png_saying(400_000, 400_000), "gigapixels"),
    "lies.png": (lambda _: _png_saying(30_000, 30_000), "damaged"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_files_are_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    make, words = BAD_FILES[name]
    good = a_photo(tmp_path, "good.jpg", height=300, width=300)
    path = tmp_path / name
    path.write_bytes(make(good.read_bytes()))
    with pytest.raises(UnreadablePhoto, match=words) as refusal:
        run_to_end(build_pyramid(open_photo(path)))
    assert name in refusal.value.message
    assert refusal.value.hint
    assert "Traceback" not in str(refusal.value)
    with pytest.raises(UnreadablePhoto):
        thumbnail(path, 64)
    assert not list(pyramid_path(open_photo(good)).parent.glob(".*"))


def test_a_missing_photo_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "gone.jpg"
    assert find_photos([missing]) == [missing]
    with pytest.raises(UnreadablePhoto, match=r"gone\.jpg"):
        open_photo(missing)


def test_folders_are_walked_in_natural_order(tmp_path: Path) -> None:
    for name in ("beam10.png", "beam2.png", "east 东/beam1.png", ".hidden/x.png"):
        a_photo(tmp_path, name, height=8, width=8)
    for name in ("beam2.mask.png", "beam2.overlay.jpg"):  # exported here earlier
        a_photo(tmp_path, name, height=8, width=8)
    (tmp_path / "notes.txt").write_text("no photo")
    found = [p.relative_to(tmp_path).as_posix() for p in find_photos([tmp_path])]
    assert found == ["beam2.png", "beam10.png", "east 东/beam1.png"]
