"""Some hundred files that are no sound project: a sentence, in bounded time and room.

What is not refused must be readable: each file is opened and looked through as the
window does it.
"""

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from resunet_core.box import Box
from resunet_core.errors import CaihuaError
from resunet_core.mask.fill import fill
from resunet_core.mask.replace import replace_model_plane
from resunet_core.progress import run_to_end
from resunet_core.project import opening
from resunet_core.project.audit import find_entries
from resunet_core.project.backups import read_backup
from resunet_core.project.checked import checked_tiles
from resunet_core.project.query import find_photos
from resunet_core.project.records import Detection, Who
from resunet_core.project.salvage import salvage
from resunet_core.project.snapshots import (
    snapshot_detection,
    snapshot_mask,
    snapshots_of,
    take_snapshot,
)
from resunet_core.project.store import Project

MOST_MEMORY_MIB = 300


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A project with something in each of its tables."""
    path = tmp_path_factory.mktemp("sound") / "a.caihua"
    anna = Who("person", "安娜")
    with Project.open(path) as project:
        for name in ("a.jpg", "b.jpg"):
            photo = project.add_photo(
                path.with_name(name), sha256="1", width=700, height=600
            )
            mask = project.load_mask(photo.id)
            tile = np.zeros((512, 512), np.uint8)
            tile[::7, 3::5] = 1
            edit = replace_model_plane(mask, [(0, 0, tile)], "Detect")
            assert edit is not None
            found = Detection("m", "ab" * 32, {"craquelure": 0.5}, {"craquelure": 3})
            project.commit(photo.id, edit, who=Who("model", "m"), detection=found)
            take_snapshot(project, "春", [photo.id], who=anna)
            where = np.ones((30, 30), np.bool_)
            stroke = fill(mask, Box(500, 500, 530, 530), 2, where, "Stroke")
            assert stroke is not None
            project.commit(photo.id, stroke, who=anna)
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(opening, "_LOCK_WAIT_S", 0.0)

    def carelessly(_path: Path, database: sqlite3.Connection) -> None:
        database.execute("PRAGMA journal_mode = MEMORY")
        database.execute("PRAGMA synchronous = OFF")

    # Some hundred files are opened: what is durable about them is tested elsewhere.
    monkeypatch.setattr(opening, "_choose_journal", carelessly)
    return tmp_path / "a.caihua"


@pytest.fixture(autouse=True)
def memory_is_bounded() -> Iterator[None]:
    before = most_memory_kib()
    yield
    assert most_memory_kib() - before < MOST_MEMORY_MIB * 1024


def most_memory_kib() -> int:
    status = Path("/proc/self/status")
    if not status.exists():
        return 0  # nothing to be seen there on other systems
    peak = status.read_text(encoding="ascii").partition("VmHWM:")[2]
    return int(peak.split()[0])


def look_through(path: Path) -> str:
    """What a person is told, "fine" where everything can be read."""
    try:
        with Project.open(path) as project:
            find_photos(project)
            find_entries(project)
            for photo in project.photos():
                mask = project.load_mask(photo.id)
                mask.counts()
                project.detection(photo.id)
                checked_tiles(project, photo.id)
                for snapshot in snapshots_of(project, photo.id):
                    snapshot_mask(project, photo.id, snapshot.id)
                    snapshot_detection(project, photo.id, snapshot.id)
                while project.undo(photo.id, mask) is not None:
                    pass
    except CaihuaError as error:
        said = error
    else:
        return "fine"
    assert said.message.endswith(".")
    assert said.hint
    return said.message


def test_a_sound_file_is_fine(sound: bytes, path: Path) -> None:
    path.write_bytes(sound)
    assert look_through(path) == "fine"


def test_flipped_bits_are_told(sound: bytes, path: Path) -> None:
    rng = np.random.default_rng(1)
    told = 0
    for number in range(120):
        data = np.frombuffer(sound, np.uint8).copy()
        many = int(rng.choice([1, 4, 60]))
        # The first page, which says what the others are, more often than its share.
        end = len(data) if number % 3 else 4096
        data[rng.integers(0, end, many)] ^= rng.integers(1, 256, many, np.uint8)
        path.write_bytes(data.tobytes())
        told += look_through(path) != "fine"
    assert told > 30


def test_truncated_files_are_told(sound: bytes, path: Path) -> None:
    rng = np.random.default_rng(2)
    cuts = [0, 1, 15, 16, 99, 100, 101, 4095, 4096, 8192, len(sound) - 4096]
    for cut in [*cuts, *(int(v) for v in rng.integers(0, len(sound), 30))]:
        path.write_bytes(sound[:cut])
        assert look_through(path) != "fine"
    path.write_bytes(sound + b"\0" * 5000)
    look_through(path)


BOMB = zlib.compress(bytes(30_000_000), 9).hex()
HUGE = f"zeroblob({opening.LARGEST_VALUE_BYTES + 1})"
HOSTILE = [
    f"UPDATE {table} SET {column} = {value}"  # noqa: S608 - hostile on purpose
    for table, columns in {
        "photos": [
            *("path", "width", "height", "mm_per_px", "review", "reviewed_at"),
            *("detection", "note", "building", "sha256", "size_bytes"),
        ],
        "tiles": ["plane", "row", "col", "pixels", "photo_id"],
        "deltas": ["row", "col", "pixels", "plane"],
        "steps": ['"top"', '"left"', "name", "detection_before", "undone", "bytes"],
        "snapshot_tiles": ["row", "pixels"],
        "snapshot_photos": ["detection"],
        "snapshots": ["at", "name"],
        "project": ["value"],
    }.items()
    for column in columns
    for value in ["-1", "9e999", "x'00ff'", "'文字'", HUGE]
]
HOSTILE += [
    f"UPDATE tiles SET pixels = x'{BOMB}'",  # noqa: S608 - hostile on purpose
    f"UPDATE deltas SET pixels = x'{BOMB}'",  # noqa: S608 - hostile on purpose
    "UPDATE tiles SET pixels = zeroblob(3000000)",
    "UPDATE photos SET width = 2147483647, height = 2147483647",
    "UPDATE photos SET mm_per_px = 0.0 / 0.0",
    "UPDATE photos SET detection = '" + "[" * 100_000 + "'",
    "UPDATE photos SET detection = '{\"thresholds\": 1e400}'",
    "UPDATE photos SET path = CAST(x'ff2e6a7067' AS TEXT)",
    "UPDATE sqlite_sequence SET seq = 9223372036854775807",
    "DELETE FROM project",
    "DELETE FROM steps",
    "CREATE TRIGGER evil AFTER INSERT ON log BEGIN DELETE FROM tiles; END",
    "CREATE VIEW evil AS SELECT * FROM photos",
    "CREATE TABLE evil (id)",
]


def test_hostile_values_are_told(sound: bytes, path: Path) -> None:
    told = 0
    for statement in HOSTILE:
        path.write_bytes(sound)
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute("PRAGMA ignore_check_constraints = ON")
            database.execute("PRAGMA synchronous = OFF")
            try:
                database.execute(statement)
            except sqlite3.IntegrityError:  # a rule of the table that cannot be off
                continue
        told += look_through(path) != "fine"
    assert told > 80


def test_bad_files_are_salvaged_or_told(
    sound: bytes, path: Path, tmp_path: Path
) -> None:
    rng = np.random.default_rng(3)
    for number in range(40):
        data = np.frombuffer(sound, np.uint8).copy()
        if number % 2:
            data = data[: int(rng.integers(0, len(data)))]
        else:
            data[rng.integers(0, len(data), 400)] ^= 255
        path.write_bytes(data.tobytes())
        read_backup(path)
        saved = tmp_path / f"{number}.caihua"
        try:
            run_to_end(salvage(path, saved))
        except CaihuaError:
            assert not saved.exists()
        else:
            assert look_through(saved) == "fine"
