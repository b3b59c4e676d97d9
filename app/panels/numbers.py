"""How numbers are said: pixels with thin spaces, areas in a fitting unit."""

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
