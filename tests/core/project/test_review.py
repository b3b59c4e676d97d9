"""Places, notes and review states: who said what, and what that allows."""

import numpy as np
import pytest

from resunet_core.box import Box
from resunet_core.errors import WrongUsage
from resunet_core.mask.edit import MaskEdit
from resunet_core.mask.fill import fill
from resunet_core.mask.replace import replace_model_plane
from resunet_core.mask.tiled import DefectMask
from resunet_core.project.checked import checked_tiles, set_checked, sparing_checked
from resunet_core.project.places import LONGEST_NOTE, set_note, set_place
from resunet_core.project.query import places
from resunet_core.project.records import Detection, PhotoRecord, Place, Who
from resunet_core.project.review import set_review
from resunet_core.project.store import Project

ANNA, LI = Who("person", "安娜"), Who("person", "李")
MODEL = Who("model", "resunet50", "cd" * 32)


def stroke(mask: DefectMask, top: int = 10) -> MaskEdit:
    where = np.ones((20, 20), np.bool_)
    edit = fill(mask, Box(top, 10, top + 20, 30), 1, where, "Stroke")
    assert edit is not None
    return edit


def test_photos_have_a_place_in_the_building(
    project: Project, photo: PhotoRecord
) -> None:
    folder = project.path.parent
    other = project.add_photo(folder / "b.jpg", sha256="2", width=9, height=9)
    both = [photo.id, other.id]
    set_place(project, both, {"site": "故宫", "building": " 太和殿 "}, who=ANNA)
    set_place(project, [photo.id], {"bay": "明间", "component": "额枋"}, who=ANNA)
    first, second = project.photos()
    assert first.place == Place("故宫", "太和殿", "", "明间", "额枋")
    assert second.place == Place("故宫", "太和殿")
    assert places(project) == [(second.place, 1), (first.place, 1)]
    entries = [(e.action, e.who, e.what) for e in project.log(photo.id)][1:]
    assert entries == [
        ("place", ANNA, "site: 故宫, building: 太和殿"),
        ("place", ANNA, "bay: 明间, component: 额枋"),
    ]
    with pytest.raises(WrongUsage, match="too long"):
        set_place(project, both, {"site": "x" * 1000})


def test_an_approved_photo_takes_no_change(
    project: Project, photo: PhotoRecord
) -> None:
    mask = project.load_mask(photo.id)
    project.commit(photo.id, stroke(mask), who=ANNA)
    with pytest.raises(WrongUsage, match="still a draft"):
        set_review(project, [photo.id], "approved", who=LI)
    set_review(project, [photo.id], "checked", who=ANNA)
    set_review(project, [photo.id], "approved", who=LI)
    set_review(project, [photo.id], "approved", who=ANNA)  # is so already
    approved = project.photo(photo.id)
    assert (approved.review, approved.reviewed_by) == ("approved", "李")
    assert approved.reviewed_at is not None
    before, counts = project.log(), project.load_mask(photo.id).counts()
    for change in (
        lambda: project.commit(photo.id, stroke(mask, 100), who=ANNA),
        lambda: project.undo(photo.id, mask),
        lambda: project.set_scale(photo.id, 0.1),
        lambda: project.set_building(photo.id, "x"),
        lambda: project.set_detection(photo.id, Detection("m", "", {}, {})),
        lambda: set_place(project, [photo.id], {"bay": "x"}),
        lambda: set_checked(project, photo.id, Box(0, 0, 9, 9), who=ANNA),
    ):
        with pytest.raises(WrongUsage, match="approved"):
            change()
    assert project.log() == before
    assert project.load_mask(photo.id).counts() == counts
    set_note(project, photo.id, "见照片\n背面", who=LI)  # a note changes no finding
    set_review(project, [photo.id], "draft", who=LI)
    project.undo(photo.id, project.load_mask(photo.id))
    said = [(e.action, e.who.name, e.what) for e in project.log()[2:]]
    assert said == [
        ("review", "安娜", "draft > checked"),
        ("review", "李", "checked > approved"),
        ("note", "李", "见照片\n背面"),
        ("review", "李", "approved > draft"),
        ("undo", "", "Stroke"),
    ]
    with pytest.raises(WrongUsage, match="too long"):
        set_note(project, photo.id, "x" * (LONGEST_NOTE + 1))


def test_of_several_photos_all_are_reviewed_or_none(
    project: Project, photo: PhotoRecord
) -> None:
    other = project.add_photo(photo.path, sha256="2", width=9, height=9)
    set_review(project, [photo.id], "checked", who=ANNA)
    with pytest.raises(WrongUsage):
        set_review(project, [photo.id, other.id], "approved", who=LI)
    assert [p.review for p in project.photos()] == ["checked", "draft"]


def test_no_model_changes_what_is_checked(project: Project, photo: PhotoRecord) -> None:
    mask = project.load_mask(photo.id)
    assert set_checked(project, photo.id, Box(0, 0, 20, 600), who=ANNA) == {
        (0, 0),
        (0, 1),
    }
    assert checked_tiles(project, photo.id) == {(0, 0), (0, 1)}
    ones = np.ones((512, 512), np.uint8)
    tiles = [(0, 0, ones), (1, 0, ones[:188])]
    edit = replace_model_plane(mask, tiles, "Detect")
    assert edit is not None
    with pytest.raises(WrongUsage, match="“Detect” would change tiles"):
        project.commit(photo.id, edit, who=MODEL)
    edit.revert(mask)
    spared = sparing_checked(tiles, checked_tiles(project, photo.id))
    edit = replace_model_plane(mask, spared, "Detect")
    assert edit is not None
    project.commit(photo.id, edit, who=MODEL)
    assert project.load_mask(photo.id).counts()[1] == 188 * 512
    project.commit(photo.id, stroke(mask), who=ANNA)  # a person may
    assert project.load_mask(photo.id).counts()[1] == 188 * 512 + 400
    for expected in ("Stroke", "Detect", "Check"):
        turned = project.undo(photo.id, mask, who=ANNA)
        assert turned is not None
        assert turned.name == expected
    assert checked_tiles(project, photo.id) == frozenset()
    project.redo(photo.id, mask)
    assert len(checked_tiles(project, photo.id)) == 2
