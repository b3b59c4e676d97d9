"""Damaged projects: what is still there is saved, and what is not is said."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from resunet_core.box import Box
from resunet_core.defects import CRAQUELURE
from resunet_core.errors import BadProject
from resunet_core.mask.fill import fill
from resunet_core.mask.replace import replace_model_plane
from resunet_core.progress import run_to_end
from resunet_core.project import backups
from resunet_core.project.backups import make_backup, restore_backup
from resunet_core.project.journals import wal_of
from resunet_core.project.records import SOMEBODY, Who
from resunet_core.project.recovery import examine, open_safely
from resunet_core.project.salvage import salvage
from resunet_core.project.store import Project
from resunet_core.project.thumbnails import mask_thumbnail

WHOLE = Box.of(1000, 1500)
MODEL = Who("model", "resunet50", "cd" * 32)


@pytest.fixture
def survey(project_path: Path) -> Path:
    """Three photos of six noisy tiles each, so that the file has many pages."""
    with Project.open(project_path) as project:
        for number in range(3):
            photo = project.add_photo(
                project_path.with_name(f"{number}.jpg"),
                sha256=str(number),
                width=1500,
                height=1000,
            )
            mask = project.load_mask(photo.id)
            rng = np.random.default_rng(number)
            tiles = []
            for row in range(2):
                for col in range(3):
                    box = mask.model.tile_box(row, col)
                    noise = rng.random((box.height, box.width)) < 0.02
                    tiles.append((row, col, noise.astype(np.uint8)))
            found = replace_model_plane(mask, tiles, "Detect")
            assert found is not None
            project.commit(photo.id, found, who=MODEL)
            box = Box(10, 10, 60, 60)
            drawn = fill(mask, box, 2, np.ones((50, 50), np.bool_), "Stroke")
            assert drawn is not None
            project.commit(photo.id, drawn, who=SOMEBODY)
    return project_path


def masks(project: Project) -> list[bytes]:
    return [project.load_mask(p.id).read(WHOLE).tobytes() for p in project.photos()]


def page_of_tile(path: Path, photo_id: int) -> tuple[int, int]:
    """Where a tile of a photo begins in the file, and the size of a page."""
    with closing(sqlite3.connect(path)) as database:
        (data,) = database.execute(
            "SELECT pixels FROM tiles WHERE photo_id = ? AND row = 1 AND col = 1",
            (photo_id,),
        ).fetchone()
        (page,) = database.execute("PRAGMA page_size").fetchone()
    # Long blobs go on over pages of their own: its middle lies on one of them.
    at = path.read_bytes().find(data[len(data) // 2 :][:1000])
    assert at > 0
    return at, page


def spoil(path: Path, at: int, size: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(np.random.default_rng(9).bytes(size))


def test_a_sound_project_is_sound(survey: Path) -> None:
    before = survey.read_bytes()
    damage = run_to_end(examine(survey))
    assert damage.is_sound
    assert damage.salvaged is not None
    assert damage.salvaged.photos == 3
    assert survey.read_bytes() == before


def test_one_lost_tile_costs_nothing_else(survey: Path, tmp_path: Path) -> None:
    with Project.open(survey) as project:
        sound = masks(project)
        entries = project.log()
    at, page = page_of_tile(survey, 2)
    spoil(survey, at // page * page + 4, page - 4)
    damaged = survey.read_bytes()

    damage = run_to_end(examine(survey))
    assert not damage.is_sound
    assert damage.salvaged is not None
    (hurt,) = damage.salvaged.damaged
    assert (hurt.photo_id, hurt.name, hurt.lost_tiles) == (2, "1.jpg", 1)
    assert "1.jpg: 1 square of" in damage.salvaged.sentences[0]

    target = tmp_path / "saved.caihua"
    assert run_to_end(salvage(survey, target)) == damage.salvaged
    assert survey.read_bytes() == damaged
    with Project.open(target) as saved:
        now = masks(saved)
        assert [now[0], now[2]] == [sound[0], sound[2]]
        same = np.frombuffer(now[1], np.uint8) == np.frombuffer(sound[1], np.uint8)
        lost = Box(512, 512, 1000, 1024)
        assert same.reshape(1000, 1500)[lost.slices].mean() < 1
        assert (~same).sum() == (~same.reshape(1000, 1500)[lost.slices]).sum()
        assert saved.undo_name(1) == "Stroke"
        assert saved.undo_name(2) is None  # it led from the tile that is lost
        log = saved.log()
        assert log[:-1] == entries
        assert log[-1].action == "salvage"


def test_safe_mode_shows_what_is_there_and_changes_nothing(survey: Path) -> None:
    with Project.open(survey) as project:
        sound = masks(project)
    at, page = page_of_tile(survey, 2)
    spoil(survey, at // page * page + 4, page - 4)
    before = survey.read_bytes()
    with run_to_end(open_safely(survey)) as project:
        assert project.is_read_only
        assert "safe mode" in project.notices[0].message
        assert "1.jpg" in project.notices[1].message
        assert masks(project)[0] == sound[0]
        assert project.photos()[0].path == survey.with_name("0.jpg")
        picture = mask_thumbnail(project, 1, 150)
        assert picture.shape == (100, 150, 3)
        assert (picture == CRAQUELURE.colour).all(axis=-1).mean() > 0.5
        with pytest.raises(BadProject, match="read-only"):
            project.set_building(1, "太和殿")
    assert survey.read_bytes() == before
    assert [path.name for path in survey.parent.iterdir()] == [survey.name]


def test_any_damaged_page_leaves_the_rest(survey: Path, tmp_path: Path) -> None:
    whole = survey.read_bytes()
    rng = np.random.default_rng(4)
    saved = 0
    for number in range(6):
        survey.write_bytes(whole)
        page = int(rng.integers(1, len(whole) // 4096))
        spoil(survey, page * 4096, 4096)
        target = tmp_path / f"{number}.caihua"
        try:
            found = run_to_end(salvage(survey, target))
        except BadProject:
            assert not target.exists()
            continue
        saved += 1
        with Project.open(target) as project:
            assert len(project.photos()) == found.photos
            assert len(masks(project)) == found.photos
            assert found.is_whole or found.sentences
    assert saved >= 5


def test_a_journal_is_read_with_the_damaged_file(survey: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.caihua"
    at, page = page_of_tile(survey, 3)
    with Project.open(survey) as project:
        project.set_building(1, "太和殿")
        copy.write_bytes(survey.read_bytes())
        wal_of(copy).write_bytes(wal_of(survey).read_bytes())
    spoil(copy, at // page * page + 4, page - 4)
    with run_to_end(open_safely(copy)) as project:
        assert project.photos()[0].building == "太和殿"


def test_nothing_to_read_is_said(survey: Path) -> None:
    with Project.open(survey) as project:
        backup = make_backup(project)
    spoil(survey, 100, survey.stat().st_size - 100)
    damage = run_to_end(examine(survey))
    assert damage.salvaged is None
    assert damage.why
    assert [found.path for found in damage.backups] == [backup]
    with pytest.raises(BadProject):
        run_to_end(open_safely(survey))


def test_going_back_to_a_backup_keeps_what_was_there(survey: Path) -> None:
    with Project.open(survey) as project:
        sound = masks(project)
        backup = make_backup(project)
        assert backup is not None
        project.set_building(1, "太和殿")
    (known,) = backups.backups_of(survey)
    assert known.photos == 3
    assert known.last_change is not None
    assert known.last_change.what == "Stroke"
    spoil(survey, 4096, 9000)
    wal_of(survey).write_bytes(b"of a session that ended badly")
    aside = restore_backup(backup, survey)
    assert aside == survey.with_name("彩画 项目.damaged.caihua")
    assert wal_of(aside).exists()
    assert not wal_of(survey).exists()
    with Project.open(survey) as project:
        assert masks(project) == sound
        assert not project.recovered
    assert backup.exists()
