"""`caihua analyze`: photos in; masks, overlays, labels, tables and a report out."""

import argparse
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from resunet_core.cli.options import add_device, add_engine, add_model, make_folder
from resunet_core.cli.progress_bar import run_with_bar
from resunet_core.errors import CaihuaError, WrongUsage
from resunet_core.files import unique_stems
from resunet_core.imaging.photo import find_photos
from resunet_core.project.store import Project
from resunet_core.reports.results import SUMMARY_STEMS, is_result
from resunet_core.reports.run import FailedPhoto, Run, WorkerUse

if TYPE_CHECKING:
    from resunet_core.analysis.photo import Analysis, PhotoOutcome
    from resunet_core.inference.engine import Engine

HELP = "Detect defects on photos and write masks, labels, tables and a report."
EXAMPLE = """\
caihua analyze photos/ --out results --building "Well Pavilion"
  caihua analyze /shared/photos --out /shared/results --scheduler tcp://10.0.0.5:8786"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("photos", nargs="+", type=Path, metavar="PHOTO|FOLDER")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR")
    parser.add_argument(
        "--project", type=Path, metavar="FILE", help="also keep it here"
    )
    add_model(parser)
    add_device(parser)
    add_engine(parser)
    parser.add_argument(
        "--mm-per-px", type=float, metavar="X", help="scale of all photos"
    )
    parser.add_argument("--building", default="", metavar="NAME")
    parser.add_argument(
        "--scheduler",
        metavar="tcp://HOST:PORT",
        help="let the workers of this Dask cluster do the photos",
    )


@dataclass
class Results:
    """What has come out so far: of each photo one, by its place among all."""

    paths: Sequence[Path]
    done: dict[int, "PhotoOutcome"] = field(default_factory=dict)
    failed: dict[int, FailedPhoto] = field(default_factory=dict)

    def title(self, number: int) -> str:
        """What a photo is called on the terminal."""
        return f"{number + 1}/{len(self.paths)} {self.paths[number].name}"


@dataclass(frozen=True)
class Place:
    """Where the work was done: for the record."""

    device: str
    engine: str
    precision: str
    scheduler: str = ""
    workers: tuple[WorkerUse, ...] = ()


def run(arguments: argparse.Namespace) -> int:
    """Analyse all photos; 1 when some failed, 0 when all went well."""
    paths = _photos_of(arguments.photos)
    if not paths:
        raise WrongUsage("There is no photo in what was named.", "Name another folder.")
    _refuse_wrong_values(arguments)
    started = datetime.now().astimezone()
    results = Results(paths)
    if arguments.scheduler:
        from resunet_core.cli.analyze_cluster import analyse_there

        analysis, place = analyse_there(arguments, results)
    else:
        analysis, place = _analyse_here(arguments, results)
    outcomes = [results.done[number] for number in sorted(results.done)]
    record = Run(
        started=started.isoformat(timespec="seconds"),
        finished=datetime.now().astimezone().isoformat(timespec="seconds"),
        device=place.device,
        engine=place.engine,
        model=analysis.use,
        photos=tuple(outcome.run for outcome in outcomes),
        failed=tuple(results.failed[number] for number in sorted(results.failed)),
        precision=place.precision,
        scheduler=place.scheduler,
        workers=place.workers,
    )
    from resunet_core.cli.analysis_report import write_everything

    write_everything(arguments.out, arguments.building, outcomes, record)
    return 1 if results.failed else 0


@contextmanager
def project_of(arguments: argparse.Namespace) -> Iterator[Project | None]:
    """The project that the results are kept in; None where none was named."""
    if arguments.project is None:
        yield None
        return
    with Project.open(arguments.project) as project:
        project.require_writable()
        yield project


def names_of(paths: Sequence[Path]) -> list[str]:
    """The unique names of the photos' results."""
    return unique_stems(list(paths), reserved=SUMMARY_STEMS)


def _refuse_wrong_values(arguments: argparse.Namespace) -> None:
    """Everything that can be known to fail fails before the work begins."""
    scale = arguments.mm_per_px
    if scale is not None and not 0 < scale < float("inf"):
        raise WrongUsage(
            f"--mm-per-px {scale} is no scale.", "Give millimetres per pixel, above 0."
        )
    # Made now: the project may be meant to lie in it.
    make_folder(arguments.out)


def _photos_of(named: Sequence[Path]) -> list[Path]:
    """Every photo once, however it is named; earlier results in a folder are none."""
    found: dict[Path, Path] = {}
    for path in find_photos(named):
        if path in named or not is_result(path):
            found.setdefault(path.resolve(), path)
    return list(found.values())


def _analyse_here(
    arguments: argparse.Namespace, results: Results
) -> tuple["Analysis", Place]:
    """One photo after the other, on this computer."""
    from resunet_core.analysis.photo import Analysis, use_of
    from resunet_core.inference.engine import load_engine

    model = load_engine(arguments.model, arguments.device, arguments.engine)
    if model.notice:
        print(f"caihua: {model.notice}", file=sys.stderr)
    analysis = Analysis(
        arguments.out, use_of(model.info), arguments.building, arguments.mm_per_px
    )
    with project_of(arguments) as project:
        here = _Here(analysis, model, project, arguments.debug)
        for number, name in enumerate(names_of(results.paths)):
            _one_photo(here, results, number, name)
    use = model.use
    return analysis, Place(use.device, use.engine, use.precision)


@dataclass(frozen=True)
class _Here:
    """What every photo needs."""

    analysis: "Analysis"
    model: "Engine"
    project: Project | None
    debug: bool


def _one_photo(here: _Here, results: Results, number: int, name: str) -> None:
    from resunet_core.analysis.photo import analyse
    from resunet_core.cli.analysis_report import print_done, print_failed

    path, title = results.paths[number], results.title(number)
    try:
        steps = analyse(here.analysis, here.model, path, name, here.project)
        outcome, _ = run_with_bar(steps, title)
    except CaihuaError as error:
        failed = FailedPhoto(str(path), error.message, error.hint)
    except Exception as error:  # noqa: BLE001 - the other photos of a night are done
        if here.debug:
            traceback.print_exc()
        message = f"Unexpected {type(error).__name__}: {error}."
        failed = FailedPhoto(str(path), message, "Please report it, with --debug.")
    else:
        results.done[number] = outcome
        print_done(title, outcome)
        return
    results.failed[number] = failed
    print_failed(title, failed)
