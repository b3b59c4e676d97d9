"""A report as a sequence of blocks that every format can show, in two languages."""

from dataclasses import dataclass
from typing import Literal

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Words:
    """The same in English and in Chinese; one may be empty."""

    en: str
    zh: str = ""

    @property
    def both(self) -> str:
        """Both on one line."""
        return " · ".join(part for part in (self.en, self.zh) if part)


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 begins a part, 2 a section, 3 stands over a figure."""

    words: Words
    level: Literal[1, 2, 3]


@dataclass(frozen=True)
class Text:
    """A paragraph; the lead is what a reader in a hurry reads."""

    words: Words
    kind: Literal["lead", "body", "small"] = "body"


@dataclass(frozen=True)
class Table:
    """A table of text.

    Attributes:
        head: Of each column.
        rows: Text of each cell.
        align: A letter for each column: l or r.
        marks: A colour before the first cell of each row; empty for none.
        widths: How wide each column is beside the others.
    """

    head: tuple[Words, ...]
    rows: tuple[tuple[str, ...], ...]
    align: str
    widths: tuple[float, ...]
    marks: tuple[Colour, ...] = ()


@dataclass(frozen=True)
class Facts:
    """Names and values, one pair a line."""

    pairs: tuple[tuple[Words, str], ...]


@dataclass(frozen=True)
class Cards:
    """The few figures that matter, large."""

    cards: tuple[tuple[str, Words], ...]


@dataclass(frozen=True)
class Figure:
    """A picture (JPEG or PNG) and what it shows.

    `width` 1 is the whole column, `tallest` 1 a little more than a third of a page.
    """

    picture: bytes
    caption: Words
    width: float = 1.0
    tallest: float = 1.0


@dataclass(frozen=True)
class Figures:
    """Pictures side by side."""

    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Legend:
    """What the colours mean."""

    entries: tuple[tuple[Colour, Words], ...]


@dataclass(frozen=True)
class NewPage:
    """What follows begins a page, where a format has pages."""


Block = Heading | Text | Table | Facts | Cards | Figure | Figures | Legend | NewPage


@dataclass(frozen=True)
class Document:
    """A whole report, ready for any format.

    Attributes:
        title: On top, and in the file's properties.
        subtitle: Under it.
        running: On each page.
        made: ISO time.
        author: Who answers for it.
        blocks: In reading order.
    """

    title: str
    subtitle: Words
    running: str
    made: str
    author: str
    blocks: tuple[Block, ...]
