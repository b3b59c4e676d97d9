"""Opening: folders with broken photos, odd names, photos that vanish."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from app.session.entry import EntryState
from app.session.view_state import ToolKind
from tests.builders import a_photo
from tests.e2e.conftest import Desk


def test_a_folder_with_one_broken_photo_shows_it_with_its_sentence(
    desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "太和殿 east"
    for number in range(5):
        a_photo(folder, f"beam {number}.jpg", seed=number)
    broken = folder / "beam 2.jpg"
    broken.write_bytes(broken.read_bytes()[:900])
    desk.open(folder)
    entries = desk.session.entries
    desk.wait(lambda: all(e.state is not EntryState.WAITING for e in entries))
    states = {entry.path.name: entry.state for entry in desk.session.entries}
    assert states.pop("beam 2.jpg") is EntryState.BROKEN
    assert set(states.values()) == {EntryState.READY}
    message = desk.session.entries[2].message
    assert "beam 2.jpg" in message
    assert "Traceback" not in message
    assert (folder / "太和殿 east.caihua").is_file()


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.jpg", b""), ("text.png", b"no picture at all"), ("cut.tif", b"II*\0\x08")],
)
def test_what_is_no_photo_gets_one_sentence_and_the_next_one_opens(
    desk: Desk, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    desk.bench.opener.open_paths([tmp_path / name])
    desk.wait(lambda: name in desk.window.refused.text)
    assert desk.window.refused.isVisible()
    desk.open(a_photo(tmp_path, "good.png"))
    assert desk.session.opened is not None


def test_a_photo_that_vanishes_while_open_costs_a_sentence_and_no_work(
    desk: Desk, tmp_path: Path
) -> None:
    path = a_photo(tmp_path / "wall")
    desk.open(path)
    desk.view.set_tool(ToolKind.BRUSH)
    desk.drag((20, 20), (60, 20))
    path.unlink()
    desk.wait(
        lambda: "photo.png is no longer in its folder" in desk.window.notices.text
    )
    desk.drag((20, 60), (60, 60))
    assert desk.class_at(40, 20) == desk.class_at(40, 60) == 1


def test_a_folder_that_cannot_be_written_keeps_its_project_elsewhere_and_says_so(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.support.paths.can_write_in", lambda _folder: False)
    monkeypatch.setenv("CAIHUA_CONFIG", str(tmp_path / "mine"))
    desk.open(a_photo(tmp_path / "disc"))
    project = desk.session.project
    assert project is not None
    assert project.path.is_relative_to(tmp_path / "mine")
    assert str(project.path) in desk.window.notices.text


def test_dropped_files_are_opened(desk: Desk, tmp_path: Path) -> None:
    path = a_photo(tmp_path)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    drop = QDropEvent(
        QPointF(9, 9),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    desk.window.dropEvent(drop)
    desk.wait(lambda: desk.session.opened is not None)
    assert desk.window.windowTitle() == "photo.png"


def test_of_two_folders_opened_in_a_hurry_the_last_one_wins(
    desk: Desk, tmp_path: Path
) -> None:
    a_photo(tmp_path / "one", "first.png")
    last = a_photo(tmp_path / "two", "second.png")
    for name in ("one", "one", "two"):
        desk.bench.opener.open_paths([tmp_path / name])
    desk.wait(lambda: desk.session.opened is not None)
    assert [entry.path for entry in desk.session.entries] == [last]
    assert desk.window.notices.text == ""


def test_the_list_of_a_project_says_what_was_analysed(
    new_desk: Callable[[], Desk], tmp_path: Path
) -> None:
    folder = tmp_path / "hall"
    for number in range(2):
        a_photo(folder, f"{number}.png", seed=number)
    desk = new_desk()
    desk.open(folder)
    desk.detect()
    desk.window.close()
    again = new_desk()
    again.open(folder)
    again.wait(lambda: again.session.entries[1].state is EntryState.READY)
    assert again.session.entries[0].state is EntryState.DETECTED
    opened = again.session.opened
    assert opened is not None
    assert opened.probabilities is not None  # so that the thresholds can be adjusted


def test_a_damaged_project_is_refused_with_a_sentence_and_left_alone(
    desk: Desk, tmp_path: Path
) -> None:
    project = tmp_path / "old.caihua"
    project.write_bytes(b"this is no database at all, but rather a letter")
    desk.bench.opener.open_paths([project])
    desk.wait(lambda: "old.caihua" in desk.window.notices.text)
    assert project.read_bytes().startswith(b"this is no database")
    assert desk.session.project is None


def test_what_is_not_there_gets_a_sentence_and_no_project(
    desk: Desk, tmp_path: Path
) -> None:
    desk.bench.opener.open_paths([tmp_path / "anlyze"])
    desk.wait(lambda: "anlyze" in desk.window.notices.text)
    assert list(tmp_path.iterdir()) == []
    assert desk.bench.context.preferences.settings.recent == ()
