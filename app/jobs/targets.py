"""What a photo itself tells of its scale: targets in it, and a world file beside it."""

from dataclasses import replace
from pathlib import Path

from resunet_core.box import Box
from resunet_core.formats.georeference import georeference_of
from resunet_core.imaging.photo import open_photo
from resunet_core.imaging.pyramid import build_pyramid
from resunet_core.measure.scale import Scale, scale_of_georeference
from resunet_core.measure.targets import Marker, find_markers
from resunet_core.progress import Progress, Steps

_LARGEST_PX = 6000  # of a side: a marker that is lost there is too small to measure by


def find_targets(path: Path) -> Steps[tuple[Marker, ...]]:
    """The markers in a photo, in its own pixels.

    Raises:
        CaihuaError: It cannot be read.
    """
    pyramid = yield from build_pyramid(open_photo(path))
    try:
        sizes = pyramid.levels
        fitting = [k for k, size in enumerate(sizes) if max(size) <= _LARGEST_PX]
        level = fitting[0] if fitting else len(sizes) - 1
        yield Progress(0, 1)
        markers = find_markers(pyramid.read(level, Box.of(*sizes[level])))
    finally:
        pyramid.close()
    factor = 2**level
    return tuple(
        replace(
            marker,
            corners=tuple((x * factor, y * factor) for x, y in marker.corners),
        )
        for marker in markers
    )


def read_georeference(path: Path) -> Scale | None:
    """The pixel size that a GeoTIFF or world file tells; None where there is none.

    Raises:
        WrongUsage: What it tells is no scale.
    """
    found = georeference_of(path)
    return None if found is None else scale_of_georeference(found)
