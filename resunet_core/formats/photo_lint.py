"""What keeps other programs from opening a photo, and a copy that all of them open."""

from pathlib import Path
from typing import Literal

import pyvips

from resunet_core.files import replacing
from resunet_core.imaging.decode import (
    HEIF_SUFFIXES,
    RAW_SUFFIXES,
    decode,
    read_header,
    unreadable,
)

Fault = Literal[
    "too_large", "cmyk", "deep", "turned", "raw", "heic", "profile", "unusual"
]

SAYS: dict[Fault, str] = {
    "too_large": "a side has more than 32,767 px: LabelMe cannot open it",
    "cmyk": "its colours are CMYK",
    "deep": "it has more than 8 bits a channel",
    "turned": "its EXIF data turn it, which not all programs heed",
    "raw": "it is camera raw",
    "heic": "it is HEIC",
    "profile": "its colours are not sRGB",
    "unusual": "it is not an RGB or grey JPEG or PNG",
}
"""Each fault as part of a sentence."""

LABELME_MAX_SIDE_PX = 32_767
COMMON_LOADERS = ("jpegload", "pngload")


def lint_photo(path: Path) -> tuple[Fault, ...]:
    """What is unusual about a photo, from its header alone.

    Raises:
        UnreadablePhoto: It cannot be opened.
    """
    header = read_header(path)
    found: list[Fault] = []
    if max(header.width, header.height) > LABELME_MAX_SIDE_PX:
        found.append("too_large")
    suffix = path.suffix.lower()
    if suffix in RAW_SUFFIXES:
        return (*found, "raw")
    if suffix in HEIF_SUFFIXES:
        return (*found, "heic")
    try:
        image = pyvips.Image.new_from_file(str(path), access="sequential")
    except pyvips.Error as error:
        raise unreadable(path, error) from error
    tag = "orientation"
    checks: dict[Fault, bool] = {
        "cmyk": image.interpretation == "cmyk",
        "deep": image.format != "uchar",
        "turned": bool(image.get_typeof(tag)) and int(image.get(tag)) > 1,
        "profile": _foreign_profile(image),
        "unusual": not str(image.get("vips-loader")).startswith(COMMON_LOADERS)
        or image.bands == 2,
    }
    return (*found, *(fault for fault, there in checks.items() if there))


def _foreign_profile(image: "pyvips.Image") -> bool:
    if not image.get_typeof("icc-profile-data"):
        return False
    # Its description is UTF-16 in newer profiles and plain text in older ones.
    profile = bytes(image.get("icc-profile-data")).replace(b"\0", b"")
    return b"sRGB" not in profile


def write_proxy(photo: Path, path: Path) -> None:
    """Write an upright 8-bit sRGB copy: JPEG or PNG, as the suffix of `path` says.

    Raises:
        UnreadablePhoto: The photo is damaged.
        CaihuaError: The folder cannot be written to.
    """
    image = decode(photo)
    with replacing(path) as beside:
        try:
            if path.suffix == ".jpg":
                image.jpegsave(str(beside), Q=95, subsample_mode="off", keep="none")
            else:
                image.pngsave(str(beside), keep="none")
        except pyvips.Error as error:
            raise unreadable(photo, error) from error
