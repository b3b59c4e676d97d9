"""How numbers are said: pixels with thin spaces, areas in a fitting unit."""

import math

from PySide6.QtCore import QCoreApplication, QLocale

THIN_SPACE = "\u202f"


def said_pixels(count: int) -> str:
    """A count of pixels in groups of three, as the SI writes them."""
    return f"{count:,}".replace(",", THIN_SPACE)


def said_share(share: float) -> str:
    """A share as per cent with as many digits as it needs; tiny ones are not 0."""
    if 0 < share < 0.0001:
        return "< 0.01 %"
    return f"{QLocale().toString(100 * share, 'f', 2)} %"


def said_area(area_mm2: float) -> str:
    """An area in mm², cm² or m², whichever reads best."""
    for unit, size in (("m²", 1e6), ("cm²", 1e2)):
        if area_mm2 >= size:
            return f"{QLocale().toString(area_mm2 / size, 'f', 2)} {unit}"
    return f"{QLocale().toString(area_mm2, 'f', 1)} mm²"


def said_time_left(seconds: float) -> str:
    """Time that remains, as coarse as the estimate is."""
    said = QCoreApplication.translate
    if seconds < 10:
        return said("Time", "a few seconds left")
    if seconds < 90:
        return said("Time", "about {0} s left").format(round(seconds / 10) * 10)
    return said("Time", "about {0} min left").format(max(2, round(seconds / 60)))


def said_length(length: float, *, in_mm: bool) -> str:
    """A length in m, cm or mm; without a scale in pixels."""
    if not in_mm:
        return f"{said_pixels(round(length))} px"
    if length >= 10_000:
        return f"{_figure(length / 1000)} m"
    if length >= 100:
        return f"{_figure(length / 10)} cm"
    return f"{_figure(length)} mm"


def said_width(width: float, *, in_mm: bool) -> str:
    """The width of a crack."""
    return f"{_figure(width, 2)} {'mm' if in_mm else 'px'}"


def said_density(density: float, *, in_mm: bool) -> str:
    """Crack length on an area: mm/cm², or px on a square of 100 px."""
    if in_mm:
        return f"{_figure(100 * density)} mm/cm²"
    return f"{_figure(100 * density)} %"


def said_scale(mm_per_px: float, relative_se: float) -> str:
    """A scale with its standard error."""
    return f"{_figure(mm_per_px, 4)} mm/px ± {_figure(100 * relative_se, 2)} %"


def said_place_area(area: float, *, in_mm: bool) -> str:
    """An area, in pixels or millions of them where the scale is unknown."""
    if in_mm:
        return said_area(area)
    if area >= 1e5:
        return f"{QLocale().toString(area / 1e6, 'f', 2)} MP"
    return f"{said_pixels(round(area))} px"


def _figure(value: float, digits: int = 3) -> str:
    """A value with so many significant figures, never in powers of ten."""
    if value <= 0:
        return "0"
    decimals = max(0, digits - 1 - math.floor(math.log10(value)))
    return QLocale().toString(value, "f", min(decimals, 9))
