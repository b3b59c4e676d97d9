"""A process at work is killed: what it called done is there. The short form."""

from pathlib import Path

import pytest
from kill_test import Lost, check_exports, cut_often, kill_often


def test_nothing_done_is_lost_to_a_kill(tmp_path: Path) -> None:
    assert kill_often(tmp_path, kills=5, seed=1) > 10


def test_nothing_done_is_lost_to_a_power_cut(tmp_path: Path) -> None:
    cut_often(tmp_path, cuts=40, seed=2)


def test_what_is_half_written_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.png").write_bytes(b"half")
    with pytest.raises(Lost):
        check_exports(tmp_path / "a.caihua")
