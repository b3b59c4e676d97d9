"""The layers hold, and the contracts that say so do bite."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("resunet_core", "app")
BREACHES = {
    "core-layers": ("resunet_core/mask/__init__.py", "import resunet_core.cli"),
    "core-no-qt": ("resunet_core/box.py", "import PySide6.QtCore"),
    "inference-no-torch": ("resunet_core/inference/grid.py", "import torch"),
    "app-layers": ("app/support/__init__.py", "import app.session.session"),
    "app-no-torch": ("app/panels/__init__.py", "import torch"),
}
"""For each contract a line that breaks it, and the file to put it in."""


def contracts() -> dict[str, str]:
    with (ROOT / "pyproject.toml").open("rb") as stream:
        listed = tomllib.load(stream)["tool"]["importlinter"]["contracts"]
    return {contract["id"]: contract["name"] for contract in listed}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The source alone, with the rules, to be broken at will."""
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package,
            tmp_path / package,
            ignore=lambda folder, names: [
                name
                for name in names
                if not name.endswith(".py") and not (Path(folder) / name).is_dir()
            ],
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def verdicts(folder: Path) -> set[str]:
    """The ids of the contracts that `lint-imports` finds broken in `folder`."""
    code = "import sys; from importlinter.cli import lint_imports_command as f; f()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--no-cache"],
        capture_output=True,
        check=False,
        cwd=folder,
        encoding="utf-8",
    )
    kept = {key for key, name in contracts().items() if f"{name} KEPT" in done.stdout}
    broken = {
        key for key, name in contracts().items() if f"{name} BROKEN" in done.stdout
    }
    assert kept | broken == contracts().keys(), done.stdout + done.stderr
    assert (done.returncode == 0) is (not broken)
    return broken


def test_each_contract_has_a_breach_to_prove_it() -> None:
    assert contracts().keys() == BREACHES.keys()


def test_the_source_keeps_the_contracts_and_each_breach_breaks_one(copy: Path) -> None:
    assert verdicts(copy) == set()
    for file, line in BREACHES.values():
        path = copy / file
        path.write_text(f"{path.read_text('utf-8')}\n{line}\n", "utf-8")
    assert verdicts(copy) == BREACHES.keys()


@pytest.mark.parametrize("folder", ["packaging", "resources"])
def test_folders_that_are_no_packages_stay_so(folder: str) -> None:
    assert not list((ROOT / folder).rglob("__init__.py"))
