"""The command: sub-commands without Qt, the window without torch."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_sub_command_needs_no_qt() -> None:
    run(
        "import sys\nfrom app.__main__ import main\n"
        "try:\n    main(['models', '--help'])\nexcept SystemExit:\n    pass\n"
        "assert 'PySide6' not in sys.modules"
    )


@pytest.mark.parametrize("words", [["--smoke"]])
def test_the_window_opens_and_closes_without_torch(words: list[str]) -> None:
    run(
        f"import sys\nfrom app.__main__ import main\nassert main({words!r}) == 0\n"
        "assert 'torch' not in sys.modules"
    )


def test_a_mistyped_command_is_answered_where_it_was_typed(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app", "anlyze"],
        capture_output=True,
        check=False,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        timeout=60,  # a window would stay open
    )
    assert done.returncode == 2
    assert "no photo, folder or project anlyze" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
