"""Projects of version 1 open, with all they hold and a copy as they were."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from resunet_core.box import Box
from resunet_core.errors import BadProject
from resunet_core.mask.fill import fill
from resunet_core.mask.tile import pack
from resunet_core.mask.tiled import DefectMask
from resunet_core.measure.scale import given_scale
from resunet_core.progress import run_to_end
from resunet_core.project import migrations, schema
from resunet_core.project.recovery import examine
from resunet_core.project.scales import scale_of
from resunet_core.project.shares import shares_of
from resunet_core.project.steps import _difference
from resunet_core.project.store import Project


@pytest.fixture
def old(project_path: Path) -> Path:
    """A project as version 1 left it: one photo, one stroke that can be undone."""
    mask = DefectMask(600, 900)
    where = np.random.default_rng(1).random((300, 300)) < 0.5
    stroke = fill(mask, Box(400, 400, 700, 700), 1, where, "Stroke")
    assert stroke is not None
    with closing(sqlite3.connect(project_path)) as database:
        database.executescript(
            f"PRAGMA application_id = {schema.APPLICATION_ID};"
            f"BEGIN; {schema.VERSIONS[0]} PRAGMA user_version = 1; COMMIT;"
        )
        database.execute(
            "INSERT INTO photos (path, sha256, width, height, building, mm_per_px)"
            " VALUES ('a.jpg', '1', 900, 600, '太和殿', 0.25)"
        )
        database.execute(
            'INSERT INTO steps (photo_id, name, top, "left", bottom, "right",'
            " coalesce, detects) VALUES (1, 'Stroke', 400, 400, 600, 700, 0, 0)"
        )
        for change in stroke.changes:
            assert change.after is not None
            place = (change.plane, change.row, change.col)
            database.execute(
                "INSERT INTO tiles VALUES (1, ?, ?, ?, ?)",
                (*place, change.after.packed),
            )
            database.execute(
                "INSERT INTO deltas VALUES (1, ?, ?, ?, ?)",
                (*place, pack(_difference(change))),
            )
        database.execute(
            "INSERT INTO log (photo_id, at, who_kind, who_name, who_sha256, action,"
            " what) VALUES (1, '2024-05-01T08:00:00.000+00:00', 'person', '安娜', '',"
            " 'add', 'a.jpg'), (1, '2024-05-02T08:00:00.000+00:00', 'person', '李伟',"
            " '', 'scale', '0.25 mm/px')"
        )
        database.commit()
    return project_path


def test_an_old_project_is_brought_forward_and_kept(old: Path) -> None:
    before = old.read_bytes()
    with Project.open(old) as project:
        (notice,) = project.notices
        assert "format 1" in notice.message
        kept = old.with_name("彩画 项目.v1.caihua")
        assert kept.name in notice.hint
        (photo,) = project.photos()
        assert (photo.building, photo.review, photo.note) == ("太和殿", "draft", "")
        scale = scale_of(project, 1)
        assert scale is not None
        assert scale.at == datetime(2024, 5, 2, 8, tzinfo=UTC)
        assert scale.scale == given_scale(0.25, operator="李伟")
        mask = project.load_mask(1)
        counts = mask.counts()
        assert counts[1] > 20_000
        with project.reading() as database:
            assert shares_of(database, 1) == {1: counts[1]}
        assert project.log()[0].who.name == "安娜"
        assert project.undo(1, mask) is not None
        assert mask.counts()[1] == 0
        assert len(project.id) == 32
    with Project.open(old) as project:
        assert project.notices == ()
    with closing(sqlite3.connect(kept)) as copy:
        assert schema.version_of(copy) == 1
        assert schema.is_complete(copy, 1)
    assert old.read_bytes() != before


def test_a_copy_that_is_there_is_not_overwritten(old: Path) -> None:
    first = old.with_name("彩画 项目.v1.caihua")
    first.write_bytes(b"of an earlier time")
    Project.open(old).close()
    assert first.read_bytes() == b"of an earlier time"
    assert old.with_name("彩画 项目.v1-2.caihua").exists()


def test_a_migration_that_fails_leaves_the_project_as_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_database: sqlite3.Connection) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(migrations, "_COMPUTED", {2: fail})
    with pytest.raises(BadProject, match="disk is full"):
        Project.open(old)
    monkeypatch.undo()
    with closing(sqlite3.connect(old)) as database:
        assert schema.version_of(database) == 1
        assert schema.is_complete(database, 1)
    with Project.open(old) as project:
        assert len(project.photos()) == 1


def test_an_old_project_that_is_read_only_is_shown_from_a_copy(old: Path) -> None:
    before = old.read_bytes()
    old.chmod(0o444)
    try:
        with Project.open(old) as project:
            assert project.is_read_only
            assert project.load_mask(1).counts()[1] > 20_000
    finally:
        old.chmod(0o644)
    assert old.read_bytes() == before
    assert [path.name for path in old.parent.iterdir()] == [old.name]


def test_an_old_project_is_examined_as_it_is(old: Path) -> None:
    damage = run_to_end(examine(old))
    assert damage.is_sound
    assert damage.salvaged is not None
    assert damage.salvaged.photos == 1


@pytest.mark.parametrize("version", range(1, schema.VERSION))
def test_each_version_leads_to_the_same_tables(
    project_path: Path, version: int
) -> None:
    with closing(sqlite3.connect(project_path)) as database:
        database.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        for number, statements in enumerate(schema.VERSIONS[:version], 1):
            database.executescript(f"{statements} PRAGMA user_version = {number};")
    with Project.open(project_path) as project, project.reading() as database:
        assert schema.is_complete(database)
    kept = project_path.with_name(f"彩画 项目.v{version}.caihua")
    with closing(sqlite3.connect(kept)) as copy:
        assert schema.is_complete(copy, version)
