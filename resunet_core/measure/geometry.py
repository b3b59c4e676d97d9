"""What a person set in a photo to say where its surface lies: points, or a cylinder."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from resunet_core.errors import WrongUsage
from resunet_core.measure.planes import Cylinder, Rectification, rectify_four_points


@dataclass(frozen=True)
class FourPoints:
    """Corners (x, y) of a rectangle of known size, clockwise from the top left."""

    corners: tuple[tuple[float, float], ...]
    width_mm: float
    height_mm: float

    def rectified(self, *, operator: str = "") -> Rectification:
        """The plane that the rectangle lies on.

        Raises:
            WrongUsage: They are no corners of a rectangle seen askew.
        """
        return rectify_four_points(
            self.corners, self.width_mm, self.height_mm, operator=operator
        )


Geometry = FourPoints | Cylinder
"""Of a surface that the camera did not look at squarely."""


def geometry_to_data(geometry: Geometry) -> dict[str, Any]:
    """Plain values for JSON."""
    if isinstance(geometry, FourPoints):
        return {
            "kind": "four points",
            "corners": [list(corner) for corner in geometry.corners],
            "width_mm": geometry.width_mm,
            "height_mm": geometry.height_mm,
        }
    return {
        "kind": "cylinder",
        "axis_px": geometry.axis_px,
        "radius_px": geometry.radius_px,
        "radius_mm": geometry.radius_mm,
        "first_px": geometry.first_px,
        "last_px": geometry.last_px,
        "is_upright": geometry.is_upright,
        "relative_se": geometry.relative_se,
        "operator": geometry.operator,
    }


def geometry_from_data(data: Mapping[str, Any]) -> Geometry:
    """What `geometry_to_data` made plain values of.

    Raises:
        ValueError: The values say something else.
    """
    try:
        if data["kind"] == "four points":
            corners = tuple((float(x), float(y)) for x, y in data["corners"])
            found = FourPoints(
                corners, float(data["width_mm"]), float(data["height_mm"])
            )
            found.rectified()
            return found
        if data["kind"] == "cylinder":
            return Cylinder(
                axis_px=float(data["axis_px"]),
                radius_px=float(data["radius_px"]),
                radius_mm=float(data["radius_mm"]),
                first_px=float(data["first_px"]),
                last_px=float(data["last_px"]),
                is_upright=bool(data["is_upright"]),
                relative_se=float(data["relative_se"]),
                operator=str(data["operator"]),
            )
    except (KeyError, TypeError, AttributeError, WrongUsage) as error:
        raise ValueError(f"no geometry: {str(data)[:80]}") from error
    raise ValueError(f"no geometry: {str(data)[:80]}")
