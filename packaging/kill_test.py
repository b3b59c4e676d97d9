"""Kill a process at work, again and again: what it called done must be there.

.venv/bin/python packaging/kill_test.py [--kills 200] [--cuts 200] [--seed 1]

Each time a process of its own opens the project and paints, detects, imports, undoes,
checks, notes, takes snapshots, exports and makes backups. Before each change it says
what the project will be, after it that it is done. It is killed at a random moment, the
project is opened, and compared with what was said. Then, as after a power cut, journals
cut at random bytes are opened: each must hold a prefix of what was done.
"""

import argparse
import csv
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from resunet_core.box import Box
from resunet_core.files import content_hash, write_bytes
from resunet_core.mask.edit import MaskEdit
from resunet_core.mask.fill import fill
from resunet_core.mask.replace import replace_model_plane
from resunet_core.mask.stroke import Stroke
from resunet_core.mask.tiled import DefectMask
from resunet_core.progress import run_to_end
from resunet_core.project.audit import count_entries, write_csv
from resunet_core.project.backups import backup_folder, make_backup, read_backup
from resunet_core.project.checked import checked_tiles, set_checked
from resunet_core.project.collect import collect
from resunet_core.project.journals import wal_of
from resunet_core.project.places import set_note
from resunet_core.project.query import find_photos
from resunet_core.project.records import Who
from resunet_core.project.snapshots import take_snapshot
from resunet_core.project.store import Project

ROOT = Path(__file__).resolve().parent.parent
SIDE = 600
WHOLE = Box.of(SIDE, SIDE)
ANNA, MODEL = Who("person", "Anna"), Who("model", "resunet50", "cd" * 32)
_WARM_UP_S = 0.6  # about as long as a process takes to open the project


class Lost(AssertionError):  # noqa: N818 - named after what happened
    """Something that was done is not there, or something half done is."""


def state_of(project: Project, mask: DefectMask) -> int:
    """A number that tells one state of the photo from any other."""
    planes = mask.model.read(WHOLE).tobytes() + mask.person.read(WHOLE).tobytes()
    return zlib.crc32(planes + repr(sorted(checked_tiles(project, 1))).encode())


# The process that is killed


@dataclass
class Worker:
    """Works on a project for ever and says what it does."""

    project: Project
    folder: Path
    rng: np.random.Generator
    mask: DefectMask = field(init=False)
    done: list[int] = field(default_factory=list)
    undone: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.mask = self.project.load_mask(1)
        self.done = [state_of(self.project, self.mask)]
        self.tell("done", self.done[-1])

    def tell(self, word: str, state: int, more: int = 0) -> None:
        """Say that a state is tried or done, and how long the log is then."""
        print(word, count_entries(self.project) + more, state, flush=True)

    def work(self) -> None:
        """Do one thing."""
        acts = [
            *[self.stroke] * 6,
            *[self.detect] * 2,
            *[self.turn_back] * 3,
            *(self.import_mask, self.turn_forth, self.note, self.snapshot),
            *(self.export, self.back_up),
        ]
        acts[int(self.rng.integers(len(acts)))]()

    def stroke(self) -> None:
        """Paint."""
        stroke = Stroke(self.mask, int(self.rng.integers(0, 3)), 30, "Stroke")
        for x, y in self.rng.integers(0, SIDE, (3, 2)):
            stroke.extend(x, y)
        self.keep(stroke.finish(), ANNA)

    def detect(self) -> None:
        """Replace what the model found."""
        noise = self.rng.integers(0, 3, (512, 512), np.uint8)
        checked = checked_tiles(self.project, 1)
        tiles = [(0, 0, noise)] if (0, 0) not in checked else []
        self.keep(replace_model_plane(self.mask, tiles, "Detect"), MODEL)

    def import_mask(self) -> None:
        """Take a whole mask from elsewhere."""
        classes = self.rng.integers(0, 3, (SIDE, SIDE), np.uint8)
        self.keep(fill(self.mask, WHOLE, classes, classes > 0, "Import"), ANNA)

    def keep(self, edit: MaskEdit | None, who: Who) -> None:
        """Commit an edit that the mask shows."""
        if edit is None:
            return
        self.undone.clear()
        self.done.append(state_of(self.project, self.mask))
        self.tell("trying", self.done[-1], 1)
        self.project.commit(1, edit, who=who)
        self.tell("done", self.done[-1])

    def turn_back(self) -> None:
        """Undo what this process did."""
        if len(self.done) > 1:
            self.undone.append(self.done.pop())
            self.tell("trying", self.done[-1], 1)
            self.project.undo(1, self.mask)
            self.tell("done", state_of(self.project, self.mask))

    def turn_forth(self) -> None:
        """Redo it."""
        if self.undone:
            self.done.append(self.undone.pop())
            self.tell("trying", self.done[-1], 1)
            self.project.redo(1, self.mask)
            self.tell("done", state_of(self.project, self.mask))

    def note(self) -> None:
        """Change what is no mask."""
        self.tell("trying", self.done[-1], 1)
        set_note(self.project, 1, str(self.rng.integers(10**9)), who=ANNA)
        self.tell("done", self.done[-1])

    def snapshot(self) -> None:
        """Name the state."""
        self.tell("trying", self.done[-1], 1)
        take_snapshot(self.project, "state", [1], who=ANNA)
        self.tell("done", self.done[-1])

    def export(self) -> None:
        """Write a mask, the log and everything in one file."""
        name = str(self.rng.integers(100))
        out = self.folder / "out"
        png = cv2.imencode(".png", self.mask.read(WHOLE))[1].tobytes()
        write_bytes(out / f"{name}.png", png)
        write_csv(self.project, out / f"{name}.csv")
        run_to_end(collect(self.project, out / f"{name}.zip"))

    def back_up(self) -> None:
        """Make a backup."""
        make_backup(self.project, kept=3)


def work_for_ever(path: Path, seed: int) -> None:
    """Be the process that is killed."""
    rng = np.random.default_rng(seed)
    with Project.open(path) as project:
        worker = Worker(project, path.parent, rng)
        while True:
            worker.work()


# The process that kills


@dataclass(frozen=True)
class Said:
    """What a worker said last: `tried` is what it was about to do, if anything."""

    done: tuple[int, int] | None
    tried: tuple[int, int] | None


def new_project(path: Path) -> None:
    """A project with one photo."""
    photo = path.with_name("photo.jpg")
    photo.write_bytes(np.random.default_rng(0).bytes(20_000))
    with Project.open(path) as project:
        sha256 = content_hash(photo)
        project.add_photo(photo, sha256=sha256, width=SIDE, height=SIDE)
        set_checked(project, 1, Box(550, 550, 560, 560), who=ANNA)


def killed_after(path: Path, seed: int, seconds: float, *, at_start: bool) -> Said:
    """What a worker said until it was killed.

    Args:
        path: Of the project.
        seed: Of its work.
        seconds: How long it works, or, with `at_start`, lives at all.
        at_start: Whether it may be killed before it has opened the project.
    """
    with subprocess.Popen(
        [sys.executable, __file__, "--worker", str(path), "--seed", str(seed)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        if process.stdout is None:
            raise RuntimeError
        first = "" if at_start else process.stdout.readline()
        time.sleep(seconds)
        process.kill()
        lines = [first, *process.stdout.read().splitlines(keepends=True)]
    done, tried = None, None
    for line in lines:
        if line.endswith("\n"):  # the pipe may end within a line
            word, entries, state = line.split()
            said = (int(entries), int(state))
            done, tried = (said, None) if word == "done" else (done, said)
    return Said(done, tried)


def check(path: Path, before: tuple[int, int], said: Said) -> tuple[int, int]:
    """Compare the project with what was said; what it is now.

    Raises:
        Lost: They do not agree.
    """
    possible = {said.done or before, *([said.tried] if said.tried else [])}
    with Project.open(path) as project:
        mask = project.load_mask(1)
        now = (count_entries(project), state_of(project, mask))
        if now not in possible:
            raise Lost(f"{now} is none of {possible}")
        counts = dict(mask.counts())
        counts.pop(0, None)
        if find_photos(project)[0].pixels != counts:
            raise Lost("the counts of the classes are others than the mask's")
    left = [p.name for p in path.parent.iterdir() if p.name.startswith(path.name + "-")]
    if left:
        raise Lost(f"{left} was left after closing")
    with closing(sqlite3.connect(path)) as database:
        found = database.execute("PRAGMA integrity_check").fetchall()
    if found != [("ok",)]:
        raise Lost(str(found))
    check_exports(path)
    return now


def check_exports(path: Path) -> None:
    """Whether all that bears its final name is whole; takes away what does not.

    Raises:
        Lost: Something is half written.
    """
    for half in (*path.parent.rglob(".*.caihua*"), *path.parent.rglob("out/.*")):
        half.unlink()
    for backup in backup_folder(path).glob("*"):
        if read_backup(backup) is None:
            raise Lost(f"{backup} cannot be read")
    for file in path.parent.glob("out/*"):
        if file.suffix == ".zip":
            with zipfile.ZipFile(file) as packed:
                is_whole = packed.testzip() is None and len(packed.namelist()) == 2
        elif file.suffix == ".csv":
            with file.open(encoding="utf-8-sig", newline="") as stream:
                is_whole = len({len(row) for row in csv.reader(stream)}) == 1
        else:
            is_whole = cv2.imread(str(file), cv2.IMREAD_UNCHANGED) is not None
        if not is_whole:
            raise Lost(f"{file} is half written")
        file.unlink()


def kill_often(folder: Path, kills: int, seed: int) -> int:
    """Kill workers, each on what the last one left; how many changes they made.

    Raises:
        Lost: Something was lost.
    """
    path = folder / "survey.caihua"
    new_project(path)
    rng = np.random.default_rng(seed)
    with Project.open(path) as project:
        now = (count_entries(project), state_of(project, project.load_mask(1)))
    first = now[0]
    for number in range(kills):
        at_start = number % 5 == 4  # while it loads, opens, or applies a journal
        seconds = float(rng.uniform(0, 2 * _WARM_UP_S if at_start else 0.5))
        worker = seed * 10_000 + number
        said = killed_after(path, worker, seconds, at_start=at_start)
        now = check(path, now, said)
        if number % 20 == 19:
            print(f"{number + 1} kills, {now[0] - first} changes, nothing lost")
    return now[0] - first


def cut_often(folder: Path, cuts: int, seed: int) -> None:
    """Open journals that end anywhere: each holds a prefix of what was done.

    Raises:
        Lost: One holds something else.
    """
    path, copy = folder / "cut.caihua", folder / "copy" / "cut.caihua"
    copy.parent.mkdir()
    new_project(path)
    rng = np.random.default_rng(seed)
    with Project.open(path) as project:
        mask = project.load_mask(1)
        whole = path.read_bytes()  # before the first byte of the journal
        states = [(count_entries(project), state_of(project, mask))]
        ends = [0]
        for _ in range(30):
            where = rng.random((90, 90)) < 0.5
            top, left = (int(v) for v in rng.integers(0, 500, 2))
            box = Box(top, left, top + 90, left + 90)
            edit = fill(mask, box, int(rng.integers(0, 3)), where, "Stroke")
            if edit is not None:
                project.commit(1, edit, who=ANNA)
                states.append((count_entries(project), state_of(project, mask)))
                ends.append(wal_of(path).stat().st_size)
        journal = wal_of(path).read_bytes()
    for cut in (int(v) for v in rng.integers(0, len(journal) + 1, cuts)):
        copy.write_bytes(whole)
        wal_of(copy).write_bytes(journal[:cut])
        with Project.open(copy) as project:
            found = (count_entries(project), state_of(project, project.load_mask(1)))
        expected = states[sum(end <= cut for end in ends) - 1]
        if found != expected:
            raise Lost(f"a journal of {cut} bytes holds {found}, not {expected}")


def main() -> None:
    """Kill, cut, and say what came of it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--cuts", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker is not None:
        work_for_ever(arguments.worker, arguments.seed)
        return
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        changes = kill_often(Path(name), arguments.kills, arguments.seed)
        cut_often(Path(name), arguments.cuts, arguments.seed)
    print(
        f"{arguments.kills} kills and {arguments.cuts} cut journals in"
        f" {time.monotonic() - start:.0f} s: of {changes} changes none was lost"
    )


if __name__ == "__main__":
    main()
