"""Measuring as the window asks for it; its code loads when it is needed first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.jobs.points import PointsAsked
from app.jobs.report import ReportResult, ReportWish
from app.jobs.swipe import Swipe
from resunet_core.mask.tiled import DefectMask
from resunet_core.measure.scale import Scale
from resunet_core.progress import Progress, Steps
from resunet_core.project.records import Who
from resunet_core.project.store import Project

if TYPE_CHECKING:
    from app.jobs.figures import Sums
    from resunet_core.measure.targets import Marker
    from resunet_core.measure.totals import PhotoFigures
    from resunet_core.project.point_checks import PointCheck


@dataclass(frozen=True)
class Measuring:
    """What is measured beside the window's thread."""

    photo: "Callable[[Project, int, DefectMask | None], Steps[PhotoFigures]]"
    sums: "Callable[[Project, Mapping[int, PhotoFigures]], Sums]"
    report: Callable[[Project, ReportWish], Steps[ReportResult]]
    targets: "Callable[[Path], Steps[tuple[Marker, ...]]]"
    scale_of_targets: "Callable[[tuple[Marker, ...], float, float], Scale | None]"
    georeference: Callable[[Path], Scale | None]
    point_check: "Callable[[Project, int], PointCheck | None]"
    begin_check: Callable[[Project, int, int, int, Who], Steps[PointsAsked]]
    go_on_checking: Callable[[Project, int], Steps[PointsAsked]]
    ask_more: (
        "Callable[[Project, PointCheck, Mapping[int, int], int, Who],"
        " Steps[PointsAsked]]"
    )
    answer: Callable[..., None]
    pairs: Callable[[Project], list[tuple[int, int]]]
    compare: Callable[[Project, int, int], Steps[Swipe]]


def make_measuring() -> Measuring:
    """The real work."""
    return Measuring(
        photo=measure_photo,
        sums=sum_up,
        report=write_report,
        targets=find_targets,
        scale_of_targets=scale_of_targets,
        georeference=read_georeference,
        point_check=point_check,
        begin_check=begin_check,
        go_on_checking=go_on_checking,
        ask_more=ask_more,
        answer=answer,
        pairs=campaign_pairs,
        compare=compare_campaigns,
    )


def measure_photo(
    project: Project, photo_id: int, mask: DefectMask | None
) -> "Steps[PhotoFigures]":
    """Everything that is measured on a photo."""
    yield Progress(0, 0)
    from resunet_core.exchange.reporting import measure_project_photo

    return (yield from measure_project_photo(project, photo_id, mask))


def sum_up(project: Project, figures: "Mapping[int, PhotoFigures]") -> "Sums":
    """The sums over the places of a project."""
    from app.jobs import figures as code

    return code.sum_up(project, figures)


def write_report(project: Project, wish: ReportWish) -> Steps[ReportResult]:
    """A condition report, in the formats that are asked for."""
    yield Progress(0, 0)
    from app.jobs import reporting

    return (yield from reporting.write_report(project, wish))


def find_targets(path: Path) -> "Steps[tuple[Marker, ...]]":
    """The markers in a photo."""
    yield Progress(0, 0)
    from app.jobs import targets

    return (yield from targets.find_targets(path))


def scale_of_targets(
    markers: "tuple[Marker, ...]", side_mm: float, bar_mm: float
) -> Scale | None:
    """By a bar from the first marker to the last one, else by the markers' sides."""
    from resunet_core.measure.targets import scale_of_bar, scale_of_markers

    if bar_mm > 0 and len(markers) > 1:
        return scale_of_bar(markers, (markers[0].number, markers[-1].number), bar_mm)
    return scale_of_markers(markers, side_mm) if side_mm > 0 else None


def read_georeference(path: Path) -> Scale | None:
    """The scale that a photo or the file beside it tells."""
    from app.jobs import targets

    return targets.read_georeference(path)


def point_check(project: Project, photo_id: int) -> "PointCheck | None":
    """The last check of a photo."""
    from resunet_core.project.point_checks import point_check_of

    return point_check_of(project, photo_id)


def begin_check(
    project: Project, photo_id: int, points: int, seed: int, who: Who
) -> Steps[PointsAsked]:
    """A new check of a photo."""
    yield Progress(0, 0)
    from app.jobs import point_check as code

    return (yield from code.begin(project, photo_id, points, seed, who))


def go_on_checking(project: Project, photo_id: int) -> Steps[PointsAsked]:
    """The last check of a photo, where it was left."""
    yield Progress(0, 0)
    from app.jobs import point_check as code

    return (yield from code.go_on(project, photo_id))


def ask_more(
    project: Project,
    check: "PointCheck",
    more: Mapping[int, int],
    seed: int,
    who: Who,
) -> Steps[PointsAsked]:
    """More points for a check."""
    yield Progress(0, 0)
    from app.jobs import point_check as code

    return (yield from code.ask_more(project, check, more, seed, who))


def answer(
    project: Project, *, check_id: int, number: int, seen: int | None, who: Who
) -> None:
    """Keep what was seen at a point."""
    from resunet_core.project.point_checks import answer_point

    answer_point(project, check_id, number, seen, who=who)


def campaign_pairs(project: Project) -> list[tuple[int, int]]:
    """Photos of one component in the last two campaigns."""
    from resunet_core.exchange import campaigns

    return campaigns.campaign_pairs(project)


def compare_campaigns(project: Project, before_id: int, after_id: int) -> Steps[Swipe]:
    """Two photos of one component, laid over each other."""
    yield Progress(0, 0)
    from app.jobs import campaigns

    return (yield from campaigns.compare(project, before_id, after_id))
