"""Preferences are in force at once, and explain themselves."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.actions.help import change_preference
from app.dialogs.about import AboutDialog
from app.dialogs.preferences import PreferencesDialog, PreferencesSubject
from app.support.settings import Settings, load_settings, settings_path
from resunet_core import cache
from tests.e2e.conftest import Desk


@pytest.fixture
def as_before(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CAIHUA_THREADS", "")
    palette, sheet = qapp.palette(), qapp.styleSheet()
    yield
    qapp.setPalette(palette)
    qapp.setStyleSheet(sheet)


@pytest.mark.usefixtures("as_before")
def test_each_takes_effect_at_once_and_is_remembered(
    desk: Desk, qapp: QApplication, tmp_path: Path
) -> None:
    change_preference(desk.bench, "theme", "dark")
    assert qapp.palette().color(QPalette.ColorRole.Window).lightness() < 128
    change_preference(desk.bench, "threads", 3)
    assert os.environ["CAIHUA_THREADS"] == "3"
    change_preference(desk.bench, "threads", 0)
    assert os.environ.get("CAIHUA_THREADS", "") == ""
    change_preference(desk.bench, "cache_folder", str(tmp_path / "fast disk"))
    assert cache.cache_dir("pyramids").parent == tmp_path / "fast disk"
    change_preference(desk.bench, "pen_pressure", value=False)
    assert not desk.view.feels_pressure
    kept = load_settings(settings_path())
    assert (kept.theme, kept.pen_pressure) == ("dark", False)


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_dialog_tells_every_choice_with_its_use(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    subject = PreferencesSubject(Settings(), "/caches", has_gpu=False)
    dialog = PreferencesDialog(subject, parent)
    told: list[tuple[str, object]] = []
    dialog.changed.connect(lambda name, value: told.append((name, value)))
    dialog.theme.setCurrentIndex(dialog.theme.findData("light"))
    dialog.threads.setValue(1)
    dialog.pressure.setChecked(False)
    expected = [("theme", "light"), ("threads", 1), ("pen_pressure", False)]
    assert told == expected
    assert dialog.device.findData("cuda") == -1
    lines = [
        label.text()
        for label in dialog.findChildren(QLabel)
        if label.property("role") == "muted" and label.text()
    ]
    assert len(lines) == 7


def test_clearing_spares_what_is_in_use_and_what_cannot_be_made_again() -> None:
    kept = cache.cache_dir("pyramids") / "open.tif"
    gone = cache.cache_dir("probabilities") / "old.npy"
    other = cache.cache_dir("allowed") / "trust.json"
    for path in (kept, gone, other):
        path.write_bytes(b"0123")
    assert cache.size_bytes() == 8
    assert cache.clear([kept]) == 4
    assert [path.exists() for path in (kept, gone, other)] == [True, False, True]


def test_about_says_where_things_are_and_that_nothing_is_sent(
    qtbot: QtBot, own_home: Path
) -> None:
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    text = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "Nothing is sent anywhere" in text
    assert str(own_home / "caihua-config") in text
    assert str(own_home / "caihua-cache") in text
