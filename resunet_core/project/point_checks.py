"""Point checks in the project's tables: random points, and what a person saw there."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from resunet_core.box import Box
from resunet_core.measure.sampling import CheckPoint
from resunet_core.measure.uncertainty import Answers, AreaEstimate, count_answers
from resunet_core.measure.uncertainty import estimate_area as estimate
from resunet_core.measure.uncertainty import points_to_halve as more_points
from resunet_core.project.access import OpenProject
from resunet_core.project.log import Happening, add_entry, now
from resunet_core.project.photos import read_time
from resunet_core.project.records import DamagedRow, Who


@dataclass(frozen=True)
class CheckedPoint:
    """A point of a check; `seen` is the class id that the person saw, None: not yet."""

    number: int
    point: CheckPoint
    seen: int | None = None
    who: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class PointCheck:
    """A point check of a photo.

    Attributes:
        strata: Assessed pixels of each class id of the mask when the points were drawn:
            whatever becomes of the mask, they tell of the surface, not of the mask.
    """

    id: int
    photo_id: int
    at: datetime
    who: str
    strata: Mapping[int, int]
    points: tuple[CheckedPoint, ...]

    @property
    def answers(self) -> Answers:
        """How many points of each (class id in the mask, class id seen)."""
        return count_answers(
            (one.point.mapped, one.seen) for one in self.points if one.seen is not None
        )

    @property
    def answered(self) -> int:
        """How many points are answered."""
        return sum(one.seen is not None for one in self.points)

    def estimate(self, class_id: int) -> AreaEstimate:
        """The corrected area of a class in pixels, with its 95 % interval."""
        return estimate(self.strata, self.answers, class_id)

    def points_to_halve(self, class_id: int) -> dict[int, int]:
        """How many more points in which strata would about halve the interval."""
        return more_points(self.strata, self.answers, class_id)


def start_point_check(
    project: OpenProject,
    photo_id: int,
    points: Sequence[CheckPoint],
    strata: Mapping[int, int],
    *,
    who: Who,
) -> PointCheck:
    """Keep the points of a new check, none answered; from now on it is the photo's.

    Raises:
        WrongUsage: The photo is approved.
    """
    sizes = json.dumps({str(k): int(n) for k, n in sorted(strata.items())})
    with project.changing(photo_id) as database:
        check_id = database.execute(
            "INSERT INTO point_checks (photo_id, at, who_name, strata)"
            " VALUES (?, ?, ?, ?) RETURNING id",
            (photo_id, now(), who.name, sizes),
        ).fetchone()[0]
        _add_points(database, check_id, points, 0)
        event = Happening(who, "point check", f"{len(points)} points drawn")
        add_entry(database, photo_id, event)
        return _read(database, check_id)


def add_points(
    project: OpenProject, check_id: int, points: Sequence[CheckPoint], *, who: Who
) -> PointCheck:
    """Ask more points in the strata of a check, to make its intervals narrower.

    Raises:
        WrongUsage: The photo is approved.
    """
    photo_id = _photo_of(project, check_id)
    with project.changing(photo_id) as database:
        (last,) = database.execute(
            "SELECT MAX(number) FROM check_points WHERE check_id = ?", (check_id,)
        ).fetchone()
        _add_points(database, check_id, points, 0 if last is None else last + 1)
        event = Happening(who, "point check", f"{len(points)} more points drawn")
        add_entry(database, photo_id, event)
        return _read(database, check_id)


def answer_point(
    project: OpenProject, check_id: int, number: int, seen: int | None, *, who: Who
) -> None:
    """Keep what a person saw at a point, or None to take the answer back.

    Raises:
        WrongUsage: The photo is approved.
        KeyError: The check has no such point.
    """
    photo_id = _photo_of(project, check_id)
    with project.changing(photo_id) as database:
        row = database.execute(
            "UPDATE check_points SET seen = ?1, at = ?2, who_name = ?3"
            " WHERE check_id = ?4 AND number = ?5 RETURNING y, x, mapped",
            (
                seen,
                None if seen is None else now(),
                "" if seen is None else who.name,
                *(check_id, number),
            ),
        ).fetchone()
        if row is None:
            raise KeyError(number)
        y, x, mapped = row
        said = "answer taken back" if seen is None else f"mapped {mapped}, seen {seen}"
        event = Happening(
            who, "point check", f"point {number + 1}: {said}", Box(y, x, y + 1, x + 1)
        )
        add_entry(database, photo_id, event)


def point_check_of(project: OpenProject, photo_id: int) -> PointCheck | None:
    """The last check of a photo, whether it is finished or not; None without one."""
    with project.reading() as database:
        (check_id,) = database.execute(
            "SELECT MAX(id) FROM point_checks WHERE photo_id = ?", (photo_id,)
        ).fetchone()
        return None if check_id is None else _read(database, check_id)


def _photo_of(project: OpenProject, check_id: int) -> int:
    with project.reading() as database:
        row = database.execute(
            "SELECT photo_id FROM point_checks WHERE id = ?", (check_id,)
        ).fetchone()
    if row is None:
        raise KeyError(check_id)
    return int(row[0])


def _add_points(
    database: sqlite3.Connection,
    check_id: int,
    points: Sequence[CheckPoint],
    first: int,
) -> None:
    database.executemany(
        "INSERT INTO check_points (check_id, number, y, x, mapped)"
        " VALUES (?, ?, ?, ?, ?)",
        [(check_id, n, p.y, p.x, p.mapped) for n, p in enumerate(points, first)],
    )


def _read(database: sqlite3.Connection, check_id: int) -> PointCheck:
    photo_id, at, who, strata = database.execute(
        "SELECT photo_id, at, who_name, strata FROM point_checks WHERE id = ?",
        (check_id,),
    ).fetchone()
    rows = database.execute(
        "SELECT number, y, x, mapped, seen, who_name, at FROM check_points"
        " WHERE check_id = ? ORDER BY number",
        (check_id,),
    )
    try:
        sizes = {int(k): int(n) for k, n in json.loads(strata).items()}
        points = tuple(_point(row) for row in rows.fetchall())
    except (ValueError, TypeError, AttributeError) as error:
        raise DamagedRow(f"point check {check_id} makes no sense") from error
    return PointCheck(check_id, photo_id, read_time(at), str(who), sizes, points)


def _point(row: tuple[Any, ...]) -> CheckedPoint:
    number, y, x, mapped, seen, who, at = row
    point = CheckPoint(int(y), int(x), int(mapped))
    return CheckedPoint(number, point, seen, who, None if at is None else read_time(at))
