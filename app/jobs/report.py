"""What is asked of a condition report, without the code that writes it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

ReportFormat = Literal["pdf", "docx", "xlsx", "html", "csv"]
FORMATS: tuple[ReportFormat, ...] = ("pdf", "docx", "xlsx", "html", "csv")


@dataclass(frozen=True)
class ReportWish:
    """Which report to write where.

    Attributes:
        folder: To write into.
        formats: At least one.
        building: Only its photos; None for all.
        title: Empty: the building's name.
        operator: Who assessed.
        reviewer: Who looked it over.
        sizes: Edges of the size bins of paint loss in mm², as `100,1000`; empty for
            the usual ones.
    """

    folder: Path
    formats: tuple[ReportFormat, ...]
    building: str | None = None
    title: str = ""
    operator: str = ""
    reviewer: str = ""
    sizes: str = ""


@dataclass(frozen=True)
class ReportResult:
    """What was written, and the photos that could not be reported on."""

    folder: Path
    files: tuple[Path, ...]
    photos: int
    failed: tuple[str, ...]
