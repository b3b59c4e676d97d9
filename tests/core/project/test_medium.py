"""Where a project lies decides how its changes are kept."""

import subprocess
import sys
from pathlib import Path, PurePosixPath

import numpy as np
import pytest

from resunet_core.box import Box
from resunet_core.errors import BadProject
from resunet_core.mask.fill import fill
from resunet_core.project import medium
from resunet_core.project.journals import rollback_journal_of, wal_of
from resunet_core.project.medium import shared_by
from resunet_core.project.records import SOMEBODY
from resunet_core.project.store import Project

ROOT = Path(__file__).parents[3]
MOUNTS = """\
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 22 0:27 / /mnt/nas\\040survey rw shared:1 - cifs //nas/survey rw
31 30 8:1 / /mnt/nas\\040survey/disk rw - ext4 /dev/sdb1 rw
32 22 0:28 / /media/usb rw - fuseblk /dev/sdc1 rw
33 22 0:29 / /home/anna/remote rw - fuse.sshfs anna@host:/ rw
34 22 0:30 / /over rw - ext4 /dev/sdd rw
35 34 0:31 / /over rw - nfs4 server:/x rw
broken line
"""


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("/home/anna", False),
        ("/mnt/nas survey/故宫", True),
        ("/mnt/nas survey/disk/a", False),
        ("/mnt/nas surveyed", False),
        ("/media/usb", False),
        ("/home/anna/remote", True),
        ("/over/a", True),
    ],
)
def test_a_share_is_known_by_its_mount(folder: str, *, expected: bool) -> None:
    assert shared_by(MOUNTS, PurePosixPath(folder)) is expected


@pytest.mark.parametrize("on_share", [False, True])
def test_the_journal_suits_the_medium(
    project_path: Path, monkeypatch: pytest.MonkeyPatch, *, on_share: bool
) -> None:
    monkeypatch.setattr(medium, "is_network_share", lambda _: on_share)
    with Project.open(project_path) as project:
        database = project._database
        journal, level = ("delete", 3) if on_share else ("wal", 2)
        assert database.execute("PRAGMA journal_mode").fetchone() == (journal,)
        assert database.execute("PRAGMA synchronous").fetchone() == (level,)
        project.add_photo(Path("a.jpg"), sha256="1", width=9, height=9)
        assert wal_of(project_path).exists() is not on_share
        assert rollback_journal_of(project_path).exists() is on_share
    assert [path.name for path in project_path.parent.iterdir()] == [project_path.name]
    monkeypatch.setattr(medium, "is_network_share", lambda _: not on_share)
    with Project.open(project_path) as project:  # moved to the other medium
        assert len(project.photos()) == 1


def test_a_session_on_a_share_that_was_killed_is_taken_back_to_its_last_change(
    project_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(medium, "is_network_share", lambda _: True)
    copy = tmp_path / "copy.caihua"
    with Project.open(project_path) as project:
        project.add_photo(Path("a.jpg"), sha256="1", width=9, height=9)
        # In the middle of a change that is larger than the cache of pages.
        project._database.execute("PRAGMA cache_size = 5")
        with project.changing() as database:
            for number in range(500):
                database.execute(
                    "INSERT INTO project VALUES (?, ?)", (str(number), "x" * 900)
                )
            copy.write_bytes(project_path.read_bytes())
            journal = rollback_journal_of(project_path).read_bytes()
    assert copy.stat().st_size > 200_000
    rollback_journal_of(copy).write_bytes(journal)
    with Project.open(copy) as project:
        assert project.recovered
        assert project.notices
        assert len(project.photos()) == 1
        rows = project._database.execute("SELECT COUNT(*) FROM project")
        assert rows.fetchone() == (1,)


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be moved")
def test_a_file_that_is_gone_takes_no_strokes(project_path: Path) -> None:
    with Project.open(project_path) as project:
        photo = project.add_photo(Path("a.jpg"), sha256="1", width=9, height=9)
        away = project_path.with_name("away")
        project_path.rename(away)
        with pytest.raises(BadProject, match="moved, deleted or replaced"):
            project.set_building(photo.id, "太和殿")
        away.rename(project_path)
        project.set_building(photo.id, "太和殿")
    with Project.open(project_path) as project:
        assert project.photos()[0].building == "太和殿"


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="takes Linux")
def test_a_drive_that_is_gone_is_told(project_path: Path) -> None:
    """In a process of its own: files are closed under SQLite's hands."""
    code = (
        "import os, sys; from pathlib import Path\n"
        "from resunet_core.errors import BadProject\n"
        "from resunet_core.project.store import Project\n"
        "path = Path(sys.argv[1]); project = Project.open(path)\n"
        "photo = project.add_photo(Path('a.jpg'), sha256='1', width=9, height=9)\n"
        "gone = os.open('/dev/null', os.O_RDONLY)\n"
        "for name in os.listdir('/proc/self/fd'):\n"
        "    try: target = os.readlink(f'/proc/self/fd/{name}')\n"
        "    except OSError: continue\n"
        "    if target.startswith(str(path)): os.dup2(gone, int(name))\n"
        "try: project.set_building(photo.id, 'x')\n"
        "except BadProject as error: print(ascii(str(error)))\n"
        "project.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(project_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "could not be read or written" in done.stdout, done.stderr
    assert "drive is connected" in done.stdout
    with Project.open(project_path) as project:
        assert project.recovered
        assert project.photos()[0].building == ""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits")
def test_a_file_that_may_not_grow_keeps_what_it_has(project_path: Path) -> None:
    """A quota: in a process of its own, as the limit is the process's."""
    code = (
        "import resource, sys; from pathlib import Path; import numpy as np\n"
        "from resunet_core.errors import BadProject\n"
        "from resunet_core.mask.replace import replace_model_plane\n"
        "from resunet_core.project.store import Project, Who\n"
        "project = Project.open(Path(sys.argv[1]))\n"
        "photo = project.add_photo(Path('a.jpg'), sha256='1', width=999, height=999)\n"
        "mask = project.load_mask(photo.id)\n"
        "size = Path(sys.argv[1] + '-wal').stat().st_size\n"
        "_, most = resource.getrlimit(resource.RLIMIT_FSIZE)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (size + 9000, most))\n"
        "noise = np.random.default_rng(1).integers(0, 3, (512, 512), np.uint8)\n"
        "edit = replace_model_plane(mask, [(0, 0, noise)], 'Detect')\n"
        "try: project.commit(photo.id, edit, who=Who('model'))\n"
        "except BadProject as error: print(ascii(str(error)))\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))\n"
        "assert project.log()[-1].action == 'add'\n"
        "project.commit(photo.id, edit, who=Who('model'))\n"
        "project.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(project_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "could not be read or written" in done.stdout
    with Project.open(project_path) as project:
        assert project.load_mask(1).counts()[1] > 50_000


def test_a_stroke_is_kept_though_the_journal_is_cut(
    project_path: Path, tmp_path: Path
) -> None:
    """A power cut: whatever reached the disk of the journal, a prefix is there."""
    states = []
    copy = tmp_path / "copy.caihua"
    with Project.open(project_path) as project:
        photo = project.add_photo(Path("a.jpg"), sha256="1", width=700, height=600)
        mask = project.load_mask(photo.id)
        rng = np.random.default_rng(3)
        ends = [wal_of(project_path).stat().st_size]
        states.append(mask.counts())
        for _ in range(8):
            top, left = (int(v) for v in rng.integers(0, 500, 2))
            box = Box(top, left, top + 60, left + 60)
            drawn = fill(mask, box, 1, rng.random((60, 60)) < 0.5, "Stroke")
            assert drawn is not None
            project.commit(photo.id, drawn, who=SOMEBODY)
            states.append(mask.counts())
            ends.append(wal_of(project_path).stat().st_size)
        whole, journal = project_path.read_bytes(), wal_of(project_path).read_bytes()
    for cut in [*rng.integers(ends[0], len(journal), 40), len(journal)]:
        copy.write_bytes(whole)
        wal_of(copy).write_bytes(journal[:cut])
        with Project.open(copy) as project:
            found = project.load_mask(1).counts()
        last_whole = sum(end <= cut for end in ends) - 1
        assert found == states[last_whole]
