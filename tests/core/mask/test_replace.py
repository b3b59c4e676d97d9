"""Replacing what the model says, and filling what a person says."""

from collections.abc import Iterator

import numpy as np
import pytest

from resunet_core.box import Box
from resunet_core.mask.fill import fill
from resunet_core.mask.replace import replace_model_plane
from resunet_core.mask.tile import Pixels
from resunet_core.mask.tiled import DefectMask, tiles_meeting

WHOLE = Box.of(700, 1100)


def detected(mask: DefectMask, seed: int) -> Iterator[tuple[int, int, Pixels | None]]:
    values = np.random.default_rng(seed).integers(0, 3, (700, 1100), np.uint8)
    for row, col in tiles_meeting(WHOLE):
        yield row, col, values[mask.model.tile_box(row, col).slices].copy()


def test_a_person_keeps_their_pixels_through_detections() -> None:
    mask = DefectMask(700, 1100)
    disc = np.hypot(*(np.mgrid[-50:50, -60:60] + 0.5)) < 50
    assert fill(mask, Box(480, 480, 580, 600), 0, disc, "Clean") is not None
    person, origin = mask.person.read(WHOLE), mask.read_origin(WHOLE)
    for seed in (1, 2):
        edit = replace_model_plane(mask, detected(mask, seed), "Detect")
        assert edit is not None
        assert {change.plane for change in edit.changes} == {"model"}
    np.testing.assert_array_equal(mask.person.read(WHOLE), person)
    assert not mask.read(WHOLE)[origin == 1].any()
    assert mask.read(WHOLE)[origin == 0].mean() > 0.9


def test_revert_gives_the_former_detection_back() -> None:
    mask = DefectMask(700, 1100)
    replace_model_plane(mask, detected(mask, 1), "Detect")
    before = mask.read(WHOLE)
    cleared = [(0, 0, None), (1, 2, np.ones((188, 76), np.uint8))]
    edit = replace_model_plane(mask, cleared, "Thresholds")
    assert edit is not None
    assert edit.box == WHOLE
    assert len(edit.changes) == 2
    assert not mask.read(Box(0, 0, 512, 512)).any()
    edit.revert(mask)
    np.testing.assert_array_equal(mask.read(WHOLE), before)


def test_the_same_again_is_no_edit() -> None:
    mask = DefectMask(700, 1100)
    assert replace_model_plane(mask, detected(mask, 1), "Detect") is not None
    assert replace_model_plane(mask, detected(mask, 1), "Detect") is None
    assert replace_model_plane(mask, [], "Detect") is None


def test_stopped_on_the_way_nothing_has_changed() -> None:
    mask = DefectMask(700, 1100)
    replace_model_plane(mask, detected(mask, 1), "Detect")
    before = mask.read(WHOLE)

    def broken() -> Iterator[tuple[int, int, Pixels | None]]:
        yield from list(detected(mask, 2))[:4]
        raise InterruptedError

    with pytest.raises(InterruptedError):
        replace_model_plane(mask, broken(), "Detect")
    np.testing.assert_array_equal(mask.read(WHOLE), before)


def test_a_tile_named_twice_goes_back_to_what_it_was_first() -> None:
    mask = DefectMask(700, 1100)
    replace_model_plane(mask, detected(mask, 1), "Detect")
    before = mask.read(WHOLE)
    ones, twos = np.ones((512, 512), np.uint8), np.full((512, 512), 2, np.uint8)
    edit = replace_model_plane(mask, [(0, 0, ones), (0, 0, twos)], "Detect")
    assert edit is not None
    assert (mask.read(Box(0, 0, 512, 512)) == 2).all()
    edit.revert(mask)
    np.testing.assert_array_equal(mask.read(WHOLE), before)


def test_fill_sets_class_ids_pixel_by_pixel_and_reverts() -> None:
    mask = DefectMask(700, 1100)
    replace_model_plane(mask, detected(mask, 3), "Detect")
    before = mask.read(WHOLE)
    rng = np.random.default_rng(4)
    box = Box(-20, 900, 620, 1150)  # reaches beyond the photo on two sides
    ids = rng.integers(0, 5, (box.height, box.width), np.uint8)
    where = rng.random((box.height, box.width)) < 0.5
    edit = fill(mask, box, ids, where, "Import")
    assert edit is not None
    expected = before.copy()
    inside = expected[0:620, 900:1100]
    inside[...] = np.where(where[20:, :200], ids[20:, :200], inside)
    np.testing.assert_array_equal(mask.read(WHOLE), expected)
    edit.revert(mask)
    np.testing.assert_array_equal(mask.read(WHOLE), before)
    nothing = np.zeros((box.height, box.width), bool)
    assert fill(mask, box, 1, nothing, "Nothing") is None


def test_fill_refuses_what_is_no_class_or_does_not_fit() -> None:
    mask = DefectMask(700, 1100)
    box, where = Box(0, 0, 2, 2), np.ones((2, 2), bool)
    with pytest.raises(ValueError, match="class id"):
        fill(mask, box, 255, where, "Fill")
    with pytest.raises(ValueError, match="does not fit"):
        fill(mask, Box(0, 0, 2, 3), 1, where, "Fill")
    assert list(mask.tiles()) == []
