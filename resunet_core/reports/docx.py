"""A report as a document that an office goes on writing: DOCX."""

import io
from datetime import UTC, datetime
from functools import singledispatch
from pathlib import Path
from typing import Any

import docx as library
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from resunet_core.files import write_bytes
from resunet_core.reports.archive import fixed_archive
from resunet_core.reports.document import (
    Block,
    Cards,
    Document,
    Facts,
    Figure,
    Figures,
    Heading,
    Legend,
    NewPage,
    Table,
    Text,
)

_COLUMN_MM = 170.0
_TALLEST_MM = 88.0
_SOFT = RGBColor(0x6B, 0x74, 0x7B)
_SIZES = {"lead": 12.0, "body": 10.0, "small": 9.0}
_CHINESE, _LATIN = "Microsoft YaHei", "Segoe UI"
"""Fonts that offices have; a document that is written on cannot carry its own."""


def write_docx(path: Path, document: Document) -> None:
    """Render the report.

    Raises:
        CaihuaError: It cannot be written.
    """
    write_bytes(path, render_docx(document))


def render_docx(document: Document) -> bytes:
    """The bytes of the DOCX, the same from the same report."""
    docx = library.Document()
    _set_up(docx, document)
    docx.add_heading(document.title, 0)
    _said(docx, document.subtitle.both, 10, soft=True)
    for block in document.blocks:
        _add(block, docx)
    stream = io.BytesIO()
    docx.save(stream)
    return fixed_archive(stream.getvalue())


def _set_up(docx: Docx, document: Document) -> None:
    section = docx.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(20)
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3"):
        font = docx.styles[name].font
        font.name = _LATIN
        fonts = docx.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:ascii", "w:hAnsi"):
            fonts.set(qn(script), _LATIN)
        fonts.set(qn("w:eastAsia"), _CHINESE)
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        if name != "Normal":
            font.color.rgb = RGBColor(0x22, 0x27, 0x2B)
    docx.styles["Normal"].font.size = Pt(10)
    made = datetime.fromisoformat(document.made).astimezone(UTC).replace(tzinfo=None)
    core = docx.core_properties
    core.title, core.author = document.title, document.author
    core.subject, core.comments = document.subtitle.both, ""
    core.created = core.modified = made
    _page_number(section.footer.paragraphs[0], document.running)


def _page_number(paragraph: Paragraph, running: str) -> None:
    run = paragraph.add_run(f"{running}  ·  ")
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            element.text = text
        else:
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)  # noqa: SLF001 - fields have no public way
    run.font.size = Pt(8)
    run.font.color.rgb = _SOFT


def _said(docx: Docx, text: str, size: float, *, soft: bool = False) -> None:
    if not text:
        return
    paragraph = docx.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(4)
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    if soft:
        run.font.color.rgb = _SOFT


@singledispatch
def _add(block: Block, docx: Docx) -> None:
    raise TypeError(f"no block of a report for {docx}: {block!r}")


@_add.register
def _heading(block: Heading, docx: Docx) -> None:
    docx.add_heading(block.words.both, block.level)


@_add.register
def _text(block: Text, docx: Docx) -> None:
    _said(docx, block.words.en, _SIZES[block.kind])
    _said(docx, block.words.zh, _SIZES[block.kind], soft=True)


@_add.register
def _cards(block: Cards, docx: Docx) -> None:
    table = docx.add_table(rows=2, cols=len(block.cards))
    for column, (said, words) in enumerate(block.cards):
        _cell(table.cell(0, column), said, 14, bold=True)
        _cell(table.cell(1, column), words.both, 8)


@_add.register
def _table(block: Table, docx: Docx) -> None:
    table = docx.add_table(rows=1, cols=len(block.head))
    table.style = "Light List"
    for cell, words, side in zip(
        table.rows[0].cells, block.head, block.align, strict=True
    ):
        _cell(cell, words.both, 8.5, bold=True, side=side)
    for row in block.rows:
        cells = table.add_row().cells
        for cell, said, side in zip(cells, row, block.align, strict=True):
            _cell(cell, said, 9, side=side)
    docx.add_paragraph()


@_add.register
def _facts(block: Facts, docx: Docx) -> None:
    if not block.pairs:
        return
    table = docx.add_table(rows=0, cols=2)
    for words, said in block.pairs:
        cells = table.add_row().cells
        cells[0].width, cells[1].width = Mm(50), Mm(120)
        _cell(cells[0], words.both, 8.5)
        _cell(cells[1], said, 8.5)
    docx.add_paragraph()


@_add.register
def _figure(block: Figure, docx: Docx) -> None:
    _picture(docx.add_paragraph(), block, _COLUMN_MM * block.width)
    _said(docx, block.caption.both, 8.5, soft=True)


@_add.register
def _figures(block: Figures, docx: Docx) -> None:
    table = docx.add_table(rows=1, cols=len(block.figures))
    whole = sum(figure.width for figure in block.figures)
    for cell, figure in zip(table.rows[0].cells, block.figures, strict=True):
        width = _COLUMN_MM * figure.width / whole
        cell.width = Mm(width)
        _picture(cell.paragraphs[0], figure, width - 5)
        run = cell.add_paragraph().add_run(figure.caption.both)
        run.font.size = Pt(8.5)
        run.font.color.rgb = _SOFT


@_add.register
def _legend(block: Legend, docx: Docx) -> None:
    paragraph = docx.add_paragraph()
    for colour, words in block.entries:
        mark = paragraph.add_run("■ ")
        mark.font.color.rgb = RGBColor(*colour)
        paragraph.add_run(f"{words.both}    ").font.size = Pt(9)


@_add.register
def _new_page(block: NewPage, docx: Docx) -> None:
    del block
    docx.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _picture(paragraph: Paragraph, figure: Figure, width_mm: float) -> None:
    run = paragraph.add_run()
    picture = run.add_picture(io.BytesIO(figure.picture), width=Mm(width_mm))
    tallest = Mm(_TALLEST_MM * figure.tallest)
    if picture.height > tallest:
        picture.width = Emu(picture.width * tallest // picture.height)
        picture.height = tallest


def _cell(
    cell: Any,  # noqa: ANN401 - a cell of a table, of a private type
    said: str,
    size: float,
    *,
    bold: bool = False,
    side: str = "l",
) -> None:
    paragraph = cell.paragraphs[0]
    if side == "r":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(said)
    run.font.size = Pt(size)
    run.font.bold = bold
