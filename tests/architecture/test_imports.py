"""What an import drags along, seen by a fresh interpreter."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
IMPORT_ALL = """
import importlib, pkgutil
def import_all(package):
    found = importlib.import_module(package)
    for module in pkgutil.walk_packages(found.__path__, package + "."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
"""
WITHOUT = """
import sys
class Without:
    def __init__(self, finder):
        self.finder = finder
    def __getattr__(self, name):
        return getattr(self.finder, name)
    def find_spec(self, name, *where):
        missing = name.partition(".")[0] in {missing!r}
        return None if missing else self.finder.find_spec(name, *where)
sys.meta_path[:] = [Without(finder) for finder in sys.meta_path]
"""
NOT_ON_A_TRAINING_MACHINE = {
    "PySide6",
    "app",
    "jinja2",
    "pillow_heif",
    "platformdirs",
    "pyvips",
    "qtawesome",
    "rawpy",
    "shapely",
    "tqdm",
}


def run(code: str) -> None:
    """Run `code` in a new interpreter at the root; an error there fails the test."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=False,
        cwd=ROOT,
        encoding="utf-8",
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    assert done.returncode == 0, done.stderr


def test_a_command_is_understood_without_torch() -> None:
    run(
        "import sys; from resunet_core.cli.main import make_parser; make_parser();"
        "assert not {'torch', 'scipy', 'matplotlib', 'ezdxf'} & set(sys.modules)"
    )


def test_the_main_window_comes_without_torch() -> None:
    run("import sys, app.main_window; assert 'torch' not in sys.modules")


def test_the_whole_core_comes_without_qt() -> None:
    run(
        f"{IMPORT_ALL}import_all('resunet_core')\n"
        "import sys\n"
        "strange = {'PySide6', 'shiboken6', 'app'} & sys.modules.keys()\n"
        "assert not strange, strange"
    )


@pytest.mark.parametrize("package", ["model", "training", "synthesis"])
def test_training_needs_none_of_the_desktops_libraries(package: str) -> None:
    without = WITHOUT.format(missing=NOT_ON_A_TRAINING_MACHINE)
    run(f"{without}{IMPORT_ALL}import_all('resunet_core.{package}')")
