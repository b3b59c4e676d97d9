"""Tables open rightly in a spreadsheet and say nothing that was not measured."""

import csv
from pathlib import Path

import pytest

from resunet_core.formats.tables import Cell, write_table


def _written(path: Path, rows: list[dict[str, Cell]], *columns: str) -> list[list[str]]:
    write_table(path, rows, columns)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def test_bytes_as_a_spreadsheet_wants_them(tmp_path: Path) -> None:
    rows: list[dict[str, Cell]] = [{"名": "井亭, 东\n间", "n": 3}]
    path = tmp_path / "表.csv"
    assert _written(path, rows, "名", "n") == [["名", "n"], ["井亭, 东\n间", "3"]]
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf\xe5\x90\x8d,n\r\n")
    assert data.endswith(b",3\r\n")


def test_what_was_never_measured_is_absent(tmp_path: Path) -> None:
    rows: list[dict[str, Cell]] = [
        {"px": 1, "mm2": None, "note": None, "unlisted": 5},
        {"px": 0, "note": "seen"},
    ]
    found = _written(tmp_path / "a.csv", rows, "px", "mm2", "note")
    assert found == [["px", "note"], ["1", ""], ["0", "seen"]]
    assert _written(tmp_path / "b.csv", [], "px", "mm2") == [["px", "mm2"]]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1"]
)
def test_a_hostile_name_is_no_formula(tmp_path: Path, text: str) -> None:
    ((_, found),) = zip(*_written(tmp_path / "a.csv", [{"c": text}], "c"), strict=True)
    assert found == f"'{text}"


def test_numbers_are_numbers(tmp_path: Path) -> None:
    row: dict[str, Cell] = {"a": -1.5, "b": 123_456_789, "c": 1_234_567.5, "d": 0.1**2}
    found = _written(tmp_path / "a.csv", [row], *row)
    assert found[1] == ["-1.5", "123456789", "1234567.5", "0.01"]
