"""The survey's list: by place, searched, filtered, edited, its files found again."""

import zipfile
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.actions.survey import collect, edit_note, edit_place, find_missing
from app.dialogs.place import PlaceDialog
from app.panels.photos import PhotosPanel
from resunet_core.box import Box
from resunet_core.files import content_hash
from resunet_core.mask.fill import fill
from resunet_core.project.places import set_place
from resunet_core.project.records import LEVELS, Level
from resunet_core.project.store import Project, Who
from tests.builders import a_photo
from tests.e2e.conftest import Desk


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    """Six photos of two buildings; on the third a tenth is craquelure."""
    folder = tmp_path / "survey"
    path = folder / "survey.caihua"
    folder.mkdir()
    with Project.open(path) as project:
        for number in range(6):
            photo = a_photo(folder, f"{number}.png", seed=number, height=100, width=100)
            record = project.add_photo(
                photo, sha256=content_hash(photo), width=100, height=100
            )
            building = ("Hall", "Corridor")[number % 2]
            levels: dict[Level, str] = {"building": building}
            levels["component"] = f"Beam {number // 3}"
            set_place(project, [record.id], levels)
            if number == 2:
                mask = project.load_mask(record.id)
                box = Box(0, 0, 10, 100)
                edit = fill(
                    mask,
                    box,
                    np.ones((10, 100), np.uint8),
                    np.ones((10, 100), bool),
                    "x",
                )
                assert edit is not None
                project.commit(record.id, edit, who=Who("person"))
    return path


def shown(desk: Desk) -> list[str]:
    """The names in the list, from top to bottom."""
    entries = desk.session.entries
    order = desk.bench.context.survey.order
    return [entries[index].path.stem for index in order]


def choose(desk: Desk, *names: str) -> None:
    """Choose photos of the list together."""
    panel = desk.child(PhotosPanel)
    entries = [entry.path.stem for entry in desk.session.entries]
    panel._select([entries.index(name) for name in names])


def is_titled(desk: Desk, title: str) -> bool:
    return desk.window.windowTitle() == title


def test_the_list_stands_by_place_and_next_follows_it(desk: Desk, survey: Path) -> None:
    desk.open(survey)
    assert shown(desk) == ["1", "3", "5", "0", "2", "4"]
    tree = desk.child(PhotosPanel).tree
    model = tree.model()
    tops = [model.data(model.index(row, 0)) for row in range(model.rowCount())]
    assert tops == ["Corridor", "Hall"]
    desk.wait(lambda: desk.window.windowTitle() == "0.png")
    for name in ("2", "4"):
        desk.key("next_photo")
        desk.wait(partial(is_titled, desk, f"{name}.png"))


def test_search_and_filters_narrow_the_list_down(desk: Desk, survey: Path) -> None:
    desk.open(survey)
    panel = desk.child(PhotosPanel)
    text = panel.filter.findChild(QLineEdit)
    assert text is not None
    text.setText("corridor beam")
    desk.wait(lambda: shown(desk) == ["1", "3", "5"])
    text.clear()
    desk.wait(lambda: len(shown(desk)) == 6)
    boxes = {box.accessibleName(): box for box in panel.filter.findChildren(QComboBox)}
    boxes["Damage"].setCurrentIndex(1)
    desk.wait(lambda: shown(desk) == ["2"])
    boxes["Damage"].setCurrentIndex(0)
    boxes["Component"].setCurrentText("Beam 1")
    desk.wait(lambda: shown(desk) == ["3", "5", "4"])
    desk.session.set_review([4], "checked")
    boxes["State"].setCurrentText("Checked")
    desk.wait(lambda: shown(desk) == ["3"])


def test_several_photos_get_a_place_a_state_and_one_a_note(
    desk: Desk, survey: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open(survey)
    a_photo(survey.parent, "6.png", seed=6)  # the project does not know it yet
    desk.open(survey.parent)
    desk.wait(lambda: len(desk.session.entries) == 7)
    choose(desk, "1", "6")
    monkeypatch.setattr(
        "app.actions.survey.ask_place", lambda *_: {"site": "Palace", "bay": "2"}
    )
    edit_place(desk.bench, desk.window)
    project = desk.session.project
    assert project is not None

    def places() -> dict[str, tuple[str, ...]]:
        return {p.path.stem: p.place.levels for p in project.photos()}

    desk.wait(lambda: places().get("6") == ("Palace", "", "", "2", ""))
    assert places()["1"] == ("Palace", "Corridor", "", "2", "Beam 0")
    desk.wait(lambda: not desk.bench.context.errands.is_running)
    desk.key("review_checked")
    desk.wait(lambda: [p.review for p in project.photos()].count("checked") == 2)
    desk.wait(lambda: "Checked" in look(desk, "6"))
    monkeypatch.setattr("app.actions.survey.ask_note", lambda *_: "ask the carpenter")
    choose(desk, "1")
    edit_note(desk.bench, desk.window)
    desk.wait(lambda: project.photo(2).note == "ask the carpenter")


def look(desk: Desk, name: str) -> str:
    panel = desk.child(PhotosPanel)
    entries = [entry.path.stem for entry in desk.session.entries]
    return panel._look(entries.index(name)).said


def test_missing_photos_are_marked_and_found_in_another_folder(
    desk: Desk, survey: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = survey.parent.parent / "moved"
    moved.mkdir()
    for name in ("3", "4"):
        (survey.parent / f"{name}.png").rename(moved / f"renamed {name}.png")
    desk.open(survey)
    desk.wait(lambda: look(desk, "3") == "Missing")
    banner = desk.child(PhotosPanel).findChildren(QPushButton)[0]
    assert banner.isVisible()
    monkeypatch.setattr(
        "app.actions.survey.QFileDialog.getExistingDirectory", lambda *_: str(moved)
    )
    find_missing(desk.bench, desk.window)
    desk.wait(lambda: "2 photos were found again" in desk.window.notices.text)
    desk.wait(lambda: "renamed 3" in [e.path.stem for e in desk.session.entries])
    desk.wait(lambda: not banner.isVisible())


def test_the_survey_is_collected_into_one_file(
    desk: Desk, survey: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open(survey)
    wanted = tmp_path / "to hand on"
    monkeypatch.setattr(
        "app.actions.survey.QFileDialog.getSaveFileName", lambda *_: (str(wanted), "")
    )
    collect(desk.bench, desk.window)
    target = tmp_path / "to hand on.zip"
    desk.wait(target.is_file)
    with zipfile.ZipFile(target) as zipped:
        assert len(zipped.namelist()) == 7


def test_pictures_are_made_only_of_what_is_seen(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.actions.opening._MOST_UNASKED", 0)
    for number in range(40):
        a_photo(tmp_path, f"{number:02}.png", seed=number, height=40, width=40)
    made: list[int] = []
    desk.bench.opener.thumbnail_made.connect(lambda index, _: made.append(index))
    desk.open(tmp_path)
    desk.wait(lambda: 0 in made)
    desk.pause(100)
    assert 39 not in made
    desk.child(PhotosPanel).tree.scrollToBottom()
    desk.wait(lambda: 39 in made)
    assert len(made) < 40


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_place_dialog_returns_only_what_was_changed(qtbot: QtBot) -> None:
    before: dict[Level, str | None] = dict.fromkeys(LEVELS, "")
    before |= {"building": "Hall", "bay": None}
    dialog = PlaceDialog(before, {"site": ["Palace"]}, 3)
    qtbot.addWidget(dialog)
    fields = {f.accessibleName(): f for f in dialog.findChildren(QLineEdit)}
    assert "Several" in fields["Bay"].placeholderText()
    QTest.keyClicks(fields["Site"], "Palace")
    fields["Building"].clear()
    assert dialog.levels == {"site": "Palace", "building": ""}
