"""Marks in the pages that stand for names of the program, so that none grows stale.

`{menu:detect}` becomes the way through the menus with the shortcut, `{do:detect}` the
name alone with it, `{key:detect}` the shortcut; `{says:Kept: {0}}` or
`{says:ModelPanel|Threshold}` what the window says in the person's language.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.help.names import Names
from app.support.language import plain
from app.support.words import BETWEEN

_MARK = re.compile(r"\{(menu|do|key|says):([^{}]*(?:\{\d\}[^{}]*)*)\}")
_SPECIAL = re.compile(r"([\\`*_\[\]<>|])")
_FILLED = re.compile(r"\s*\{\d\}")


@dataclass(frozen=True)
class Mark:
    """A mark as it stands in a page."""

    kind: str
    value: str

    @property
    def source(self) -> tuple[str, str]:
        """Of what the window says: the context, which may be empty, and the text."""
        context, bar, text = self.value.partition("|")
        return (context, text) if bar else ("", self.value)


def marks_of(markdown: str) -> Iterator[Mark]:
    """All marks of a page."""
    for found in _MARK.finditer(markdown):
        yield Mark(found[1], found[2])


def fill(markdown: str, names: Names) -> str:
    """The page with names in place of marks; one that is not known stays as it is."""
    return _MARK.sub(lambda found: _said(Mark(found[1], found[2]), names), markdown)


def escaped(text: str) -> str:
    """A text so that Markdown shows it as it is."""
    return _SPECIAL.sub(r"\\\1", text)


def _said(mark: Mark, names: Names) -> str:
    if mark.kind == "says":
        context, source = mark.source
        said = plain(QCoreApplication.translate(context, source))
        return f"**{escaped(_FILLED.sub('', said).strip())}**"
    name = names.get(mark.value)
    if name is None:
        return f"{{{mark.kind}:{mark.value}}}"
    keys = escaped(name.keys)
    if mark.kind == "key":
        return f"**{keys}**"
    words = (*name.path, name.text) if mark.kind == "menu" else (name.text,)
    said = f"**{escaped(BETWEEN.join(words))}**"
    return f"{said} ({keys})" if keys else said
