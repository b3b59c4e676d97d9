"""A report as PDF: A4, its fonts embedded, the same bytes from the same report."""

import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab import rl_config
from reportlab.lib.fonts import addMapping
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    PageTemplate,
    Paragraph,
    Spacer,
)

from resunet_core.files import write_bytes
from resunet_core.reports.document import (
    Block,
    Document,
    Heading,
    NewPage,
)
from resunet_core.reports.fonts import BOLD, REGULAR, report_font
from resunet_core.reports.letters import letters_of
from resunet_core.reports.pdf_blocks import (
    COLUMN,
    FLOWABLES,
    LINE,
    PLAIN,
    RED,
    SIDE,
    SOFT,
    STRONG,
    Rule,
    text_style,
)

TOP, BOTTOM = 22 * mm, 20 * mm


def write_pdf(path: Path, document: Document) -> None:
    """Render the report.

    Raises:
        CaihuaError: It cannot be written.
    """
    write_bytes(path, render_pdf(document))


def render_pdf(document: Document) -> bytes:
    """The bytes of the PDF."""
    _register_fonts(document)
    stream = io.BytesIO()
    template = BaseDocTemplate(
        stream,
        pagesize=A4,
        title=document.title,
        author=document.author,
        subject=document.subtitle.both,
        creator="Caihua",
        lang="en",
        invariant=1,  # no time of its own, no random number
    )
    frame = Frame(SIDE, BOTTOM, COLUMN, A4[1] - TOP - BOTTOM, 0, 0, 0, 0)
    template.addPageTemplates([PageTemplate(frames=[frame])])
    rl_config.useA85 = 0  # pictures as they are, not as text a quarter larger
    story = [*_title(document), *_story(document.blocks)]
    template.build(story, canvasmaker=_numbering(document))
    return stream.getvalue()


def _register_fonts(document: Document) -> None:
    letters = letters_of(document)
    for name, weight in ((PLAIN, REGULAR), (STRONG, BOLD)):
        data = report_font(letters, weight, name)
        pdfmetrics.registerFont(TTFont(name, io.BytesIO(data)))
    for bold in (0, 1):
        addMapping(PLAIN, bold, 0, STRONG if bold else PLAIN)


def _title(document: Document) -> list[Flowable]:
    return [
        Paragraph(
            escape(document.subtitle.both),
            text_style("over", 9, textColor=RED, spaceAfter=5),
        ),
        Paragraph(
            escape(document.title),
            text_style("title", 24, fontName=STRONG, leading=31, spaceAfter=4),
        ),
        Paragraph(
            escape(
                "  ·  ".join(
                    part
                    for part in (
                        datetime.fromisoformat(document.made).strftime("%Y-%m-%d"),
                        document.author,
                    )
                    if part
                )
            ),
            text_style("when", 9, textColor=SOFT, spaceAfter=10),
        ),
        Rule(RED, 1.2),
        Spacer(1, 12),
    ]


def _story(blocks: tuple[Block, ...]) -> Iterator[Flowable]:
    for number, block in enumerate(blocks):
        if isinstance(block, Heading) and not _begins_page(blocks, number):
            yield CondPageBreak(42 * mm)
        yield from FLOWABLES[type(block)](block)


def _begins_page(blocks: tuple[Block, ...], number: int) -> bool:
    return number > 0 and isinstance(blocks[number - 1], NewPage)


def _numbering(document: Document) -> type[Canvas]:
    """A canvas that knows how many pages there are before it writes the first."""

    class Numbering(Canvas):  # type: ignore[misc] # the library has no types
        def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - the library's
            super().__init__(*arguments, **(named | {"initialFontName": PLAIN}))
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - the library's name
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, state in enumerate(self._pages, 1):
                self.__dict__.update(state)
                _margins(self, document, number, len(self._pages))
                super().showPage()
            super().save()

    return Numbering


def _margins(canvas: Canvas, document: Document, number: int, pages: int) -> None:
    canvas.setFont(PLAIN, 7.4)
    canvas.setFillColor(SOFT)
    if number > 1:
        canvas.drawString(SIDE, A4[1] - 13 * mm, document.running)
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.5)
        canvas.line(SIDE, A4[1] - 15 * mm, A4[0] - SIDE, A4[1] - 15 * mm)
    canvas.drawString(SIDE, 11 * mm, document.subtitle.both)
    canvas.drawRightString(A4[0] - SIDE, 11 * mm, f"{number} / {pages}")
