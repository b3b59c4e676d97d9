"""Many edits as one."""

import numpy as np

from app.session.merge import merge_edits
from resunet_core.box import Box
from resunet_core.mask.replace import replace_model_plane
from resunet_core.mask.tiled import DefectMask

FRAME = Box.of(600, 600)


def test_merged_edits_lead_from_the_first_state_to_the_last_and_back() -> None:
    rng = np.random.default_rng(0)
    mask = DefectMask(FRAME.height, FRAME.width)
    replace_model_plane(mask, [(0, 0, np.ones((512, 512), np.uint8))], "")
    before = mask.read(FRAME)
    edits = []
    for row, col in ((0, 0), (0, 1), (0, 0), (1, 0)):
        box = mask.model.tile_box(row, col)
        tile = rng.integers(0, 3, (box.height, box.width)).astype(np.uint8)
        edit = replace_model_plane(mask, [(row, col, tile)], "")
        assert edit is not None
        edits.append(edit)
    after = mask.read(FRAME)
    merged = merge_edits("Thresholds", edits)
    assert merged is not None
    assert len(merged.changes) == 3
    merged.revert(mask)
    assert (mask.read(FRAME) == before).all()
    merged.apply(mask)
    assert (mask.read(FRAME) == after).all()


def test_nothing_merged_is_no_edit() -> None:
    assert merge_edits("Thresholds", []) is None
