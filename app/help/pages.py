"""The pages of the help, in order, in the language of the window."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.help.glossary import glossary_table
from app.help.marks import fill
from app.help.names import Names
from app.help.shortcuts import shortcut_tables
from resunet_core.resources import resource

ORDER = (
    *("first-photo", "detect", "correct", "scale", "review", "reports", "exchange"),
    *("training", "projects", "command-line", "cluster", "numbers", "shortcuts"),
    "glossary",
)
FIRST = ORDER[0]
_MADE: Mapping[str, Callable[[Names], str]] = {
    "{shortcuts}": shortcut_tables,
    "{glossary}": glossary_table,
}


@dataclass(frozen=True)
class Page:
    """A page, its marks filled in; `text` is Markdown."""

    id: str
    title: str
    text: str

    def has(self, words: str) -> bool:
        """Whether all words, divided by blanks, are somewhere in it."""
        text = self.text.casefold()
        return all(word in text for word in words.casefold().split())


def pages_folder(language: str) -> Path:
    """Where the pages of a language lie."""
    return resource("help", language)


def pictures_folder(language: str) -> Path:
    """Where the pictures of the pages of a language lie."""
    return resource("help", "pictures", language)


def read_pages(language: str, names: Names) -> list[Page]:
    """All pages with the program's names as they are now."""
    folder = pages_folder(language)
    found = []
    for name in ORDER:
        path = folder / f"{name}.md"
        if path.is_file():
            text = path.read_text("utf-8")
            for place, make in _MADE.items():
                if place in text:
                    text = text.replace(place, make(names))
            text = fill(text, names)
            head = text.partition("\n")[0].lstrip("# ").strip()
            found.append(Page(name, head, text))
    return found
