"""`caihua export`: masks of a project or of results into files of other programs."""

import argparse
import sys
from pathlib import Path

from resunet_core.box import Box
from resunet_core.cli.progress_bar import run_with_bar
from resunet_core.errors import WrongUsage
from resunet_core.exchange.export import FORMATS, export
from resunet_core.exchange.options import TILE_PX, ExportOptions, ExportOutcome
from resunet_core.exchange.sources import (
    PhotoSource,
    folder_sources,
    project_sources,
)
from resunet_core.project.store import Project

HELP = "Write masks as LabelMe, training data, COCO, GeoJSON, DXF and others."
EXAMPLE = "caihua export survey.caihua --format geojson --out outlines"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "source",
        type=Path,
        metavar="PROJECT|DIR",
        help="a project, or a folder that `caihua analyze` wrote",
    )
    parser.add_argument("--format", required=True, choices=tuple(FORMATS))
    parser.add_argument("--out", required=True, type=Path, metavar="DIR")
    parser.add_argument(
        "--photo",
        action="append",
        default=[],
        metavar="NAME",
        help="this photo alone; can be given several times",
    )
    parser.add_argument(
        "--tolerance",
        type=float,
        metavar="PX",
        help="how far polygons may stray from the mask; 0 for exact ones",
    )
    parser.add_argument(
        "--tile",
        type=int,
        default=TILE_PX[1],
        metavar="PX",
        help="longest side of a tile of labelme-tiles (default: %(default)s)",
    )
    parser.add_argument(
        "--area",
        type=int,
        nargs=4,
        metavar=("LEFT", "TOP", "WIDTH", "HEIGHT"),
        help="this area of one photo alone, in px; the files say so",
    )


def run(arguments: argparse.Namespace) -> int:
    """Export; 1 when some photos failed, 0 when all went well."""
    options = ExportOptions(_tolerance(arguments), arguments.tile, _area(arguments))
    if arguments.source.is_dir():
        sources = _chosen(folder_sources(arguments.source), arguments.photo)
        return _export(arguments, sources, options)
    if not arguments.source.is_file():
        raise WrongUsage(f"{arguments.source} is not there.", "Check the name.")
    with Project.open(arguments.source) as project:
        sources = _chosen(project_sources(project), arguments.photo)
        return _export(arguments, sources, options)


def _tolerance(arguments: argparse.Namespace) -> float | None:
    tolerance: float | None = arguments.tolerance
    if tolerance is None:
        return None
    if not 0 <= tolerance <= 100:
        raise WrongUsage(
            f"--tolerance {tolerance:g} is not possible.", "Give 0 to 100 px."
        )
    if not FORMATS[arguments.format].simplifies:
        raise WrongUsage(
            f"{arguments.format} is exact and takes no --tolerance.", "Leave it out."
        )
    return tolerance


def _area(arguments: argparse.Namespace) -> Box | None:
    if arguments.area is None:
        return None
    left, top, width, height = arguments.area
    if width < 1 or height < 1:
        raise WrongUsage(
            f"An area of {width} by {height} px is not possible.",
            "Give LEFT TOP WIDTH HEIGHT.",
        )
    return Box(top, left, top + height, left + width)


def _chosen(sources: list[PhotoSource], names: list[str]) -> list[PhotoSource]:
    known = {name for s in sources for name in (s.name, s.path.name)}
    missing = [name for name in names if name not in known]
    if missing:
        raise WrongUsage(
            f"There is no photo {missing[0]!r}.", "Name it as the project does."
        )
    return [s for s in sources if not names or {s.name, s.path.name} & set(names)]


def _export(
    arguments: argparse.Namespace, sources: list[PhotoSource], options: ExportOptions
) -> int:
    steps = export(sources, arguments.format, arguments.out, options)
    outcome: ExportOutcome = run_with_bar(steps, f"Export {arguments.format}")
    for note in outcome.notes:
        print(note)
    for failed in outcome.failed:
        print(f"{failed.name}: {failed.reason}", file=sys.stderr)
    left_out = f", {len(outcome.failed)} failed" if outcome.failed else ""
    print(f"{len(outcome.written)} written{left_out}. Files in {arguments.out}")
    return 1 if outcome.failed else 0
