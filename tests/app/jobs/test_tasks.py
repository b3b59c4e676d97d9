"""What the window asks of the core."""

import numpy as np

from app.jobs.tasks import _unmeasured, classify_in_parts
from resunet_core.box import Box
from resunet_core.mask.threshold import DetectionSettings, model_tiles
from resunet_core.progress import Progress, Steps, run_to_end


class Map:
    """Probabilities of 0.6 everywhere, enough for more than one part."""

    keys: tuple[str, ...] = ("craquelure",)
    height = 2100
    width = 4200

    def read(self, box: Box) -> np.ndarray:
        return np.full((1, box.height, box.width), 153, np.uint8)


def test_parts_hold_all_tiles_and_begin_with_what_is_seen() -> None:
    settings = DetectionSettings({"craquelure": 0.5}, {"craquelure": 0})
    seen = Box(2060, 4110, 2090, 4190)
    parts = list(classify_in_parts(Map(), settings, seen))
    assert len(parts) > 1
    assert (parts[0][0][0], parts[0][0][1]) == (4, 8)
    found = sorted((row, col) for part in parts for row, col, _ in part)
    assert found == sorted((row, col) for row, col, _ in model_tiles(Map(), settings))


def test_work_that_only_prepares_fills_no_bar_and_is_closed() -> None:
    closed: list[bool] = []

    def prepare() -> Steps[str]:
        try:
            yield Progress(1, 2, "Unpacking")
            yield Progress(2, 2, "Unpacking")
            return "ready"
        finally:
            closed.append(True)

    assert {step.fraction for step in _unmeasured(prepare())} == {0}
    assert run_to_end(_unmeasured(prepare())) == "ready"
    halfway = _unmeasured(prepare())
    next(halfway)
    halfway.close()
    assert closed == [True] * 3
