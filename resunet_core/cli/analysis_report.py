"""What an analysis ends with: tables, a page, a condition report, the run's record."""

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from resunet_core.analysis.photo import PhotoOutcome
from resunet_core.cli.progress_bar import run_with_bar
from resunet_core.exchange.reporting import cards_of
from resunet_core.formats.labelme import SLOW_IN_LABELME_MP
from resunet_core.reports.condition import ConditionReport, PhotoEntry, worded_title
from resunet_core.reports.html import write_html
from resunet_core.reports.measure import PhotoMeasure
from resunet_core.reports.report import Report
from resunet_core.reports.results import write_summary
from resunet_core.reports.run import FailedPhoto, Run
from resunet_core.reports.write import write_report


def print_done(title: str, outcome: PhotoOutcome) -> None:
    """Say what was found on a photo, and what a person should know of it."""
    run, worker = outcome.run, outcome.run.worker
    at = f", on {worker}" if worker else ""
    print(f"{title}: {_found(outcome.page.measure)}, {run.seconds:.1f} s{at}")
    for warning in run.warnings:
        print(f"  {warning}")
    if run.width * run.height > SLOW_IN_LABELME_MP * 1e6:
        print(f"  {run.name}.json: LabelMe is slow on masks of more than 4 megapixels.")


def print_failed(title: str, failed: FailedPhoto) -> None:
    """Say what is wrong with a photo; the others are done all the same."""
    print(f"{title}: {failed.message} {failed.hint}".rstrip(), file=sys.stderr)


def write_everything(
    folder: Path, building: str, outcomes: Sequence[PhotoOutcome], run: Run
) -> None:
    """Write tables and reports of the photos in this order, and say where they are.

    Raises:
        CaihuaError: The folder cannot be written to.
    """
    pages = [outcome.page for outcome in outcomes]
    rows = [row for outcome in outcomes for row in outcome.region_rows]
    buildings = write_summary(folder, [page.measure for page in pages], rows, run)
    title = building or "Condition of painted surfaces"
    report = Report(title, run, buildings, tuple(pages))
    write_html(folder / "report.html", report)
    if outcomes:
        _write_pdf(folder, [outcome.entry for outcome in outcomes], run)
    failed = f", {len(run.failed)} failed" if run.failed else ""
    print(f"{len(run.photos)} done{failed}. Results in {folder}")
    if report.warning:
        print(report.warning)
    if run.failed:
        print("Failed:", *(f"\n  {f.path}: {f.message}" for f in run.failed))


def _found(measure: PhotoMeasure) -> str:
    return ", ".join(f"{a.key} {100 * a.share:.2f} %" for a in measure.areas)


def _write_pdf(folder: Path, entries: Sequence[PhotoEntry], run: Run) -> None:
    report = ConditionReport(
        title=worded_title({entry.figures.levels[1] for entry in entries}),
        made=datetime.fromisoformat(run.finished),
        photos=tuple(entries),
        photos_taken=len(run.photos) + len(run.failed),
        cards=cards_of(entries),
    )
    run_with_bar(write_report(folder, report, ["pdf"]), "Report")
