"""What the project keeps of the past: its log and its snapshots."""

from dataclasses import dataclass

from app.session.comparison import Comparison
from resunet_core.mask.tiled import DefectMask
from resunet_core.progress import Steps
from resunet_core.project.audit import LogQuery, count_entries, everybody, find_entries
from resunet_core.project.difference import compare
from resunet_core.project.records import LogEntry
from resunet_core.project.snapshots import (
    Snapshot,
    snapshot_detection,
    snapshot_mask,
    snapshots_of,
)
from resunet_core.project.store import Detection, Project

PAGE = 200
"""Entries that are read at once."""


@dataclass(frozen=True)
class LogPage:
    """Some entries, newest first, from the `offset`th on; how many there are in all."""

    entries: tuple[LogEntry, ...]
    offset: int
    total: int
    people: tuple[str, ...]


@dataclass(frozen=True)
class Then:
    """A photo as it was in a snapshot."""

    snapshot: Snapshot
    mask: DefectMask
    detection: Detection | None


def log_page(project: Project, query: LogQuery, offset: int) -> LogPage:
    """A page of the entries that answer a query."""
    found = find_entries(project, query, newest_first=True, limit=PAGE, offset=offset)
    total = count_entries(project, query)
    return LogPage(tuple(found), offset, total, tuple(everybody(project)))


def photo_snapshots(project: Project, photo_id: int) -> tuple[Snapshot, ...]:
    """The snapshots of a photo, newest first."""
    return tuple(reversed(snapshots_of(project, photo_id)))


def as_then(project: Project, photo_id: int, snapshot: Snapshot) -> Then:
    """A photo as it was in one of its snapshots."""
    return Then(
        snapshot,
        snapshot_mask(project, photo_id, snapshot.id),
        snapshot_detection(project, photo_id, snapshot.id),
    )


def compare_with(
    project: Project, photo_id: int, snapshot: Snapshot, now: DefectMask
) -> Steps[Comparison]:
    """What became of a photo since a snapshot; nobody changes `now` meanwhile."""
    then = snapshot_mask(project, photo_id, snapshot.id)
    difference = yield from compare(then, now)
    return Comparison(snapshot.id, snapshot.name, difference)
