"""A report as a workbook: summary, buildings, photos, losses, parameters."""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from resunet_core.files import write_bytes
from resunet_core.formats.tables import Cell
from resunet_core.reports import tables
from resunet_core.reports.archive import fixed_archive
from resunet_core.reports.changes import CHANGE_COLUMNS, change_rows
from resunet_core.reports.condition import ConditionReport
from resunet_core.reports.sentences import first_sentence

MOST_ROWS = 1_048_576
"""Of a sheet; losses beyond are in the CSV alone."""

_HEAD = PatternFill("solid", fgColor="F0ECE4")
_WIDEST = 48


def write_xlsx(path: Path, report: ConditionReport) -> None:
    """Render the report.

    Raises:
        CaihuaError: It cannot be written.
    """
    write_bytes(path, render_xlsx(report))


def render_xlsx(report: ConditionReport) -> bytes:
    """The bytes of the XLSX, the same from the same report."""
    book = Workbook()
    _summary(book.active, report)
    for name, rows, columns in (
        ("Buildings 建筑", tables.building_rows(report), tables.BUILDING_COLUMNS),
        ("Photos 照片", tables.photo_rows(report), tables.PHOTO_COLUMNS),
        ("Losses 脱落", tables.loss_rows(report), tables.LOSS_COLUMNS),
        ("Parameters 参数", tables.parameter_rows(report), tables.PARAMETER_COLUMNS),
    ):
        _sheet(book.create_sheet(name), list(rows), columns)
    if report.changes:
        sheet = book.create_sheet("Change 变化", index=3)
        _sheet(sheet, change_rows(report.changes), CHANGE_COLUMNS)
    made = report.made.astimezone(UTC)
    properties = book.properties
    properties.title, properties.creator = report.title, report.operator
    properties.created = made.replace(tzinfo=None)
    stream = io.BytesIO()
    book.save(stream)
    return fixed_archive(
        stream.getvalue(), modified=made.strftime("%Y-%m-%dT%H:%M:%SZ")
    )


def _summary(sheet: Any, report: ConditionReport) -> None:  # noqa: ANN401 - the library has no types
    sheet.title = "Summary 摘要"
    sheet.column_dimensions["A"].width = 110
    lines = [report.title]
    for place in report.buildings:
        words = first_sentence(place, report.checks(place.photos))
        lines += ["", words.en, words.zh]
    for row, line in enumerate(lines, 1):
        cell = sheet.cell(row, 1)
        cell.value, cell.data_type = line, "s"  # text, though it begins with =
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(size=16 if row == 1 else 11, bold=row == 1)


def _sheet(
    sheet: Any,  # noqa: ANN401 - the library has no types
    rows: Iterable[dict[str, Cell]],
    columns: Sequence[str],
) -> None:
    kept = list(rows)[: MOST_ROWS - 1]
    present = [c for c in columns if any(row.get(c) is not None for row in kept)]
    for number, name in enumerate(present, 1):
        head = sheet.cell(1, number, name)
        head.font, head.fill = Font(bold=True), _HEAD
        longest = max([len(name), *(_shown(row.get(name)) for row in kept[:200])])
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = min(longest + 3, _WIDEST)
    for line, row in enumerate(kept, 2):
        for number, name in enumerate(present, 1):
            value = row.get(name)
            cell = sheet.cell(line, number)
            if isinstance(value, str):
                cell.value, cell.data_type = value, "s"
            elif value is not None:
                cell.value = value
                cell.number_format = "0.00##" if isinstance(value, float) else "#,##0"
    sheet.freeze_panes = "A2"
    if present:
        sheet.auto_filter.ref = sheet.dimensions


def _shown(value: Cell) -> int:
    """How wide a value is, in letters; a Chinese one is two."""
    if isinstance(value, float):
        return 10
    return sum(2 if letter > "ÿ" else 1 for letter in str(value or ""))
