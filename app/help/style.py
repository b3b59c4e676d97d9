"""Gives a page of Markdown room to breathe, and tables the lines of the theme."""

from PySide6.QtGui import (
    QColor,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextTable,
)

_CELL_PX = 6
_LINE_PERCENT = 130
_ABOVE_PX = {0: 0, 1: 0, 2: 18, 3: 12}  # by level of heading; 0: no heading
_BELOW_PX = 8


def lay_out(document: QTextDocument, line: QColor) -> None:
    """Set spaces between lines and parts; Markdown itself says nothing about them."""
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            _quieten(frame, line)
    cursor = QTextCursor(document)
    proportional = QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
    block = document.begin()
    while block.isValid():
        cursor.setPosition(block.position())
        if cursor.currentTable() is None:
            form = block.blockFormat()
            form.setLineHeight(_LINE_PERCENT, proportional)
            level = form.headingLevel()
            if level:
                form.setTopMargin(_ABOVE_PX.get(level, 0))
                form.setBottomMargin(_BELOW_PX)
            cursor.setBlockFormat(form)
        block = block.next()


def _quieten(table: QTextTable, line: QColor) -> None:
    form = table.format()
    form.setBorderCollapse(True)
    form.setBorder(1)
    form.setBorderBrush(line)
    form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    form.setCellPadding(_CELL_PX)
    form.setTopMargin(_BELOW_PX)
    form.setBottomMargin(_BELOW_PX)
    table.setFormat(form)
