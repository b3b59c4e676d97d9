"""Decoders: any supported picture file as an upright 8-bit sRGB libvips image.

libvips works on streams: opening reads the header only, pixels flow when a pyramid or a
thumbnail is written.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyvips

from resunet_core.errors import UnreadablePhoto

RAW_SUFFIXES = frozenset(
    {".cr2", ".cr3", ".nef", ".arw", ".dng", ".raf", ".orf", ".rw2"}
)
HEIF_SUFFIXES = frozenset({".heic", ".heif"})
STREAMED_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".btf", ".webp"}
)
SUPPORTED_SUFFIXES = RAW_SUFFIXES | HEIF_SUFFIXES | STREAMED_SUFFIXES

# libvips also reads SVG and PDF, whose content decides what is loaded. A file is known
# by its first bytes, not by its name, so that none of these is reached.
SIGNATURES = (
    b"\xff\xd8\xff",  # JPEG
    b"\x89PNG\r\n\x1a\n",
    b"II*\0",  # TIFF and BigTIFF, both byte orders
    b"MM\0*",
    b"II+\0",
    b"MM\0+",
    b"RIFF",  # WebP
)
MAX_PIXELS = 8_000_000_000
MAX_SIDE_PX = 500_000
WHITE = [255.0, 255.0, 255.0]

VipsImage = Any  # pyvips has no type information
Access = Literal["sequential", "random"]


@dataclass(frozen=True)
class Header:
    """What is known of a photo before a pixel is decoded; sizes are upright."""

    width: int
    height: int
    notes: tuple[str, ...]


def read_header(path: Path) -> Header:
    """Size and remarks of a photo, from its header.

    Raises:
        UnreadablePhoto: Missing, no picture, or larger than any camera makes.
    """
    if path.suffix.lower() in RAW_SUFFIXES:
        return _raw_header(path)
    image = _open(path, "sequential")
    _refuse_huge(path, image.width, image.height)
    turned = _orientation(image) >= 5
    size = (image.height, image.width) if turned else (image.width, image.height)
    return Header(*size, notes=_notes(image))


def decode(path: Path) -> VipsImage:
    """The whole photo as an upright uchar sRGB image of three bands, not yet computed.

    Raises:
        UnreadablePhoto: It cannot be opened. Damage further on shows when the pixels
            are read, as `pyvips.Error`: wrap that with `unreadable`.
    """
    if path.suffix.lower() in RAW_SUFFIXES:
        return _decode_raw(path)
    image = _open(path, "sequential")
    _refuse_huge(path, image.width, image.height)
    if _orientation(image) > 1:  # a turn reads rows out of order
        image = _open(path, "random")
    try:
        return _to_srgb(image.autorot())
    except pyvips.Error as error:
        raise unreadable(path, error) from error


def thumbnail(path: Path, max_px: int) -> VipsImage:
    """A small upright sRGB picture, decoded no finer than needed.

    Raises:
        UnreadablePhoto: It cannot be decoded.
    """
    if path.suffix.lower() in RAW_SUFFIXES | HEIF_SUFFIXES:
        image = decode(path)
        return image.thumbnail_image(max_px, height=max_px, size="down")
    _open(path, "sequential")  # the same refusals, in the same words
    try:
        image = pyvips.Image.thumbnail(
            str(path), max_px, height=max_px, size="down", fail_on="truncated"
        )
        return _to_srgb(image)
    except pyvips.Error as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: Exception) -> UnreadablePhoto:
    """The error of a decoder in one plain sentence."""
    if not path.exists():
        return UnreadablePhoto(
            f"{path} is not there any more.",
            "Bring it back, or remove it from the list.",
        )
    text = str(error).lower()
    if any(word in text for word in ("truncat", "premature", "end of file", "eof")):
        return UnreadablePhoto(
            f"{path.name} is truncated: part of the picture is missing.",
            "Copy it from the camera again.",
        )
    if "no space" in text or "write failed" in text or "write error" in text:
        return UnreadablePhoto(
            f"There is no room to unpack {path.name}.", "Make room on the disk."
        )
    return UnreadablePhoto(
        f"{path.name} is damaged or is not a picture.",
        "Check that other programs open it.",
    )


def _open(path: Path, access: Access) -> VipsImage:
    try:
        if path.stat().st_size == 0:
            raise UnreadablePhoto(f"{path.name} is empty.", "Copy it again.")
        with path.open("rb") as stream:
            start = stream.read(16)
    except OSError as error:
        raise UnreadablePhoto(
            f"{path} cannot be read: {error.strerror or error}.",
            "Check the path and your rights to it.",
        ) from error
    if path.suffix.lower() in HEIF_SUFFIXES:
        return _open_heif(path)
    if not start.startswith(SIGNATURES):
        raise UnreadablePhoto(
            f"{path.name} is not a picture that Caihua reads.",
            "JPEG, PNG, TIFF, WebP, HEIC and camera raw are read.",
        )
    try:
        return pyvips.Image.new_from_file(str(path), access=access, fail_on="truncated")
    except pyvips.Error as error:
        raise unreadable(path, error) from error


def _open_heif(path: Path) -> VipsImage:
    import pillow_heif  # noqa: PLC0415 - a large library that few photos need

    try:
        picture = pillow_heif.open_heif(path, convert_hdr_to_8bit=True)
        pixels = picture.to_pillow().convert("RGB")
    except (ValueError, SyntaxError, OSError, EOFError, RuntimeError) as error:
        raise unreadable(path, error) from error
    image = pyvips.Image.new_from_array(pixels, interpretation="srgb")
    profile = picture.info.get("icc_profile")
    if profile:
        image = image.copy()
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    return image


def _raw_header(path: Path) -> Header:
    import rawpy  # noqa: PLC0415 - a large library that few photos need

    try:
        with rawpy.imread(str(path)) as raw:
            sizes = raw.sizes
    except (rawpy.LibRawError, OSError) as error:
        raise unreadable(path, error) from error
    turned = sizes.flip in {5, 6}
    width, height = sizes.iwidth, sizes.iheight
    size = (height, width) if turned else (width, height)
    _refuse_huge(path, *size)
    return Header(
        *size, notes=("Camera raw, developed with the camera's white balance.",)
    )


def _decode_raw(path: Path) -> VipsImage:
    import rawpy  # noqa: PLC0415 - a large library that few photos need

    try:
        with rawpy.imread(str(path)) as raw:
            pixels = raw.postprocess(use_camera_wb=True, output_bps=8)
    except (rawpy.LibRawError, OSError) as error:
        raise unreadable(path, error) from error
    return pyvips.Image.new_from_array(pixels, interpretation="srgb")


def _refuse_huge(path: Path, width: int, height: int) -> None:
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE_PX:
        raise UnreadablePhoto(
            f"{path.name} says it is {width} x {height} px, which is more than "
            f"{MAX_PIXELS // 10**9} gigapixels.",
            "Cut it into parts, or check that the file is not damaged.",
        )


def _orientation(image: VipsImage) -> int:
    tag = "orientation"
    return int(image.get(tag)) if image.get_typeof(tag) else 1


def _has_profile(image: VipsImage) -> bool:
    return bool(image.get_typeof("icc-profile-data"))


def _notes(image: VipsImage) -> tuple[str, ...]:
    notes = []
    if not _has_profile(image):
        notes.append("No colour profile: taken as sRGB.")
    if image.format in {"ushort", "float", "double"}:
        notes.append("More than 8 bits a channel: shown and analysed in 8.")
    if image.hasalpha():
        notes.append("Transparent parts are shown white.")
    return tuple(notes)


def _to_srgb(image: VipsImage) -> VipsImage:
    """Profiles first, then depth, then alpha: each step needs the one before."""
    alpha = None
    if image.hasalpha():
        bands = image.bands
        alpha = image[bands - 1]
        # 16-bit alpha runs to 65535: brought to 0..255 like the colours.
        if image.format == "ushort":
            alpha = alpha / 257.0
        image = image.extract_band(0, n=bands - 1)
    if _has_profile(image):
        image = image.icc_transform("srgb", embedded=True, intent="relative", depth=8)
    elif image.interpretation == "cmyk":
        image = image.icc_transform("srgb", input_profile="cmyk", depth=8)
    elif image.interpretation != "srgb" or image.bands != 3:
        image = image.colourspace("srgb")
    if image.bands == 1:
        image = image.bandjoin([image, image])
    if alpha is not None:
        image = image.bandjoin(alpha.cast("uchar")).flatten(background=WHITE)
    return image.extract_band(0, n=3).cast("uchar").copy(interpretation="srgb")
