"""How large a pixel is, who measured it in which way, and how well."""

import json
import math
from dataclasses import asdict, dataclass
from typing import Literal

from resunet_core.errors import WrongUsage
from resunet_core.formats.georeference import Georeference

Method = Literal[
    "georeference", "rectified", "target", "distance", "cylinder", "dpi", "given"
]
"""Ways to know a scale, the best first; `given` is a number without its story."""

METHODS: tuple[Method, ...] = (
    "georeference",
    "rectified",
    "target",
    "distance",
    "cylinder",
    "dpi",
    "given",
)

POINTING_SE_PX = 1.0
"""How far off a person sets a point, one standard error."""

RULER_SE_MM = 0.5
"""How far off a tape measure is read."""

TILT_WARNED_DEG = 5.0
"""Less foreshortens areas by under 0.4 %."""

_GSD_SE = 0.002  # of an orthophoto; what its control points leave
_SCAN_SE = 0.005
_GIVEN_SE = 0.02


@dataclass(frozen=True)
class Scale:
    """Millimetres per pixel; without a value of this type there are no millimetres.

    Attributes:
        mm_per_px: Above 0.
        relative_se: Standard error over value; that of an area is twice as large.
        method: How it was measured.
        operator: Who measured it.
        note: What was measured.
    """

    mm_per_px: float
    relative_se: float
    method: Method = "given"
    operator: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            WrongUsage: The scale is not above 0, or its error is negative.
        """
        if not 0 < self.mm_per_px < math.inf or not 0 <= self.relative_se < math.inf:
            raise WrongUsage(
                f"A scale of {self.mm_per_px} mm per pixel is not possible.",
                "Give numbers above 0.",
            )

    @property
    def mm_per_px_se(self) -> float:
        """Standard error in millimetres per pixel."""
        return self.mm_per_px * self.relative_se

    @property
    def relative_area_se(self) -> float:
        """Standard error of areas over their value."""
        return 2 * self.relative_se

    def mm(self, length_px: float) -> float:
        """Millimetres of a length."""
        return length_px * self.mm_per_px

    def mm2(self, area_px: float) -> float:
        """Square millimetres of an area."""
        return area_px * self.mm_per_px**2

    def mm_per_cm2(self, density_per_px: float) -> float:
        """Millimetres of crack on a square centimetre."""
        return density_per_px / self.mm_per_px * 100

    def to_json(self) -> str:
        """The scale as a project keeps it."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Scale":
        """The scale that `to_json` wrote.

        Raises:
            ValueError: The text says something else.
        """
        try:
            data = json.loads(text)
            return cls(
                float(data["mm_per_px"]),
                float(data["relative_se"]),
                METHODS[METHODS.index(data["method"])],
                str(data["operator"]),
                str(data["note"]),
            )
        except (ValueError, KeyError, TypeError, WrongUsage) as error:
            raise ValueError(f"no scale: {text[:80]}") from error


def given_scale(mm_per_px: float, *, operator: str = "") -> Scale:
    """A number that somebody says, with 2 % of doubt."""
    return Scale(mm_per_px, _GIVEN_SE, "given", operator)


def scale_of_distance(
    one: tuple[float, float],
    other: tuple[float, float],
    mm: float,
    *,
    mm_se: float = RULER_SE_MM,
    pointing_se_px: float = POINTING_SE_PX,
    operator: str = "",
) -> Scale:
    """The scale of a known distance between two points (x, y).

    Raises:
        WrongUsage: The points are the same, or the distance is not above 0.
    """
    px = math.dist(one, other)
    if px <= 0 or not mm > 0:
        raise WrongUsage(
            f"{mm:g} mm over {px:.1f} px gives no scale.",
            "Set two points apart, and say how far apart they are.",
        )
    error = math.hypot(math.sqrt(2) * pointing_se_px / px, mm_se / mm)
    return Scale(mm / px, error, "distance", operator, f"{mm:g} mm over {px:.0f} px")


def scale_of_dpi(dpi: float, *, operator: str = "") -> Scale:
    """The scale of a scan; what cameras write as DPI means nothing."""
    if not dpi > 0:
        raise WrongUsage(f"{dpi:g} dpi is not possible.", "Give a number above 0.")
    return Scale(25.4 / dpi, _SCAN_SE, "dpi", operator, f"{dpi:g} dpi")


def scale_of_georeference(
    found: Georeference, *, metres_per_unit: float = 1.0, operator: str = ""
) -> Scale:
    """The pixel size of an orthophoto with a GeoTIFF's tags or a world file.

    Raises:
        WrongUsage: Its unit is degrees, or its pixels are no squares.
    """
    a, b, d, e, _, _ = found.matrix
    along, down = math.hypot(a, d), math.hypot(b, e)
    if not 0 < along < math.inf or abs(along - down) > 0.01 * along:
        raise WrongUsage(
            f"Its pixels measure {along:g} x {down:g}: no squares.",
            "Export the orthophoto with square pixels.",
        )
    # 4326 and its neighbours count degrees: a pixel has no size in them.
    code = found.crs.rpartition(":")[2]
    if code.isdecimal() and 4000 <= int(code) < 5000:
        raise WrongUsage(
            f"EPSG {code} counts degrees.", "Export the orthophoto in metres."
        )
    size = 1000 * metres_per_unit * math.sqrt(abs(a * e - b * d))
    return Scale(size, _GSD_SE, "georeference", operator, found.crs)


def tilt_effect(tilt_deg: float) -> float:
    """How much too small areas come out at a tilt, as a share: -0.29 at 45 degrees."""
    return math.cos(math.radians(tilt_deg)) - 1


def tilt_warning(tilt_deg: float) -> str:
    """What a tilt that was not rectified does, in words; empty up to 5 degrees."""
    if abs(tilt_deg) <= TILT_WARNED_DEG:
        return ""
    return (
        f"The camera looked {abs(tilt_deg):.0f}° askew: areas come out "
        f"{-100 * tilt_effect(tilt_deg):.1f} % too small. Set four points to rectify."
    )
