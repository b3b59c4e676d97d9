"""The list of photos, with small pictures and how each stands."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.actions.workbench import Workbench
from app.panels.parts import SPACE_PX, muted
from app.session.entry import EntryState, PhotoEntry
from app.support.icons import draw_icon
from app.support.theme import colours_of

Index = QModelIndex | QPersistentModelIndex
_ROW_PX = 64
_PICTURE_PX = 48
_ENTRY = Qt.ItemDataRole.UserRole
_PICTURE = Qt.ItemDataRole.UserRole + 1


class PhotosPanel(QWidget):
    """Choose a photo; a broken one says why."""

    def __init__(self, bench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Photos"))
        self._list.setItemDelegate(_EntryDelegate(self._list))
        self._list.setUniformItemSizes(True)
        self._list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_PX, SPACE_PX, SPACE_PX, SPACE_PX)
        self._hint = muted(self.tr("Photos that you open are listed here."), wrap=True)
        self._hint.setContentsMargins(SPACE_PX, SPACE_PX, SPACE_PX, SPACE_PX)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._hint, 1)
        layout.addWidget(self._list, 1)
        self._list.hide()
        self.setMinimumWidth(200)
        session = bench.context.session
        session.list_opened.connect(self._on_list_opened)
        session.entry_changed.connect(self._on_entry_changed)
        bench.opener.thumbnail_made.connect(self._on_thumbnail_made)
        bench.opener.opening.connect(self._on_opening)
        self._list.currentRowChanged.connect(self._on_row_changed)

    def _on_list_opened(self) -> None:
        self._list.blockSignals(True)
        self._list.clear()
        for entry in self._bench.context.session.entries:
            item = QListWidgetItem(entry.path.name)
            item.setData(_ENTRY, entry)
            item.setToolTip(str(entry.path))
            self._list.addItem(item)
        self._list.blockSignals(False)
        self._hint.setVisible(self._list.count() == 0)
        self._list.setVisible(self._list.count() > 0)

    def _on_entry_changed(self, index: int) -> None:
        entry = self._bench.context.session.entries[index]
        item = self._list.item(index)
        if item is not None:
            item.setData(_ENTRY, entry)
            item.setToolTip(entry.message or str(entry.path))

    def _on_thumbnail_made(self, index: int, pixels: NDArray[np.uint8]) -> None:
        item = self._list.item(index)
        if item is not None:
            height, width = pixels.shape[:2]
            packed = np.ascontiguousarray(pixels)
            image = QImage(
                packed.data, width, height, 3 * width, QImage.Format.Format_RGB888
            )
            item.setData(_PICTURE, QPixmap.fromImage(image))

    def _on_opening(self, index: int) -> None:
        self._list.blockSignals(True)
        self._list.setCurrentRow(index)
        self._list.blockSignals(False)

    def _on_row_changed(self, index: int) -> None:
        if index >= 0:
            self._bench.opener.open_index(index)


class _EntryDelegate(QStyledItemDelegate):
    """Draws one photo: picture, name, and below it how it stands."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """The same for all."""
        return QSize(180, _ROW_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Draw it."""
        self.initStyleOption(option, index)
        entry: PhotoEntry = index.data(_ENTRY)
        option.text = ""
        style = option.widget.style()
        style.drawControl(
            QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRect(
            option.rect.left() + SPACE_PX,
            option.rect.top() + (_ROW_PX - _PICTURE_PX) // 2,
            _PICTURE_PX,
            _PICTURE_PX,
        )
        self._draw_picture(painter, frame, entry, index.data(_PICTURE), option)
        text = option.rect.adjusted(_PICTURE_PX + 2 * SPACE_PX + 4, 12, -SPACE_PX, -12)
        self._draw_text(painter, text, entry, option)
        painter.restore()

    def _draw_picture(
        self,
        painter: QPainter,
        frame: QRect,
        entry: PhotoEntry,
        picture: QPixmap | None,
        option: QStyleOptionViewItem,
    ) -> None:
        colours = colours_of(option.palette)
        if picture is not None:
            side = min(picture.width(), picture.height())
            middle = QRect(
                (picture.width() - side) // 2,
                (picture.height() - side) // 2,
                side,
                side,
            )
            painter.drawPixmap(frame, picture, middle)
            return
        painter.fillRect(frame, QColor(colours.hover))
        broken = entry.state is EntryState.BROKEN
        name = "warning" if broken else "image"
        colour = QColor(colours.warning if broken else colours.muted)
        draw_icon(painter, frame.adjusted(14, 14, -14, -14), name, colour)

    def _draw_text(
        self,
        painter: QPainter,
        text: QRect,
        entry: PhotoEntry,
        option: QStyleOptionViewItem,
    ) -> None:
        colours = colours_of(option.palette)
        metrics = option.fontMetrics
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        name = metrics.elidedText(
            entry.path.name, Qt.TextElideMode.ElideMiddle, text.width()
        )
        painter.drawText(text, Qt.AlignmentFlag.AlignTop, name)
        said, colour = {
            EntryState.WAITING: (self.tr("Waiting"), colours.muted),
            EntryState.READY: (self.tr("Not analysed"), colours.muted),
            EntryState.DETECTED: (self.tr("Analysed"), colours.accent),
            EntryState.BROKEN: (self.tr("Cannot be opened"), colours.warning),
        }[entry.state]
        painter.setPen(QColor(colour))
        said = metrics.elidedText(said, Qt.TextElideMode.ElideRight, text.width())
        painter.drawText(text, Qt.AlignmentFlag.AlignBottom, said)
