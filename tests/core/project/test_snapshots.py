"""Named states: what differs from them, and the way back."""

import numpy as np
import pytest

from resunet_core.box import Box
from resunet_core.errors import WrongUsage
from resunet_core.mask.fill import fill
from resunet_core.mask.replace import replace_model_plane
from resunet_core.mask.tiled import DefectMask
from resunet_core.progress import run_to_end
from resunet_core.project.difference import (
    CHANGED,
    GAINED,
    LOST,
    SAME,
    compare,
)
from resunet_core.project.records import Detection, PhotoRecord, Who
from resunet_core.project.snapshots import (
    restoring_edit,
    snapshot_detection,
    snapshot_mask,
    snapshots_of,
    take_snapshot,
)
from resunet_core.project.store import Project

WHOLE = Box.of(700, 1100)
ANNA, MODEL = Who("person", "安娜"), Who("model", "resunet50", "cd" * 32)


def draw(project: Project, mask: DefectMask, box: Box, class_id: int) -> None:
    where = np.ones((box.height, box.width), np.bool_)
    edit = fill(mask, box, class_id, where, "Stroke")
    assert edit is not None
    project.commit(1, edit, who=ANNA)


def test_a_snapshot_costs_only_what_becomes_different(
    project: Project, photo: PhotoRecord
) -> None:
    mask = project.load_mask(photo.id)
    noise = np.random.default_rng(1).integers(0, 3, (512, 512), np.uint8)
    edit = replace_model_plane(mask, [(0, 0, noise), (0, 1, noise)], "Detect")
    assert edit is not None
    old = Detection("resunet50", "cd" * 32, {"craquelure": 0.5}, {})
    project.commit(photo.id, edit, who=MODEL, detection=old)
    before = mask.read(WHOLE)

    def kept() -> int:
        rows = project._database.execute("SELECT COUNT(*) FROM snapshot_tiles")
        return int(rows.fetchone()[0])

    spring = take_snapshot(project, " 春 ", who=ANNA)
    assert kept() == 0
    for _ in range(3):
        draw(project, mask, Box(10, 10, 20, 30), 2)
        draw(project, mask, Box(10, 10, 20, 30), 1)
    assert kept() == 1  # the person's tile, once
    other = replace_model_plane(mask, [(0, 0, None)], "Detect")
    assert other is not None
    new = Detection("mcdm", "ef" * 32, {"craquelure": 0.5}, {})
    project.commit(photo.id, other, who=MODEL, detection=new)
    assert kept() == 2
    then = snapshot_mask(project, photo.id, spring)
    np.testing.assert_array_equal(then.read(WHOLE), before)
    assert snapshot_detection(project, photo.id, spring) == old
    (found,) = snapshots_of(project, photo.id)
    assert (found.name, found.who) == ("春", "安娜")
    assert found.photo_ids == {photo.id}
    assert project.log()[2].action == "snapshot"
    with pytest.raises(KeyError):
        snapshot_mask(project, photo.id, spring + 1)
    with pytest.raises(WrongUsage):
        take_snapshot(project, "  ")


def test_what_differs_is_shown_and_counted(
    project: Project, photo: PhotoRecord
) -> None:
    mask = project.load_mask(photo.id)
    draw(project, mask, Box(500, 500, 530, 540), 1)
    number = take_snapshot(project, "before", [photo.id])
    draw(project, mask, Box(500, 500, 510, 540), 2)  # another class: 400
    draw(project, mask, Box(520, 500, 530, 540), 0)  # gone: 400
    draw(project, mask, Box(600, 0, 601, 50), 1)  # new: 50
    draw(project, mask, Box(0, 0, 5, 5), 0)  # sound paint that was sound
    then = snapshot_mask(project, photo.id, number)
    found = run_to_end(compare(then, mask))
    assert found.pixels == {(1, 2): 400, (1, 0): 400, (0, 1): 50}
    assert [found.count(code) for code in (GAINED, LOST, CHANGED)] == [50, 400, 400]
    codes = found.codes.read(WHOLE)
    assert (codes[500:510, 500:540] == CHANGED).all()
    assert (codes[520:530, 500:540] == LOST).all()
    assert (codes[600, :50] == GAINED).all()
    assert (codes != SAME).sum() == 850
    assert found.tile(LOST, (1, 1)).shape == (188, 512)
    assert found.tile(LOST, (1, 1)).sum() == (530 - 520) * (540 - 512)
    assert run_to_end(compare(mask, mask)).is_empty
    with pytest.raises(ValueError, match="different size"):
        next(compare(mask, DefectMask(1, 1)))


def test_a_region_goes_back_as_one_step(project: Project, photo: PhotoRecord) -> None:
    mask = project.load_mask(photo.id)
    draw(project, mask, Box(400, 400, 600, 600), 1)
    number = take_snapshot(project, "before", [photo.id])
    was = mask.read(WHOLE)
    ones = np.full((512, 512), 2, np.uint8)
    edit = replace_model_plane(mask, [(0, 0, ones)], "Detect")
    assert edit is not None
    project.commit(photo.id, edit, who=MODEL)
    draw(project, mask, Box(450, 450, 550, 550), 0)
    now = mask.read(WHOLE)

    then = snapshot_mask(project, photo.id, number)
    region = Box(380, 380, 500, 2000)  # out of the photo on the right
    where = np.zeros((120, 1620), np.bool_)
    where[:, ::2] = True
    edit = restoring_edit(mask, then, "Back to “before”", region, where)
    assert edit is not None
    project.commit(photo.id, edit, who=ANNA)
    expected = now.copy()
    expected[380:500, 380::2] = was[380:500, 380::2]
    np.testing.assert_array_equal(mask.read(WHOLE), expected)
    np.testing.assert_array_equal(project.load_mask(photo.id).read(WHOLE), expected)
    assert project.undo_name(photo.id) == "Back to “before”"
    project.undo(photo.id, mask)
    np.testing.assert_array_equal(mask.read(WHOLE), now)
    edit = restoring_edit(mask, then, "All back", WHOLE)
    assert edit is not None
    np.testing.assert_array_equal(mask.read(WHOLE), was)
    assert restoring_edit(mask, then, "Again", WHOLE) is None
