"""The checks that each test passes through do find what a test leaves behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (["kept.append(QWidget())", "kept[-1].show()"], "windows left open"),
        (["kept.append(QThread())", "kept[-1].start()"], "threads left running"),
        (["QWidget().deleteLater()", "thread = QThread()"], ""),
        (["qtbot.addWidget(QWidget())"], ""),
    ],
)
def test_what_a_test_leaves_behind_fails_it(
    tmp_path: Path, lines: list[str], complaint: str
) -> None:
    body = "".join(f"    {line}\n" for line in lines)
    (tmp_path / "test_story.py").write_text(
        "from PySide6.QtCore import QThread\n"
        "from PySide6.QtWidgets import QWidget\n"
        f"kept = []\ndef test_story(qtbot):\n{body}",
        "utf-8",
    )
    (tmp_path / "conftest.py").write_bytes((ROOT / "tests/conftest.py").read_bytes())
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", tmp_path],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        encoding="utf-8",
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    assert (done.returncode != 0) is bool(complaint), done.stdout
    assert complaint in done.stdout
