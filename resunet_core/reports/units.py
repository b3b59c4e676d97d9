"""Areas and lengths in the unit that a reader expects, and never in one unknown."""

from resunet_core.measure.figures import plain, with_error
from resunet_core.measure.totals import Total
from resunet_core.measure.uncertainty import Interval

_M2, _CM2 = 1e6, 1e2
_DASH = "\N{EN DASH}"
_FAST = "\N{NO-BREAK SPACE}"  # between a figure and its unit


def area(value: float, *, in_mm: bool, figures: int = 3) -> str:
    """An area: m² from 0.1 m², cm² from 1 cm², else mm²; without a scale px."""
    factor, unit = area_unit(value, in_mm=in_mm)
    return f"{plain(value / factor, figures)}{_FAST}{unit}"


def area_range(found: Interval, *, in_mm: bool) -> str:
    """An area with its 95 % interval."""
    factor, unit = area_unit(found.value, in_mm=in_mm)
    return with_error(found.scaled(1 / factor), unit).replace(" ", _FAST)


def area_unit(value: float, *, in_mm: bool) -> tuple[float, str]:
    """How many mm² or px the unit of an area holds, and the unit."""
    if not in_mm:
        return (1e6, "Mpx") if value >= 1e5 else (1.0, "px")
    if value >= 0.1 * _M2:
        return _M2, "m²"
    return (_CM2, "cm²") if value >= _CM2 else (1.0, "mm²")


def length(value: float, *, in_mm: bool) -> str:
    """A length: m from 10 m, cm from 10 cm, else mm; without a scale px."""
    if not in_mm:
        return f"{plain(value)}{_FAST}px"
    if value >= 10_000:
        return f"{plain(value / 1000)}{_FAST}m"
    if value >= 100:
        return f"{plain(value / 10)}{_FAST}cm"
    return f"{plain(value)}{_FAST}mm"


def density(value: float, *, in_mm: bool) -> str:
    """Crack length on an area: mm/cm², or px on 1000 px of area."""
    if in_mm:
        return f"{plain(100 * value)}{_FAST}mm/cm²"
    return f"{plain(1000 * value)}{_FAST}px/kpx"


def width(value: float, *, in_mm: bool) -> str:
    """The width of a crack."""
    return f"{plain(value, 2)}{_FAST}{'mm' if in_mm else 'px'}"


def percent(share: float) -> str:
    """A share of 0 to 1 with one decimal, two below 1 %."""
    value = 100 * share
    return (
        f"{value:.1f}{_FAST}%" if value == 0 or value >= 1 else f"{value:.2f}{_FAST}%"
    )


def whole_percent(share: float) -> str:
    """A share of 0 to 1 without decimals."""
    return f"{100 * share:.0f}{_FAST}%"


def percent_range(low: float, high: float) -> str:
    """Two shares of 0 to 1: `16.4-19.3 %`."""
    return f"{100 * low:.1f}{_DASH}{100 * high:.1f}{_FAST}%"


def median_width(place: Total) -> str:
    """The median width; with "≤" where most of the length is too narrow to measure."""
    widths = place.widths
    value = width(widths.quantile(0.5), in_mm=place.in_mm)
    return f"≤{_FAST}{value}" if widths.too_narrow_share > 0.5 else value
