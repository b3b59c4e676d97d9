"""Two photos of one place that are labelled differently."""

import numpy as np

from resunet_core.corrections.overlaps import LabelledView, contradictions
from resunet_core.synthesis.beams import STYLES, painted_beam


def test_only_labels_that_contradict_each_other_are_told_of() -> None:
    rng = np.random.default_rng(3)
    wall = painted_beam(420, 760, rng=rng, style=STYLES[0])
    other = painted_beam(420, 600, rng=np.random.default_rng(8), style=STYLES[1])
    labels = np.zeros(wall.shape[:2], np.uint8)
    labels[100:160, 200:500] = 2
    left = LabelledView("left", wall[:, :600], labels[:, :600])
    agrees = LabelledView("right", wall[:, 120:720], labels[:, 120:720])
    moved = np.roll(labels, 150, axis=0)
    differs = LabelledView("wrong", wall[:, 120:720], moved[:, 120:720])
    far = LabelledView("far", other, np.full(other.shape[:2], 2, np.uint8))
    assert contradictions([left, agrees, far]) == []
    (found,) = contradictions([left, differs, far])
    assert (found.one, found.other) == ("left", "wrong")
    assert found.share > 0.9
