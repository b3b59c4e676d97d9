"""Figures with no more digits than their error allows."""

import math

from resunet_core.measure.uncertainty import Interval

PLAIN_FIGURES = 3
"""Significant figures of a value whose error is unknown."""


def plain(value: float, figures: int = PLAIN_FIGURES) -> str:
    """A value without a known error: `1,240`, `12.4`, `0.0124`."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    decimals = figures - 1 - _magnitude(value, figures)
    return _fixed(value, min(decimals, 9))


def with_error(interval: Interval, unit: str = "") -> str:
    """A value with its interval: `12.4 cm² (10.9-13.9)` with a dash.

    The half width of the interval is told to one figure, to two where it begins with
    1 or 2; the value and both limits have as many decimals.
    """
    half = (interval.high - interval.low) / 2
    unit = f" {unit}" if unit else ""
    if half <= 0 or not math.isfinite(half):
        return f"{plain(interval.value)}{unit}"
    decimals = _decimals(half)
    value, low, high = (
        _fixed(v, decimals) for v in (interval.value, interval.low, interval.high)
    )
    return f"{value}{unit} ({low}\N{EN DASH}{high})"


def _decimals(error: float) -> int:
    magnitude = _magnitude(error, 2)
    leading = error / 10**magnitude
    return min(9, (1 if leading < 2.95 else 0) - magnitude)


def _magnitude(value: float, figures: int) -> int:
    """The power of ten of a value's first figure, once it is rounded."""
    return int(f"{abs(value):.{figures - 1}e}".partition("e")[2])


def _fixed(value: float, decimals: int) -> str:
    if decimals < 0:
        value, decimals = round(value, decimals), 0
    return f"{value:,.{decimals}f}"
