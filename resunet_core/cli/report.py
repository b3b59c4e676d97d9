"""`caihua report`: a condition report of a project, as PDF, DOCX, HTML and tables."""

import argparse
import sys
from datetime import datetime
from pathlib import Path

from resunet_core.cli.options import make_folder
from resunet_core.cli.progress_bar import run_with_bar
from resunet_core.errors import WrongUsage
from resunet_core.project.store import Project

HELP = "Write a condition report of a project: PDF, Word, web page, tables."
EXAMPLE = "caihua report survey.caihua --out report --operator 李伟"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR")
    parser.add_argument("--title", default="", help="else the building's name")
    parser.add_argument("--operator", default="", metavar="NAME", help="who assessed")
    parser.add_argument("--reviewer", default="", metavar="NAME", help="who reviewed")
    parser.add_argument("--building", metavar="NAME", help="this building alone")
    parser.add_argument(
        "--made",
        metavar="TIME",
        help="ISO time on the report: the same project then gives the same bytes",
    )
    parser.add_argument(
        "--sizes",
        metavar="MM2,...",
        help="edges of the size bins of paint loss in mm², as 100,1000,10000",
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the report; 1 when some photos failed, 0 when all went well."""
    from resunet_core.exchange.reporting import ReportWish, project_report
    from resunet_core.measure.losses import parse_edges
    from resunet_core.reports.write import write_report

    wish = ReportWish(
        building=arguments.building,
        title=arguments.title,
        operator=arguments.operator,
        reviewer=arguments.reviewer,
        made=_time(arguments.made),
        sizes_mm2=() if arguments.sizes is None else parse_edges(arguments.sizes),
    )
    if not arguments.project.is_file():
        raise WrongUsage(f"{arguments.project} is not there.", "Check the name.")
    make_folder(arguments.out)
    with Project.open(arguments.project) as project:
        _refuse_nothing(project, arguments.building)
        outcome = run_with_bar(project_report(project, wish), "Measure")
    for sentence in outcome.failed:
        print(sentence, file=sys.stderr)
    run_with_bar(write_report(arguments.out, outcome.report), "Report")
    failed = len(outcome.failed)
    left_out = f", {failed} photos failed" if failed else ""
    photos = len(outcome.report.photos)
    print(f"{photos} photos reported{left_out}. Files in {arguments.out}")
    return 1 if failed else 0


def _refuse_nothing(project: Project, building: str | None) -> None:
    if not any(building in (None, record.building) for record in project.photos()):
        raise WrongUsage(
            f"The project has no photo of {building!r}."
            if building
            else "The project has no photo.",
            "Name a building as the project does, or add photos.",
        )


def _time(text: str | None) -> datetime:
    if text is None:
        return datetime.now().astimezone()
    try:
        made = datetime.fromisoformat(text)
    except ValueError as error:
        raise WrongUsage(
            f"--made {text} is no time.", "Give it as 2026-05-14T09:30+08:00."
        ) from error
    return made if made.tzinfo else made.astimezone()
