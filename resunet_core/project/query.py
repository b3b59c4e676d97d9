"""The photos of a survey that somebody looks for, with what is on them."""

from dataclasses import dataclass
from typing import Any

from resunet_core.project.access import OpenProject
from resunet_core.project.log import like
from resunet_core.project.photos import PHOTO, records
from resunet_core.project.records import LEVELS, PhotoRecord, Place, ReviewState

ANYWHERE = Place()


@dataclass(frozen=True)
class ShareRange:
    """Photos with so much of a class: a share of all pixels, 0 to 1, ends included."""

    class_id: int
    at_least: float = 0.0
    at_most: float = 1.0


@dataclass(frozen=True)
class PhotoQuery:
    """What is looked for; what is left as it is leaves out no photo.

    Attributes:
        text: Words that path, place or note contain, each of them somewhere.
        place: Levels that are not empty must be the same.
        review: States of which the photo has one; empty for all.
        shares: Ranges that must all hold.
        is_detected: Whether a model has been run on it.
        has_note: Whether it has a note.
    """

    text: str = ""
    place: Place = ANYWHERE
    review: frozenset[ReviewState] = frozenset()
    shares: tuple[ShareRange, ...] = ()
    is_detected: bool | None = None
    has_note: bool | None = None


@dataclass(frozen=True)
class FoundPhoto:
    """A photo with its pixels of each class but sound paint, and its detection."""

    record: PhotoRecord
    pixels: dict[int, int]
    is_detected: bool

    def share(self, class_id: int) -> float:
        """The part of the photo's pixels of a class, 0 to 1."""
        whole = self.record.width * self.record.height
        return self.pixels.get(class_id, 0) / whole


_SEARCHED = "path, site, building, elevation, bay, component, note"


def find_photos(
    project: OpenProject, query: PhotoQuery | None = None
) -> list[FoundPhoto]:
    """The photos of a project that answer a query, in the order they were added."""
    where, values = _conditions(query or PhotoQuery())
    pixels: dict[int, dict[int, int]] = {}
    with project.reading() as database:
        rows = database.execute(f"{PHOTO} WHERE {where} ORDER BY id", values)
        found = records(rows.fetchall(), project.reach())
        for photo_id, class_id, count in database.execute(
            "SELECT * FROM shares"
        ).fetchall():
            pixels.setdefault(photo_id, {})[class_id] = count
        rows = database.execute("SELECT id FROM photos WHERE detection IS NOT NULL")
        models = {photo_id for (photo_id,) in rows}
    return [FoundPhoto(r, pixels.get(r.id, {}), r.id in models) for r in found]


def places(project: OpenProject) -> list[tuple[Place, int]]:
    """Every place that a photo has and how many have it, in the order of names."""
    with project.reading() as database:
        rows = database.execute(
            "SELECT site, building, elevation, bay, component, COUNT(*) FROM photos"
            " GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5"
        )
        return [(Place(*(str(v) for v in row[:-1])), int(row[-1])) for row in rows]


def _conditions(query: PhotoQuery) -> tuple[str, list[Any]]:
    """A condition on a photo and the values of its marks."""
    parts = ["1"]
    values: list[Any] = []
    for word in query.text.split():
        fields = " || char(10) || ".join(_SEARCHED.split(", "))
        parts.append(f"{fields} LIKE ? ESCAPE '!'")
        values.append(like(word))
    for column, name in zip(LEVELS, query.place.levels, strict=True):
        if name:
            parts.append(f"{column} = ?")
            values.append(name)
    if query.review:
        parts.append(f"review IN ({', '.join('?' * len(query.review))})")
        values += sorted(query.review)
    for wanted in query.shares:
        parts.append(
            "IFNULL((SELECT pixels FROM shares WHERE photo_id = photos.id"
            " AND class_id = ?), 0) * 1.0 / (width * height) BETWEEN ? AND ?"
        )
        values += [wanted.class_id, wanted.at_least, wanted.at_most]
    if query.is_detected is not None:
        parts.append(f"(detection IS NOT NULL) = {int(query.is_detected)}")
    if query.has_note is not None:
        parts.append(f"(note != '') = {int(query.has_note)}")
    return " AND ".join(parts), values
