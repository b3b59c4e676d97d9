"""Photos and log entries are found by what is known of them."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from resunet_core.box import Box
from resunet_core.mask.fill import fill
from resunet_core.mask.replace import replace_model_plane
from resunet_core.project.audit import (
    COLUMNS,
    LogQuery,
    count_entries,
    everybody,
    find_entries,
    write_csv,
)
from resunet_core.project.places import set_note, set_place
from resunet_core.project.query import PhotoQuery, ShareRange, find_photos
from resunet_core.project.records import Detection, Place, Who
from resunet_core.project.review import set_review
from resunet_core.project.store import Project

ANNA, MODEL = Who("person", "安娜"), Who("model", "resunet50", "cd" * 32)


@pytest.fixture
def survey(project: Project) -> Project:
    """Four photos; number n has n * 1000 px of craquelure of 1,000,000."""
    folder = project.path.parent
    for number in range(4):
        name = f"东 {number}/梁_{number}%.jpg"
        photo = project.add_photo(folder / name, sha256="1", width=1000, height=1000)
        mask = project.load_mask(photo.id)
        if number:
            where = np.ones((10, 100 * number), np.bool_)
            box = Box(0, 0, 10, 100 * number)
            edit = fill(mask, box, 1, where, "Stroke")
            assert edit is not None
            project.commit(photo.id, edit, who=ANNA)
    set_place(project, [1, 2], {"component": "额枋", "building": "太和殿"}, who=ANNA)
    set_place(project, [3], {"component": "斗拱", "building": "太和殿"}, who=ANNA)
    set_review(project, [2, 3], "checked", who=ANNA)
    set_note(project, 4, "Beam of 1720", who=ANNA)
    mask = project.load_mask(4)
    loss = np.full((488, 488), 2, np.uint8)
    edit = replace_model_plane(mask, [(1, 1, loss)], "Detect")
    assert edit is not None
    found = Detection("resunet50", "cd" * 32, {}, {})
    project.commit(4, edit, who=MODEL, detection=found)
    return project


PHOTO_QUERIES: list[tuple[PhotoQuery, list[int]]] = [
    (PhotoQuery(), [1, 2, 3, 4]),
    (PhotoQuery(text="梁_2"), [3]),
    (PhotoQuery(text="%"), [1, 2, 3, 4]),
    (PhotoQuery(text="太和殿 额"), [1, 2]),
    (PhotoQuery(text="beam"), [4]),
    (PhotoQuery(text="' OR 1 --"), []),
    (PhotoQuery(place=Place(building="太和殿")), [1, 2, 3]),
    (PhotoQuery(place=Place(building="太和殿", component="斗拱")), [3]),
    (PhotoQuery(review=frozenset({"draft"})), [1, 4]),
    (PhotoQuery(review=frozenset({"checked", "approved"})), [2, 3]),
    (PhotoQuery(shares=(ShareRange(1, at_least=0.002),)), [3, 4]),
    (PhotoQuery(shares=(ShareRange(1, 0.0005, 0.0015),)), [2]),
    (PhotoQuery(shares=(ShareRange(1, at_most=0.0),)), [1]),
    (PhotoQuery(shares=(ShareRange(1, 0.002), ShareRange(2, 0.1))), [4]),
    (PhotoQuery(is_detected=True), [4]),
    (PhotoQuery(is_detected=False, text="东"), [1, 2, 3]),
    (PhotoQuery(has_note=True), [4]),
]


def test_photos_are_found(survey: Project) -> None:
    for query, expected in PHOTO_QUERIES:
        found = find_photos(survey, query)
        assert [photo.record.id for photo in found] == expected, query


def test_found_photos_say_what_is_on_them(survey: Project) -> None:
    found = find_photos(survey)
    assert [photo.record for photo in found] == survey.photos()
    assert [photo.pixels.get(1, 0) for photo in found] == [0, 1000, 2000, 3000]
    assert found[3].pixels[2] == 488 * 488
    assert found[2].share(1) == 0.002
    assert [photo.is_detected for photo in found] == [False, False, False, True]


LOG_QUERIES = [
    (LogQuery(), 14),
    (LogQuery(photo_ids=frozenset({1})), 2),
    (LogQuery(who_kind="model"), 1),
    (LogQuery(who=frozenset({"安娜"})), 9),
    (LogQuery(actions=frozenset({"review", "note"})), 3),
    (LogQuery(text="checked draft"), 2),
    (LogQuery(text="resunet"), 1),
    (LogQuery(since=datetime(2020, 1, 1, tzinfo=UTC)), 14),
    (LogQuery(until=datetime(2020, 1, 1, tzinfo=UTC)), 0),
    (LogQuery(since=datetime.now(UTC) + timedelta(days=1)), 0),
]


def test_entries_are_found(survey: Project) -> None:
    # Four added, three strokes, three places, two reviews, one note, one detection.
    for query, expected in LOG_QUERIES:
        assert len(find_entries(survey, query)) == expected, query
        assert count_entries(survey, query) == expected


def test_entries_come_page_by_page(survey: Project) -> None:
    whole = [entry.id for entry in find_entries(survey, newest_first=True)]
    assert whole == sorted(whole, reverse=True)
    paged = [
        entry.id
        for start in range(0, 14, 4)
        for entry in find_entries(survey, newest_first=True, limit=4, offset=start)
    ]
    assert paged == whole
    assert everybody(survey) == ["resunet50", "安娜"]


def test_the_log_is_a_table_for_spreadsheets(survey: Project, tmp_path: Path) -> None:
    set_note(survey, 1, "=HYPERLINK(1)", who=ANNA)
    path = tmp_path / "日志.csv"
    assert write_csv(survey, path) == 15
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        head, *rows = csv.reader(stream)
    assert tuple(head) == COLUMNS
    assert len(rows) == 15
    strokes = [row for row in rows if row[8] == "Stroke"]
    assert strokes[0][2:8] == ["2", "梁_1%.jpg", "person", "安娜", "", "edit"]
    assert strokes[0][9:] == ["0", "0", "10", "100"]
    assert rows[-1][8] == "'=HYPERLINK(1)"
    assert write_csv(survey, path, LogQuery(who_kind="model")) == 1
