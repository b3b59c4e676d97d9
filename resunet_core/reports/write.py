"""A condition report in every format, in one folder."""

from pathlib import Path
from typing import TYPE_CHECKING

from resunet_core.formats.tables import write_table
from resunet_core.progress import Progress, Steps
from resunet_core.reports import tables
from resunet_core.reports.condition import ConditionReport
from resunet_core.reports.condition_html import write_condition_html
from resunet_core.reports.content import write_document
from resunet_core.reports.docx import write_docx
from resunet_core.reports.pdf import write_pdf
from resunet_core.reports.xlsx import write_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable


def write_report(folder: Path, report: ConditionReport) -> Steps[tuple[Path, ...]]:
    """Write report.pdf, .docx, .html, .xlsx and buildings, photos and losses as CSV.

    Returns:
        The files, the PDF first.

    Raises:
        CaihuaError: The folder cannot be written to.
    """
    document = write_document(report)
    done: list[Path] = []
    writers: dict[str, Callable[[Path], None]] = {
        "pdf": lambda path: write_pdf(path, document),
        "docx": lambda path: write_docx(path, document),
        "html": lambda path: write_condition_html(path, document),
        "xlsx": lambda path: write_xlsx(path, report),
    }
    for ending, write in writers.items():
        yield Progress(len(done), 7, f"report.{ending}")
        path = folder / f"report.{ending}"
        write(path)
        done.append(path)
    for name, rows, columns in (
        ("buildings", tables.building_rows(report), tables.BUILDING_COLUMNS),
        ("photos", tables.photo_rows(report), tables.PHOTO_COLUMNS),
        ("losses", list(tables.loss_rows(report)), tables.LOSS_COLUMNS),
    ):
        yield Progress(len(done), 7, f"{name}.csv")
        path = folder / f"{name}.csv"
        write_table(path, rows, columns)
        done.append(path)
    return tuple(done)
