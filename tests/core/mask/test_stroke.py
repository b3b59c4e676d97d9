"""Brush strokes: what they paint, what they cost, how they end."""

import numpy as np
import pytest

from resunet_core.box import Box
from resunet_core.mask.stroke import Stroke
from resunet_core.mask.tiled import DefectMask

WHOLE = Box.of(700, 1100)


@pytest.fixture
def mask() -> DefectMask:
    """A mask on which the model says craquelure in a band across the tiles."""
    mask = DefectMask(700, 1100)
    for col, width in ((0, 512), (1, 512), (2, 76)):
        tile = np.zeros((512, width), np.uint8)
        tile[100:140] = 1
        mask.model.set_tile(0, col, tile)
    return mask


@pytest.mark.parametrize("x", [30.0, 30.25, 30.5, 30.75])
@pytest.mark.parametrize("y", [40.0, 40.5, 40.99])
@pytest.mark.parametrize("radius", [0.01, 0.5, 0.7])
def test_the_thinnest_brush_paints_the_one_pixel_under_it(
    mask: DefectMask, x: float, y: float, radius: float
) -> None:
    stroke = Stroke(mask, 2, radius, "Stroke")
    assert stroke.extend(x, y) == Box(40, 30, 41, 31)
    assert mask.counts()[2] == 1
    assert mask.read(Box(40, 30, 41, 31))[0, 0] == 2


def test_a_thin_line_has_no_gap(mask: DefectMask) -> None:
    stroke = Stroke(mask, 2, 0.5, "Stroke")
    stroke.extend(3, 7)
    stroke.extend(690.3, 211.8)
    line = mask.read(WHOLE) == 2
    columns = np.flatnonzero(line.any(axis=0))
    assert columns.tolist() == list(range(3, 691))
    middle = [np.flatnonzero(line[:, column]).mean() for column in columns]
    assert np.abs(np.diff(middle)).max() <= 1


def test_what_the_model_said_too_becomes_the_persons(mask: DefectMask) -> None:
    stroke = Stroke(mask, 1, 10, "Confirm")
    stroke.extend(60, 120)
    edit = stroke.finish()
    assert edit is not None
    assert edit.box == Box(110, 50, 130, 70)
    assert mask.read_origin(WHOLE).sum() == 316  # pixels of a disc of radius 10
    mask.model.set_tile(0, 0, None)
    assert mask.read(Box(115, 55, 125, 65)).all()


def test_only_touched_tiles_are_in_the_edit_and_revert_is_exact(
    mask: DefectMask,
) -> None:
    before = mask.read(WHOLE)
    stroke = Stroke(mask, 0, 30, "Erase")
    for step in range(40):
        stroke.extend(480 + 2.5 * step, 120 + step / 3)
    edit = stroke.finish()
    assert edit is not None
    assert [(c.plane, c.row, c.col) for c in edit.changes] == [
        ("person", 0, 0),
        ("person", 0, 1),
    ]
    after = mask.read(WHOLE)
    assert after.sum() < before.sum()
    edit.revert(mask)
    np.testing.assert_array_equal(mask.read(WHOLE), before)
    assert list(mask.person.tiles()) == []
    edit.apply(mask)
    np.testing.assert_array_equal(mask.read(WHOLE), after)


def test_later_strokes_leave_an_earlier_edit_as_it_was(mask: DefectMask) -> None:
    first = Stroke(mask, 2, 20, "First")
    first.extend(300, 300)
    edit = first.finish()
    assert edit is not None
    after = mask.read(WHOLE)
    second = Stroke(mask, 1, 20, "Second")
    second.extend(310, 300)
    assert second.finish() is not None
    edit.apply(mask)
    np.testing.assert_array_equal(mask.read(WHOLE), after)


def test_outside_the_photo_nothing_is_painted(mask: DefectMask) -> None:
    stroke = Stroke(mask, 2, 25, "Stroke")
    assert stroke.extend(-100, -100).is_empty
    assert stroke.extend(-100, 5000).is_empty
    assert stroke.finish() is None
    corner = Stroke(mask, 2, 25, "Stroke")
    assert corner.extend(1100, 700) == Box(675, 1075, 700, 1100)
    assert corner.finish() is not None


def test_repainting_a_persons_pixels_the_same_is_no_edit(mask: DefectMask) -> None:
    for expected in (True, False):
        stroke = Stroke(mask, 2, 9, "Stroke")
        stroke.extend(200, 600)
        stroke.extend(210, 600)
        assert (stroke.finish() is not None) is expected


def test_abort_restores_and_ends(mask: DefectMask) -> None:
    before = mask.read(WHOLE)
    stroke = Stroke(mask, 2, 40, "Stroke")
    stroke.extend(500, 500)
    stroke.extend(540, 530)
    counts = mask.counts()
    stroke.abort()
    np.testing.assert_array_equal(mask.read(WHOLE), before)
    assert mask.counts() != counts
    assert mask.counts()[1] == int((before == 1).sum())
    with pytest.raises(RuntimeError):
        stroke.extend(1, 1)


def test_counts_follow_each_move_of_the_brush(mask: DefectMask) -> None:
    stroke = Stroke(mask, 2, 6, "Stroke")
    for step in range(5):
        stroke.extend(100 + 9 * step, 300)
        assert mask.counts()[2] == int((mask.read(WHOLE) == 2).sum())


@pytest.mark.parametrize(("class_id", "radius"), [(255, 1), (-1, 1), (1, 0), (1, -2)])
def test_impossible_brushes_are_refused(
    mask: DefectMask, class_id: int, radius: float
) -> None:
    with pytest.raises(ValueError, match=r"class id|radius"):
        Stroke(mask, class_id, radius, "Stroke")
