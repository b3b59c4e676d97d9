"""The window's detection in a program that came without torch."""

import os
import subprocess
import sys
from pathlib import Path

from tests.builders import a_photo

ROOT = Path(__file__).resolve().parents[3]
CODE = """
import sys
from pathlib import Path
class Without:
    def find_spec(self, name, *where):
        if name.partition(".")[0] in {"torch", "torchvision"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Without())
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


def test_a_photo_is_detected_without_torch(tmp_path: Path) -> None:
    a_photo(tmp_path, "wall.png", height=200, width=300)
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(tmp_path)],
        capture_output=True,
        check=False,
        cwd=ROOT,
        encoding="utf-8",
        env=os.environ
        | {"QT_QPA_PLATFORM": "offscreen", "CAIHUA_CACHE": str(tmp_path / "cache")},
    )
    assert done.returncode == 0, done.stderr
