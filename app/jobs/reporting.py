"""A condition report of the project, in the formats that are asked for."""

from app.jobs.report import ReportResult, ReportWish
from resunet_core.cli.options import make_folder
from resunet_core.exchange.reporting import ReportWish as CoreWish
from resunet_core.exchange.reporting import project_report
from resunet_core.measure.losses import parse_edges
from resunet_core.progress import Steps
from resunet_core.project.store import Project
from resunet_core.reports import write


def write_report(project: Project, wish: ReportWish) -> Steps[ReportResult]:
    """Measure the photos and write the report.

    Raises:
        CaihuaError: No photo can be reported on, or the folder not be written to.
    """
    sizes = parse_edges(wish.sizes) if wish.sizes else ()
    make_folder(wish.folder)
    asked = CoreWish(
        building=wish.building,
        title=wish.title,
        operator=wish.operator,
        reviewer=wish.reviewer,
        sizes_mm2=sizes,
    )
    made = yield from project_report(project, asked)
    files = yield from write.write_report(wish.folder, made.report, wish.formats)
    return ReportResult(wish.folder, files, len(made.report.photos), made.failed)
