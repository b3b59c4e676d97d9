"""Files that the system hands to the program while it runs, as macOS does."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFileOpenEvent


class HandedFiles(QObject):
    """Opens what is double-clicked, or dropped on the program's icon.

    Elsewhere such a file is a word of the command line. Every event of `parent` passes
    here, so that it is made only where there is no other way.
    """

    def __init__(
        self, parent: QObject, open_paths: Callable[[Sequence[Path]], object]
    ) -> None:
        super().__init__(parent)
        self._open_paths = open_paths
        parent.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Open the file of an event that brings one; let all others pass."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self._open_paths([Path(event.file())])
            return True
        return super().eventFilter(watched, event)
