"""What a person set for the reports of a project."""

import json
from dataclasses import dataclass

from resunet_core.errors import WrongUsage
from resunet_core.project.access import OpenProject
from resunet_core.project.log import Happening, add_entry
from resunet_core.project.records import SOMEBODY, DamagedRow, Who

_KEY = "report"


@dataclass(frozen=True)
class ReportSettings:
    """How the reports of a project are made.

    Attributes:
        size_bins_mm2: Edges of the size bins of paint loss, ascending.
        operator: Who assesses; may be empty.
        reviewer: Who looks it over; may be empty.
    """

    size_bins_mm2: tuple[float, ...] = (100.0, 1_000.0, 10_000.0)
    operator: str = ""
    reviewer: str = ""


def report_settings(project: OpenProject) -> ReportSettings:
    """The settings as they were set last."""
    with project.reading() as database:
        row = database.execute(
            "SELECT value FROM project WHERE key = ?", (_KEY,)
        ).fetchone()
        if row is None:
            return ReportSettings()
        try:
            told = json.loads(row[0])
            return ReportSettings(
                tuple(float(edge) for edge in told["size_bins_mm2"]),
                str(told["operator"]),
                str(told["reviewer"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedRow("its report settings make no sense") from error


def set_report_settings(
    project: OpenProject, settings: ReportSettings, *, who: Who = SOMEBODY
) -> None:
    """Keep other settings; the log of each photo says so, as each report is another.

    Raises:
        WrongUsage: The edges of size bins are not above 0 and ascending.
    """
    edges = settings.size_bins_mm2
    if not edges or not all(
        low < high < float("inf") for low, high in zip((0, *edges), edges, strict=False)
    ):
        raise WrongUsage(
            f"{edges} are no size bins.", "Give ascending sizes in mm² above 0."
        )
    told = {
        "size_bins_mm2": list(edges),
        "operator": settings.operator,
        "reviewer": settings.reviewer,
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    with project.changing() as database:
        database.execute(
            "INSERT INTO project VALUES (?1, ?2)"
            " ON CONFLICT (key) DO UPDATE SET value = ?2",
            (_KEY, text),
        )
        what = "size bins " + ", ".join(f"{edge:g}" for edge in edges) + " mm²"
        rows = database.execute("SELECT id FROM photos ORDER BY id").fetchall()
        for (photo_id,) in rows:
            add_entry(database, photo_id, Happening(who, "settings", what))
