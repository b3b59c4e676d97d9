"""Sentences for the person at the screen, from wherever they arise."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QObject, Signal

from resunet_core.errors import CaihuaError

NoticeKind = Literal["info", "warning"]


@dataclass(frozen=True)
class Notice:
    """One plain sentence, and another on what to do."""

    kind: NoticeKind
    text: str
    hint: str = ""


class Notices(QObject):
    """Passes on what a person should read; the window shows it."""

    posted = Signal(object)
    crashed = Signal(object)

    def tell(self, text: str, hint: str = "") -> None:
        """Say that something was done."""
        self.posted.emit(Notice("info", text, hint))

    def warn(self, text: str, hint: str = "") -> None:
        """Say that something did not go as wished."""
        self.posted.emit(Notice("warning", text, hint))

    def report(self, error: BaseException) -> None:
        """Show an expected error as its sentence, another one with its log."""
        if isinstance(error, CaihuaError):
            self.warn(error.message, error.hint)
        else:
            self.crashed.emit(error)
