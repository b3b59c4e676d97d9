"""A process that paints is killed: what it called committed is there."""

import subprocess
import sys
import time
import zlib
from pathlib import Path

import numpy as np

from resunet_core.box import Box
from resunet_core.project.store import Project

ROOT = Path(__file__).parents[3]

PAINTER = """
import sys, zlib
from pathlib import Path
import numpy as np
from resunet_core.box import Box
from resunet_core.mask.replace import replace_model_plane
from resunet_core.mask.stroke import Stroke
from resunet_core.project.store import Project, Who

path, seed = Path(sys.argv[1]), int(sys.argv[2])
rng, whole = np.random.default_rng(seed), Box.of(600, 600)
project = Project.open(path)
photo = project.add_photo(path.with_name("a.jpg"), sha256="1", width=600, height=600)
mask = project.load_mask(photo.id)

def checksum():
    return zlib.crc32(mask.read(whole).tobytes())

def say(word, value):
    print(word, value, flush=True)

states = [checksum()]
say("done", states[-1])
while True:
    if rng.random() < 0.3 and len(states) > 1:
        states.pop()
        say("trying", states[-1])
        project.undo(photo.id, mask)
    else:
        if rng.random() < 0.2:
            noise = rng.integers(0, 3, (512, 512), np.uint8)
            edit = replace_model_plane(mask, [(0, 0, noise)], "Detect")
        else:
            stroke = Stroke(mask, int(rng.integers(1, 3)), 30, "Stroke")
            for x, y in rng.integers(0, 600, (3, 2)):
                stroke.extend(x, y)
            edit = stroke.finish()
        if edit is None:
            continue
        states.append(checksum())
        say("trying", states[-1])
        project.commit(photo.id, edit, who=Who("person", "Anna"))
    say("done", checksum())
"""


def killed_after(path: Path, seed: int, seconds: float) -> list[tuple[str, int]]:
    """What a painter said until it was killed."""
    with subprocess.Popen(
        [sys.executable, "-c", PAINTER, str(path), str(seed)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as painter:
        assert painter.stdout is not None
        first = painter.stdout.readline()
        time.sleep(seconds)
        painter.kill()
        lines = [first, *painter.stdout.read().splitlines(keepends=True)]
    # The pipe may end within a line.
    words = [line.split() for line in lines if line.endswith("\n")]
    return [(word, int(checksum)) for word, checksum in words]


def test_nothing_committed_is_lost(project_path: Path) -> None:
    rng = np.random.default_rng(1)
    changes = 0
    for kill in range(5):  # each on what the last one left
        said = killed_after(project_path, kill, rng.uniform(0, 0.25))
        last = max(i for i, (word, _) in enumerate(said) if word == "done")
        possible = {checksum for _, checksum in said[last:]}
        changes += sum(word == "done" for word, _ in said[1:])
        with Project.open(project_path) as project:
            mask = project.load_mask(1)
            assert zlib.crc32(mask.read(Box.of(600, 600)).tobytes()) in possible
            # Each change is one entry, and at most one a kill went unreported.
            assert changes + 1 <= len(project.log()) <= changes + 2 + kill
    assert changes > 10
