"""The window's detection in a program that came without torch."""

import os
import subprocess
import sys
from pathlib import Path

from tests.builders import a_photo

ROOT = Path(__file__).resolve().parents[3]
WITHOUT = """
import sys
from pathlib import Path
class Without:
    def find_spec(self, name, *where):
        if name.partition(".")[0] in {"torch", "torchvision"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Without())
"""
DETECT = """
import app.main_window
from app.jobs.tasks import DetectionRequest, make_tasks
from resunet_core.progress import run_to_end
tasks, folder = make_tasks(), Path(sys.argv[1])
with tasks.open_project(folder / "p.caihua") as project:
    request = DetectionRequest(folder / "wall.png", "default", "auto")
    steps = tasks.detect(project, request)
    found = run_to_end(steps)
assert "OpenVINO" in found.device, found.device
assert not found.notice, found.notice
assert found.found.tiles
"""
LEARN = """
from PySide6.QtCore import QCoreApplication
from app.jobs.learning import LearningWish, make_learning
from resunet_core.errors import CaihuaError
from resunet_core.progress import run_to_end
try:
    run_to_end(make_learning().look(None, LearningWish("default")))
except CaihuaError as error:
    print(error.message)
"""
COMMAND = """
from app.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def run_without_torch(
    code: str, home: Path, *words: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT + code, *words],
        capture_output=True,
        check=False,
        cwd=ROOT,
        encoding="utf-8",
        env=os.environ
        | {"QT_QPA_PLATFORM": "offscreen", "CAIHUA_CACHE": str(home / "cache")},
    )


def test_a_photo_is_detected_without_torch(tmp_path: Path) -> None:
    a_photo(tmp_path, "wall.png", height=200, width=300)
    done = run_without_torch(DETECT, tmp_path, str(tmp_path))
    assert done.returncode == 0, done.stderr


def test_without_torch_the_panel_says_where_to_learn(tmp_path: Path) -> None:
    done = run_without_torch(LEARN, tmp_path)
    assert done.stdout.startswith("This is Caihua for the field"), done.stderr


def test_without_torch_the_commands_that_learn_end_in_a_sentence(
    tmp_path: Path,
) -> None:
    data, out = str(tmp_path), str(tmp_path / "model.safetensors")
    done = run_without_torch(COMMAND, tmp_path, "train", "--data", data, "--out", out)
    assert done.returncode == 1
    assert done.stderr.startswith("caihua: This is Caihua for the field")
    assert len(done.stderr.splitlines()) == 1
