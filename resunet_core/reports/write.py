"""A condition report in every format, in one folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from resunet_core.formats.tables import write_table
from resunet_core.progress import Progress, Steps
from resunet_core.reports import tables
from resunet_core.reports.changes import CHANGE_COLUMNS, change_rows
from resunet_core.reports.condition import ConditionReport
from resunet_core.reports.condition_html import write_condition_html
from resunet_core.reports.content import write_document
from resunet_core.reports.docx import write_docx
from resunet_core.reports.pdf import write_pdf
from resunet_core.reports.xlsx import write_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

ReportFormat = Literal["pdf", "docx", "html", "xlsx", "csv"]


FORMATS: tuple[ReportFormat, ...] = ("pdf", "docx", "html", "xlsx", "csv")


def write_report(
    folder: Path,
    report: ConditionReport,
    formats: "Collection[ReportFormat]" = FORMATS,
) -> Steps[tuple[Path, ...]]:
    """Write report.pdf, .docx, .html, .xlsx and buildings, photos and losses as CSV.

    Returns:
        The files, the PDF first.

    Raises:
        CaihuaError: The folder cannot be written to.
    """
    document = write_document(report)
    writers: dict[str, Callable[[Path], None]] = {
        "report.pdf": lambda path: write_pdf(path, document),
        "report.docx": lambda path: write_docx(path, document),
        "report.html": lambda path: write_condition_html(path, document),
        "report.xlsx": lambda path: write_xlsx(path, report),
        **_tables(report),
    }
    chosen = [name for name in writers if name.rpartition(".")[2] in formats]
    for done, name in enumerate(chosen):
        yield Progress(done, len(chosen), name)
        writers[name](folder / name)
    return tuple(folder / name for name in chosen)


def _tables(report: ConditionReport) -> "dict[str, Callable[[Path], None]]":
    def rows_of(
        rows: "Callable[[ConditionReport], Iterable[tables.Row]]",
        columns: tuple[str, ...],
    ) -> "Callable[[Path], None]":
        return lambda path: write_table(path, list(rows(report)), columns)

    found = {
        "buildings.csv": rows_of(tables.building_rows, tables.BUILDING_COLUMNS),
        "photos.csv": rows_of(tables.photo_rows, tables.PHOTO_COLUMNS),
        "losses.csv": rows_of(tables.loss_rows, tables.LOSS_COLUMNS),
    }
    if report.changes:
        found["changes.csv"] = rows_of(
            lambda given: change_rows(given.changes), CHANGE_COLUMNS
        )
    return found
