"""`caihua import`: labels and masks of other programs into a project."""

import argparse
import sys
from pathlib import Path

from resunet_core.cli.progress_bar import run_with_bar
from resunet_core.errors import WrongUsage
from resunet_core.exchange.importing import (
    ImportOutcome,
    import_labels,
    label_files,
)
from resunet_core.exchange.incoming import ImportOptions
from resunet_core.formats.label_names import (
    UnknownLabels,
    label_names,
    parse_mapping,
)
from resunet_core.formats.labelme_shapes import LINE_WIDTH_PX
from resunet_core.project.records import Who
from resunet_core.project.store import Project

HELP = "Bring labels of LabelMe, COCO, CVAT, or masks, into a project."
EXAMPLE = "caihua import labels/ --project survey.caihua --map crack=craquelure"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "labels",
        nargs="+",
        type=Path,
        metavar="LABELME_JSON_OR_DIR|MASKS",
        help="label files, masks called as their photos, or folders of these",
    )
    parser.add_argument("--project", required=True, type=Path, metavar="FILE")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="THEIRS=OURS",
        help="what a label, or a value of a mask, means; can be given several times",
    )
    parser.add_argument(
        "--line-width",
        type=int,
        default=LINE_WIDTH_PX,
        metavar="PX",
        help="how wide lines are painted (default: %(default)s)",
    )
    parser.add_argument(
        "--by", default="", metavar="NAME", help="who drew them, for the log"
    )


def run(arguments: argparse.Namespace) -> int:
    """Import; 1 when some files were refused, 0 when all went well."""
    if not 1 <= arguments.line_width <= 1000:
        raise WrongUsage(
            f"--line-width {arguments.line_width} is not possible.",
            "Give 1 to 1000 px.",
        )
    names = label_names(mapping=parse_mapping(arguments.map))
    options = ImportOptions(names, arguments.line_width)
    label_files(arguments.labels)  # refused before a project is made for nothing
    with Project.open(arguments.project) as project:
        steps = import_labels(
            project, arguments.labels, options, who=Who("person", arguments.by)
        )
        outcome: ImportOutcome = run_with_bar(steps, "Import")
    for one in outcome.imported:
        changed = f"{one.changed_px} px changed" if one.changed_px else "nothing new"
        print("; ".join((f"{one.photo}: {changed}", *one.notes)))
    for _, reason in outcome.failed:
        print(reason, file=sys.stderr)
    if outcome.unknown and len(outcome.failed) > 1:
        print(UnknownLabels("All of it", outcome.unknown, names), file=sys.stderr)
    refused = f", {len(outcome.failed)} refused" if outcome.failed else ""
    print(f"{len(outcome.imported)} imported{refused} into {arguments.project}")
    return 1 if outcome.failed else 0
