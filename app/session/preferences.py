"""The settings in force, and the only place that changes them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.support.settings import Settings, load_settings, save_settings, with_recent


class Preferences(QObject):
    """Holds the settings and writes each change of them to their file."""

    changed = Signal()

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._settings = load_settings(path)

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._settings

    def change(self, **values: Any) -> None:  # noqa: ANN401 - fields of Settings
        """Give fields of `Settings` new values."""
        settings = replace(self._settings, **values)
        if settings != self._settings:
            self._settings = settings
            save_settings(settings, self._path)
            self.changed.emit()

    def add_recent(self, path: Path) -> None:
        """Put a photo, folder or project at the head of the recent ones."""
        self.change(recent=with_recent(self._settings.recent, path))
