"""Files that the system hands to the program: a double click on macOS."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QUrl
from PySide6.QtGui import QFileOpenEvent

from app.support.handed import HandedFiles
from app.support.icons import program_icon


def test_a_double_clicked_project_is_opened_and_other_events_pass(
    qapp: QCoreApplication, tmp_path: Path
) -> None:
    opened: list[Path] = []

    def open_paths(paths: Sequence[Path]) -> None:
        opened.extend(paths)

    target = QObject()
    handed = HandedFiles(target, open_paths)
    project = tmp_path / "井亭.caihua"
    event = QFileOpenEvent(QUrl.fromLocalFile(str(project)))
    assert qapp.sendEvent(target, event)
    qapp.sendEvent(target, QEvent(QEvent.Type.User))
    assert opened == [project]
    assert handed.parent() is target


def test_the_program_has_an_icon_at_every_size(qapp: QCoreApplication) -> None:
    del qapp
    icon = program_icon()
    for size in (16, 32, 48, 256):
        picture = icon.pixmap(size, size).toImage()
        assert not picture.isNull()
        assert picture.pixelColor(size // 2, size // 2).alpha() == 255, size
