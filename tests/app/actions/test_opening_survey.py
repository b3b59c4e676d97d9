"""Opening: what there is to say is said, and what may not be changed is not."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QTreeWidget
from pytestqt.qtbot import QtBot

from app.dialogs.recovery import RecoveryChoice, RecoveryDialog
from app.jobs.labels import FormatRequest
from app.jobs.recovery import Examined, look_at_damage
from app.session.authors import ME
from app.session.view_state import Page, ToolKind
from resunet_core.progress import run_to_end
from resunet_core.project.backups import backups_of, make_backup
from resunet_core.project.medium import may_write
from resunet_core.project.store import Project
from tests.builders import a_photo
from tests.e2e.conftest import Desk

BRUSH = {"tool_brush", "tool_eraser", "class_1", "detect", "undo"}


def a_survey(desk: Desk, folder: Path) -> Path:
    """A project with one photo and a stroke on it; its window closed."""
    desk.open(a_photo(folder, "beam.png", height=300, width=400))
    desk.view.set_tool(ToolKind.BRUSH)
    desk.drag((20, 20), (200, 200))
    desk.window.close()
    return folder / f"{folder.name}.caihua"


def test_a_read_only_project_says_so_and_switches_its_tools_off(
    new_desk: Callable[[], Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_survey(new_desk(), tmp_path / "hall")
    monkeypatch.setattr(
        "resunet_core.project.medium.may_write",
        lambda place: place != path and may_write(place),
    )
    desk = new_desk()
    desk.open(path)
    said = [notice.text for notice in desk.bench.context.notices.said]
    assert any("read-only" in text for text in said)
    off = {a.objectName(): a for a in desk.window.actions() if not a.isEnabled()}
    assert off.keys() >= BRUSH
    assert "read-only" in off["tool_brush"].toolTip()
    assert desk.child(QLabel, "lock").text() == "Read-only"
    before = desk.pixels(1)
    desk.view.set_tool(ToolKind.BRUSH)
    desk.drag((20, 250), (200, 250))
    assert desk.pixels(1) == before


def test_an_approved_photo_refuses_a_stroke_until_its_approval_is_taken_back(
    desk: Desk, tmp_path: Path
) -> None:
    desk.open(a_photo(tmp_path))
    opened, project = desk.session.opened, desk.session.project
    assert opened is not None
    assert project is not None
    for state in ("checked", "approved"):
        desk.session.set_review([opened.record.id], state)
    desk.wait(lambda: desk.session.lock is not None)
    desk.view.set_tool(ToolKind.BRUSH)
    desk.drag((20, 20), (60, 20))
    assert desk.pixels(1) == 0
    assert "approved" in desk.window.notices.text
    offer = next(
        button
        for button in desk.window.notices.findChildren(QPushButton)
        if button.isVisible() and "approval" in button.text()
    )
    offer.click()
    desk.wait(lambda: desk.session.lock is None)
    desk.drag((20, 20), (60, 20))
    assert desk.pixels(1) > 0
    assert project.photo(opened.record.id).review == "checked"


def test_approved_photos_are_left_out_of_detecting_all(
    desk: Desk, tmp_path: Path
) -> None:
    for number in range(2):
        a_photo(tmp_path, f"{number}.png", seed=number)
    desk.open(tmp_path)
    opened, project = desk.session.opened, desk.session.project
    assert opened is not None
    assert project is not None
    for state in ("checked", "approved"):
        desk.session.set_review([opened.record.id], state)
    desk.session.flush()
    desk.open(project.path)  # the list is read anew
    desk.bench.opener.open_paths([tmp_path])
    desk.wait(lambda: len(desk.session.entries) == 2)
    desk.bench.detector.detect_all()
    desk.wait(lambda: not desk.bench.detector.is_running)
    desk.session.flush()
    found = {photo.path.name: project.detection(photo.id) for photo in project.photos()}
    assert found["0.png"] is None
    assert found["1.png"] is not None


def test_a_backup_is_made_after_opening(desk: Desk, tmp_path: Path) -> None:
    desk.open(a_photo(tmp_path / "hall"))
    desk.bench.keeper.keep_up()
    desk.wait(lambda: len(backups_of(tmp_path / "hall" / "hall.caihua")) == 1)


def test_all_notices_can_be_read_again(desk: Desk) -> None:
    notices = desk.bench.context.notices
    for text in ("One.", "Two."):
        notices.tell(text)
    assert desk.window.notices.text == "Two."
    more = next(
        button
        for button in desk.window.notices.findChildren(QPushButton)
        if button.isVisible()
    )
    more.click()
    assert desk.view.page is Page.NOTICES
    assert not desk.window.notices.isVisible()


@pytest.fixture
def damaged(new_desk: Callable[[], Desk], tmp_path: Path) -> Path:
    """A project with a backup and a page of rubbish in the middle."""
    path = a_survey(new_desk(), tmp_path / "hall")
    with Project.open(path) as project:
        make_backup(project)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 4096] = b"\xa5" * 4096
    path.write_bytes(data)
    return path


@pytest.mark.qt_log_ignore("does not support propagateSizeHints")
def test_a_damaged_project_is_examined_and_a_backup_takes_its_place(
    new_desk: Callable[[], Desk], damaged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Examined] = []

    def choose(_window: object, examined: Examined) -> RecoveryChoice:
        asked.append(examined)
        backup = examined.damage.backups[0].path
        return RecoveryChoice("restore", damaged, backup)

    monkeypatch.setattr("app.actions.recovering.ask_recovery", choose)
    desk = new_desk()
    desk.bench.opener.open_paths([damaged])
    desk.wait(lambda: desk.session.opened is not None)
    assert len(asked) == 1
    assert desk.pixels(1) > 0
    assert damaged.with_name("hall.damaged.caihua").is_file()


def test_what_can_be_read_is_opened_to_look_at(
    new_desk: Callable[[], Desk], damaged: Path
) -> None:
    desk = new_desk()
    desk.bench.recoverer.choose(RecoveryChoice("look", damaged))
    desk.wait(lambda: desk.session.project is not None)
    project = desk.session.project
    assert project is not None
    assert project.is_read_only
    assert len(desk.session.entries) == 1


@pytest.fixture
def hurt(new_desk: Callable[[], Desk], tmp_path: Path) -> Path:
    """A project that opens, with a square of its mask that nobody can read."""
    path = a_survey(new_desk(), tmp_path / "hall")
    with Project.open(path) as project:
        make_backup(project)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("UPDATE tiles SET pixels = x'00ff'")
    return path


@pytest.mark.parametrize("doing", ["photo", "export", "write"])
def test_damage_found_after_opening_leads_to_what_can_be_done(
    new_desk: Callable[[], Desk],
    hurt: Path,
    monkeypatch: pytest.MonkeyPatch,
    doing: str,
) -> None:
    asked: list[Examined] = []

    def choose(_window: object, examined: Examined) -> RecoveryChoice:
        asked.append(examined)
        backup = examined.damage.backups[0].path
        return RecoveryChoice("restore", hurt, backup)

    monkeypatch.setattr("app.actions.recovering.ask_recovery", choose)
    desk = new_desk()
    if doing == "photo":
        desk.bench.opener.open_paths([hurt])
    else:  # the photo cannot be opened at all
        photo = hurt.with_name("beam.png")
        photo.rename(photo.with_name("elsewhere.png"))
        desk.bench.opener.open_paths([hurt])
        desk.wait(lambda: bool(desk.window.refused.text))
        assert asked == []
        photo.with_name("elsewhere.png").rename(photo)
        if doing == "export":
            request = FormatRequest("mask", hurt.with_name("out"), frozenset({1}))
            desk.bench.exporter.export_as(request)
        else:
            desk.session.change_project(lambda project: project.load_mask(1))
    desk.wait(lambda: desk.session.opened is not None)
    assert len(asked) == 1
    salvaged = asked[0].damage.salvaged
    assert salvaged is not None
    assert "of the mask is lost" in salvaged.sentences[0]
    assert desk.pixels(1) > 0


@pytest.mark.qt_log_ignore("does not support propagateSizeHints")
def test_the_recovery_dialog_names_damage_and_backups(
    qtbot: QtBot, damaged: Path
) -> None:
    examined = run_to_end(look_at_damage(damaged))
    assert examined.can_be_helped
    dialog = RecoveryDialog(examined)
    qtbot.addWidget(dialog)
    table = dialog.findChild(QTreeWidget)
    assert table is not None
    assert table.topLevelItemCount() == 1
    line = table.topLevelItem(0)
    assert line is not None
    assert line.text(1) == "1"
    assert ME.name in line.text(2)
    restore = next(
        b for b in dialog.findChildren(QPushButton) if b.text() == "Restore backup"
    )
    restore.click()
    assert dialog.choice is not None
    assert dialog.choice.kind == "restore"


def test_a_file_that_is_no_project_is_only_refused(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "notes.caihua"
    path.write_text("no database at all", "utf-8")
    desk.bench.opener.open_paths([path])
    desk.wait(lambda: "not a Caihua project" in desk.window.notices.text)
