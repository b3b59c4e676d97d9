"""The blocks of a report as they are set on a page of PDF."""

import io
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import (
    Flowable,
    Image,
    KeepTogether,
    PageBreak,
    Paragraph,
    Spacer,
    TableStyle,
)
from reportlab.platypus import Table as PdfTable

from resunet_core.reports.document import (
    Cards,
    Colour,
    Facts,
    Figure,
    Figures,
    Heading,
    Legend,
    NewPage,
    Table,
    Text,
    Words,
)

SIDE = 20 * mm
COLUMN = A4[0] - 2 * SIDE

_TALLEST = 88 * mm
_INK, SOFT = HexColor("#22272b"), HexColor("#6b747b")
LINE, _TINT, RED = HexColor("#d9dde0"), HexColor("#f5f3ef"), HexColor("#a33a2a")
PLAIN, STRONG = "CaihuaText", "CaihuaStrong"


def text_style(name: str, size: float, **more: Any) -> ParagraphStyle:  # noqa: ANN401 - the library's
    """A style of text; more settings are the library's own."""
    settings: dict[str, Any] = {
        "fontName": PLAIN,
        "fontSize": size,
        "leading": size * 1.5,
        "textColor": _INK,
        "splitLongWords": 1,
    }
    return ParagraphStyle(name, **(settings | more))


def _styles(base: str) -> tuple[ParagraphStyle, ParagraphStyle]:
    """The style of a kind of text in English, and in Chinese."""
    size = {"lead": 11.5, "body": 9.2, "small": 8.0}[base]
    colour = SOFT if base == "small" else _INK
    english = text_style(f"{base}-en", size, textColor=colour, spaceAfter=2)
    chinese = text_style(
        f"{base}-zh",
        size - 0.4,
        textColor=SOFT,
        wordWrap="CJK",
        spaceAfter=9 if base == "lead" else 6,
    )
    return english, chinese


def _heading(block: Heading) -> list[Flowable]:
    size = {1: 15.0, 2: 11.5, 3: 9.5}[block.level]
    style = text_style(
        f"h{block.level}",
        size,
        fontName=STRONG,
        leading=size * 1.35,
        spaceBefore=0 if block.level == 1 else 10,
        spaceAfter=7 if block.level == 1 else 5,
    )
    said = escape(block.words.en)
    if block.words.zh:
        soft = f'<font name="{PLAIN}" color="#6b747b">'
        said += f"&nbsp;&nbsp;{soft}{escape(block.words.zh)}</font>"
    found: list[Flowable] = [Paragraph(said, style)]
    if block.level == 1:
        found += [Rule(LINE, 0.7), Spacer(1, 7)]
    return found


def _text(block: Text) -> list[Flowable]:
    english, chinese = _styles(block.kind)
    found: list[Flowable] = [Paragraph(escape(block.words.en), english)]
    if block.words.zh:
        found.append(Paragraph(escape(block.words.zh), chinese))
    return [KeepTogether(found)]


def _cards(block: Cards) -> list[Flowable]:
    room = COLUMN / len(block.cards) - 16
    widest = max(stringWidth(said, STRONG, 15) for said, _ in block.cards)
    size = 15 * min(1.0, room / widest)
    value = text_style("card", size, fontName=STRONG, leading=20)
    name = text_style("card-name", 7.6, textColor=SOFT, leading=10.5)
    cells = [
        [Paragraph(escape(said), value), Paragraph(escape(words.both), name)]
        for said, words in block.cards
    ]
    table = PdfTable([cells], colWidths=[COLUMN / len(cells)] * len(cells))
    table.setStyle(
        _look(
            ("BACKGROUND", (0, 0), (-1, -1), _TINT),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 10),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            ("TOPPADDING", (0, 0), (-1, -1), 8),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 9),
            ("LINEBEFORE", (1, 0), (-1, -1), 0.7, LINE),
        )
    )
    return [Spacer(1, 4), table, Spacer(1, 10)]


def _table(block: Table) -> list[Flowable]:
    sides = [2 if letter == "r" else 0 for letter in block.align]
    heads = [
        Paragraph(_two_lines(words), _cell("th", side, soft=True))
        for words, side in zip(block.head, sides, strict=True)
    ]
    rows = [
        [
            Paragraph(escape(said), _cell("td", side))
            for said, side in zip(row, sides, strict=True)
        ]
        for row in block.rows
    ]
    share = COLUMN / sum(block.widths)
    table = PdfTable(
        [heads, *rows],
        colWidths=[width * share for width in block.widths],
        repeatRows=1,
        hAlign="LEFT",
    )
    table.setStyle(
        _look(
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
            ("LEFTPADDING", (1, 0), (-1, -1), 9),
            ("LINEBELOW", (0, 0), (-1, 0), 0.9, SOFT),
            ("LINEBELOW", (0, 1), (-1, -1), 0.4, LINE),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
            ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 2.4),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        )
    )
    return [table, Spacer(1, 8)]


def _look(*commands: tuple[Any, ...]) -> TableStyle:
    whole = (0, 0), (-1, -1)
    # Without a font of ours the library names one that no PDF embeds.
    bare: list[tuple[Any, ...]] = [("FONTNAME", *whole, PLAIN)]
    bare += [
        (f"{side}PADDING", *whole, 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")
    ]
    return TableStyle([*bare, ("VALIGN", *whole, "TOP"), *commands])


def _two_lines(words: Words) -> str:
    return "<br/>".join(escape(part) for part in (words.en, words.zh) if part)


def _cell(name: str, side: int, *, soft: bool = False) -> ParagraphStyle:
    return text_style(
        f"{name}{side}",
        7.6 if soft else 8.6,
        alignment=side,
        leading=10 if soft else 11.5,
        textColor=SOFT if soft else _INK,
    )


def _facts(block: Facts) -> list[Flowable]:
    name = text_style("fact", 7.6, textColor=SOFT, leading=10.5)
    value = text_style("said", 8, leading=10.5)
    rows = [
        [Paragraph(escape(words.both), name), Paragraph(escape(said), value)]
        for words, said in block.pairs
    ]
    if not rows:
        return []
    table = PdfTable(rows, colWidths=[COLUMN * 0.3, COLUMN * 0.7], hAlign="LEFT")
    table.setStyle(
        _look(
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.3, LINE),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.6),
        )
    )
    return [Spacer(1, 4), table, Spacer(1, 6)]


def _figure(block: Figure) -> list[Flowable]:
    return [KeepTogether([*_picture(block, COLUMN * block.width), Spacer(1, 6)])]


def _figures(block: Figures) -> list[Flowable]:
    gap = 8.0
    whole = sum(figure.width for figure in block.figures)
    free = COLUMN - gap * (len(block.figures) - 1)
    widths = [free * figure.width / whole for figure in block.figures]
    cells = [
        _picture(figure, width)
        for figure, width in zip(block.figures, widths, strict=True)
    ]
    columns = [width + gap for width in widths]
    columns[-1] -= gap
    table = PdfTable([cells], colWidths=columns, hAlign="LEFT")
    table.setStyle(
        _look(
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 0),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
        )
    )
    return [Spacer(1, 4), table, Spacer(1, 6)]


def _picture(figure: Figure, width: float) -> list[Flowable]:
    across, down = ImageReader(io.BytesIO(figure.picture)).getSize()
    size = min(width / across, figure.tallest * _TALLEST / down)
    caption = text_style("caption", 7.4, textColor=SOFT, leading=10, spaceBefore=3)
    picture = Image(
        io.BytesIO(figure.picture), across * size, down * size, hAlign="LEFT"
    )
    return [picture, Paragraph(escape(figure.caption.both), caption)]


def _legend(block: Legend) -> list[Flowable]:
    return [_Swatches(block), Spacer(1, 8)]


def _new_page(block: NewPage) -> list[Flowable]:
    del block
    return [PageBreak()]


FLOWABLES: dict[type, Callable[[Any], list[Flowable]]] = {
    Heading: _heading,
    Text: _text,
    Cards: _cards,
    Table: _table,
    Facts: _facts,
    Figure: _figure,
    Figures: _figures,
    Legend: _legend,
    NewPage: _new_page,
}


class Rule(Flowable):  # type: ignore[misc] # the library has no types
    """A line across the column."""

    def __init__(self, colour: Color, thick: float) -> None:
        super().__init__()
        self._colour, self._thick = colour, thick

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Its size."""
        self._width = width
        return width, self._thick

    def draw(self) -> None:
        """Draw it."""
        self.canv.setStrokeColor(self._colour)
        self.canv.setLineWidth(self._thick)
        self.canv.line(0, 0, self._width, 0)


class _Swatches(Flowable):  # type: ignore[misc] # the library has no types
    """Colours with their names, in as few lines as they fit in."""

    _LINE_PT = 13.0

    def __init__(self, legend: Legend) -> None:
        super().__init__()
        self._places: list[tuple[float, int, Colour, str]] = []
        x, line = 0.0, 0
        for colour, words in legend.entries:
            wide = 12 + stringWidth(words.both, PLAIN, 8)
            if x and x + wide > COLUMN:
                x, line = 0.0, line + 1
            self._places.append((x, line, colour, words.both))
            x += wide + 18
        self._height = 10 + line * self._LINE_PT

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        return width, self._height

    def draw(self) -> None:
        canvas = self.canv
        for x, line, colour, said in self._places:
            y = self._height - 9.5 - line * self._LINE_PT
            canvas.setFillColorRGB(*(part / 255 for part in colour))
            canvas.setStrokeColor(SOFT)
            canvas.setLineWidth(0.3)
            canvas.rect(x, y, 8, 8, fill=1)
            canvas.setFillColor(_INK)
            canvas.setFont(PLAIN, 8)
            canvas.drawString(x + 12, y + 1.1, said)
