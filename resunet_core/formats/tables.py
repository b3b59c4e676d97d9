"""CSV tables that open rightly in every spreadsheet, Chinese included."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from resunet_core.files import write_text

Cell = str | int | float | None


def write_table(
    path: Path, rows: Sequence[dict[str, Cell]], columns: Sequence[str]
) -> None:
    """Write rows as CSV; columns that are empty in every row are left out.

    A figure that was not measured is absent, not an empty cell that looks like one.
    The byte order mark tells Excel that the text is UTF-8.
    """
    present = [
        c for c in columns if not rows or any(r.get(c) is not None for r in rows)
    ]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, present, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({c: _said(row.get(c)) for c in present})
    write_text(path, text.getvalue(), encoding="utf-8-sig")


def _said(cell: Cell) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.10g}"
    if isinstance(cell, str) and cell[:1] in "=+-@\t\r":
        return f"'{cell}"  # a spreadsheet would run it as a formula
    return cell
