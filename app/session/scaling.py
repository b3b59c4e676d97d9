"""A scale made of what a person set and typed; what a tilt does to it."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.session.pointing import Place
from resunet_core.measure.geometry import FourPoints, Geometry
from resunet_core.measure.planes import Cylinder
from resunet_core.measure.scale import (
    TILT_WARNED_DEG,
    Scale,
    scale_of_distance,
    tilt_effect,
)

_ASKEW = re.compile(r"askew by (\d+(?:\.\d+)?)°")


@dataclass(frozen=True)
class Measured:
    """A scale that can be kept, and the surface that it was measured on.

    Attributes:
        scale: Its value, error, method and operator.
        geometry: What flattens the photo; None where it is taken as it is.
        tilt_deg: How far askew the camera looked; None where nobody knows.
    """

    scale: Scale
    geometry: Geometry | None = None
    tilt_deg: float | None = None


def of_distance(
    points: Sequence[Place], mm: float, mm_se: float, tilt_deg: float, operator: str
) -> Measured | None:
    """A known distance between two points; None while something is missing."""
    if len(points) != 2 or mm <= 0 or points[0] == points[1]:
        return None
    one, other = points
    scale = scale_of_distance(one, other, mm, mm_se=mm_se, operator=operator)
    if tilt_deg <= 0:
        return Measured(scale)
    note = f"{scale.note}; camera askew by {tilt_deg:g}°"
    return Measured(replace(scale, note=note), None, tilt_deg)


def of_corners(
    points: Sequence[Place], width_mm: float, height_mm: float, operator: str
) -> Measured | None:
    """A rectangle of known size; None while something is missing.

    Raises:
        WrongUsage: The points are no corners of a rectangle seen askew.
    """
    if len(points) != 4 or width_mm <= 0 or height_mm <= 0:
        return None
    four = FourPoints(tuple(points), width_mm, height_mm)
    plane = four.rectified(operator=operator)
    return Measured(plane.scale, four, plane.tilt_deg)


def of_diameter(
    points: Sequence[Place], mm: float, size: tuple[int, int], operator: str
) -> Measured | None:
    """A column or purlin, two points on its outlines; None while something is missing.

    The line between the points says how it stands: level across a column.
    """
    if len(points) != 2 or mm <= 0:
        return None
    (x1, y1), (x2, y2) = points
    is_upright = abs(x2 - x1) >= abs(y2 - y1)
    one, other = (x1, x2) if is_upright else (y1, y2)
    if one == other:
        return None
    radius_px = abs(other - one) / 2
    width, height = size
    cylinder = Cylinder(
        axis_px=(one + other) / 2,
        radius_px=radius_px,
        radius_mm=mm / 2,
        first_px=0,
        last_px=height if is_upright else width,
        is_upright=is_upright,
        relative_se=math.hypot(math.sqrt(2) / (2 * radius_px), 0.5 / mm),
        operator=operator,
    )
    return Measured(cylinder.scale, cylinder)


def askew_of(scale: Scale | None) -> float:
    """How many degrees askew the camera looked where nothing was rectified."""
    found = None if scale is None else _ASKEW.search(scale.note)
    return float(found.group(1)) if found else 0.0


def area_loss(tilt_deg: float) -> float:
    """Share of an area that such a tilt hides; 0 where it is too little to warn of."""
    return -tilt_effect(tilt_deg) if tilt_deg > TILT_WARNED_DEG else 0.0


__all__ = [
    "Measured",
    "area_loss",
    "askew_of",
    "of_corners",
    "of_diameter",
    "of_distance",
]
