"""What a project keeps: photos, masks, steps, detections and the log."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from resunet_core.box import Box
from resunet_core.errors import BadProject, WrongUsage
from resunet_core.mask.edit import MaskEdit
from resunet_core.mask.fill import fill
from resunet_core.mask.replace import replace_model_plane
from resunet_core.mask.tiled import DefectMask
from resunet_core.project import steps
from resunet_core.project.records import Detection, PhotoRecord, Who
from resunet_core.project.store import Project

WHOLE = Box.of(700, 1100)
ANNA = Who("person", "安娜")
MODEL = Who("model", "resunet50", "cd" * 32)
THRESHOLDS = "Thresholds"


def painted(mask: DefectMask, seed: int, name: str = "Stroke") -> MaskEdit:
    """An edit of a person over several tiles."""
    rng = np.random.default_rng(seed)
    top, left = (int(v) for v in rng.integers(300, 500, 2))
    where = rng.random((60, 80)) < 0.7
    box = Box(top, left, top + 60, left + 80)
    edit = fill(mask, box, int(rng.integers(0, 3)), where, name)
    assert edit is not None
    return edit


def modelled(mask: DefectMask, seed: int, name: str = THRESHOLDS) -> MaskEdit:
    """An edit of the model over two tiles, one of them sometimes emptied."""
    rng = np.random.default_rng(seed)
    tile = (rng.random((512, 512)) < 0.2).astype(np.uint8)
    other = None if seed % 2 else (rng.random((512, 512)) < 0.1).astype(np.uint8)
    edit = replace_model_plane(mask, [(0, 0, tile), (0, 1, other)], name)
    assert edit is not None
    return edit


def detection(threshold: float) -> Detection:
    return Detection("resunet50", "cd" * 32, {"craquelure": threshold}, {"龟裂": 7})


def test_photos_are_found_again_and_described(project: Project) -> None:
    folder = project.path.parent
    one = project.add_photo(folder / "a.jpg", sha256="1", width=3, height=2)
    two = project.add_photo(
        folder / "b.jpg", sha256="1", width=3, height=2, building="太和殿"
    )
    again = project.add_photo(
        folder / "x" / ".." / "a.jpg", sha256="1", width=3, height=2
    )
    changed = project.add_photo(folder / "a.jpg", sha256="2", width=9, height=9)
    assert again == one
    assert len({one.id, two.id, changed.id}) == 3
    project.set_building(one.id, "保和殿")
    project.set_scale(one.id, 0.125)
    project.set_scale(two.id, 0.25)
    project.set_scale(two.id, None)
    assert [(p.path.name, p.building, p.mm_per_px) for p in project.photos()] == [
        ("a.jpg", "保和殿", 0.125),
        ("b.jpg", "太和殿", None),
        ("a.jpg", "", None),
    ]
    with pytest.raises(KeyError):
        project.photo(99)


@pytest.mark.parametrize("scale", [0, -1, float("nan"), float("inf")])
def test_an_impossible_scale_is_refused(
    project: Project, photo: PhotoRecord, scale: float
) -> None:
    with pytest.raises(WrongUsage):
        project.set_scale(photo.id, scale)
    assert project.photo(photo.id).mm_per_px is None


def test_undo_and_redo_survive_a_restart(
    project_path: Path,
) -> None:
    with Project.open(project_path) as project:
        photo = project.add_photo(Path("x.jpg"), sha256="1", width=1100, height=700)
        mask = project.load_mask(photo.id)
        states = [mask.read(WHOLE)]
        for seed in range(4):
            project.commit(photo.id, painted(mask, seed, f"Stroke {seed}"), who=ANNA)
            states.append(mask.read(WHOLE))
        assert project.undo(photo.id, mask) is not None
        assert project.recovered is False
    assert [path.name for path in project_path.parent.iterdir()] == [project_path.name]

    with Project.open(project_path) as project:
        mask = project.load_mask(photo.id)
        np.testing.assert_array_equal(mask.read(WHOLE), states[3])
        assert project.redo_name(photo.id) == "Stroke 3"
        assert project.undo_name(photo.id) == "Stroke 2"
        for number in (2, 1, 0):
            edit = project.undo(photo.id, mask)
            assert edit is not None
            assert edit.name == f"Stroke {number}"
            np.testing.assert_array_equal(mask.read(WHOLE), states[number])
            edit.revert(mask)
            np.testing.assert_array_equal(mask.read(WHOLE), states[number + 1])
            edit.apply(mask)
        assert project.undo(photo.id, mask) is None
        assert project.undo_name(photo.id) is None
        for number in range(4):
            assert project.redo(photo.id, mask) is not None
            np.testing.assert_array_equal(mask.read(WHOLE), states[number + 1])
        assert project.redo(photo.id, mask) is None


def test_a_new_edit_ends_what_could_be_redone(
    project: Project, photo: PhotoRecord
) -> None:
    mask = project.load_mask(photo.id)
    project.commit(photo.id, painted(mask, 1), who=ANNA)
    project.undo(photo.id, mask)
    project.commit(photo.id, painted(mask, 2, "Other"), who=ANNA)
    assert project.redo_name(photo.id) is None
    assert project.redo(photo.id, mask) is None
    assert project.undo_name(photo.id) == "Other"


def test_a_moved_slider_is_one_step(project: Project, photo: PhotoRecord) -> None:
    mask = project.load_mask(photo.id)
    project.commit(photo.id, painted(mask, 1), who=ANNA)
    states = [mask.read(WHOLE)]
    for seed, value in ((1, 0.5), (2, 0.4), (3, 0.3)):
        edit = modelled(mask, seed)
        project.commit(
            photo.id, edit, who=MODEL, coalesce=True, detection=detection(value)
        )
    states.append(mask.read(WHOLE))
    project.commit(photo.id, painted(mask, 2), who=ANNA)
    project.commit(photo.id, modelled(mask, 4), who=MODEL, coalesce=True)
    assert len(project.log(photo.id)) == 1 + 6

    names = []
    while (edit_back := project.undo(photo.id, mask)) is not None:
        names.append(edit_back.name)
        if len(names) == 2:
            np.testing.assert_array_equal(mask.read(WHOLE), states[1])
            assert project.detection(photo.id) == detection(0.3)
        if len(names) == 3:
            np.testing.assert_array_equal(mask.read(WHOLE), states[0])
            assert project.detection(photo.id) is None
    assert names == [THRESHOLDS, "Stroke", THRESHOLDS, "Stroke"]
    project.redo(photo.id, mask)
    project.redo(photo.id, mask)
    np.testing.assert_array_equal(mask.read(WHOLE), states[1])
    assert project.detection(photo.id) == detection(0.3)


def test_a_slider_moved_after_an_undo_is_a_step_of_its_own(
    project: Project, photo: PhotoRecord
) -> None:
    mask = project.load_mask(photo.id)
    project.commit(photo.id, modelled(mask, 1), who=MODEL, coalesce=True)
    first = mask.read(WHOLE)
    project.commit(photo.id, painted(mask, 1), who=ANNA)
    project.undo(photo.id, mask)
    project.commit(photo.id, modelled(mask, 2), who=MODEL, coalesce=True)
    project.undo(photo.id, mask)
    np.testing.assert_array_equal(mask.read(WHOLE), first)


def test_a_slider_moved_back_leaves_nothing_to_undo(
    project: Project, photo: PhotoRecord
) -> None:
    mask = project.load_mask(photo.id)
    project.commit(photo.id, painted(mask, 1), who=ANNA)
    before = mask.read(WHOLE)
    project.commit(photo.id, modelled(mask, 2), who=MODEL, coalesce=True)
    back = [(0, 0, None), (0, 1, None)]
    edit = replace_model_plane(mask, back, THRESHOLDS)
    assert edit is not None
    project.commit(photo.id, edit, who=MODEL, coalesce=True)
    assert project.undo_name(photo.id) == "Stroke"
    np.testing.assert_array_equal(project.load_mask(photo.id).read(WHOLE), before)


@pytest.mark.parametrize(
    "tiles", ["T0U", "0TU", "T0T", "0T0U", "TU0", "0UT", "T00U0T", "0T0"]
)
def test_a_slider_over_tiles_that_come_and_go_is_one_step(
    project: Project, photo: PhotoRecord, tiles: str
) -> None:
    first, others = tiles[0], tiles[1:]
    pixels = {"0": None, "T": np.full((512, 512), 1, np.uint8)}
    pixels["U"] = np.tri(512, dtype=np.uint8)
    mask = project.load_mask(photo.id)
    start = replace_model_plane(mask, [(0, 0, pixels[first])], "Detect")
    if start is not None:
        project.commit(photo.id, start, who=MODEL)
    before = mask.read(WHOLE)
    for name in others:
        edit = replace_model_plane(mask, [(0, 0, pixels[name])], THRESHOLDS)
        if edit is not None:
            project.commit(photo.id, edit, who=MODEL, coalesce=True)
    after = mask.read(WHOLE)
    for _ in range(2):
        if (before != after).any():
            assert project.undo(photo.id, mask) is not None
        np.testing.assert_array_equal(mask.read(WHOLE), before)
        np.testing.assert_array_equal(project.load_mask(photo.id).read(WHOLE), before)
        if (before != after).any():
            assert project.redo(photo.id, mask) is not None
        np.testing.assert_array_equal(mask.read(WHOLE), after)


def test_the_oldest_steps_are_dropped_but_not_the_log(
    project: Project, photo: PhotoRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "UNDO_STEPS", 3)
    monkeypatch.setattr(steps, "UNDO_BYTES", 0)
    other = project.add_photo(Path("y.jpg"), sha256="2", width=1100, height=700)
    mask, other_mask = project.load_mask(photo.id), project.load_mask(other.id)
    project.commit(other.id, painted(other_mask, 9), who=ANNA)
    for seed in range(6):
        project.commit(photo.id, painted(mask, seed), who=ANNA)
    undone = 0
    while project.undo(photo.id, mask) is not None:
        undone += 1
    assert undone == 3
    assert project.undo_name(other.id) == "Stroke"
    assert len(project.log(photo.id)) == 1 + 6 + 3
    kept = project._database.execute("SELECT COUNT(DISTINCT step_id) FROM deltas")
    assert kept.fetchone() == (4,)


def test_steps_beyond_the_least_are_kept_while_there_is_room(
    project: Project, photo: PhotoRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "UNDO_STEPS", 2)
    monkeypatch.setattr(steps, "UNDO_STEPS_MOST", 5)
    mask = project.load_mask(photo.id)
    for seed in range(7):
        project.commit(photo.id, painted(mask, seed), who=ANNA)

    def kept() -> tuple[int, int]:
        rows = project._database.execute("SELECT COUNT(*), SUM(bytes) FROM steps")
        count, size = rows.fetchone()
        return count, size

    count, size = kept()
    assert count == 5
    (blobs,) = project._database.execute("SELECT SUM(LENGTH(pixels)) FROM deltas")
    assert size == blobs[0] > 0
    monkeypatch.setattr(steps, "UNDO_BYTES", size // 2)
    project.commit(photo.id, painted(mask, 7), who=ANNA)
    count, size_now = kept()
    assert 2 <= count <= 4
    assert size_now <= size // 2
    assert len(project.log(photo.id)) == 1 + 8


def test_the_log_says_who_did_what_when_and_where(
    project: Project, photo: PhotoRecord
) -> None:
    mask = project.load_mask(photo.id)
    detect, stroke = modelled(mask, 1, "Detect"), painted(mask, 2, "笔画")
    project.commit(photo.id, detect, who=MODEL)
    entry_id = project.commit(photo.id, stroke, who=ANNA)
    project.undo(photo.id, mask, who=ANNA)
    project.redo(photo.id, mask, who=ANNA)
    project.set_scale(photo.id, 0.2, who=ANNA)
    assert [(e.action, e.who, e.what, e.box) for e in project.log(photo.id)] == [
        ("add", Who("person"), "照片/梁 01.jpg", None),
        ("edit", MODEL, "Detect", detect.box),
        ("edit", ANNA, "笔画", stroke.box),
        ("undo", ANNA, "笔画", stroke.box),
        ("redo", ANNA, "笔画", stroke.box),
        ("scale", ANNA, "0.2 mm/px", None),
    ]
    entry = project.log()[2]
    assert entry.id == entry_id
    assert timedelta(0) <= datetime.now(UTC) - entry.at < timedelta(minutes=5)
    assert project.log(photo.id + 1) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log SET what = 'nothing'",
        "DELETE FROM log",
        "INSERT OR REPLACE INTO log SELECT * FROM log",
    ],
)
def test_the_log_can_only_grow(
    project: Project, photo: PhotoRecord, statement: str
) -> None:
    before = project.log(photo.id)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        project._database.execute(statement)
    assert project.log() == before != []


def test_detection_settings_are_kept(project: Project, photo: PhotoRecord) -> None:
    assert project.detection(photo.id) is None
    project.set_detection(photo.id, detection(0.45), who=MODEL)
    assert project.detection(photo.id) == detection(0.45)
    assert project.log(photo.id)[-1].action == "detection"
    project._database.execute("UPDATE photos SET detection = '[1]'")
    with pytest.raises(BadProject, match="damaged"):
        project.detection(photo.id)


def test_a_full_disk_keeps_what_was_there(project: Project, photo: PhotoRecord) -> None:
    mask = project.load_mask(photo.id)
    project.commit(photo.id, painted(mask, 1), who=ANNA)
    before, log = mask.read(WHOLE), project.log()
    (pages,) = project._database.execute("PRAGMA page_count").fetchone()
    project._database.execute(f"PRAGMA max_page_count = {pages + 3}")
    noise = np.random.default_rng(1).integers(0, 3, (512, 512), np.uint8)
    edit = replace_model_plane(mask, [(0, 0, noise)], "Detect")
    assert edit is not None
    with pytest.raises(BadProject, match="disk is full"):
        project.commit(photo.id, edit, who=MODEL)
    edit.revert(mask)
    assert project.log() == log
    np.testing.assert_array_equal(project.load_mask(photo.id).read(WHOLE), before)
    project._database.execute("PRAGMA max_page_count = 1000000")
    project.commit(photo.id, painted(mask, 2), who=ANNA)
    stored = project.load_mask(photo.id).read(WHOLE)
    np.testing.assert_array_equal(stored, mask.read(WHOLE))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tiles SET pixels = x'00112233'",
        "UPDATE tiles SET pixels = substr(pixels, 1, length(pixels) - 2)",
        "UPDATE tiles SET row = 7 WHERE row = 0",
        "UPDATE tiles SET pixels = 'text'",
    ],
)
def test_a_damaged_mask_is_told_at_once(
    project: Project, photo: PhotoRecord, statement: str
) -> None:
    mask = project.load_mask(photo.id)
    project.commit(photo.id, painted(mask, 1), who=ANNA)
    project._database.execute(statement)
    with pytest.raises(BadProject, match="damaged"):
        project.load_mask(photo.id)
    project._database.execute("UPDATE deltas SET pixels = x'00'")
    with pytest.raises(BadProject, match="damaged"):
        project.undo(photo.id, mask)
    assert project.undo_name(photo.id) == "Stroke"
    project.set_building(photo.id, "太和殿")
    assert [entry.action for entry in project.log()] == ["add", "edit", "building"]


def test_an_undo_on_the_mask_of_another_photo_is_refused(
    project: Project, photo: PhotoRecord
) -> None:
    mask = project.load_mask(photo.id)
    project.commit(photo.id, painted(mask, 1), who=ANNA)
    with pytest.raises(ValueError, match="not that of photo"):
        project.undo(photo.id, DefectMask(700, 1101))
    assert project.redo_name(photo.id) is None
