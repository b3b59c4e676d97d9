"""Sentences for the person at the screen, from wherever they arise."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from PySide6.QtCore import QObject, Signal

from app.support.language import said_core
from resunet_core.errors import CaihuaError, DamagedProject

NoticeKind = Literal["info", "warning"]
_KEPT = 200


@dataclass(frozen=True)
class Offer:
    """What the person may want to be done about it: a button and what it does."""

    text: str
    take: Callable[[], None]


@dataclass(frozen=True)
class Notice:
    """One plain sentence, and another on what to do."""

    kind: NoticeKind
    text: str
    hint: str = ""
    offer: Offer | None = None
    at: datetime = field(default_factory=datetime.now)

    @property
    def sentence(self) -> str:
        """All of it."""
        return f"{self.text} {self.hint}".strip()


class Notices(QObject):
    """Passes on what a person should read; the window shows it, and all of it later."""

    posted = Signal(object)
    crashed = Signal(object)
    damaged = Signal(object)  # DamagedProject: more is to be done than to say it

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._said: deque[Notice] = deque(maxlen=_KEPT)

    @property
    def said(self) -> Sequence[Notice]:
        """What was said since the program was started, oldest first."""
        return tuple(self._said)

    def tell(self, text: str, hint: str = "") -> None:
        """Say that something was done."""
        self.post(Notice("info", text, hint))

    def warn(self, text: str, hint: str = "") -> None:
        """Say that something did not go as wished."""
        self.post(Notice("warning", text, hint))

    def offer(self, text: str, hint: str, offer: Offer) -> None:
        """Say that something did not go as wished, and what can be done about it."""
        self.post(Notice("warning", text, hint, offer))

    def post(self, notice: Notice) -> None:
        """Say it."""
        self._said.append(notice)
        self.posted.emit(notice)

    def report(self, error: BaseException) -> None:
        """Show an expected error as its sentence, another one with its log."""
        if isinstance(error, DamagedProject):
            self.damaged.emit(error)
        elif isinstance(error, CaihuaError):
            self.warn(said_core(error.message), said_core(error.hint))
        else:
            self.crashed.emit(error)
