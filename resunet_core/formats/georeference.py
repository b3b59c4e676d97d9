"""Where a photo lies on a map or a measured drawing, if it says so."""

from dataclasses import dataclass
from pathlib import Path

WORLD_SUFFIXES = {
    ".jpg": (".jgw", ".jpgw", ".jpegw", ".wld"),
    ".jpeg": (".jgw", ".jpgw", ".jpegw", ".wld"),
    ".png": (".pgw", ".pngw", ".wld"),
    ".tif": (".tfw", ".tifw", ".wld"),
    ".tiff": (".tfw", ".tifw", ".tiffw", ".wld"),
}
MAX_BYTES = 4096


@dataclass(frozen=True)
class Georeference:
    """Turns pixels into coordinates: X = a x + b y + c, Y = d x + e y + f.

    Attributes:
        matrix: a, b, d, e, c, f, for x and y from the photo's top left corner.
        crs: Name of the coordinate system, empty where the photo does not say it.
    """

    matrix: tuple[float, float, float, float, float, float]
    crs: str = ""


def georeference_of(photo: Path) -> Georeference | None:
    """The georeference of a photo: a world file beside it or the GeoTIFF's own."""
    return _from_world_file(photo) or _from_geotiff(photo)


def _from_world_file(photo: Path) -> Georeference | None:
    for suffix in WORLD_SUFFIXES.get(photo.suffix.lower(), ()):
        for path in (photo.with_suffix(suffix), photo.with_suffix(suffix.upper())):
            try:
                if path.stat().st_size > MAX_BYTES:
                    continue
                words = path.read_text(encoding="ascii").split()
                a, d, b, e, c, f = (float(word) for word in words)
            except (OSError, ValueError):  # none, or none that says anything
                continue
            # World files speak of the middle of the first pixel.
            return Georeference((a, b, d, e, c - (a + b) / 2, f - (d + e) / 2))
    return None


def _from_geotiff(photo: Path) -> Georeference | None:
    if photo.suffix.lower() not in {".tif", ".tiff"}:
        return None
    from PIL import Image  # noqa: PLC0415 - only here, and only for TIFF

    try:
        with Image.open(photo) as picture:
            tags = getattr(picture, "tag_v2", {})
            scale, tie = tags.get(33550), tags.get(33922)
            full, keys = tags.get(34264), tags.get(34735)
    except (OSError, ValueError, SyntaxError):
        return None
    crs = _crs(keys)
    if full is not None and len(full) == 16:
        a, b, _, c, d, e, _, f = (float(value) for value in full[:8])
        return Georeference((a, b, d, e, c, f), crs)
    if scale is None or tie is None or len(scale) < 2 or len(tie) < 6:
        return None
    x, y, _, east, north = (float(value) for value in tie[:5])
    a, e = float(scale[0]), -float(scale[1])
    return Georeference((a, 0.0, 0.0, e, east - a * x, north - e * y), crs)


def _crs(keys: "tuple[int, ...] | None") -> str:
    """The EPSG code in the GeoTIFF's keys: projected before geographic."""
    found = {}
    for k in range(4, len(keys or ()) - 3, 4):
        key, place, _, value = (keys or ())[k : k + 4]
        if place == 0:
            found[key] = value
    for key in (3072, 2048):
        if 1024 <= found.get(key, 0) < 32767:
            return f"urn:ogc:def:crs:EPSG::{found[key]}"
    return ""
