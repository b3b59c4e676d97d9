"""Files that are no sound project: one sentence, a hint, and not a byte changed."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest

from resunet_core.box import Box
from resunet_core.errors import BadProject
from resunet_core.mask.fill import fill
from resunet_core.project import schema
from resunet_core.project.journals import wal_of
from resunet_core.project.records import SOMEBODY
from resunet_core.project.store import Project

ROOT = Path(__file__).parents[3]


@pytest.fixture
def sound(project_path: Path) -> Path:
    """A closed project with one stroke in it."""
    with Project.open(project_path) as project:
        photo = project.add_photo(
            project_path.with_name("x.jpg"), sha256="1", width=900, height=600
        )
        mask = project.load_mask(photo.id)
        where = np.random.default_rng(1).random((500, 500)) < 0.5
        edit = fill(mask, Box(0, 0, 500, 500), 1, where, "Stroke")
        assert edit is not None
        project.commit(photo.id, edit, who=SOMEBODY)
    return project_path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def empty(path: Path) -> None:
    path.write_bytes(b"")


def tiny(path: Path) -> None:
    path.write_bytes(b"abc")


def text(path: Path) -> None:
    path.write_text("这不是项目\n" * 900, encoding="utf-8")


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE photos (id)")


def pragma(name: str, value: int) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with closing(sqlite3.connect(path)) as database:
            database.execute(f"PRAGMA {name} = {value}")

    return change


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def overwritten(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    path.write_bytes(data)


def header_only(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def unguarded_log(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("DROP TRIGGER log_is_never_shortened")


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def lost_but_for_its_journal(path: Path) -> None:
    path.unlink()
    wal_of(path).write_bytes(b"strokes")


BAD = {
    "empty": (empty, "is empty"),
    "tiny": (tiny, "not a Caihua project"),
    "text": (text, "not a Caihua project"),
    "foreign": (foreign, "another program"),
    "newer": (pragma("user_version", schema.VERSION + 1), "newer Caihua"),
    "version 0": (pragma("user_version", 0), "format 0"),
    "unmarked": (pragma("application_id", 0), "another program"),
    "truncated": (truncated, "damaged"),
    "overwritten": (overwritten, "damaged"),
    "header only": (header_only, r"not a Caihua project|damaged"),
    "unguarded log": (unguarded_log, "damaged"),
    "folder": (folder, "is a folder"),
    "lost": (lost_but_for_its_journal, "journal of its last session"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_project_is_refused_and_left_alone(sound: Path, case: str) -> None:
    spoil, sentence = BAD[case]
    spoil(sound)
    before = contents(sound.parent)
    with pytest.raises(BadProject, match=sentence) as caught:
        Project.open(sound)
    assert str(sound) in caught.value.message
    assert caught.value.message.endswith(".")
    assert caught.value.hint.endswith(".")
    assert contents(sound.parent) == before


@contextmanager
def read_only(path: Path) -> Iterator[None]:
    mode = path.stat().st_mode
    path.chmod(mode & ~0o222)
    try:
        yield
    finally:
        path.chmod(mode)


@pytest.mark.parametrize("which", ["file", "folder"])
def test_what_is_read_only_opens_to_read(sound: Path, which: str) -> None:
    if which == "folder" and sys.platform == "win32":
        pytest.skip("folders have no such mark on Windows")
    before = contents(sound.parent)
    target = sound if which == "file" else sound.parent
    with read_only(target), Project.open(sound) as project:
        assert project.is_read_only
        (notice,) = project.notices
        assert "read-only" in notice.message
        assert "copy" in notice.hint
        assert project.load_mask(1).counts()[1] > 100_000
        (photo,) = project.photos()
        found = project.add_photo(
            sound.parent / photo.path.name, sha256="1", width=9, height=6
        )
        assert found == photo  # known: nothing to be written
        with pytest.raises(BadProject, match="read-only"):
            project.set_building(1, "太和殿")
    assert contents(sound.parent) == before


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no such mark")
def test_a_journal_in_a_read_only_folder_is_read_from_a_copy(
    sound: Path, tmp_path: Path
) -> None:
    copy = crashed_copy(sound, tmp_path / "copy")
    before = contents(copy.parent)
    with read_only(copy.parent), Project.open(copy) as project:
        assert project.is_read_only
        assert project.recovered
        assert len(project.notices) == 2
        assert project.photos()[0].building == "太和殿"
        assert project.photos()[0].path.parent == copy.parent
        beside = Path(project._copy.name) if project._copy else None
    assert beside is not None
    assert not beside.exists()
    assert contents(copy.parent) == before


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadProject, match="does not exist"):
        Project.open(tmp_path / "没有" / "a.caihua")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def other_window(sound: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the project open until its input ends."""
    code = (
        "import sys; from pathlib import Path;"
        "from resunet_core.project.store import Project;"
        "project = Project.open(Path(sys.argv[1]));"
        "print('open', flush=True); sys.stdin.read(); project.close()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(sound)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield process


def test_a_second_window_is_told_and_changes_nothing(
    sound: Path, other_window: subprocess.Popen[str]
) -> None:
    before = contents(sound.parent)
    with pytest.raises(BadProject, match="open in another window"):
        Project.open(sound)
    assert contents(sound.parent) == before
    other_window.communicate()
    with Project.open(sound) as project:
        assert project.recovered is False
        assert len(project.log()) == 2


def test_a_second_window_of_the_same_process_takes_no_lock_away(sound: Path) -> None:
    code = (
        "import sys; from pathlib import Path;"
        "from resunet_core.project.store import Project;"
        "Project.open(Path(sys.argv[1]))"
    )
    with Project.open(sound):
        with pytest.raises(BadProject, match="open in another window"):
            Project.open(sound)
        third = subprocess.run(
            [sys.executable, "-c", code, str(sound)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            check=False,
        )
    assert "open in another window" in third.stderr


def crashed_copy(sound: Path, target: Path) -> Path:
    """The project as it lies on disk in the middle of a session."""
    target.mkdir()
    with Project.open(sound) as project:
        project.set_building(1, "太和殿")
        for path in sound.parent.iterdir():
            shutil.copy(path, target)
    return target / sound.name


def test_a_journal_left_behind_is_applied_and_said(sound: Path, tmp_path: Path) -> None:
    copy = crashed_copy(sound, tmp_path / "copy")
    assert wal_of(copy).exists()
    copy.with_name(copy.name + "-shm").write_bytes(b"of a killed process")
    with Project.open(copy) as project:
        assert project.recovered
        assert project.photos()[0].building == "太和殿"
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


def test_a_damaged_project_keeps_its_journal(sound: Path, tmp_path: Path) -> None:
    copy = crashed_copy(sound, tmp_path / "copy")
    overwritten(copy)
    before = contents(copy.parent)
    with pytest.raises(BadProject, match="damaged"):
        Project.open(copy)
    assert contents(copy.parent) == before


def test_a_journal_cut_anywhere_costs_the_last_change_at_most(
    sound: Path, tmp_path: Path
) -> None:
    copy = crashed_copy(sound, tmp_path / "copy")
    whole, journal = copy.read_bytes(), wal_of(copy).read_bytes()
    for cut in np.random.default_rng(5).integers(0, len(journal), 12):
        copy.write_bytes(whole)
        wal_of(copy).write_bytes(journal[:cut])
        with Project.open(copy) as project:
            assert project.load_mask(1).counts()[1] > 100_000
            assert project.photos()[0].building == ""
