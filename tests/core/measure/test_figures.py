"""No figure has more digits than its error allows; no area hides what it hangs on."""

import numpy as np
import pytest

from resunet_core.box import Box
from resunet_core.mask.regions import ArrayMask
from resunet_core.measure.figures import plain, with_error
from resunet_core.measure.sensitivity import RimBand, areas_at_thresholds, rim_band
from resunet_core.measure.surface import OUT_OF_SCOPE, Surface
from resunet_core.measure.uncertainty import Interval


@pytest.mark.parametrize(
    ("interval", "said"),
    [
        (Interval(12.412, 10.88, 13.93), "12.4 cm² (10.9-13.9)"),
        (Interval(12.412, 11.9, 12.9), "12.4 cm² (11.9-12.9)"),
        (Interval(1234.5, 1101, 1371), "1,230 cm² (1,100-1,370)"),
        (Interval(1234.5, 700, 1771), "1,200 cm² (700-1,800)"),
        (Interval(0.01239, 0.0121, 0.0127), "0.0124 cm² (0.0121-0.0127)"),
        (Interval(5.0, 5.0, 5.0), "5.00 cm²"),
    ],
)
def test_digits_end_where_the_error_begins(interval: Interval, said: str) -> None:
    assert with_error(interval, "cm²").replace("\N{EN DASH}", "-") == said


def test_three_figures_where_no_error_is_known() -> None:
    said = [plain(v) for v in (0, 0.01239, 1.2345, 99.96, 123.4, 123_456)]
    assert said == ["0", "0.0124", "1.23", "100", "123", "123,000"]


class _Probabilities:
    keys: tuple[str, ...] = ("craquelure", "paint_loss")
    height, width = 4, 256

    def read(self, box: Box) -> np.ndarray:
        one = np.tile(np.arange(256, dtype=np.uint8), (4, 1))
        return np.stack([one, 255 - one])[:, *box.slices]


def test_areas_at_three_thresholds() -> None:
    scope = np.zeros((4, 256), np.uint8)
    scope[2:] = OUT_OF_SCOPE
    surface = Surface(ArrayMask(scope), ArrayMask(scope))
    found = areas_at_thresholds(_Probabilities(), "craquelure", surface)
    assert [area.area_px for area in found] == [2 * (256 - k) for k in (77, 128, 179)]


def test_a_pixel_at_the_rim_is_most_of_a_crack() -> None:
    mask = np.zeros((2000, 30), np.uint8)
    mask[1015:1035, 5:25] = 2
    assert rim_band(Surface(ArrayMask(mask)), 2) == RimBand(18 * 18, 400, 480)
    mask[:] = 0
    mask[:, 10] = 1
    assert rim_band(Surface(ArrayMask(mask)), 1) == RimBand(0, 2000, 6000)
